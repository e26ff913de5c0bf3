"""Two simulated learners under cross-validation, whose true accuracy is known exactly.

Tests and intervals are tried on them: what they claim is compared with what is true. Each learner is a
nearest class mean classifier (linear discriminant of unit covariance). It sees an image as d numbers: plus or
minus m along a direction that it has to learn, and unit noise. Multiplied by the class, positives and
negatives look alike, so labels need not be drawn. Its weights are the mean over its training images: the
fitted models of five folds share three quarters of them, as in real cross-validation, and differ the more the
harder the direction is to learn (the larger d). The noise of the two learners correlates as strongly as gives
the share of images on which they disagree.
"""

import dataclasses
import functools
import math

import numpy as np
from scipy import optimize, stats

CHUNK = 4_000_000
"""Numbers drawn at a time."""


@dataclasses.dataclass(frozen=True)
class World:
    """What is simulated.

    Attributes
    ----------
    images : int
        Images of a set.
    accuracy : float
        Expected accuracy of the first learner, above .5 and below 1, nearly.
    difference : float
        How much better the second one is, nearly.
    disagreement : float
        Share of images on which one is right and the other is not, nearly.
    dimensions : int
        d: the more, the more the fitted models differ.
    folds, repeats : int
        Of the cross-validation.
    """

    images: int = 882
    accuracy: float = 0.71
    difference: float = 0.0
    disagreement: float = 0.2
    dimensions: int = 20
    folds: int = 5
    repeats: int = 1


@dataclasses.dataclass(frozen=True)
class Simulated:
    """Cross-validations of the two learners on many sets of images.

    Attributes
    ----------
    margin : ndarray of float32, shape (sets, 2, repeats, images)
        Score of the image's own class by the model that had not seen it, in units of that model's noise: of a
        positive its score, of a negative the score with the other sign.
    fold : ndarray of int64, shape (repeats, images)
        Which fold tested it, from 0.
    true : ndarray of float64, shape (sets, 2, repeats, folds)
        Accuracy of each fitted model on infinitely many images.
    """

    margin: np.ndarray
    fold: np.ndarray
    true: np.ndarray

    @functools.cached_property
    def right(self) -> np.ndarray:
        """Whether the model that had not seen the image was right, bool of the shape of ``margin``."""
        return self.margin > 0

    def fold_accuracy(self) -> np.ndarray:
        """Accuracy on each fold, shape (sets, 2, repeats * folds)."""
        folds = self.true.shape[-1]
        right = self.right
        parts = [
            right[:, :, r][:, :, of == f].mean(-1) for r, of in enumerate(self.fold) for f in range(folds)
        ]
        return np.stack(parts, axis=-1)

    def sizes(self) -> tuple[list[int], list[int]]:
        """Training and test images of each fold of each repeat."""
        test = [int((of == f).sum()) for of in self.fold for f in range(self.true.shape[-1])]
        return [self.fold.shape[1] - n for n in test], test


def simulate(world: World, sets: int, seed: int = 0) -> Simulated:
    """Draw sets of images and cross-validate both learners on each.

    Raises
    ------
    ValueError
        No correlation of the learners' noise gives the disagreement that is asked for.
    """
    rng = np.random.default_rng(seed)
    fold = np.stack([rng.permutation(np.arange(world.images) % world.folds) for _ in range(world.repeats)])
    chunk = max(1, CHUNK // (2 * world.images * world.dimensions))
    parts = [_draw(world, min(chunk, sets - start), fold, rng) for start in range(0, sets, chunk)]
    return Simulated(np.concatenate([p[0] for p in parts]), fold, np.concatenate([p[1] for p in parts]))


def _draw(world: World, sets: int, fold: np.ndarray, rng: np.random.Generator) -> tuple:
    margins, correlation = _settings(world)
    shared = rng.standard_normal((sets, world.images, world.dimensions))
    margins_seen = np.empty((sets, 2, world.repeats, world.images), dtype=np.float32)
    true = np.empty((sets, 2, world.repeats, world.folds))
    for learner, margin in enumerate(margins):
        seen = shared
        if learner:
            own = rng.standard_normal(shared.shape)
            seen = correlation * shared + math.sqrt(1 - correlation**2) * own
        seen = seen.copy()
        seen[..., 0] += margin
        whole = seen.sum(axis=1)
        for r, of in enumerate(fold):
            for f in range(world.folds):
                test = seen[:, of == f]
                weights = whole - test.sum(axis=1)
                length = np.linalg.norm(weights, axis=1)
                scores = np.einsum("snd,sd->sn", test, weights) / length[:, None]
                margins_seen[:, learner, r, of == f] = scores
                true[:, learner, r, f] = stats.norm.cdf(margin * weights[:, 0] / length)
    return margins_seen, true


@functools.lru_cache(maxsize=64)
def _settings(world: World) -> tuple[tuple[float, float], float]:
    """Margins of both learners and the correlation of their noise that give the world its accuracies."""
    noise = world.dimensions * world.folds / (world.images * (world.folds - 1))
    quantiles = [float(stats.norm.ppf(a)) for a in (world.accuracy, world.accuracy + world.difference)]
    # Learned weights are the direction plus noise of variance d / n_train: the quantile of the accuracy is
    # margin^2 / sqrt(margin^2 + noise).
    first, second = (math.sqrt(q * (q + math.sqrt(q * q + 4 * noise)) / 2) for q in quantiles)
    lengths = math.sqrt((first**2 + noise) * (second**2 + noise))

    def surplus(correlation: float) -> float:
        between = correlation * (first * second + correlation * noise) / lengths
        both = stats.multivariate_normal.cdf(quantiles, cov=[[1, between], [between, 1]])
        return world.accuracy + world.accuracy + world.difference - 2 * float(both) - world.disagreement

    try:
        correlation = optimize.brentq(surplus, -0.9, 0.999, xtol=1e-6)
    except ValueError:
        low, high = surplus(0.999) + world.disagreement, surplus(-0.9) + world.disagreement
        raise ValueError(
            f"learners of accuracy {world.accuracy} and {world.accuracy + world.difference:.3f} disagree on "
            f"{low:.3f} to {high:.3f} of the images, not on {world.disagreement}"
        ) from None
    return (first, second), float(correlation)
