"""The contract of a study: several models of one source that differ in one thing, and the decorator for it.

A study belongs to no method and sees no target image. What is registered here learns its *arms* from weakly
labelled images and scores others; the harness decides which, holds the labels that are known to be true, and
compares the arms.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source
from benchmark.method import ParameterError

PROGRESSIVE = "progressive"
"""The study of Algorithm 1 (You et al. 2015)."""

CNN, PCNN, RANDOM, NO_REMOVAL = "CNN", "PCNN", "random removal", "no removal"
"""Its arms: the trained network, and that network fine-tuned for equally many iterations on what Eq. 3 keeps,
on a random choice of as many images, and on all of them."""


def _say_nothing(done: int, total: int, note: str) -> None:
    """Nobody listens."""


@dataclasses.dataclass(frozen=True)
class StudyTask:
    """What the learning of a study's arms is given.

    Attributes
    ----------
    source : Source
        To learn from; its weak labels are those to be learned, and nobody's judgement of them is in it.
    images : ImageSet
        To be scored; no label of theirs is told.
    seed : int
        Of everything random.
    settings : object
        The registered settings, with what the user changed.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    threads : int
        Of the numeric libraries.
    tell : callable
        Takes (done, total, note): how far it is, in training images.
    """

    source: Source
    images: ImageSet
    seed: int
    settings: Any = None
    device: str = "auto"
    threads: int = 1
    tell: Callable[[int, int, str], None] = _say_nothing


@dataclasses.dataclass(frozen=True)
class Arm:
    """One of the models that are compared.

    Attributes
    ----------
    scores : ndarray of float, shape (m,)
        P(positive) of the task's images, 0 to 1.
    learned : ndarray of bool, shape (n,)
        Which images of the source its last training saw; those that only chose the pass that is kept are
        not among them.
    iterations : int
        Of its training, with that of the model it started from.
    details : mapping
        What it reports of itself.
    """

    scores: np.ndarray
    learned: np.ndarray
    iterations: int
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


LearnArms = Callable[[StudyTask], Mapping[str, Arm]]
Pictures = Callable[[Any, Source], tuple[Extractor, ...]]


@dataclasses.dataclass(frozen=True)
class StudySpec:
    """A registered study.

    Attributes
    ----------
    name : str
        Such as ``progressive``.
    source : str
        The kind of source it learns from, such as ``anps``.
    learn : callable
        Learns the arms.
    extractors : callable
        What of the images it reads, for (settings, source), so that it can be computed first.
    settings, quick : dataclass
        What a user may change; and the same in small, to try whether everything works.
    libraries : tuple of str
        Distributions whose version its result depends on, besides those of every method.
    summary : str
        First line of the docstring of ``learn``.
    """

    name: str
    source: str
    learn: LearnArms
    extractors: Pictures
    settings: Any
    quick: Any
    libraries: tuple[str, ...] = ()
    summary: str = ""

    def configured(self, given: Mapping[str, Any], quick: bool = False) -> Any:
        """Its settings with some changed.

        Raises
        ------
        ParameterError
            A setting that it does not have, or a value that it refuses.
        """
        settings = self.quick if quick else self.settings
        known = [field.name for field in dataclasses.fields(settings)]
        unknown = [name for name in given if name not in known]
        if unknown:
            raise ParameterError(
                f"study {self.name} has no setting {unknown[0]!r}; it has: {', '.join(known)}"
            )
        try:
            return dataclasses.replace(settings, **given)
        except (TypeError, ValueError) as error:
            raise ParameterError(f"study {self.name}: {error}") from None


_studies: list[StudySpec] = []


def register_study(
    name: str,
    *,
    source: str,
    extractors: Pictures,
    settings: Any,
    quick: Any,
    libraries: tuple[str, ...] = (),
) -> Callable[[LearnArms], LearnArms]:
    """Make a study known under ``name``; decorates the function that learns its arms.

    The parameters are the attributes of `StudySpec`.
    """

    def decorate(learn: LearnArms) -> LearnArms:
        summary = (learn.__doc__ or "").strip().partition("\n")[0]
        _studies.append(
            StudySpec(name, source, learn, extractors, settings, quick, tuple(libraries), summary)
        )
        return learn

    return decorate


def registered_studies() -> tuple[StudySpec, ...]:
    """All studies registered so far."""
    return tuple(_studies)
