"""Whether scores mean what they say: of images with score .7, seven in ten should be positive."""

import dataclasses

import numpy as np
from scipy import stats

BINS = 10
DRAWS = 1000
CLIP = 0.001
"""Scores are kept this far from 0 and 1 before a logarithm is taken, so that one image cannot decide."""


@dataclasses.dataclass(frozen=True)
class Bin:
    """Images of similar scores.

    Attributes
    ----------
    images : int
        How many.
    score : float
        Their mean score.
    positive : float
        Share of them that is positive.
    low, high : float
        Where that share falls 95 % of the time if the scores are right (Bröcker & Smith 2007).
    """

    images: int
    score: float
    positive: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Expected calibration error (ECE) with what it would be by chance.

    Attributes
    ----------
    error : float
        Mean over images of the distance between score and share of positives in its bin.
    by_chance : float
        What the same scores would give on average if they were right: it is not 0.
    p : float
        Probability of an error as large as that if the scores are right.
    bins : tuple of Bin
        By score; bins of equally many images, equal scores together.
    """

    error: float
    by_chance: float
    p: float
    bins: tuple[Bin, ...]


def calibrate(labels: np.ndarray, scores: np.ndarray, seed: int, bins: int = BINS) -> Calibration:
    """The reliability diagram of some scores, and their ECE.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    scores : ndarray of float, shape (n,)
        P(positive).
    seed : int
        Of the draws that say what chance gives.

    Raises
    ------
    ValueError
        There are no images.
    """
    if not len(scores):
        raise ValueError("no image is scored, so nothing can be said of calibration")
    of = bin_numbers(scores, bins)
    sizes = np.bincount(of)
    mean_scores = np.bincount(of, weights=scores) / sizes
    share = np.bincount(of, weights=labels) / sizes
    drawn = np.random.default_rng(seed).random((DRAWS, len(scores))) < scores
    shares = np.stack([drawn[:, of == b].mean(axis=1) for b in range(len(sizes))], axis=1)
    errors = np.abs(shares - mean_scores) @ sizes / len(scores)
    error = float(np.abs(share - mean_scores) @ sizes / len(scores))
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    p = float((1 + (errors >= error - 1e-12).sum()) / (1 + DRAWS))
    found = zip(sizes, mean_scores, share, low, high, strict=True)
    return Calibration(
        error,
        float(errors.mean()),
        p,
        tuple(Bin(int(n), float(s), float(y), float(a), float(b)) for n, s, y, a, b in found),
    )


def bin_numbers(scores: np.ndarray, bins: int = BINS) -> np.ndarray:
    """The bin of each image, from 0: bins of equally many images as far as equal scores allow."""
    ranks = (stats.rankdata(scores, method="average") - 0.5) / len(scores)
    _, numbers = np.unique(np.minimum((ranks * bins).astype(np.int64), bins - 1), return_inverse=True)
    return numbers.astype(np.int64)


def brier_losses(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Squared distance of each score from its label; their mean is the Brier score (1950)."""
    return (scores - labels) ** 2


def log_losses(shares: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Cross-entropy of each score against a share of positive votes, or a label; in nats.

    Of a share between 0 and 1 it cannot fall below the share's own entropy (`entropies`).
    """
    s = np.clip(scores, CLIP, 1 - CLIP)
    return -(shares * np.log(s) + (1 - shares) * np.log1p(-s))


def entropies(shares: np.ndarray) -> np.ndarray:
    """Entropy of each share of positive votes, in nats: the least loss that any score can have."""
    return -(np.where(shares > 0, shares * np.log(np.where(shares > 0, shares, 1)), 0)) - np.where(
        shares < 1, (1 - shares) * np.log(np.where(shares < 1, 1 - shares, 1)), 0
    )
