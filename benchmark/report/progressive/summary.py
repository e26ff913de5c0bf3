"""Means over seeds at each level of label noise, differences with their intervals, and what they show."""

import dataclasses
import itertools
import math
from collections.abc import Sequence

import numpy as np

from benchmark.protocol.study_cell import StudyCell
from benchmark.protocol.trainings import Difference, difference
from benchmark.report.progressive.measures import (
    ACCURACY,
    ARMS,
    AUC,
    SELECTIONS,
    TRUE,
    WEAK,
    WRONG_KEPT,
    WRONG_REMOVED,
    Measured,
    Quantity,
    measure,
)
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM

HELPS, HURTS, OPEN, NO_INTERVAL = "helps", "hurts", "not separable", "no interval"
MORE_WRONG, FEWER_WRONG = "removes wrong labels", "removes right labels"

AGAINST = (CNN, RANDOM, NO_REMOVAL)
"""What PCNN is compared with."""

REMOVED_KEPT, LABEL_ERROR = "removed - kept", "label_error"
MEAN = "mean"
"""In place of a level: the mean over all levels."""


@dataclasses.dataclass(frozen=True)
class Line:
    """A mean over seeds, of a quantity or of a difference.

    Attributes
    ----------
    noise : float, or None
        Share of labels that were exchanged; None: the mean over all levels.
    what : str
        An arm, ``PCNN - CNN``, or ``PCNN: removed - kept``.
    metric, labels : str
    mean, std : float, or None
        Over seeds; None where the line is incomplete (`reason`).
    seeds, images : int
    found : Difference, or None
        Intervals; None of what is no difference.
    finding : str
        What the interval over seeds and images shows: `HELPS`, `HURTS`, `OPEN` and so on; empty of what is
        no difference.
    reason : str
        Why there is no mean.
    """

    noise: float | None
    what: str
    metric: str
    labels: str
    mean: float | None
    std: float | None
    seeds: int
    images: int
    found: Difference | None = None
    finding: str = ""
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Comparison:
    """A difference of two quantities, and the words for its signs."""

    what: str
    metric: str
    first: Quantity
    second: Quantity
    above: str
    below: str


def comparisons() -> list[Comparison]:
    """All differences that are looked at."""
    found = [
        Comparison(
            f"{PCNN} - {other}",
            metric,
            Quantity(PCNN, metric, labels),
            Quantity(other, metric, labels),
            HELPS,
            HURTS,
        )
        for labels in (TRUE, WEAK)
        for metric in (AUC, ACCURACY)
        for other in AGAINST
    ]
    found += [
        Comparison(
            f"{arm}: {REMOVED_KEPT}",
            LABEL_ERROR,
            Quantity(arm, WRONG_REMOVED, TRUE),
            Quantity(arm, WRONG_KEPT, TRUE),
            MORE_WRONG,
            FEWER_WRONG,
        )
        for arm in SELECTIONS
    ]
    return found


def summarise(cells: Sequence[StudyCell]) -> list[Line]:
    """Every line of the summary: quantities level by level, then differences.

    A mean over an incomplete set of seeds is not given: the line says which is missing and why.
    """
    table = _Table(cells)
    levels = sorted({cell.noise for cell in cells})
    rows: list[tuple[float | None, list[float]]] = [(level, [level]) for level in levels]
    if len(levels) > 1:
        rows.append((None, levels))
    lines = [
        table.quantity(quantity, noise, chosen)
        for quantity in sorted(table.measures, key=order)
        for noise, chosen in rows
    ]
    lines += [
        table.difference(comparison, noise, chosen)
        for comparison in comparisons()
        if {comparison.first, comparison.second} <= set(table.measures)
        for noise, chosen in rows
    ]
    return lines


def order(quantity: Quantity) -> tuple[int, int, str]:
    """Where a quantity stands in the tables: by what is measured, then by arm."""
    metrics = (AUC, ACCURACY)
    rank = metrics.index(quantity.metric) if quantity.metric in metrics else len(metrics)
    return rank, ARMS.index(quantity.arm), f"{quantity.metric} {quantity.labels}"


class _Table:
    """All measures of some cells, averaged over some levels, seed by seed."""

    def __init__(self, cells: Sequence[StudyCell]) -> None:
        self.measures = measure(cells)
        self.seeds = sorted({cell.seed for cell in cells})
        self.failed = {(cell.noise, cell.seed): cell.reason for cell in cells if cell.status != "ok"}

    def quantity(self, quantity: Quantity, noise: float | None, levels: Sequence[float]) -> Line:
        """Mean and standard deviation over seeds."""
        reason = self._missing([quantity], levels)
        if reason:
            return Line(noise, *quantity, None, None, len(self.seeds), 0, reason=reason)
        found = self.measures[quantity]
        values = [float(np.mean([found[level, seed].value for level in levels])) for seed in self.seeds]
        images = round(np.mean([found[level, seed].images for level in levels for seed in self.seeds]))
        return Line(noise, *quantity, float(np.mean(values)), _deviation(values), len(values), images)

    def difference(self, comparison: Comparison, noise: float | None, levels: Sequence[float]) -> Line:
        """Mean difference with its intervals, and what they show."""
        pair = (comparison.first, comparison.second)
        about = (noise, comparison.what, comparison.metric, comparison.first.labels)
        reason = self._missing(pair, levels)
        if reason:
            return Line(*about, None, None, len(self.seeds), 0, reason=reason)
        first, second = (self.measures[quantity] for quantity in pair)
        at = [[(level, seed) for level in levels] for seed in self.seeds]
        values = [float(np.mean([first[cell].value - second[cell].value for cell in cells])) for cells in at]
        drawn = [_drawn(first[cell]) - _drawn(second[cell]) for cells in at for cell in cells]
        found = difference(values, np.mean(drawn, axis=0))
        finding = {1: comparison.above, -1: comparison.below, 0: OPEN, None: NO_INTERVAL}[found.sign]
        sides = (first, second) if comparison.metric == LABEL_ERROR else (first,)
        images = sum(round(np.mean([side[cell].images for cells in at for cell in cells])) for side in sides)
        return Line(*about, found.mean, _deviation(values), len(values), images, found, finding)

    def _missing(self, quantities: Sequence[Quantity], levels: Sequence[float]) -> str:
        """Why a mean cannot be given; empty where it can."""
        for level, seed in itertools.product(levels, self.seeds):
            if (level, seed) in self.failed:
                return f"seed {seed} noise {level:g} failed: {self.failed[level, seed]}"
            for quantity in quantities:
                found = self.measures[quantity].get((level, seed))
                if found is None or math.isnan(found.value):
                    return f"seed {seed} noise {level:g}: no image to measure {quantity.metric} on"
        return ""


def _deviation(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def _drawn(measured: Measured) -> np.ndarray:
    assert measured.resampled is not None, "only what was resampled is compared"
    return measured.resampled
