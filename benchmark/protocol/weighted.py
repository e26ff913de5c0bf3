"""The metrics of `benchmark.protocol.metrics` where images count several times: what a bootstrap asks for."""

from collections.abc import Sequence

import numpy as np

WEIGHTED = (
    "precision",
    "recall",
    "f1",
    "accuracy",
    "balanced_accuracy",
    "auc",
    "average_precision",
)
"""Metrics that have a weighted form here. One of `METRICS` that has none gets no interval over images."""

COUNTED = WEIGHTED[:5]
"""Those of them that need no ranking, and so take a tenth of the time."""

TINY = 1e-300


def weighted_measure(
    labels: np.ndarray,
    scores: np.ndarray,
    predictions: np.ndarray,
    weights: np.ndarray,
    metrics: Sequence[str] = WEIGHTED,
) -> np.ndarray:
    """Metrics under many weightings of the same test images at once.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    scores : ndarray of float, shape (n,)
        P(positive).
    predictions : ndarray of int, shape (n,)
        1 where positive is predicted.
    weights : ndarray of float64, shape (b, n)
        How often each image counts; at least 0.
    metrics : sequence of str
        Which, of `WEIGHTED`.

    Returns
    -------
    ndarray of float64, shape (len(metrics), b)
        NaN where a metric is undefined under a weighting.
    """
    positive, taken = labels == 1, predictions == 1
    marks = np.stack([positive & taken, ~positive & taken, positive & ~taken, ~positive & ~taken], axis=1)
    tp, fp, fn, tn = (weights @ marks.astype(np.float64)).T
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = tp / (tp + fn)
        precision = np.where(tp + fn > 0, np.where(tp + fp > 0, tp / (tp + fp), 0.0), np.nan)
        f1 = np.where(tp + fn > 0, 2 * tp / (2 * tp + fp + fn), np.nan)
        accuracy = (tp + tn) / (tp + fp + fn + tn)
        balanced = (recall + tn / (tn + fp)) / 2
    found = dict(zip(COUNTED, (precision, recall, f1, accuracy, balanced), strict=True))
    if not set(metrics) <= found.keys():
        with np.errstate(invalid="ignore", divide="ignore"):
            ranked = _ranking(positive, scores, weights)
        found |= dict(zip(WEIGHTED[len(COUNTED) :], ranked, strict=True))
    return np.stack([found[name] for name in metrics])


def _ranking(positive: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AUC and average precision, each of shape (b,); images of equal score form one step."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    of_order = weights[:, order]
    at_positive = of_order * positive[order]
    if len(starts) < len(order):
        of_order = np.add.reduceat(of_order, starts, axis=1)
        at_positive = np.add.reduceat(at_positive, starts, axis=1)
    above, above_positive = of_order.cumsum(axis=1), at_positive.cumsum(axis=1)
    positives, negatives = above_positive[:, -1], above[:, -1] - above_positive[:, -1]
    # of the negatives, those above a step and half of those on it are ranked too high
    too_high = (above - above_positive) - (of_order - at_positive) / 2
    auc = 1 - np.einsum("bn,bn->b", at_positive, too_high) / (positives * negatives)
    precision = above_positive / np.maximum(above, TINY)
    return auc, np.einsum("bn,bn->b", at_positive, precision) / positives
