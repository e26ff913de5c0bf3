"""Intervals over images: every metric of every method on a subset, and of every pair the difference."""

import dataclasses
import itertools
from collections.abc import Mapping

import numpy as np
from scipy import stats

from benchmark.protocol.metrics import METRICS
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.statistics.bootstrap import WIDENING, bca_intervals
from benchmark.protocol.weighted import WEIGHTED, weighted_measure
from benchmark.report.outcomes import Outcomes

ALIKE = "no resample of the images changes it"
UNWEIGHTED = "the metric has no weighted form (benchmark.protocol.weighted)"

SHARES = {"accuracy": (1, 0), "recall": (1,)}
"""Metrics that are a share of the images of these classes: where it is 0 or 1, an exact interval stands."""


@dataclasses.dataclass(frozen=True)
class Interval:
    """A value of predictions, or a difference of two, with its BCa interval over images.

    Attributes
    ----------
    value : float or None
        Mean over seeds; None where undefined.
    low, high : float or None
        95 % interval (`benchmark.protocol.statistics.bootstrap`); None where there is none.
    reason : str
        Why something is None.
    """

    value: float | None
    low: float | None
    high: float | None
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Resampled:
    """What the bootstrap of one subset gave.

    Attributes
    ----------
    metrics : mapping of (str, str) to Interval
        By method and metric.
    differences : mapping of (str, str, str) to Interval
        By first method, second method and metric: first minus second.
    """

    metrics: Mapping[tuple[str, str], Interval]
    differences: Mapping[tuple[str, str, str], Interval]


def resample(outcomes: Outcomes) -> Resampled:
    """Draw the groups of images again, the same for all methods, and measure each draw."""
    methods = outcomes.methods
    pairs = list(itertools.combinations(range(len(methods)), 2))
    of_pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def statistic(counts: np.ndarray) -> np.ndarray:
        found = _measure(outcomes, counts[:, outcomes.groups])
        both = np.concatenate([found, found[of_pairs[:, 0]] - found[of_pairs[:, 1]]])
        return both.reshape(-1, len(counts))

    if not methods:
        return Resampled({}, {})
    once = statistic(np.ones((1, outcomes.size)))[:, 0].reshape(-1, len(WEIGHTED))
    limits = np.full((*once.shape, 2), np.nan)
    if outcomes.size > 1:
        seed = derive_seed(0, "bootstrap", outcomes.stage, outcomes.subset)
        limits = bca_intervals(statistic, outcomes.size, seed).reshape(limits.shape)
    metrics, differences = {}, {}
    for name, metric in METRICS.items():
        lacking = "" if name in WEIGHTED else UNWEIGHTED
        reason = metric.undefined(outcomes.labels) or lacking
        at = None if reason else WEIGHTED.index(name)
        for m, method in enumerate(methods):
            found = _interval(once, limits, m, at, reason)
            if found.reason == ALIKE and name in SHARES:
                found = _exact(outcomes, found, SHARES[name])
            metrics[method, name] = found
        for i, (first, second) in enumerate(pairs, start=len(methods)):
            differences[methods[first], methods[second], name] = _interval(once, limits, i, at, reason)
    return Resampled(metrics, differences)


def _measure(outcomes: Outcomes, weights: np.ndarray) -> np.ndarray:
    """Metrics of every method, mean over its seeds; shape (methods, metrics, b)."""
    found = []
    for scores in outcomes.scores.values():
        of_seeds = [weighted_measure(outcomes.labels, s, (s >= 0.5).astype(int), weights) for s in scores]
        found.append(np.mean(of_seeds, axis=0))
    return np.stack(found)


def _interval(once: np.ndarray, limits: np.ndarray, i: int, at: int | None, reason: str) -> Interval:
    if at is None:
        return Interval(None, None, None, reason)
    value, (low, high) = float(once[i, at]), limits[i, at]
    if np.isnan(low) or np.isnan(high):
        return Interval(value, None, None, ALIKE)
    return Interval(value, float(low), float(high))


def _exact(outcomes: Outcomes, found: Interval, classes: tuple[int, ...]) -> Interval:
    """Clopper and Pearson's interval of a share that is 0 or 1, as wide as those of the bootstrap."""
    n = len(np.unique(outcomes.groups[np.isin(outcomes.labels, classes)]))
    if found.value not in (0.0, 1.0):
        return found
    level = 1 - WIDENING * 0.05
    limits = stats.binomtest(round(found.value * n), n).proportion_ci(level, method="exact")
    return Interval(found.value, float(limits.low), float(limits.high))
