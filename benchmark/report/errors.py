"""Which images the methods get wrong, and how far they err on the same ones."""

import dataclasses
import itertools
import math

import numpy as np

from benchmark.report.by_votes import split_names
from benchmark.report.evidence import Evidence
from benchmark.report.outcomes import Outcomes


@dataclasses.dataclass(frozen=True)
class ImageErrors:
    """Who is wrong on one image; the fields are the columns of ``errors.csv``.

    Attributes
    ----------
    image : str
        Opaque id.
    label : int
        1 positive, 0 negative.
    votes : str
        Such as ``4:1``; empty where not known.
    wrong, methods : int
        How many methods are wrong on it, and of how many.
    score : float
        Mean P(positive) of the methods.
    missed_by : str
        Those that are wrong.
    """

    image: str
    label: int
    votes: str
    wrong: int
    methods: int
    score: float
    missed_by: str


@dataclasses.dataclass(frozen=True)
class ErrorOverlap:
    """How far two methods err on the same images; the fields are the columns of ``error_overlap.csv``.

    Attributes
    ----------
    method_a, method_b : str
    wrong_a, wrong_b, both : int
        Images that one, the other, and both get wrong.
    by_chance : float
        What both would get wrong if they erred independently.
    correlation : float or None
        Phi coefficient of being wrong, -1 to 1; None where a method is always or never wrong.
    """

    method_a: str
    method_b: str
    wrong_a: int
    wrong_b: int
    both: int
    by_chance: float
    correlation: float | None


@dataclasses.dataclass(frozen=True)
class Missed:
    """How many images so many methods get wrong; the fields are the columns of ``missed.csv``.

    Attributes
    ----------
    wrong : int
        How many methods, 0 to all.
    images : int
        How many images.
    by_chance : float
        How many it would be if the methods erred independently, each as often as it does.
    """

    wrong: int
    images: int
    by_chance: float


@dataclasses.dataclass(frozen=True)
class Errors:
    """The errors of all methods but those of the family ``reference``, on one subset.

    Attributes
    ----------
    subset : str
        Whose images.
    methods : tuple of str
        Whose errors: of each method's first seed.
    images : list of ImageErrors
        The most missed first; those missed by equally many with the surest error first.
    overlaps : list of ErrorOverlap
        Every pair.
    missed : list of Missed
        From 0 to all.
    """

    subset: str
    methods: tuple[str, ...]
    images: list[ImageErrors]
    overlaps: list[ErrorOverlap]
    missed: list[Missed]

    @property
    def missed_by_all(self) -> list[ImageErrors]:
        """Images on which every method is wrong; none below two methods."""
        return [i for i in self.images if i.wrong == i.methods and i.methods > 1]


COLUMNS = tuple(field.name for field in dataclasses.fields(ImageErrors))
OVERLAP_COLUMNS = tuple(field.name for field in dataclasses.fields(ErrorOverlap))
MISSED_COLUMNS = tuple(field.name for field in dataclasses.fields(Missed))


def count_errors(evidence: Evidence, outcomes: Outcomes) -> Errors | None:
    """Compare the errors of all methods on one stage and subset; None where no method is complete."""
    wanted = evidence.methods(outcomes.stage, reference=False)
    methods = tuple(method for method in outcomes.methods if method in wanted)
    if not methods:
        return None
    wrong = np.stack([~outcomes.right(method)[0] for method in methods])
    scores = np.stack([outcomes.scores[method][0] for method in methods])
    return Errors(
        outcomes.subset,
        methods,
        _images(outcomes, methods, wrong, scores.mean(axis=0)),
        [_overlap(methods, wrong, i, j) for i, j in itertools.combinations(range(len(methods)), 2)],
        _missed(wrong),
    )


def _images(outcomes: Outcomes, methods: tuple[str, ...], wrong: np.ndarray, score: np.ndarray) -> list:
    counts = wrong.sum(axis=0)
    votes = split_names(outcomes.votes) if outcomes.votes is not None else [""] * len(counts)
    sureness = np.where(outcomes.labels == 1, 1 - score, score)
    order = np.lexsort((np.arange(len(counts)), -sureness, -counts))
    return [
        ImageErrors(
            outcomes.images[i],
            int(outcomes.labels[i]),
            str(votes[i]),
            int(counts[i]),
            len(methods),
            float(score[i]),
            "; ".join(m for m, missed in zip(methods, wrong[:, i], strict=True) if missed),
        )
        for i in order
    ]


def _overlap(methods: tuple[str, ...], wrong: np.ndarray, i: int, j: int) -> ErrorOverlap:
    n, a, b = wrong.shape[1], int(wrong[i].sum()), int(wrong[j].sum())
    both = int((wrong[i] & wrong[j]).sum())
    spread = math.sqrt(a * (n - a) * b * (n - b))
    correlation = (n * both - a * b) / spread if spread else None
    return ErrorOverlap(methods[i], methods[j], a, b, both, a * b / n, correlation)


def _missed(wrong: np.ndarray) -> list[Missed]:
    """Counts, and the Poisson-binomial distribution of independent errors."""
    chances = np.ones(1)
    for share in wrong.mean(axis=1):
        chances = np.convolve(chances, [1 - share, share])
    counts = np.bincount(wrong.sum(axis=0), minlength=len(wrong) + 1)
    n = wrong.shape[1]
    return [Missed(k, int(c), float(n * p)) for k, (c, p) in enumerate(zip(counts, chances, strict=True))]
