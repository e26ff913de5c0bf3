"""How much of its accuracy a method keeps when images are made worse: from the rows of the study."""

import csv
import dataclasses
import itertools
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.corruptions import KINDS
from benchmark.protocol.robustness_row import CLEAN, RobustnessRow, read_robustness_row
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.statistics import bca_intervals
from benchmark.protocol.weighted import weighted_measure
from benchmark.registry import ORDER
from benchmark.report.evidence import EvidenceError

TABLE = "tables/robustness.csv"
"""Inside the study's."""

METRICS = ("accuracy", "auc")
TINY = 1e-12
ALL = "all"
"""Name of the mean over all corruptions."""


@dataclasses.dataclass(frozen=True)
class Kept:
    """One method under one corruption; the fields are the columns of ``robustness.csv``.

    Attributes
    ----------
    method, subset : str
        Whose pooled out-of-fold scores.
    corruption : str
        Such as ``blur``; ``all`` is the mean over all kinds and strengths.
    strength : int
        1 to 3; 0 of ``all``.
    metric : str
        A name of `METRICS`.
    clean, value : float or None
        Of the images as they are, and made worse.
    difference, low, high : float or None
        ``value - clean``, 95 % BCa bootstrap over images, of the fitted models.
    kept : float or None
        ``value / clean``.
    changed : float or None
        Share of predictions that changed; of ``all`` the mean.
    images : int
    status, reason : str
        ``ok``, or why there is nothing.
    """

    method: str
    subset: str
    corruption: str
    strength: int
    metric: str
    clean: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    kept: float | None
    changed: float | None
    images: int
    status: str
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Kept))


def read_robustness(folder: Path) -> list[RobustnessRow]:
    """The rows of a study, by method and fold.

    Raises
    ------
    RowError
        One of them is not valid.
    """
    return sorted((read_robustness_row(path) for path in sorted(folder.glob("*.json"))), key=_place)


def read_kept(folder: Path) -> tuple[Kept, ...]:
    """What a study found, from its stored table; nothing where there is no study.

    `benchmark.report.verify` holds the table against the rows.

    Raises
    ------
    EvidenceError
        The table is damaged.
    """
    path = folder / TABLE
    if not path.is_file():
        return ()
    types = typing.get_type_hints(Kept)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file, strict=True))
        return tuple(Kept(**{name: _parsed(line[name], types[name]) for name in COLUMNS}) for line in lines)
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise EvidenceError(
            f"{path}: damaged ({error}); write it again: python -m benchmark study robustness --out "
            f"{folder.parent}, or delete it and report"
        ) from None


def _parsed(text: str, kind: object) -> Any:
    if kind is str:
        return text
    if kind is int:
        return int(text)
    return float(text) if text else None


def kept(rows: Iterable[RobustnessRow]) -> list[Kept]:
    """Every method under every corruption.

    Raises
    ------
    EvidenceError
        There are none, or they are of different datasets, subsets, seeds or corruptions, or of other test
        images in a fold.
    """
    ordered = sorted(rows, key=_place)
    check_together(ordered)
    variants = sorted({name for row in ordered for name in row.scores if name != CLEAN}, key=_order)
    found: list[Kept] = []
    for method, group in itertools.groupby(ordered, lambda row: row.cell.method):
        found += _of_method(method, list(group), variants)
    return found


def _of_method(method: str, rows: Sequence[RobustnessRow], variants: Sequence[str]) -> list[Kept]:
    subset, folds = rows[0].cell.subset, {row.cell.fold for row in rows if row.status == "ok"}
    missing = sorted(set(range(1, rows[0].folds + 1)) - folds)
    n = sum(len(row.images) for row in rows)
    if missing:
        broken = next((row for row in rows if row.status != "ok"), None)
        status = broken.status if broken else "incomplete"
        why = f": {' '.join(broken.reason.split())}" if broken else ""
        reason = f"fold{'s' if len(missing) > 1 else ''} {', '.join(map(str, missing))} missing{why}"
        return [Kept(method, subset, ALL, 0, metric, *(None,) * 7, n, status, reason) for metric in METRICS]
    labels = np.concatenate([row.labels for row in rows])
    scores = {name: np.concatenate([row.scores[name] for row in rows]) for name in (CLEAN, *variants)}
    _, groups = np.unique(np.concatenate([row.groups for row in rows]), return_inverse=True)
    return _measured(method, subset, labels, scores, groups, variants)


def _measured(
    method: str,
    subset: str,
    labels: np.ndarray,
    scores: Mapping[str, np.ndarray],
    groups: np.ndarray,
    variants: Sequence[str],
) -> list[Kept]:
    """Values and paired intervals, all from the same resamples; the mean over all corruptions last."""

    def statistic(counts: np.ndarray) -> np.ndarray:
        weights = counts[:, groups]
        of = np.stack(
            [weighted_measure(labels, s, (s >= 0.5).astype(int), weights, METRICS) for s in scores.values()]
        )
        worse = np.concatenate([of[1:], of[1:].mean(axis=0, keepdims=True)])
        return np.concatenate([of[:1], worse, worse - of[:1]]).reshape(-1, len(counts))

    size = int(groups.max()) + 1
    shape = (2 * len(variants) + 3, len(METRICS))
    once = statistic(np.ones((1, size)))[:, 0].reshape(shape)
    seed = derive_seed(0, "robustness", subset, method)
    limits = bca_intervals(statistic, size, seed).reshape(*shape, 2)
    changed = [float(((scores[name] >= 0.5) != (scores[CLEAN] >= 0.5)).mean()) for name in variants]
    found = []
    for i, name in enumerate([*variants, ALL], start=1):
        kind, _, strength = name.partition(" ")
        for m, metric in enumerate(METRICS):
            clean, value = float(once[0, m]), float(once[i, m])
            low, high = _limits(limits[len(variants) + 1 + i, m])
            share = changed[i - 1] if name != ALL else float(np.mean(changed))
            found.append(
                Kept(
                    method,
                    subset,
                    kind,
                    int(strength or 0),
                    metric,
                    clean,
                    value,
                    value - clean,
                    low,
                    high,
                    value / clean if clean else None,
                    share,
                    len(labels),
                    "ok",
                    "",
                )
            )
    return found


def _order(variant: str) -> tuple:
    """Corruptions in the order of the tables; of a kind that is not known any more, behind them by name."""
    kind, _, strength = variant.partition(" ")
    return (list(KINDS).index(kind) if kind in KINDS else len(KINDS), kind, strength)


def _limits(found: np.ndarray) -> tuple[float | None, float | None]:
    """Both limits; none where every resample gives one value, but for rounding."""
    low, high = map(float, found)
    return (None, None) if np.isnan(found).any() or high - low < TINY else (low, high)


def _place(row: RobustnessRow) -> tuple:
    name = row.cell.method
    return (ORDER.index(name) if name in ORDER else len(ORDER), name), row.cell.seed, row.cell.fold


def check_together(rows: Sequence[RobustnessRow]) -> None:
    """Refuse rows that no table can show beside each other.

    Raises
    ------
    EvidenceError
        As of `kept`.
    """
    if not rows:
        raise EvidenceError("there are no rows of the study; make some: python -m benchmark study robustness")
    for what in ("dataset", "subset", "seed"):
        values = {getattr(row.cell, what) for row in rows}
        if len(values) > 1:
            raise EvidenceError(
                f"the rows of the robustness study are of different {what}s ({', '.join(map(str, values))}); "
                f"delete those of one of them"
            )
    variants = {frozenset(row.scores) for row in rows if row.status == "ok"}
    if len(variants) > 1:
        odd = sorted(frozenset.union(*variants) - frozenset.intersection(*variants), key=_order)
        raise EvidenceError(
            f"not all rows of the robustness study have the corruptions {', '.join(odd)}; "
            "run the study again with one choice of --kinds for all methods"
        )
    tested: dict[str, frozenset[str]] = {}
    for row in rows:
        images = frozenset(row.images)
        if tested.setdefault(str(row.cell.fold), images) != images:
            raise EvidenceError(
                f"{row.cell} tests other images than another method in its fold; run the study again"
            )
