"""Intervals over images: metrics of several models on the same images, and their paired differences.

BCa bootstrap (`benchmark.protocol.statistics.bootstrap`): images are drawn again with replacement, copies of
one image together and the same for all models, which stay as they were fitted. Where few images change sides
such an interval of a difference is too short; the exact test of McNemar (1947) says so.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark.protocol.metrics import METRICS
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.statistics import bca_intervals, mcnemar
from benchmark.protocol.weighted import weighted_measure
from benchmark.report.cells import p_value
from benchmark.report.resampling import ALIKE, Interval

MEASURED = ("precision", "recall", "f1", "accuracy", "auc")
"""Metrics that get an interval."""


@dataclasses.dataclass(frozen=True)
class Scored:
    """What several models said of the same images.

    Attributes
    ----------
    images : tuple of str
        Opaque ids; ``~2`` behind a second copy.
    labels : ndarray of int64, shape (n,)
        1 positive, 0 negative.
    scores : mapping of str to ndarray of float64, shape (seeds, n)
        P(positive) by model, a line a seed; a metric is the mean over them.
    copies : mapping of str to str
        Group of each image (`benchmark.report.outcomes.image_groups`); of one that has none, byte-identical
        copies are a group.
    """

    images: tuple[str, ...]
    labels: np.ndarray
    scores: Mapping[str, np.ndarray]
    copies: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def groups(self) -> np.ndarray:
        """Number of each image, from 0; copies share one."""
        names = [self.copies.get(image, image.partition("~")[0]) for image in self.images]
        place = {name: i for i, name in enumerate(dict.fromkeys(names))}
        return np.array([place[name] for name in names], dtype=np.int64)


@dataclasses.dataclass(frozen=True)
class Exchange:
    """How two models' predictions differ.

    Attributes
    ----------
    won, lost : int
        Images on which the first is right and the second wrong, and the other way round; copies count once.
    p : float
        McNemar's exact test, two-sided, of the two numbers being alike.
    """

    won: int
    lost: int
    p: float

    def __str__(self) -> str:
        return f"{self.won} images won, {self.lost} lost, exact McNemar {p_value(self.p)}"


def exchange(scored: Scored, first: str, second: str) -> Exchange:
    """Compare the predictions of two models' first seeds image by image."""
    right = [(scored.scores[m][0] >= 0.5) == (scored.labels == 1) for m in (first, second)]
    found = mcnemar(right[0], right[1], scored.groups)
    return Exchange(found.first, found.second, found.p)


def intervals(
    scored: Scored, differences: Sequence[tuple[str, str]], *names: object
) -> dict[tuple[str, str], Interval]:
    """Every metric of every model, and of pairs of them the difference.

    Parameters
    ----------
    differences : sequence of (str, str)
        Models whose difference is wanted, first less second.
    names : object
        What the resamples are for: the same names give the same ones.

    Returns
    -------
    dict of (str, str) to Interval
        By model, or ``A - B``, and metric of `MEASURED`.
    """
    models, groups = list(scored.scores), scored.groups
    size = int(groups.max()) + 1 if len(groups) else 0
    first = [models.index(a) for a, _ in differences]
    second = [models.index(b) for _, b in differences]

    def statistic(counts: np.ndarray) -> np.ndarray:
        weights = counts[:, groups]
        found = np.stack([_mean_over_seeds(scored.labels, s, weights) for s in scored.scores.values()])
        return np.concatenate([found, found[first] - found[second]]).reshape(-1, len(counts))

    titles = [*models, *(f"{a} - {b}" for a, b in differences)]
    shape = (len(titles), len(MEASURED))
    once, limits = np.full(shape, np.nan), np.full((*shape, 2), np.nan)
    if size:
        once = statistic(np.ones((1, size))).reshape(shape)
    if size > 1:
        limits = bca_intervals(statistic, size, derive_seed(0, "bootstrap", *names)).reshape(limits.shape)
    return {
        (title, metric): _interval(scored.labels, metric, once[i, m], limits[i, m])
        for i, title in enumerate(titles)
        for m, metric in enumerate(MEASURED)
    }


def _mean_over_seeds(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    found = [weighted_measure(labels, s, (s >= 0.5).astype(np.int64), weights, MEASURED) for s in scores]
    mean: np.ndarray = np.mean(found, axis=0)
    return mean


def _interval(labels: np.ndarray, metric: str, value: float, limits: np.ndarray) -> Interval:
    reason = METRICS[metric].undefined(labels)
    if reason:
        return Interval(None, None, None, reason)
    if np.isnan(limits).any():
        return Interval(float(value), None, None, ALIKE)
    return Interval(float(value), float(limits[0]), float(limits[1]))
