"""How far labels that a few annotators voted can be right: the ceiling that label noise sets.

The model. Of all annotators who might be asked, a share pi finds an image positive; pi differs from image to
image as a Beta(a, b) does; the votes of an image are independent draws of its share. The number of positive
votes of m is then beta-binomial, which gives a and b by maximum likelihood, and after the votes pi is
Beta(a + positive, b + negative). The label is the majority of the votes; the image's true class is what the
majority of all annotators would say, pi > 1/2. An image with 3:2 votes may well have got the wrong label.

What follows for images with given votes is the probability that their label agrees with

- ``population``: the true class. The best accuracy that any classifier can expect, but by luck;
- ``panel``: the majority of as many fresh annotators. How well the labelling repeats itself;
- ``annotator``: one fresh annotator. The accuracy of a person.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import optimize, special, stats

JUDGES = ("population", "panel", "annotator")

STEP = 1e-3
"""Share by which a kind of votes is made more frequent to see how a ceiling answers."""

TIGHT = {"ftol": 1e-13, "gtol": 1e-9}


@dataclasses.dataclass(frozen=True)
class Shares:
    """How the share of annotators who find an image positive is distributed over images: Beta(a, b)."""

    a: float
    b: float


@dataclasses.dataclass(frozen=True)
class Ceiling:
    """A label-noise ceiling.

    Attributes
    ----------
    value : float
        Expected agreement with the labels, 0 to 1.
    low, high : float
        95 % interval, for the number of images that a and b were learned from.
    """

    value: float
    low: float
    high: float


def fit_shares(votes: np.ndarray) -> Shares:
    """Maximum likelihood from the votes of all images that were voted on.

    Parameters
    ----------
    votes : ndarray of int, shape (n, 2)
        For negative and for positive. Images may not have been chosen by their votes.

    Raises
    ------
    ValueError
        All images are unanimous (or there are none): nothing is said of those that are not.
    """
    kinds, place = _kinds(votes)
    return _fit(kinds, np.bincount(place, minlength=len(kinds)).astype(np.float64))


def _fit(kinds: np.ndarray, counts: np.ndarray) -> Shares:
    if not len(kinds) or not np.any(kinds.min(axis=1) > 0):
        raise ValueError("every image has unanimous votes, so nothing shows how often annotators differ")

    def negative(logarithms: np.ndarray) -> float:
        a, b = np.exp(logarithms)
        likelihood = special.betaln(a + kinds[:, 1], b + kinds[:, 0]) - special.betaln(a, b)
        return -float(counts @ likelihood) / float(counts.sum())

    found = optimize.minimize(negative, np.zeros(2), method="L-BFGS-B", bounds=[(-7, 7)] * 2, options=TIGHT)
    a, b = np.exp(found.x)
    return Shares(float(a), float(b))


def agreement(shares: Shares, votes: np.ndarray) -> np.ndarray:
    """Probability that the label of each image agrees with each judge of `JUDGES`.

    Parameters
    ----------
    votes : ndarray of int, shape (n, 2)
        For negative and for positive; the label is positive where those are more.

    Returns
    -------
    ndarray of float64, shape (n, 3)
    """
    negative, positive = votes[:, 0], votes[:, 1]
    total = negative + positive
    a, b = shares.a + positive, shares.b + negative
    true = stats.beta.sf(0.5, a, b)
    half = total // 2
    even = np.where(total % 2 == 0, stats.betabinom.pmf(half, total, a, b) / 2, 0.0)
    panel = stats.betabinom.sf(half, total, a, b) + even
    one = a / (a + b)
    found = np.stack([true, panel, one], axis=1)
    return np.where((positive > negative)[:, None], found, 1 - found)


def ceilings(votes: np.ndarray, of: Sequence[np.ndarray]) -> list[list[Ceiling]]:
    """The ceilings of some sets of images, a and b from all images.

    Parameters
    ----------
    votes : ndarray of int, shape (n, 2)
        Of all images that were voted on.
    of : sequence of ndarray of bool, shape (n,)
        Each a set that is asked about, with at least one image.

    Returns
    -------
    list of list of Ceiling
        For each set, in the order of `JUDGES`; intervals by the infinitesimal jackknife.

    Raises
    ------
    ValueError
        As `fit_shares`, or a set is empty.
    """
    if not all(np.any(mask) for mask in of):
        raise ValueError("a set of images is empty, so it has no ceiling")
    kinds, place = _kinds(votes)
    counts = np.bincount(place, minlength=len(kinds)).astype(np.float64)
    centre = agreement(_fit(kinds, counts), kinds)
    moved = []
    for k in range(len(kinds)):
        steps = [1 + sign * STEP * (np.arange(len(kinds)) == k) for sign in (1, -1)]
        moved.append([(step, agreement(_fit(kinds, counts * step), kinds)) for step in steps])
    found = []
    for mask in of:
        inside = np.bincount(place[mask], minlength=len(kinds)).astype(np.float64)
        # what one image more of each kind of votes would change
        slopes = np.stack(
            [
                np.subtract(*(np.average(of, axis=0, weights=inside * step) for step, of in pair))
                / (2 * STEP * n)
                for pair, n in zip(moved, counts, strict=True)
            ]
        )
        variance = counts @ slopes**2 - (counts @ slopes) ** 2 / counts.sum()
        half = stats.norm.ppf(0.975) * np.sqrt(np.maximum(variance, 0))
        values = np.average(centre, axis=0, weights=inside)
        found.append(
            [
                Ceiling(float(v), float(max(v - h, 0)), float(min(v + h, 1)))
                for v, h in zip(values, half, strict=True)
            ]
        )
    return found


def fit_p_value(shares: Shares, votes: np.ndarray) -> float | None:
    """Chi-squared test of the model: small where votes are distributed otherwise; None of few counts."""
    totals = votes.sum(axis=1)
    if len(np.unique(totals)) != 1 or totals[0] < 3:
        return None
    m = int(totals[0])
    seen = np.bincount(votes[:, 1], minlength=m + 1)
    expected = len(votes) * stats.betabinom.pmf(np.arange(m + 1), m, shares.a, shares.b)
    if expected.min() < 5:
        return None
    return float(stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), m - 2))


def _kinds(votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different votes, and which of them each image has."""
    kinds, place = np.unique(np.asarray(votes), axis=0, return_inverse=True)
    return kinds, place.ravel()
