"""What can be said of a difference that was measured with a few trainings on one set of test images.

Two things are drawn by chance: the training (weights, order, exchanged labels: the seed) and the images it is
tested on. An interval over one of them takes the other as given; it says nothing of it.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

OVER_SEEDS = "other trainings, tested on these images"
OVER_IMAGES = "these trainings, tested on other images"
OVER_BOTH = "other trainings, tested on other images"
"""What the three intervals are intervals of."""

RESAMPLES = 2000
BATCH = 250
"""Resamples at a time."""

Statistic = Callable[[np.ndarray], np.ndarray]
"""How often each image counts, float64 (resamples, images) -> values, float64 (outputs, resamples)."""

Limits = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Difference:
    """A mean over seeds, with intervals that each say what they are of.

    Attributes
    ----------
    mean : float
    values : tuple of float
        Of each seed.
    over_seeds, over_images, over_both : (float, float), or None
        Limits, see `OVER_SEEDS`, `OVER_IMAGES`, `OVER_BOTH`; None where there is one seed, or where the
        images hold too little to draw from.
    """

    mean: float
    values: tuple[float, ...]
    over_seeds: Limits | None
    over_images: Limits | None
    over_both: Limits | None

    @property
    def sign(self) -> int | None:
        """1 or -1 where the interval over both lies above or below 0, else 0; None without that interval."""
        if self.over_both is None:
            return None
        low, high = self.over_both
        return int(low > 0) - int(high < 0)


def difference(values: Sequence[float], resampled: np.ndarray, confidence: float = 0.95) -> Difference:
    """A difference and its intervals.

    Parameters
    ----------
    values : sequence of float
        Of each seed, on all images.
    resampled : ndarray of float64, shape (resamples,)
        Their mean over seeds on images drawn again (`resample`): paired, since both sides of the difference
        see the same images.
    """
    mean = math.fsum(values) / len(values)
    over_seeds = seed_interval(values, confidence)
    over_images = image_interval(resampled, confidence)
    both = None if over_seeds is None or over_images is None else combined(mean, over_seeds, over_images)
    return Difference(mean, tuple(values), over_seeds, over_images, both)


def seed_interval(values: Sequence[float], confidence: float = 0.95) -> Limits | None:
    """Student's t interval of the mean over seeds (`OVER_SEEDS`); None below two.

    The trainings of different seeds share nothing but the images, which this interval takes as given: no
    correction for overlapping training sets is due, as it is between folds.
    """
    if len(values) < 2:
        return None
    centre = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))
    half = float(stats.t.ppf(0.5 + confidence / 2, df=len(values) - 1)) * deviation / math.sqrt(len(values))
    return centre - half, centre + half


def resample(statistic: Statistic, groups: np.ndarray, seed: int) -> np.ndarray:
    """Values of a statistic on images drawn again with replacement.

    Parameters
    ----------
    statistic : callable
        Of all that is to be compared, from the same resamples.
    groups : ndarray of int, shape (n,)
        Images that share a number are drawn together: copies say the same twice.
    seed : int
        Of the draws.

    Returns
    -------
    ndarray of float64, shape (outputs, resamples)
        Not finite where a resample lacks what a value needs.
    """
    _, member = np.unique(groups, return_inverse=True)
    n = int(member.max()) + 1
    rng, found = np.random.default_rng(seed), []
    for start in range(0, RESAMPLES, BATCH):
        drawn = rng.integers(0, n, size=(min(BATCH, RESAMPLES - start), n))
        shifted = drawn + n * np.arange(len(drawn))[:, None]
        counts = np.bincount(shifted.ravel(), minlength=n * len(drawn)).reshape(len(drawn), n)
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(statistic(counts[:, member].astype(np.float64)))
    return np.concatenate(found, axis=1)


def image_interval(resampled: np.ndarray, confidence: float = 0.95) -> Limits | None:
    """Percentile bootstrap interval over images (`OVER_IMAGES`).

    Resamples without a value are left out; None where more than a tenth are, or where all give one value: so
    few images show no interval.
    """
    values = resampled[np.isfinite(resampled)]
    if len(values) < 0.9 * len(resampled) or np.ptp(values) == 0:
        return None
    low, high = np.quantile(values, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return float(low), float(high)


def combined(mean: float, *intervals: Limits) -> Limits:
    """An interval over several things that vary independently: the distances to the mean add as squares.

    This recovers the variances from the limits (Zou & Donner 2008, Statistics in Medicine 27: "MOVER"). It
    errs on the long side here, since chance that belongs to one training *and* one image is in both.
    """
    low = mean - math.sqrt(math.fsum((mean - interval[0]) ** 2 for interval in intervals))
    high = mean + math.sqrt(math.fsum((interval[1] - mean) ** 2 for interval in intervals))
    return low, high
