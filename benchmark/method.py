"""The contract a method meets, and the decorator that makes it known.

A method is a scikit-learn estimator over images::

    fit(images: ImageSet, labels: ndarray of int, shape (n,), 1 = positive, 0 = negative) -> self
    predict_proba(images: ImageSet) -> ndarray of float, shape (n, 2), rows sum to 1: P(negative), P(positive)
    get_params / set_params / clone; every `random_state` parameter, nested ones too, is set by the runner

It predicts positive where P(positive) >= .5. It sees images without names, training labels and nothing else.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source

FAMILIES = ("reference", "low-level", "mid-level", "deep", "modern", "user")


class ParameterError(ValueError):
    """A parameter that a method does not have; the message lists those it has."""


class Method(Protocol):
    """What the runner calls; any scikit-learn classifier that accepts an `ImageSet` qualifies."""

    def fit(self, images: ImageSet, labels: np.ndarray) -> Self: ...

    def predict_proba(self, images: ImageSet) -> np.ndarray: ...

    def get_params(self, deep: bool = True) -> dict[str, Any]: ...

    def set_params(self, **params: Any) -> Self: ...


@dataclasses.dataclass(frozen=True)
class Artefact:
    """Something learned before the target set is seen, stored in a folder.

    Attributes
    ----------
    name : str
        Such as ``anp-bank``.
    folder : str
        Where it lies.
    digest : str
        Hash of all that it was made from; part of every row that uses it. Where it lies does not matter.
    """

    name: str
    folder: str
    digest: str

    @property
    def path(self) -> Path:
        """Its folder."""
        return Path(self.folder)


class TrainArtefact(Protocol):
    """What learns an artefact: writes files into ``folder`` and returns what its card should say."""

    def __call__(self, source: Source, folder: Path, seed: int) -> Mapping[str, Any]: ...


@dataclasses.dataclass(frozen=True)
class ArtefactSpec:
    """A registered artefact.

    Attributes
    ----------
    name : str
        Such as ``anp-bank``.
    source : str
        The kind of source it is learned from, such as ``anps`` or ``attributes``.
    train : callable
        Learns it.
    extractors : tuple of Extractor
        Features of the source images that it reads, so that they can be computed first.
    responses : bool
        Whether released responses can be given in its place (`benchmark.data.released_answers`).
    summary : str
        First line of the docstring of ``train``.
    """

    name: str
    source: str
    train: TrainArtefact
    extractors: tuple[Extractor, ...] = ()
    responses: bool = False
    summary: str = ""


@dataclasses.dataclass(frozen=True)
class MethodSpec:
    """A registered method.

    Attributes
    ----------
    name : str
        As in tables, such as ``GCH+BoW``.
    family : str
        One of `FAMILIES`.
    factory : callable
        Returns a new, unfitted estimator.
    published : str
        Where the paper reports it, such as ``Table 6``; empty for methods that are not the paper's.
    image_sizes : tuple of int
        Sizes that the method passes to ``images.load``; extractors' own sizes need not be named.
    artefacts : mapping of str to str
        Parameters that receive an `Artefact`, and the name of each.
    summary : str
        First line of the factory's docstring.
    """

    name: str
    family: str
    factory: Callable[[], Method]
    published: str = ""
    image_sizes: tuple[int, ...] = ()
    artefacts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    summary: str = ""

    def build(self, **params: Any) -> Method:
        """A new estimator with some parameters changed.

        Raises
        ------
        ParameterError
            A parameter that the method does not have.
        """
        method = self.factory()
        known = method.get_params(deep=True)
        for name in params:
            if name not in known:
                settable = sorted(key for key, value in known.items() if not hasattr(value, "get_params"))
                raise ParameterError(f"{self.name} has no parameter {name!r}; it has: {', '.join(settable)}")
        return method.set_params(**params)


_registered: list[MethodSpec] = []
_artefacts: list[ArtefactSpec] = []


def register(
    name: str,
    *,
    family: str = "user",
    published: str = "",
    image_sizes: tuple[int, ...] = (),
    artefacts: Mapping[str, str] | None = None,
) -> Callable[[Callable[[], Method]], Callable[[], Method]]:
    """Make a method known under ``name``; decorates a function that returns a new estimator.

    Parameters
    ----------
    artefacts : mapping of str to str, optional
        Parameters of the estimator that receive an `Artefact` before it is used, and the artefact's name:
        ``{"bankresponses__bank": "anp-bank"}``.

    Examples
    --------
    >>> @register("Brightness", family="user")
    ... def brightness():
    ...     return make_pipeline(MeanBrightness(), LogisticRegression())
    """
    if family not in FAMILIES:
        raise ValueError(f"family {family!r} of method {name!r} is unknown; use one of {', '.join(FAMILIES)}")

    def decorate(factory: Callable[[], Method]) -> Callable[[], Method]:
        summary = (factory.__doc__ or "").strip().partition("\n")[0]
        spec = MethodSpec(
            name, family, factory, published, tuple(image_sizes), dict(artefacts or {}), summary
        )
        _registered.append(spec)
        return factory

    return decorate


def register_artefact(
    name: str, *, source: str, extractors: tuple[Extractor, ...] = (), responses: bool = False
) -> Callable[[TrainArtefact], TrainArtefact]:
    """Make an artefact known under ``name``; decorates the function that learns it.

    Parameters
    ----------
    source, extractors, responses
        See `ArtefactSpec`.
    """

    def decorate(train: TrainArtefact) -> TrainArtefact:
        summary = (train.__doc__ or "").strip().partition("\n")[0]
        _artefacts.append(ArtefactSpec(name, source, train, tuple(extractors), responses, summary))
        return train

    return decorate


def registered_artefacts() -> tuple[ArtefactSpec, ...]:
    """All artefacts registered so far."""
    return tuple(_artefacts)


def registered() -> tuple[MethodSpec, ...]:
    """All methods registered so far, in order of registration."""
    return tuple(_registered)


def components(method: Any) -> Iterator[tuple[str, Any]]:
    """A method's own parts: (parameter path, object) of itself and of every estimator inside it."""
    yield "", method
    for path, value in sorted(method.get_params(deep=True).items()):
        if hasattr(value, "get_params") and not isinstance(value, type):
            yield path, value


def extractors(method: Any) -> list[Extractor]:
    """Features that a method reads, so that they can be computed before it is fitted.

    A component names its own in an attribute ``extractor``.
    """
    found = [getattr(part, "extractor", None) for _, part in components(method)]
    return list(dict.fromkeys(item for item in found if isinstance(item, Extractor)))


class NotAvailable(RuntimeError):  # noqa: N818  (a state of the machine, not a fault of the method)
    """Raised by a method that cannot run here; its cells are kept as skipped, with this reason."""
