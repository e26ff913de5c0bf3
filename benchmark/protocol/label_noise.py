"""Wrong labels on purpose: a share of them exchanged, to see what a method makes of it."""

import numpy as np

from benchmark.protocol.seeds import derive_seed


def flip_labels(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Labels of which a random share is the other class.

    Of one seed, the images that a smaller share exchanges are among those of a larger one.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    share : float
        0 to 1; rounded to whole images.
    seed : int
        Of the choice.

    Raises
    ------
    ValueError
        The share is outside its range, or a label is unknown.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} of the labels cannot be exchanged; use 0 to 1")
    if not set(np.unique(labels).tolist()) <= {0, 1}:
        raise ValueError("only labels 1 and 0 can be exchanged; leave out the images whose label is unknown")
    order = np.random.default_rng(derive_seed(seed, "label noise")).permutation(len(labels))
    flipped = np.array(labels, dtype=np.int64)
    chosen = order[: round(share * len(labels))]
    flipped[chosen] = 1 - flipped[chosen]
    return flipped
