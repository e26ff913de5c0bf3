"""Average precision of many rankings at once, and what chance reaches."""

import functools

import numpy as np


def average_precision(scores: np.ndarray, positive: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Average precision of each column, as `sklearn.metrics.average_precision_score` without ties.

    Parameters
    ----------
    scores : ndarray of float, shape (n, K)
    positive : ndarray of bool, shape (n, K)
    rows : ndarray of bool, shape (n, K), optional
        Which entries count.

    Returns
    -------
    ndarray of float64, shape (K,)
        NaN where a column has no positive.
    """
    found = np.full(scores.shape[1], np.nan)
    for k in range(scores.shape[1]):
        chosen = slice(None) if rows is None else rows[:, k]
        order = np.argsort(-scores[chosen, k], kind="stable")
        hits = positive[chosen, k][order]
        if hits.any():
            places = np.flatnonzero(hits) + 1
            found[k] = np.mean(np.arange(1, len(places) + 1) / places)
    return found


@functools.lru_cache(maxsize=4096)
def chance_quantile(n: int, positives: int, seed: int, quantile: float = 0.95, draws: int = 2000) -> float:
    """What a share ``quantile`` of random orders of n images with so many positives stay below."""
    if positives == 0 or positives == n:
        return 1.0
    rng = np.random.default_rng([seed, n, positives])
    ranks = np.arange(1, positives + 1)
    found = [np.mean(ranks / np.sort(rng.choice(n, positives, replace=False) + 1)) for _ in range(draws)]
    return float(np.quantile(found, quantile))
