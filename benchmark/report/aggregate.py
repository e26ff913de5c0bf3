"""From rows to the lines of the tidy tables: folds averaged for Tables 5 and 6."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from benchmark.protocol import statistics
from benchmark.protocol.metrics import METRICS, measure
from benchmark.protocol.row import Row
from benchmark.report.artefacts import artefacts_text, incomparable
from benchmark.report.evidence import TABLES, Evidence, Group
from benchmark.report.published import lookup


@dataclasses.dataclass(frozen=True)
class Line:
    """One figure of a table; the fields are the columns of the tidy tables.

    Attributes
    ----------
    table : int
        1 to 6, the paper's number.
    stage, method, subset, metric : str
        What was measured. In Table 4 the stage is empty and the method ``annotators``.
    mean : float, int or None
        Over folds and seeds; in Table 4 a count. None where it cannot be given.
    std : float or None
        Standard deviation over folds and seeds.
    low, high : float or None
        95 % corrected resampled t interval (`benchmark.protocol.statistics`), cut to 0 and 1.
    published : float, int or None
        The paper's figure; None where it has none or is about other images.
    certainty : str
        How sure the published figure is (`benchmark.report.published.CERTAINTY`).
    difference : float, int or None
        ``mean - published``; also where ``comparable`` says no, since the tested images are the paper's. In
        Tables 1 to 3 they are not then, and it is None.
    folds : int
        Cells that have scores: folds times seeds.
    status : str
        ``ok``, ``failed``, ``skipped``, ``incomplete`` or ``undefined``; the figures are empty unless ok.
    reason : str
        Why not ok, naming the folds.
    artefacts : str
        What was learned before the target was seen and used here, such as a bank: whence, how many detectors,
        their mean average precision.
    comparable : str
        Why the published figure is not comparable, where the method learned from another source; else empty.
    """

    table: int
    stage: str
    method: str
    subset: str
    metric: str
    mean: float | None
    std: float | None
    low: float | None
    high: float | None
    published: float | None
    certainty: str
    difference: float | None
    folds: int
    status: str
    reason: str
    artefacts: str
    comparable: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Line))
"""Columns of the tidy tables."""


def metric_lines(evidence: Evidence, stage: str) -> list[Line]:
    """Table 5 (``zero-transfer``) or Table 6 (``cross-validation``): every method, subset and metric."""
    lines = []
    for method in evidence.methods(stage):
        for subset in evidence.subsets(stage):
            group = evidence.group(stage, method, subset)
            measured = [
                measure(row.y, row.p, np.asarray(row.predictions, dtype=np.int64)) for row in group.rows
            ]
            for name in METRICS:
                lines.append(_line(evidence, group, name, [values[name] for values in measured]))
    return lines


def _line(evidence: Evidence, group: Group, name: str, values: Sequence[float | None]) -> Line:
    """Average one metric over the folds, or say why not."""
    status, reason = group.status, group.reason
    if status == "ok" and None in values:
        status, reason = "undefined", _undefined(group, name)
    mean = std = low = high = None
    if status == "ok":
        known = [value for value in values if value is not None]
        mean, std = statistics.mean(known), statistics.standard_deviation(known)
        low, high = _interval(evidence, group.rows, known)
    table = TABLES[group.stage]
    figure = lookup(table, group.method, group.subset, name) if evidence.published else None
    return Line(
        table=table,
        stage=group.stage,
        method=group.method,
        subset=group.subset,
        metric=name,
        mean=mean,
        std=std,
        low=low,
        high=high,
        published=figure.value if figure else None,
        certainty=figure.certainty if figure else "",
        difference=mean - figure.value if figure and mean is not None else None,
        folds=len(group.rows),
        status=status,
        reason=reason,
        artefacts=artefacts_text(group.rows),
        comparable=incomparable(group.rows, group.method) if figure else "",
    )


def fold_sizes(evidence: Evidence, rows: Sequence[Row]) -> tuple[list[int], list[int]]:
    """Training and test images of each fold, as the corrected tests want them."""
    if evidence.train_on == "all" and evidence.folds > 1:
        # Trained on all images but tested on a subset's: what makes the folds' results depend on each other
        # is the share of images held out, 1/k, not the smaller share that is tested.
        return [evidence.folds - 1 for _ in rows], [1 for _ in rows]
    return [max(row.n_train, 1) for row in rows], [len(row.images) for row in rows]


def _interval(
    evidence: Evidence, rows: Sequence[Row], values: Sequence[float]
) -> tuple[float | None, float | None]:
    interval = statistics.resampled_interval(values, *fold_sizes(evidence, rows))
    return (max(interval[0], 0.0), min(interval[1], 1.0)) if interval else (None, None)


def _undefined(group: Group, name: str) -> str:
    """Name the folds on which a metric is undefined, and why."""
    several = len({row.cell.seed for row in group.rows}) > 1
    parts = []
    for row in group.rows:
        why = METRICS[name].undefined(row.y)
        if why:
            parts.append(f"{f'seed {row.cell.seed} ' if several else ''}fold {row.cell.fold}: {why}")
    return "; ".join(parts)
