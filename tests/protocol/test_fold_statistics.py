"""Fold statistics: invariants, and the coverage that the interval promises."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from benchmark.protocol.statistics import mean, proportion_error, resampled_interval, standard_deviation
from benchmark.protocol.statistics.folds import correction

folds = st.lists(st.floats(0, 1), min_size=2, max_size=12)


def interval(values: list[float], n_train: int = 400, n_test: int = 100, confidence: float = 0.95) -> tuple:
    found = resampled_interval(values, [n_train] * len(values), [n_test] * len(values), confidence)
    assert found is not None
    return found


def test_a_case_worked_by_hand() -> None:
    values = [0.70, 0.72, 0.68, 0.74, 0.66]
    assert mean(values) == pytest.approx(0.70)
    deviation = standard_deviation(values)
    assert deviation == pytest.approx(math.sqrt(0.004 / 4))
    half = stats.t.ppf(0.975, 4) * deviation * math.sqrt(1 / 5 + 100 / 400)
    assert interval(values) == pytest.approx((0.70 - half, 0.70 + half))


def test_deviation_divides_by_one_less_than_the_folds() -> None:
    values = [0.2, 0.5, 0.9]
    assert standard_deviation(values) == pytest.approx(float(np.std(values, ddof=1)))


def test_one_fold_has_no_spread() -> None:
    assert standard_deviation([0.7]) is None
    assert resampled_interval([0.7], [80], [20]) is None


def test_nothing_to_average_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        mean([])


@given(folds)
def test_interval_is_centred_on_the_mean_and_ordered(values: list[float]) -> None:
    low, high = interval(values)
    assert low <= mean(values) + 1e-12
    assert high >= mean(values) - 1e-12
    assert (low + high) / 2 == pytest.approx(mean(values), abs=1e-9)


@given(folds, st.randoms(use_true_random=False))
def test_order_of_folds_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    # not only nearly: the sums are exact, so the tables are the same bytes
    assert mean(shuffled) == mean(values)
    assert standard_deviation(shuffled) == standard_deviation(values)


@given(folds, st.floats(-1, 1), st.floats(0.1, 3))
def test_interval_moves_and_stretches_with_the_values(
    values: list[float], shift: float, scale: float
) -> None:
    low, high = interval(values)
    moved = interval([shift + scale * value for value in values])
    assert moved == pytest.approx((shift + scale * low, shift + scale * high), abs=1e-7)


@given(folds)
def test_more_confidence_is_wider_and_so_is_a_larger_test_share(values: list[float]) -> None:
    assume((standard_deviation(values) or 0) > 1e-6)
    low, high = interval(values)
    wider = interval(values, confidence=0.99)
    assert wider[0] < low < high < wider[1]
    larger = interval(values, n_test=200)
    assert larger[1] - larger[0] > high - low


@given(folds)
def test_it_is_wider_than_the_uncorrected_t_interval(values: list[float]) -> None:
    deviation = standard_deviation(values) or 0.0
    assume(deviation > 1e-6)
    naive = stats.t.ppf(0.975, len(values) - 1) * deviation / math.sqrt(len(values))
    low, high = interval(values)
    assert (high - low) / 2 > naive


def test_the_correction_is_the_ratio_of_the_sums() -> None:
    assert correction([400, 404], [101, 97]) == pytest.approx(198 / 804)
    with pytest.raises(ValueError, match="2 training sizes but 1"):
        correction([400, 404], [101])
    with pytest.raises(ValueError, match="at least 1, not 0"):
        correction([0], [1])
    with pytest.raises(ValueError, match="2 values but 1"):
        resampled_interval([0.5, 0.6], [4], [1])


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1.*not"):
        resampled_interval([0.5, 0.6], [4, 4], [1, 1], confidence)


def test_standard_error_of_a_proportion() -> None:
    # the paper's neighbours in Table 6 are separated by less
    assert proportion_error(0.75, 882) == pytest.approx(0.0146, abs=5e-5)
    with pytest.raises(ValueError, match=r"not 0\.5 of 0"):
        proportion_error(0.5, 0)


def test_coverage_on_a_classifier_trained_anew_in_every_fold() -> None:
    """95 % intervals hold the expected accuracy at least about that often; uncorrected ones clearly less."""
    rng = np.random.default_rng(0)
    repetitions, n, k = 600, 60, 5
    shift = 0.45
    y = np.tile(np.arange(n) % 2, (repetitions, 1))
    x = rng.normal(shift * (2 * y - 1), 1)

    def cut(train: np.ndarray) -> np.ndarray:
        """The threshold that the classifier learns: midway between the class means of the training images."""
        positive, negative = train & (y == 1), train & (y == 0)
        return ((x * positive).sum(1) / positive.sum(1) + (x * negative).sum(1) / negative.sum(1)) / 2

    accuracy, expected = np.empty((repetitions, k)), []
    for fold in range(k):
        test = np.broadcast_to(np.arange(n) // 2 % k == fold, y.shape)
        threshold = cut(~test)
        accuracy[:, fold] = (((x > threshold[:, None]) == (y == 1)) & test).sum(1) / test.sum(1)
        expected.append(((1 - stats.norm.cdf(threshold - shift)) + stats.norm.cdf(threshold + shift)) / 2)
    truth = float(np.mean(expected))
    n_train, n_test = [n - n // k] * k, [n // k] * k
    held = [low <= truth <= high for low, high in (resampled_interval(a, n_train, n_test) for a in accuracy)]  # type: ignore[misc, arg-type]
    half = stats.t.ppf(0.975, k - 1) * accuracy.std(1, ddof=1) / math.sqrt(k)
    naive = np.abs(accuracy.mean(1) - truth) <= half
    assert np.mean(held) >= 0.95
    assert np.mean(naive) < np.mean(held)
