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

BLOCK = 32
"""Weightings at a time: what is computed of them stays in a processor's cache."""


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
    found = np.empty((2, len(weights)))
    for first in range(0, len(weights), BLOCK):
        block = slice(first, first + BLOCK)
        found[:, block] = _ranked_block(weights[block][:, order], positive[order], starts)
    return found[0], found[1]


def _ranked_block(weights: np.ndarray, positive: np.ndarray, starts: np.ndarray) -> tuple:
    """The same of some weightings, images in falling order of score; steps begin at ``starts``."""
    ends = np.append(starts[1:], len(positive)) - 1
    above = weights.cumsum(axis=1)[:, ends]
    above_positive = (weights * positive).cumsum(axis=1)[:, ends]
    positives, negatives = above_positive[:, -1], above[:, -1] - above_positive[:, -1]
    # steps without a positive image add nothing to either
    steps = np.flatnonzero(np.add.reduceat(positive.astype(np.int64), starts))
    at_step, at_positive = np.diff(above, axis=1, prepend=0.0), np.diff(above_positive, axis=1, prepend=0.0)
    at_step, at_positive, above = at_step[:, steps], at_positive[:, steps], above[:, steps]
    above_positive = above_positive[:, steps]
    # of the negatives, those above a step and half of those on it are ranked too high
    too_high = (above - above_positive) - (at_step - at_positive) / 2
    auc = 1 - np.einsum("bn,bn->b", at_positive, too_high) / (positives * negatives)
    precision = above_positive / np.maximum(above, TINY)
    return auc, np.einsum("bn,bn->b", at_positive, precision) / positives
