"""Five simulated annotators who vote on a picture's sentiment."""

from collections.abc import Sequence

import numpy as np


def cast_votes(
    rng: np.random.Generator, label: int, reliability: Sequence[float], clarity: float
) -> tuple[int, ...]:
    """One vote of each annotator.

    Parameters
    ----------
    label : int
        True sentiment, 1 positive or 0 negative.
    reliability : sequence of float
        Each annotator's chance of seeing a clear picture's sentiment, .5 (guesses) to 1.
    clarity : float
        1 for a clear picture; for an ambivalent one, the part of the reliability beyond chance that remains.

    Returns
    -------
    tuple of int
        1 positive, 0 negative, in the order of the annotators.
    """
    chance = 0.5 + (np.asarray(reliability, dtype=float) - 0.5) * clarity
    right = rng.random(len(chance)) < chance
    return tuple(int(label if hit else 1 - label) for hit in right)
