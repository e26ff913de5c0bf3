"""What a cross-validation of so many images can show: how often each test finds a given difference."""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from benchmark.protocol.statistics.learners import Simulated, World, simulate

LEVEL = 0.05
TESTS = ("corrected resampled t", "McNemar")


@dataclasses.dataclass(frozen=True)
class Power:
    """How often one test rejects in one simulated world.

    Attributes
    ----------
    world : World
        What was simulated, without its ``repeats``.
    difference : float
        Expected difference of the accuracies as it came out.
    test : str
        One of `TESTS`.
    repeats : int
        Repetitions of the cross-validation that the test used.
    rejected : float
        Share of sets of images on which p is at most .05 and the better learner is found better; with no
        difference, on which p is at most .05.
    error : float
        Monte-Carlo standard error of that share.
    """

    world: World
    difference: float
    test: str
    repeats: int
    rejected: float
    error: float


def power(worlds: Sequence[World], sets: int = 500, seed: int = 0) -> Iterator[Power]:
    """Simulate each world and test on it: by folds with all its repeats and with the first, and by images.

    Parameters
    ----------
    sets : int
        Sets of images of each world.
    """
    for world in worlds:
        found = simulate(world, sets, seed)
        truth = found.true.mean(axis=(0, 2, 3))
        difference = float(truth[1] - truth[0])
        for repeats in dict.fromkeys((1, world.repeats)):
            p, seen = _fold_test(found, repeats)
            yield _rejections(world, difference, TESTS[0], repeats, p, seen)
        p, seen = _image_test(found)
        yield _rejections(world, difference, TESTS[1], 1, p, seen)


def _rejections(
    world: World, difference: float, test: str, repeats: int, p: np.ndarray, seen: np.ndarray
) -> Power:
    found = p <= LEVEL
    if world.difference:
        found &= np.sign(seen) == np.sign(world.difference)
    share = float(found.mean())
    error = float(np.sqrt(share * (1 - share) / len(p)))
    return Power(world, difference, test, repeats, share, error)


def _fold_test(found: Simulated, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """`folds.paired_resampled_test` of many sets at once: p-values and mean differences."""
    count = repeats * found.true.shape[-1]
    accuracy = found.fold_accuracy()[..., :count]
    differences = accuracy[:, 1] - accuracy[:, 0]
    n_train, n_test = found.sizes()
    error = differences.std(axis=1, ddof=1) * np.sqrt(1 / count + sum(n_test) / sum(n_train))
    centre = differences.mean(axis=1)
    ratio = np.divide(np.abs(centre), error, out=np.full_like(error, np.inf), where=error > 0)
    return 2 * stats.t.sf(ratio, count - 1), centre


def _image_test(found: Simulated) -> tuple[np.ndarray, np.ndarray]:
    """`mcnemar.mcnemar` of many sets at once: p-values and numbers of images won less lost."""
    first, second = found.right[:, 0, 0], found.right[:, 1, 0]
    wins, losses = (second & ~first).sum(axis=1), (first & ~second).sum(axis=1)
    p = np.minimum(1.0, 2 * stats.binom.cdf(np.minimum(wins, losses), wins + losses, 0.5))
    return p, wins - losses
