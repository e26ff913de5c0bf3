"""Each method's top lists: the images it holds to be the most positive and the most negative (Figure 5)."""

import dataclasses

import numpy as np

from benchmark.report.cells import csv_bytes
from benchmark.report.evidence import Evidence
from benchmark.report.pooled import Pooled, pool, widest_subset

FIGURE_5 = ("PCNN", "CNN", "Sentribute", "SentiBank", "GCH", "LCH", "GCH+BoW", "LCH+BoW")
"""The paper's columns, in its order."""

BLOCKS = ("positive", "negative")
TOP = 5
"""Images a block in the paper."""

CROSS_VALIDATION = "cross-validation"

COLUMNS = ("method", "block", "rank", "image", "score", "label", "correct", "subset")


@dataclasses.dataclass(frozen=True)
class TopImage:
    """One place of a top list.

    Attributes
    ----------
    method, block : str
        Whose list; ``positive`` or ``negative``.
    rank : int
        1 is the surest.
    image : str
        Opaque id.
    score : float
        Pooled out-of-fold P(positive) in the positive block, P(negative) in the negative one.
    label : int
        The human label, 1 positive, 0 negative.
    correct : bool
        Whether the method's *prediction* agrees with the label. In a list of a method that predicts one class
        alone that is not the same as being of the block's class.
    """

    method: str
    block: str
    rank: int
    image: str
    score: float
    label: int
    correct: bool


@dataclasses.dataclass(frozen=True)
class TopLists:
    """The top lists of all methods that are complete on a subset.

    Attributes
    ----------
    subset : str
        The widest that was tested.
    methods : tuple of str
        In the paper's order of columns, others after them; methods of the family ``reference`` are left out.
    lists : dict
        Images by (method, block), decreasing.
    size : int
        Number of images that are ranked.
    """

    subset: str
    methods: tuple[str, ...]
    lists: dict[tuple[str, str], tuple[TopImage, ...]]
    size: int


def top_lists(evidence: Evidence, top: int = TOP) -> TopLists:
    """Rank the pooled out-of-fold scores of the widest subset; equal scores by image id.

    Parameters
    ----------
    top : int
        Length of the lists; shorter where there are fewer images.
    """
    subset = widest_subset(evidence, CROSS_VALIDATION)
    known = evidence.methods(CROSS_VALIDATION, reference=False)
    order = [m for m in FIGURE_5 if m in known] + [m for m in known if m not in FIGURE_5]
    found = {method: pool(evidence, CROSS_VALIDATION, method, subset) for method in order}
    complete = {
        method: pooled for method, pooled in found.items() if pooled is not None and len(pooled.images)
    }
    lists = {(m, block): _ranked(m, block, pooled, top) for m, pooled in complete.items() for block in BLOCKS}
    size = max((len(pooled.images) for pooled in complete.values()), default=0)
    return TopLists(subset, tuple(complete), lists, size)


def _ranked(method: str, block: str, pooled: Pooled, top: int) -> tuple[TopImage, ...]:
    scores = pooled.scores if block == "positive" else 1 - pooled.scores
    # images are sorted by id and the sort is stable, so equal scores come by id
    order = np.argsort(-scores, kind="stable")[:top]
    correct = pooled.labels == pooled.predictions
    return tuple(
        TopImage(
            method, block, rank, pooled.images[i], float(scores[i]), int(pooled.labels[i]), bool(correct[i])
        )
        for rank, i in enumerate(order, start=1)
    )


def top_csv(tops: TopLists) -> bytes:
    """What Figure 5 shows, one image a line."""
    records = [
        (t.method, t.block, t.rank, t.image, t.score, t.label, int(t.correct), tops.subset)
        for method in tops.methods
        for block in BLOCKS
        for t in tops.lists[method, block]
    ]
    return csv_bytes(COLUMNS, records)
