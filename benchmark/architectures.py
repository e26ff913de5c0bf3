"""Networks that can be described without learning one: shapes, parameters and arithmetic of each layer.

A door of its own beside the registry of methods: an architecture exists at any input size and without a
source, a method or an artefact only with one. The modules that know networks are named here as text and
imported when somebody asks, since building a network imports its library; and nothing that a trained network
depends on has to know of it, so that a change here trains none again.
"""

import functools
import importlib
import importlib.metadata
from collections.abc import Mapping
from typing import Any, Protocol, cast

BUILTIN = ("deep.architectures",)
"""Modules of this project that are a `Describer`."""

ENTRY_POINTS = "sentiment_benchmark.architectures"
"""Entry-point group by which an installed package names a module (or object) of its own that is one."""


class UnknownArchitectureError(ValueError):
    """No network of that name or size; the message offers what there is."""


class Describer(Protocol):
    """What knows the networks of a package.

    Attributes
    ----------
    NAMES : tuple of str
        The networks to list; it may know more.
    """

    NAMES: tuple[str, ...]

    def describe(self, name: str, size: int | None = None) -> Mapping[str, Any]:
        """What ``network.json`` in a trained network's folder holds: architecture, layers and their sums.

        Raises
        ------
        ValueError
            Not a network of this package, or one that cannot see images of that size.
        """


@functools.lru_cache(maxsize=1)
def describers() -> tuple[Describer, ...]:
    """Every describer: this project's, then those of installed packages."""
    own = [cast(Describer, importlib.import_module(name)) for name in BUILTIN]
    return (*own, *(entry.load() for entry in importlib.metadata.entry_points(group=ENTRY_POINTS)))


def architecture_names() -> tuple[str, ...]:
    """The networks that are listed, in the order of their packages."""
    return tuple(name for describer in describers() for name in describer.NAMES)


def describe_architecture(name: str, size: int | None = None) -> Mapping[str, Any]:
    """Build a network and write down what it consists of.

    Parameters
    ----------
    name : str
        Such as ``2CONV-4FC``.
    size : int, optional
        Side of its input in pixels; its own default otherwise.

    Raises
    ------
    UnknownArchitectureError
        No package knows it.
    """
    said = []
    for describer in describers():
        try:
            return describer.describe(name, size)
        except ValueError as error:
            said.append(str(error))
    raise UnknownArchitectureError(f"{'; '.join(said)} (python -m benchmark list architectures)")
