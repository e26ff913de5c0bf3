"""BCa intervals: agreement with theory, copies of images, degenerate cases, coverage."""

import numpy as np
import pytest
from scipy import stats

from benchmark.protocol.statistics import bca_intervals
from benchmark.protocol.statistics.bootstrap import draw_counts
from benchmark.protocol.statistics.learners import World, simulate
from benchmark.protocol.weighted import WEIGHTED, weighted_measure

IMAGES = 200


def mean_of(values: np.ndarray):
    """The mean of an image's values, as a statistic of counts."""
    return lambda counts: (counts @ values / counts.sum(axis=1, keepdims=True)).T


def test_counts_say_how_often_each_was_drawn() -> None:
    counts = draw_counts(np.array([[0, 2, 2], [1, 1, 1]]), 4)
    assert counts.tolist() == [[1, 0, 2, 0], [0, 3, 0, 0]]


def test_interval_of_a_mean_is_nearly_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(3, 2, size=(400, 1))
    ((low, high),) = bca_intervals(mean_of(values), 400, seed=0)
    half = stats.norm.ppf(1 - 0.0125) * values.std() / 20  # 95 % is drawn at 97.5 %
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.1 * half)


def test_the_seed_decides_and_several_statistics_share_the_resamples() -> None:
    values = np.random.default_rng(1).random((80, 2))
    both = bca_intervals(mean_of(values), 80, seed=5)
    assert np.array_equal(both, bca_intervals(mean_of(values), 80, seed=5))
    assert np.allclose(both[:1], bca_intervals(mean_of(values[:, :1]), 80, seed=5))
    assert not np.array_equal(both, bca_intervals(mean_of(values), 80, seed=6))


def test_copies_drawn_together_make_the_interval_wider() -> None:
    """Every image there twice: no more is known than from one of each."""
    once = (np.random.default_rng(2).random((100, 1)) < 0.7).astype(float)
    alone, apart = bca_intervals(mean_of(once), 100, 0), bca_intervals(mean_of(np.tile(once, (2, 1))), 200, 0)
    together = bca_intervals(lambda c: (c @ (2 * once) / (2 * c.sum(axis=1, keepdims=True))).T, 100, 0)
    assert together == pytest.approx(alone)
    assert np.ptp(apart) < 0.8 * np.ptp(together)


def test_what_does_not_vary_has_no_interval() -> None:
    values = np.stack([np.ones(30), np.arange(30.0)], axis=1)
    found = bca_intervals(mean_of(values), 30, 0)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
    with pytest.raises(ValueError, match="1 groups of images"):
        bca_intervals(mean_of(values), 1, 0)


@pytest.mark.parametrize("dimensions", [10, 100])
def test_coverage_of_the_fitted_models_accuracy_and_difference(dimensions: int) -> None:
    """At least 93 % also where the five models differ much, for which single images are drawn too boldly."""
    sets, images = 400, 200
    found = simulate(World(images=images, difference=0.04, disagreement=0.25, dimensions=dimensions), sets, 3)
    true = found.true[:, :, 0].mean(axis=-1)
    held = []
    for i in range(sets):
        right = found.right[i, :, 0].T.astype(float)
        outputs = np.column_stack([right, right[:, 0] - right[:, 1]])
        intervals = bca_intervals(mean_of(outputs), images, i, resamples=1000)
        truth = np.array([*true[i], true[i, 0] - true[i, 1]])
        held.append((intervals[:, 0] <= truth) & (truth <= intervals[:, 1]))
    assert (np.mean(held, axis=0) >= 0.93).all(), np.mean(held, axis=0)


def test_coverage_of_every_metric_that_follows_from_the_models() -> None:
    """Precision, recall, F1, accuracy, balanced accuracy and AUC of learners whose truth is known exactly."""
    sets = 300
    found = simulate(World(images=IMAGES, dimensions=20), sets, 4)
    labels = (np.arange(IMAGES) % 5 < 3).astype(int)
    names = WEIGHTED[:6]
    held = []
    for i in range(sets):
        scores = np.where(labels == 1, 1, -1) * found.margin[i, 0, 0]

        def statistic(weights: np.ndarray, scores: np.ndarray = scores) -> np.ndarray:
            return weighted_measure(labels, scores, (scores > 0).astype(int), weights, names)

        intervals = bca_intervals(statistic, IMAGES, i, resamples=1000)
        right = found.true[i, 0, 0]
        recall, share = right.mean(), labels.mean()
        precision = share * recall / (share * recall + (1 - share) * (1 - recall))
        # scores of a class are normal: the quantile of AUC is that of accuracy times the root of 2
        auc = stats.norm.cdf(np.sqrt(2) * stats.norm.ppf(right)).mean()
        f1 = 2 * precision * recall / (precision + recall)
        truth = np.array([precision, recall, f1, recall, recall, auc])
        held.append((intervals[:, 0] <= truth) & (truth <= intervals[:, 1]))
    covered = dict(zip(names, np.mean(held, axis=0), strict=True))
    assert min(covered.values()) >= 0.93, covered
