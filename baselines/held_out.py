"""The held-out images that tell most of a detector: its highest answers and its worst mistakes."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

FILE = "held_out.json"

HIGHEST, MISTAKES = 8, 3
"""Images kept of a detector: those it answered highest for, and mistakes of each kind."""

DIGITS = 16
"""Of an image's key that are kept: it is found again by them in its source, and by nothing else."""


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """Answers for images that a detector was not fitted to.

    Attributes
    ----------
    names : tuple of str
        K concepts.
    answers : ndarray of float32, shape (n, K)
        Decision values.
    probabilities : ndarray of float32, shape (n, K)
        The same, calibrated.
    labels : ndarray of int8, shape (n, K)
        1 shows the concept, -1 does not, 0 does not count.
    """

    names: tuple[str, ...]
    answers: np.ndarray
    probabilities: np.ndarray
    labels: np.ndarray

    def telling(self, keys: Sequence[str]) -> dict[str, dict[str, list[list[Any]]]]:
        """The images to look at, for each concept.

        Parameters
        ----------
        keys : sequence of n str
            Of the images.

        Returns
        -------
        dict
            For each concept three lists of ``[first digits of the key, probability, label]``: ``highest``,
            the highest answers; ``alarms``, the next highest for images without the concept; and ``misses``,
            the lowest for images with it, the lowest first.
        """
        return {name: self._of_one(k, keys) for k, name in enumerate(self.names)}

    def _of_one(self, k: int, keys: Sequence[str]) -> dict[str, list[list[Any]]]:
        order = np.argsort(-self.answers[:, k], kind="stable")
        order = order[self.labels[order, k] != 0]
        highest, rest = order[:HIGHEST], order[HIGHEST:]
        alarms = rest[self.labels[rest, k] == -1][:MISTAKES]
        misses = rest[::-1][self.labels[rest[::-1], k] == 1][:MISTAKES]
        return {
            what: [
                [keys[i][:DIGITS], round(float(self.probabilities[i, k]), 4), int(self.labels[i, k])]
                for i in images
            ]
            for what, images in (("highest", highest), ("alarms", alarms), ("misses", misses))
        }
