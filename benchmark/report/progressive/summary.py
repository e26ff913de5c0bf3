"""Means over seeds at each level of label noise, differences with their intervals, and what they show."""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from benchmark.protocol.study_cell import StudyCell
from benchmark.protocol.trainings import Difference, Limits, difference
from benchmark.report.cells import csv_bytes
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

RESULTS = ("noise", "seed", "arm", "metric", "labels", "value", "images", "status", "reason")
SUMMARY = (
    "noise",
    "what",
    "metric",
    "labels",
    "mean",
    "std",
    "seeds",
    "images",
    "seeds_low",
    "seeds_high",
    "images_low",
    "images_high",
    "both_low",
    "both_high",
    "finding",
    "reason",
)


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
        for quantity in sorted(table.measures, key=_order)
        for noise, chosen in rows
    ]
    lines += [
        table.difference(comparison, noise, chosen)
        for comparison in comparisons()
        if {comparison.first, comparison.second} <= set(table.measures)
        for noise, chosen in rows
    ]
    return lines


def _order(quantity: Quantity) -> tuple[int, int, str]:
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


def results_csv(cells: Sequence[StudyCell]) -> bytes:
    """Every value of every cell, one a line; a cell that failed says why."""
    measures = measure(cells)

    def records() -> Iterator[tuple[str | int | float | None, ...]]:
        for cell in cells:
            if cell.status != "ok":
                yield f"{cell.noise:g}", cell.seed, "", "", "", None, None, cell.status, cell.reason
            for quantity in sorted(measures, key=_order):
                found = measures[quantity].get((cell.noise, cell.seed))
                if found is not None:
                    value = None if math.isnan(found.value) else found.value
                    yield f"{cell.noise:g}", cell.seed, *quantity, value, found.images, cell.status, ""

    return csv_bytes(RESULTS, records())


def summary_csv(lines: Sequence[Line]) -> bytes:
    """One line a mean."""
    return csv_bytes(
        SUMMARY,
        [
            (
                MEAN if line.noise is None else f"{line.noise:g}",
                line.what,
                line.metric,
                line.labels,
                line.mean,
                line.std,
                line.seeds,
                line.images,
                *_limits(line.found),
                line.finding,
                line.reason,
            )
            for line in lines
        ],
    )


def _limits(found: Difference | None) -> list[float | None]:
    intervals: list[Limits | None] = (
        [None] * 3 if found is None else [found.over_seeds, found.over_images, found.over_both]
    )
    return [limit for interval in intervals for limit in (interval or (None, None))]
