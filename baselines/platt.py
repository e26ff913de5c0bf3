"""Platt's sigmoids for many detectors at once (Platt 1999; Lin, Lin & Weng 2007)."""

import numpy as np
from scipy.special import expit

STEPS = 100
HALVINGS = 40

ENOUGH = 1e-10
"""Steps end where the next would lower the mean loss of every detector by less than this."""


def fit_sigmoids(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and offset of each detector's log odds as a linear function of its values.

    Newton's method with Platt's smoothed targets, all detectors in step, and each step halved until it lowers
    the loss (Lin, Lin & Weng 2007): where positives are few and far off, whole steps would run in a circle.
    Slopes are not negative: values that hold less than nothing give every image the share of positives.

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
    total = np.maximum(used.sum(axis=0), 1)
    target = np.where(positive, (m + 1) / (m + 2), 1 / (n + 2))
    middle = (values * used).sum(axis=0) / total
    spread = np.sqrt((np.square(values - middle) * used).sum(axis=0) / total)
    spread = np.where(spread > 0, spread, 1.0)
    x = np.where(used, (values - middle) / spread, 0.0)
    share = (target * used).sum(axis=0) / total
    slope, offset = _newton(x, target, used / total, np.log(share / (1 - share)))
    offset = np.where(slope > 0, offset, np.log(share / (1 - share)))
    slope = np.maximum(slope, 0.0) / spread
    return slope, offset - slope * middle


def _newton(
    x: np.ndarray, target: np.ndarray, weight: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise the weighted cross entropy of each column, from slope 0 and an offset."""

    def loss(slope: np.ndarray, offset: np.ndarray) -> np.ndarray:
        odds = slope * x + offset
        return (weight * (np.logaddexp(0.0, odds) - target * odds)).sum(axis=0)

    slope, offset = np.zeros(x.shape[1]), start
    now = loss(slope, offset)
    for _ in range(STEPS):
        p = expit(slope * x + offset)
        curve, error = weight * p * (1 - p), weight * (p - target)
        g0, g1 = (error * x).sum(axis=0), error.sum(axis=0)
        h00, h01, h11 = (curve * x * x).sum(axis=0), (curve * x).sum(axis=0), curve.sum(axis=0)
        # A little on the diagonal keeps the matrix invertible where all values are equal.
        h00, h11 = h00 * (1 + 1e-9) + 1e-15, h11 * (1 + 1e-9) + 1e-15
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        gain = g0 * step0 + g1 * step1
        if gain.max() < ENOUGH:
            break
        length = np.where(gain < ENOUGH, 0.0, 1.0)
        for _ in range(HALVINGS):
            found = loss(slope - length * step0, offset - length * step1)
            short = found > now - 1e-4 * length * gain
            if not short.any():
                break
            length = np.where(short, length / 2, length)
        slope, offset, now = slope - length * step0, offset - length * step1, found
    return slope, offset
