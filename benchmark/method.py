"""The contract a method meets, and the decorator that makes it known.

A method is a scikit-learn estimator over images::

    fit(images: ImageSet, labels: ndarray of int, shape (n,), 1 = positive, 0 = negative) -> self
    predict_proba(images: ImageSet) -> ndarray of float, shape (n, 2), rows sum to 1: P(negative), P(positive)
    get_params / set_params / clone; every `random_state` parameter, nested ones too, is set by the runner

It predicts positive where P(positive) >= .5. It sees images without names, training labels and nothing else.

A method that can score images before any target label is seen (a network trained on a source) has besides::

    untuned_proba(images) -> ndarray, as predict_proba, from its artefact alone

and is registered with the stages in which the runner shall call that.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from benchmark.data.extractor import Extractor
from benchmark.data.extractor import NotAvailable as NotAvailable
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source
from benchmark.stages import CROSS_VALIDATION, STAGES, Stage

FAMILIES = ("reference", "low-level", "mid-level", "deep", "modern", "user")


class ParameterError(ValueError):
    """A parameter that a method does not have, or a value that means nothing to it; the message says more."""


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


class Untuned(Protocol):
    """A method that can score images before it is fitted."""

    def untuned_proba(self, images: ImageSet) -> np.ndarray: ...


def _say_nothing(done: int, total: int, note: str) -> None:
    """Nobody listens."""


@dataclasses.dataclass(frozen=True)
class ArtefactTask:
    """What learning an artefact is given.

    Attributes
    ----------
    source : Source
        The images to learn from: without copies of target images, and without the source's test part where
        one is held out.
    folder : Path
        Where the files go; it is stored whole or not at all.
    seed : int
        Of everything random.
    unfinished : Path or None
        A folder that outlives an interruption: what stands there when learning is asked for again is from
        the attempt before. It is removed once the artefact is stored.
    settings : object
        The registered settings, with what the user changed.
    needs : mapping of str to Artefact
        The artefacts that this one starts from.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    threads : int
        Of the numeric libraries.
    tell : callable
        Takes (done, total, note): how far it is, in steps.
    """

    source: Source
    folder: Path
    seed: int
    unfinished: Path | None = None
    settings: Any = None
    needs: Mapping[str, Artefact] = dataclasses.field(default_factory=dict)
    device: str = "auto"
    threads: int = 1
    tell: Callable[[int, int, str], None] = _say_nothing


LearnArtefact = Callable[[ArtefactTask], Mapping[str, Any]]
"""What learns an artefact: writes files into the task's folder and returns what its card should say. Under
``summary``, what every row that uses it should say."""

Features = tuple[Extractor, ...] | Callable[[Any, Source], tuple[Extractor, ...]]
"""Features of source images; or what gives them for (settings, source)."""


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
    extractors : tuple of Extractor, or callable
        Features of the source images that it reads, so that they can be computed first.
    settings : dataclass, or None
        What a user may change.
    needs : tuple of str
        Artefacts that it starts from.
    tested : bool
        Whether a tenth of the source's labelled images is held out, to test it on.
    all_processors : bool
        Whether it is learned with as many threads as there are processors; otherwise as a cell.
    libraries : tuple of str
        Distributions whose version its result depends on, besides those of every method.
    responses : bool
        Whether released responses can be given in its place (`benchmark.data.released_answers`).
    summary : str
        First line of the docstring of ``train``.
    """

    name: str
    source: str
    train: LearnArtefact
    extractors: Features = ()
    settings: Any = None
    needs: tuple[str, ...] = ()
    tested: bool = False
    all_processors: bool = False
    libraries: tuple[str, ...] = ()
    responses: bool = False
    summary: str = ""

    def configured(self, given: Mapping[str, Any]) -> Any:
        """Its settings with some changed.

        Raises
        ------
        ParameterError
            A setting that it does not have, or a value that it refuses.
        """
        fields = [] if self.settings is None else [field.name for field in dataclasses.fields(self.settings)]
        unknown = [name for name in given if name not in fields]
        if unknown:
            known = ", ".join(fields) or "none"
            raise ParameterError(f"artefact {self.name} has no setting {unknown[0]!r}; it has: {known}")
        try:
            return dataclasses.replace(self.settings, **given) if given else self.settings
        except (TypeError, ValueError) as error:
            raise ParameterError(f"artefact {self.name}: {error}") from None

    def features(self, settings: Any, source: Source) -> tuple[Extractor, ...]:
        """Features of the source images that learning it reads."""
        return self.extractors(settings, source) if callable(self.extractors) else self.extractors


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
    stages : tuple of str
        Those of `benchmark.stages` in which it is tested.
    libraries : tuple of str
        Distributions whose version its scores depend on, besides those of every method. They are imported
        before the first cell, so that no cell waits for it.
    summary : str
        First line of the factory's docstring.
    """

    name: str
    family: str
    factory: Callable[[], Method]
    published: str = ""
    image_sizes: tuple[int, ...] = ()
    artefacts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    stages: tuple[Stage, ...] = (CROSS_VALIDATION,)
    libraries: tuple[str, ...] = ()
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
    stages: tuple[Stage, ...] = (CROSS_VALIDATION,),
    libraries: tuple[str, ...] = (),
) -> Callable[[Callable[[], Method]], Callable[[], Method]]:
    """Make a method known under ``name``; decorates a function that returns a new estimator.

    Parameters
    ----------
    artefacts : mapping of str to str, optional
        Parameters of the estimator that receive an `Artefact` before it is used, and the artefact's name:
        ``{"bankresponses__bank": "anp-bank"}``.
    stages : tuple of str
        Those of `benchmark.stages` in which it is tested. In all but ``cross-validation`` its `untuned_proba`
        is asked.
    libraries : tuple of str
        Further distributions whose version its scores depend on, such as ``torch``.

    Examples
    --------
    >>> @register("Brightness", family="user")
    ... def brightness():
    ...     return make_pipeline(MeanBrightness(), LogisticRegression())
    """
    if family not in FAMILIES:
        raise ValueError(f"family {family!r} of method {name!r} is unknown; use one of {', '.join(FAMILIES)}")
    if not stages or not set(stages) <= set(STAGES):
        raise ValueError(f"stages {stages!r} of method {name!r}; use some of {', '.join(STAGES)}")

    def decorate(factory: Callable[[], Method]) -> Callable[[], Method]:
        summary = (factory.__doc__ or "").strip().partition("\n")[0]
        spec = MethodSpec(
            name=name,
            family=family,
            factory=factory,
            published=published,
            image_sizes=tuple(image_sizes),
            artefacts=dict(artefacts or {}),
            stages=tuple(stages),
            libraries=tuple(libraries),
            summary=summary,
        )
        _registered.append(spec)
        return factory

    return decorate


def register_artefact(
    name: str,
    *,
    source: str,
    extractors: Features = (),
    settings: Any = None,
    needs: tuple[str, ...] = (),
    tested: bool = False,
    all_processors: bool = False,
    libraries: tuple[str, ...] = (),
    responses: bool = False,
) -> Callable[[LearnArtefact], LearnArtefact]:
    """Make an artefact known under ``name``; decorates the function that learns it.

    The parameters are the attributes of `ArtefactSpec`.
    """

    def decorate(train: LearnArtefact) -> LearnArtefact:
        summary = (train.__doc__ or "").strip().partition("\n")[0]
        _artefacts.append(
            ArtefactSpec(
                name=name,
                source=source,
                train=train,
                extractors=extractors if callable(extractors) else tuple(extractors),
                settings=settings,
                needs=tuple(needs),
                tested=tested,
                all_processors=all_processors,
                libraries=tuple(libraries),
                responses=responses,
                summary=summary,
            )
        )
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


def unavailable(needed: Iterable[Extractor]) -> str:
    """Why features cannot be computed on this machine; empty if all can."""
    for extractor in needed:
        try:
            extractor.check()
        except NotAvailable as reason:
            return str(reason)
    return ""
