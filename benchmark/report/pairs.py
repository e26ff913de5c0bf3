"""Every pair of methods on the same images: the difference, its intervals, and the tests."""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np

from benchmark.protocol.metrics import measure
from benchmark.protocol.row import Row
from benchmark.protocol.statistics import holm, mcnemar, paired_resampled_test
from benchmark.report.aggregate import fold_sizes
from benchmark.report.estimates import FOLDS, IMAGES, OF
from benchmark.report.evidence import Evidence
from benchmark.report.outcomes import Outcomes
from benchmark.report.resampling import Resampled

MCNEMAR = "McNemar"
PAIRED = ("f1", "accuracy", "auc")
"""Metrics that are compared: the two that the paper argues with, and the one without a threshold."""

NO_COMMON = "the two methods have no fold of the same seed in common"


@dataclasses.dataclass(frozen=True)
class Pair:
    """One comparison of two methods; the fields are the columns of ``pairs.csv``.

    Attributes
    ----------
    stage, subset, metric : str
        What is compared.
    method_a, method_b : str
        In the order of the tables.
    test : str
        `FOLDS` (with a p-value), `IMAGES` (an interval alone) or `MCNEMAR` (a p-value alone; of accuracy).
    difference : float or None
        First minus second.
    low, high : float or None
        95 % interval.
    p, p_holm : float or None
        Two-sided; and adjusted over all pairs of this stage, subset, metric and test.
    detectable : float or None
        Over folds: the difference that the test finds with 80 % power at the spread that is seen.
    disagreement : float or None
        Over images: share on which one is right and the other is not (of the first seed).
    n : int
        Folds, or images (copies counted once).
    of : str
        What the interval is of, or what the test is about.
    reason : str
        Why something is missing.
    """

    stage: str
    subset: str
    metric: str
    method_a: str
    method_b: str
    test: str
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None
    detectable: float | None
    disagreement: float | None
    n: int
    of: str
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Pair))


def compare_pairs(evidence: Evidence, outcomes: Outcomes, resampled: Resampled) -> list[Pair]:
    """All comparisons of the complete methods of one stage and subset; p-values adjusted by Holm."""
    found: list[Pair] = []
    for a, b in itertools.combinations(outcomes.methods, 2):
        if outcomes.stage == "cross-validation":
            found += _over_folds(evidence, outcomes, a, b)
        found += _over_images(outcomes, resampled, a, b)
        found += _mcnemar(outcomes, a, b)
    return adjust_pairs(found)


def common_folds(evidence: Evidence, outcomes: Outcomes, a: str, b: str) -> tuple[list[Row], list[Row]]:
    """Rows of the folds that two methods were both tested on, in one order."""
    rows = [evidence.group(outcomes.stage, method, outcomes.subset).rows for method in (a, b)]
    by_fold = [{(row.cell.seed, row.cell.fold): row for row in found} for found in rows]
    keys = [key for key in by_fold[0] if key in by_fold[1]]
    return [by_fold[0][key] for key in keys], [by_fold[1][key] for key in keys]


def measure_row(row: Row) -> dict[str, float | None]:
    """Every metric of one row."""
    return measure(row.y, row.p, np.asarray(row.predictions, dtype=np.int64))


def _over_folds(evidence: Evidence, outcomes: Outcomes, a: str, b: str) -> list[Pair]:
    first, second = common_folds(evidence, outcomes, a, b)
    sizes = fold_sizes(evidence, first)
    values = [[measure_row(row) for row in rows] for rows in (first, second)]
    found = []
    for metric in PAIRED:
        one, other = ([v[metric] for v in of] for of in values)
        head = (outcomes.stage, outcomes.subset, metric, a, b, FOLDS)
        if not first or None in one or None in other:
            why = NO_COMMON if not first else "a fold has no value of the metric"
            found.append(Pair(*head, *(None,) * 7, len(first), OF[FOLDS], why))
            continue
        test = paired_resampled_test([v or 0.0 for v in one], [v or 0.0 for v in other], *sizes)
        if test is None:
            found.append(Pair(*head, *(None,) * 7, len(first), OF[FOLDS], "one fold has no spread"))
            continue
        why = "" if test.p is not None else "every fold gives the same difference"
        limits = (test.difference, test.low, test.high, test.p, None, test.detectable, None)
        found.append(Pair(*head, *limits, len(first), OF[FOLDS], why))
    return found


def _over_images(outcomes: Outcomes, resampled: Resampled, a: str, b: str) -> list[Pair]:
    found = []
    for metric in PAIRED:
        over = resampled.differences[a, b, metric]
        head = (outcomes.stage, outcomes.subset, metric, a, b, IMAGES)
        limits = (over.value, over.low, over.high, None, None, None, None)
        found.append(Pair(*head, *limits, outcomes.size, OF[IMAGES], over.reason))
    return found


def _mcnemar(outcomes: Outcomes, a: str, b: str) -> list[Pair]:
    """The test on the predictions of the first seed that both were run with."""
    head = (outcomes.stage, outcomes.subset, "accuracy", a, b, MCNEMAR)
    seed = outcomes.first_common_seed(a, b)
    if seed is None:
        return [Pair(*head, *(None,) * 7, 0, OF[IMAGES], NO_COMMON)]
    right = [(outcomes.of_seed(method, seed) >= 0.5) == (outcomes.labels == 1) for method in (a, b)]
    test = mcnemar(right[0], right[1], outcomes.groups)
    difference = float(right[0].mean() - right[1].mean())
    disagreement = float((right[0] != right[1]).mean())
    limits = (difference, None, None, test.p, None, None, disagreement)
    return [Pair(*head, *limits, outcomes.size, OF[IMAGES], "")]


def adjust_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """Adjust p-values by Holm over all pairs given, each metric and test on its own."""
    families: dict[tuple[str, str], list[int]] = {}
    for i, pair in enumerate(pairs):
        if pair.p is not None:
            families.setdefault((pair.metric, pair.test), []).append(i)
    found = list(pairs)
    for family in families.values():
        adjusted = holm([pairs[i].p or 0.0 for i in family])
        for i, p in zip(family, adjusted, strict=True):
            found[i] = dataclasses.replace(pairs[i], p_holm=p)
    return found
