"""What is measured in each cell: how good each arm is, and what was removed."""

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmark.protocol.study_cell import StudyCell
from benchmark.protocol.trainings import resample
from benchmark.protocol.weighted import weighted_measure
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM

ARMS = (CNN, PCNN, RANDOM, NO_REMOVAL)
SELECTIONS = (PCNN, RANDOM)
"""Arms that leave images out."""

AUC, ACCURACY, ITERATIONS = "auc", "accuracy", "iterations"
KEPT, KEPT_POSITIVE, KEPT_NEGATIVE = "kept_share", "kept_share_positive", "kept_share_negative"
WRONG, WRONG_KEPT, WRONG_REMOVED = "label_error", "label_error_kept", "label_error_removed"

WEAK, TRUE, LEARNED = "weak", "true", "learned"
"""Labels that a value is measured against: the source's weak ones, known or human ones, or the weak ones as
they were learned, some of them exchanged."""

SEED = 0
"""Of the resamples: the same for all, so that any two values are paired."""


class Quantity(NamedTuple):
    """What is measured.

    Attributes
    ----------
    arm, metric, labels : str
    """

    arm: str
    metric: str
    labels: str


@dataclasses.dataclass(frozen=True)
class Measured:
    """A quantity in one cell.

    Attributes
    ----------
    value : float
        NaN where there is nothing to measure it on.
    images : int
        It is measured on.
    resampled : ndarray of float64, shape (resamples,), or None
        On images drawn again; None of what is not to be compared.
    """

    value: float
    images: int
    resampled: np.ndarray | None = None


Measures = dict[Quantity, dict[tuple[float, int], Measured]]
"""Of each quantity, its value at (noise, seed)."""


def measure(cells: Sequence[StudyCell]) -> Measures:
    """Everything that is measured in the cells that came to something."""
    found: Measures = {}
    for cell in cells:
        if cell.status == "ok":
            for quantity, value in _of_cell(cell).items():
                found.setdefault(quantity, {})[cell.noise, cell.seed] = value
    return found


def _of_cell(cell: StudyCell) -> dict[Quantity, Measured]:
    found: dict[Quantity, Measured] = {}
    groups = np.asarray(cell.test.groups)
    for labels, given in ((WEAK, cell.test.weak), (TRUE, cell.test.true)):
        y = np.asarray(given)
        known = np.flatnonzero(y >= 0)
        if len(np.unique(y[known])) == 2:
            scores = [cell.scores(arm)[known] for arm in ARMS]
            found |= _quality(scores, y[known], groups[known], labels)
    for arm in SELECTIONS:
        found |= _selection(cell, arm)
    n = len(cell.train)
    for arm in ARMS:
        found[Quantity(arm, ITERATIONS, "")] = Measured(cell.arms[arm].iterations, n)
    return found


def _quality(
    scores: Sequence[np.ndarray], labels: np.ndarray, groups: np.ndarray, name: str
) -> dict[Quantity, Measured]:
    """AUC and accuracy of all arms on the test images of known label."""

    def statistic(weights: np.ndarray) -> np.ndarray:
        taken = [(s >= 0.5).astype(np.int64) for s in scores]
        of = [
            weighted_measure(labels, s, t, weights, (AUC, ACCURACY))
            for s, t in zip(scores, taken, strict=True)
        ]
        return np.concatenate(np.stack(of, axis=1))

    values = statistic(np.ones((1, len(labels))))[:, 0]
    resampled = resample(statistic, groups, SEED)
    quantities = [Quantity(arm, metric, name) for metric in (AUC, ACCURACY) for arm in ARMS]
    return {
        quantity: Measured(float(value), len(labels), drawn)
        for quantity, value, drawn in zip(quantities, values, resampled, strict=True)
    }


def _selection(cell: StudyCell, arm: str) -> dict[Quantity, Measured]:
    """What an arm kept of the images that CNN learned from, and how many labels are wrong on either side."""
    base = np.flatnonzero(cell.learned(CNN))
    kept, learned = cell.learned(arm)[base], np.asarray(cell.learned_labels)[base]
    true, groups = np.asarray(cell.train.true)[base], np.asarray(cell.train.groups)[base]
    found = {}
    for metric, members in (
        (KEPT, np.ones(len(base), dtype=bool)),
        (KEPT_POSITIVE, learned == 1),
        (KEPT_NEGATIVE, learned == 0),
    ):
        share = float(kept[members].mean()) if members.any() else float("nan")
        found[Quantity(arm, metric, LEARNED)] = Measured(share, int(members.sum()))
    known = np.flatnonzero(true >= 0)
    if len(known) == 0:
        return found
    wrong, kept = (learned != true)[known].astype(np.float64), kept[known]
    sides = np.array([np.ones(len(known)), kept, ~kept], dtype=np.float64)

    def statistic(weights: np.ndarray) -> np.ndarray:
        return (sides * wrong) @ weights.T / (sides @ weights.T)

    with np.errstate(invalid="ignore"):
        values = statistic(np.ones((1, len(known))))[:, 0]
    resampled = resample(statistic, groups[known], SEED)
    for metric, side, value, drawn in zip(
        (WRONG, WRONG_KEPT, WRONG_REMOVED), sides, values, resampled, strict=True
    ):
        found[Quantity(arm, metric, TRUE)] = Measured(float(value), int(side.sum()), drawn)
    return found
