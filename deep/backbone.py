"""Features of a pretrained network that stays as it is: computed once per image and stored.

PyTorch is not imported here, since methods are registered with what stands here.
"""

import dataclasses
import difflib
import functools
import importlib.util
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from benchmark.data.extractor import Extractor, NotAvailable
from benchmark.data.known_file import KnownFile

Describe = Callable[[Any], Any]
"""What gives the features of one image: from a Tensor of float32, shape (1, 3, size, size), RGB, 0 to 255,
to one of shape (1, d)."""


PLAIN = 256
"""Side of the images that most features are computed of, so that they are decoded once for all."""


class UnknownNetworkError(ValueError):
    """A library has no network of that name; the message offers the nearest."""

    def __init__(self, library: str, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else f"it has {', '.join(known[:10])} and more"
        super().__init__(f"{library} has no network {name!r}; {hint}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backbone(Extractor):
    """Features of a frozen pretrained network; subclasses say which network, and how it is opened.

    Images go through it one at a time, in float32 and with one thread: libraries choose their kernels by the
    size of the batch and the number of threads, and an image's features may depend on neither.

    Attributes
    ----------
    size : int
        Side of the square images that are read from the store.
    weights : KnownFile or None
        The trained weights.
    """

    size: int = PLAIN
    weights: KnownFile | None = None
    libraries: ClassVar[tuple[str, ...]] = ("torch",)

    def open(self) -> Describe:
        """The network with its weights, ready to describe images.

        Raises
        ------
        KnownFileError
            The file does not hold the weights of this network.
        """
        raise TypeError(f"{type(self).__name__} must define open()")

    def missing(self) -> str:
        """What has to be installed or given, and how; empty where nothing is missing."""
        raise TypeError(f"{type(self).__name__} must define missing()")

    @property
    def file(self) -> KnownFile:
        """The weights; raises `NotAvailable` where none are given."""
        if self.weights is None:
            raise NotAvailable(self.missing())
        return self.weights

    def check(self) -> None:
        """Raise `NotAvailable` where a library or the weights are missing."""
        missing = self.missing()
        if missing:
            raise NotAvailable(missing)

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)

        Returns
        -------
        ndarray of float32, shape (n, d)

        Raises
        ------
        NotAvailable
            A library or the weights are missing.
        KnownFileError
            The file does not hold the weights of this network.
        """
        from deep.frozen import describe_each

        return describe_each(_opened(self), pixels)


@functools.lru_cache(maxsize=2)
def _opened(backbone: Backbone) -> Describe:
    backbone.check()
    return backbone.open()


def is_installed(*modules: str) -> bool:
    """Whether Python finds all of these top-level modules; none is imported."""
    return all(importlib.util.find_spec(name) is not None for name in modules)
