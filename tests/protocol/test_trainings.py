"""Intervals over seeds and images: each holds what it is of."""

import numpy as np
import pytest
from scipy import stats

from benchmark.protocol import trainings
from benchmark.protocol.trainings import combined, difference, image_interval, resample, seed_interval


def mean_of(values: np.ndarray) -> trainings.Statistic:
    return lambda weights: (values @ weights.T / weights.sum(axis=1))[None]


def test_the_interval_over_seeds_is_student_s() -> None:
    values = [0.1, 0.3, 0.2, 0.5]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert seed_interval(values) == pytest.approx((expected.low, expected.high))
    assert seed_interval([0.1]) is None


def test_copies_are_drawn_together() -> None:
    """Ten copies of each image say no more than one: the interval must not shrink."""
    values = np.random.default_rng(0).normal(size=40)
    one = image_interval(resample(mean_of(values), np.arange(40), 0)[0])
    copies = np.repeat(values, 10)
    ten = image_interval(resample(mean_of(copies), np.repeat(np.arange(40), 10), 0)[0])
    alone = image_interval(resample(mean_of(copies), np.arange(400), 0)[0])
    assert one is not None and ten is not None and alone is not None  # noqa: PT018
    assert ten == pytest.approx(one)
    assert alone[1] - alone[0] < 0.5 * (ten[1] - ten[0])


def test_resamples_repeat_and_are_paired() -> None:
    values = np.random.default_rng(1).normal(size=30)
    both = lambda weights: np.concatenate([mean_of(values)(weights), mean_of(values + 1)(weights)])  # noqa: E731
    first = resample(both, np.arange(30), 5)
    assert np.array_equal(first, resample(both, np.arange(30), 5))
    np.testing.assert_allclose(first[1] - first[0], 1)


def test_where_most_resamples_have_no_value_there_is_no_interval() -> None:
    assert image_interval(np.array([np.nan] * 30 + [0.1, 0.2] * 20)) is None
    assert image_interval(np.zeros(100)) is None


def test_distances_add_as_squares() -> None:
    assert combined(1.0, (0.7, 1.3), (0.6, 1.4)) == pytest.approx((0.5, 1.5))


@pytest.mark.parametrize(
    ("of_seed", "of_image", "of_both"), [(0.03, 0.0, 0.4), (0.0, 0.4, 0.3), (0.03, 0.3, 0.3)]
)
def test_the_interval_over_both_holds_the_true_difference(
    of_seed: float, of_image: float, of_both: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three seeds, 80 images; whichever of the two varies, at least 95 of 100 intervals hold the truth."""
    monkeypatch.setattr(trainings, "RESAMPLES", 250)
    rng, held = np.random.default_rng(7), 0
    for trial in range(200):
        values = (
            rng.normal(0, of_seed, (3, 1)) + rng.normal(0, of_image, 80) + rng.normal(0, of_both, (3, 80))
        )
        drawn = resample(mean_of(values.mean(axis=0)), np.arange(80), trial)[0]
        found = difference(values.mean(axis=1).tolist(), drawn)
        held += found.sign == 0
    assert held >= 186  # 190 less two standard errors


def test_a_difference_that_is_there_is_found() -> None:
    values = 0.5 + 0.01 * np.random.default_rng(0).normal(size=(3, 80))
    drawn = resample(mean_of(values.mean(axis=0)), np.arange(80), 0)[0]
    assert difference(values.mean(axis=1).tolist(), drawn).sign == 1
    assert difference((-values).mean(axis=1).tolist(), -drawn).sign == -1
    assert difference([0.5], drawn).sign is None
