"""Which images a detector takes for its negatives, and how much they weigh."""

from collections.abc import Sequence

import numpy as np

from benchmark.data.fingerprint import digest


def with_negatives(labels: np.ndarray, names: Sequence[str], share: int, seed: int) -> np.ndarray:
    """Keep some of the negatives of each detector.

    Each concept draws by its own name, so what it draws does not depend on which others there are.

    Parameters
    ----------
    labels : ndarray of int8, shape (n, K)
        1 shows the concept, -1 does not, 0 not known.
    names : sequence of K str
    share : int
        Negatives a positive; 0 keeps all.

    Returns
    -------
    ndarray of int8, shape (n, K)
        The labels, those of the other negatives set to 0.
    """
    if share == 0:
        return labels
    used = np.where(labels == 1, labels, 0).astype(labels.dtype)
    for k, name in enumerate(names):
        rng = np.random.default_rng([seed, int(digest(name), 16)])
        negatives = np.flatnonzero(labels[:, k] == -1)
        wanted = min(share * int((labels[:, k] == 1).sum()), len(negatives))
        used[rng.choice(negatives, wanted, replace=False), k] = -1
    return used


def balance(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of positives and of negatives that give both the same say in each detector."""
    positives, negatives = (labels == 1).sum(axis=0), (labels == -1).sum(axis=0)
    n = positives + negatives
    return n / (2.0 * np.maximum(positives, 1)), n / (2.0 * np.maximum(negatives, 1))
