"""Platt's sigmoids for many detectors at once (Platt 1999; Lin, Lin & Weng 2007)."""

import numpy as np
from scipy.special import expit

STEPS = 100


def fit_sigmoids(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and offset of each detector's log odds as a linear function of its values.

    Newton's method with Platt's smoothed targets, all detectors in step. Slopes are not negative: values that
    hold less than nothing give every image the share of positives.

    Parameters
    ----------
    values : ndarray of float, shape (n, K)
    labels : ndarray of int, shape (n, K)
        1, -1, or 0 where an image does not count.

    Returns
    -------
    slope, offset : ndarrays of float64, shape (K,)
    """
    used, positive = labels != 0, labels == 1
    m, n = positive.sum(axis=0), (labels == -1).sum(axis=0)
    target = np.where(positive, (m + 1) / (m + 2), 1 / (n + 2))
    middle = (values * used).sum(axis=0) / np.maximum(used.sum(axis=0), 1)
    spread = np.sqrt((np.square(values - middle) * used).sum(axis=0) / np.maximum(used.sum(axis=0), 1))
    spread = np.where(spread > 0, spread, 1.0)
    x = np.where(used, (values - middle) / spread, 0.0)
    share = (target * used).sum(axis=0) / np.maximum(used.sum(axis=0), 1)
    slope, offset = np.zeros(values.shape[1]), np.log(share / (1 - share))
    for _ in range(STEPS):
        p = expit(slope * x + offset)
        weight = np.where(used, p * (1 - p), 0.0)
        error = np.where(used, p - target, 0.0)
        g0, g1 = (error * x).sum(axis=0), error.sum(axis=0)
        h00, h01, h11 = (
            (weight * x * x).sum(axis=0) + 1e-9,
            (weight * x).sum(axis=0),
            weight.sum(axis=0) + 1e-9,
        )
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        longest = np.maximum(1.0, np.maximum(np.abs(step0), np.abs(step1)) / 2)
        slope, offset = slope - step0 / longest, offset - step1 / longest
        if max(np.abs(step0).max(), np.abs(step1).max()) < 1e-8:
            break
    offset = np.where(slope > 0, offset, np.log(share / (1 - share)))
    slope = np.maximum(slope, 0.0) / spread
    return slope, offset - slope * middle
