"""Pooled out-of-fold scores: every image of a subset once, scored by the model that had not seen it."""

import dataclasses

import numpy as np

from benchmark.protocol.metrics import METRICS, measure
from benchmark.protocol.statistics import proportion_error
from benchmark.report.evidence import Evidence

PROPORTIONS = ("accuracy",)
"""Metrics that are a proportion of all pooled images, whose standard error follows from their number."""

COLUMNS = (
    "stage",
    "method",
    "subset",
    "seed",
    "metric",
    "value",
    "standard_error",
    "images",
    "status",
    "reason",
)
"""Columns of the table of pooled metrics."""


@dataclasses.dataclass(frozen=True)
class Pooled:
    """A method's out-of-fold scores on a subset.

    Attributes
    ----------
    images : tuple of str
        Opaque ids, sorted.
    labels : ndarray of int64, shape (n,)
        1 positive, 0 negative.
    scores : ndarray of float64, shape (n,)
        P(positive), 0 to 1; of several seeds, the mean.
    predictions : ndarray of int64, shape (n,)
        1 where the score is at least .5.
    """

    images: tuple[str, ...]
    labels: np.ndarray
    scores: np.ndarray
    predictions: np.ndarray


def pool(evidence: Evidence, stage: str, method: str, subset: str, seed: int | None = None) -> Pooled | None:
    """Join the test parts of all folds.

    Parameters
    ----------
    seed : int, optional
        Of which fold assignment; by default the scores of all seeds are averaged for each image.

    Returns
    -------
    Pooled, or None
        None where a fold is missing: a ranking without a fold's images would say nothing of the subset.
    """
    group = evidence.group(stage, method, subset)
    if any(seed in (None, gap.seed) for gap in group.gaps):
        return None
    scores: dict[str, list[float]] = {}
    labels: dict[str, int] = {}
    for row in group.rows:
        if seed in (None, row.cell.seed):
            for image, label, score in zip(row.images, row.labels, row.scores, strict=True):
                scores.setdefault(image, []).append(score)
                labels[image] = label
    images = tuple(sorted(scores))
    means = np.array([sum(scores[image]) / len(scores[image]) for image in images], dtype=np.float64)
    truth = np.array([labels[image] for image in images], dtype=np.int64)
    return Pooled(images, truth, means, (means >= 0.5).astype(np.int64))


def widest_subset(evidence: Evidence, stage: str) -> str:
    """The subset that tests the most images (``three`` or ``all`` in a full run); the later one of equals."""
    tested: dict[str, set[str]] = {subset: set() for subset in evidence.subsets(stage)}
    for row in evidence.rows:
        if row.cell.stage == stage:
            tested[row.cell.subset].update(row.images)
    return max(reversed(evidence.subsets(stage)), key=lambda subset: len(tested[subset]))


def pooled_records(evidence: Evidence, stage: str) -> list[tuple]:
    """Lines of the table of pooled metrics, in the columns `COLUMNS`."""
    records: list[tuple] = []
    for method in evidence.methods(stage):
        for subset in evidence.subsets(stage):
            group = evidence.group(stage, method, subset)
            for seed in evidence.seeds(stage, method, subset):
                found = pool(evidence, stage, method, subset, seed)
                head = (stage, method, subset, seed)
                if found is None:
                    records += [
                        (*head, name, None, None, None, group.status, group.reason) for name in METRICS
                    ]
                    continue
                n = len(found.images)
                for name, value in measure(found.labels, found.scores, found.predictions).items():
                    reason = METRICS[name].undefined(found.labels)
                    error = proportion_error(value, n) if value is not None and name in PROPORTIONS else None
                    records.append((*head, name, value, error, n, "undefined" if reason else "ok", reason))
    return records
