"""How well detectors rank images that they were not fitted to, and on whose labels that was measured."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from baselines.average_precision import average_precision, chance_quantile

HUMAN_VOTES, WEAK_LABELS = "human votes", "weak labels"

LABELS = {
    HUMAN_VOTES: HUMAN_VOTES,
    "mined ANP": "held-out mined labels",
    "simulated votes": "held-out simulated votes",
}
"""What labels of one kind of support (see `benchmark.data.source.Source`) are called; others are weak."""


@dataclasses.dataclass(frozen=True)
class Quality:
    """How well a detector ranks images that it was not fitted to.

    Attributes
    ----------
    positives : int
        Images with the concept that it was learned from.
    ap, chance : float
        Average precision, and what random orders reach on average: the share of positives.
    needed : float
        What 95 % of random orders stay below.
    measured_on : str
        Whose labels ``ap`` was measured on: ``human votes`` where people voted on these images and no other
        image counts; else ``held-out mined labels``, ``held-out simulated votes`` or ``weak labels``.
    kept : bool
        Whether ``ap`` is above ``needed``.
    """

    positives: int
    ap: float
    chance: float
    needed: float
    measured_on: str
    kept: bool


@dataclasses.dataclass(frozen=True)
class Yardstick:
    """The images on which each detector is measured.

    Attributes
    ----------
    rows : ndarray of bool, shape (n, K)
    labels : tuple of str
        Whose labels those of each detector are, see `Quality`.
    """

    rows: np.ndarray
    labels: tuple[str, ...]

    def worth(self, answers: np.ndarray, labels: np.ndarray) -> float:
        """Mean average precision of held-out answers, float (n, K)."""
        return float(np.nanmean(average_precision(answers, labels == 1, self.rows)))

    def quality(self, answers: np.ndarray, labels: np.ndarray, seed: int) -> list[Quality]:
        """Quality of each detector, given its held-out answers."""
        found = []
        for k, measured_on in enumerate(self.labels):
            rows = self.rows[:, k]
            positive = labels[rows, k] == 1
            ap = float(average_precision(answers[rows, k, None], positive[:, None])[0])
            needed = chance_quantile(len(positive), int(positive.sum()), seed)
            positives = int((labels[:, k] == 1).sum())
            found.append(
                Quality(positives, ap, float(positive.mean()), needed, measured_on, bool(ap > needed))
            )
        return found


def yardstick(
    labels: np.ndarray, voted: np.ndarray | None, support: Sequence[str] | None, judged: int
) -> Yardstick:
    """Choose what each detector is measured on: images that people voted on, where there are enough.

    Parameters
    ----------
    labels : ndarray of int8, shape (n, K)
        1 shows the concept, -1 does not, 0 not known.
    voted : ndarray of bool, shape (n,), or None
        Images that bear human votes; None where the source does not tell.
    support : sequence of K str, or None
        Where the labels come from, see `benchmark.data.source.Source`.
    judged : int
        Positives and negatives with votes that are enough.

    Returns
    -------
    Yardstick
        A concept with too few votes is measured on all its labels, which are then called what they are.
    """
    rows = labels != 0
    said = [LABELS.get(kind, WEAK_LABELS) for kind in support or [WEAK_LABELS] * labels.shape[1]]
    if voted is not None:
        on_votes = rows & voted[:, None]
        for k in range(labels.shape[1]):
            of_votes = labels[on_votes[:, k], k]
            if min((of_votes == 1).sum(), (of_votes == -1).sum()) >= judged:
                rows[:, k], said[k] = on_votes[:, k], HUMAN_VOTES
    return Yardstick(rows, tuple(said))
