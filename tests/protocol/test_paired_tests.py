"""Paired tests: cases worked by hand, false alarms and coverage on simulated cross-validations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmark.protocol.statistics import mcnemar, paired_resampled_test, resampled_interval
from benchmark.protocol.statistics.learners import Simulated, World, simulate
from benchmark.protocol.statistics.power import power

SETS = 1500
ALLOWED = 0.05 + 2 * math.sqrt(0.05 * 0.95 / SETS)
"""5 % and two Monte-Carlo standard errors."""

values = st.lists(st.floats(0, 1), min_size=2, max_size=10)


def fold_test(first: list[float], second: list[float]):
    found = paired_resampled_test(first, second, [400] * len(first), [100] * len(first))
    assert found is not None
    return found


def test_a_fold_test_worked_by_hand() -> None:
    first, second = [0.74, 0.76, 0.70, 0.79, 0.71], [0.70, 0.72, 0.68, 0.74, 0.66]
    found = fold_test(first, second)
    differences = np.subtract(first, second)
    error = differences.std(ddof=1) * math.sqrt(1 / 5 + 1 / 4)
    assert found.difference == pytest.approx(0.04)
    assert found.p == pytest.approx(2 * stats.t.sf(0.04 / error, 4))
    assert (found.low, found.high) == pytest.approx(
        (0.04 - stats.t.ppf(0.975, 4) * error, 0.04 + stats.t.ppf(0.975, 4) * error)
    )
    assert found.detectable == pytest.approx((stats.t.ppf(0.975, 4) + stats.t.ppf(0.8, 4)) * error)


@given(values, st.data())
def test_interval_and_p_value_say_the_same(first: list[float], data: st.DataObject) -> None:
    second = data.draw(st.lists(st.floats(0, 1), min_size=len(first), max_size=len(first)))
    found = fold_test(first, second)
    if np.std(np.subtract(first, second)) > 1e-9 and abs((found.p or 0) - 0.05) > 1e-6:
        assert found.p is not None
        assert (found.p < 0.05) == (not found.low <= 0 <= found.high)
    back = fold_test(second, first)
    assert (back.low, back.high, back.p) == pytest.approx((-found.high, -found.low, found.p))


def test_equal_folds_are_no_evidence_and_equal_differences_no_certainty() -> None:
    assert fold_test([0.7, 0.8, 0.9], [0.7, 0.8, 0.9]).p == 1
    assert fold_test([0.7, 0.8, 0.9], [0.6, 0.7, 0.8]).p is None
    assert paired_resampled_test([0.7], [0.6], [4], [1]) is None


def test_folds_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="2 and 1 values"):
        paired_resampled_test([0.5, 0.6], [0.5], [4, 4], [1, 1])
    with pytest.raises(ValueError, match="one of each a fold"):
        paired_resampled_test([0.5, 0.6], [0.5, 0.6], [4], [1])


def test_mcnemar_is_the_exact_binomial_test_of_the_images_that_differ() -> None:
    first = np.array([1, 1, 1, 1, 1, 1, 1, 0, 1, 0], dtype=bool)
    second = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 0], dtype=bool)
    found = mcnemar(first, second, np.arange(10))
    assert (found.first, found.second) == (7, 1)
    assert found.p == pytest.approx(2 * (1 + 8) / 2**8)
    assert mcnemar(first, first, np.arange(10)).p == 1
    with pytest.raises(ValueError, match="of 9 images"):
        mcnemar(first, second, np.arange(9))


def test_copies_of_an_image_count_once() -> None:
    first = np.array([1, 1, 1, 0, 1, 0], dtype=bool)
    second = np.array([0, 0, 0, 1, 0, 1], dtype=bool)
    # three copies won, a pair that cancels out, one lost
    found = mcnemar(first, second, np.array([7, 7, 7, 2, 2, 5]))
    assert (found.first, found.second, found.p) == (1, 1, 1.0)


@pytest.fixture(scope="module", params=[8, 120], ids=["stable", "unstable"])
def null(request: pytest.FixtureRequest) -> Simulated:
    """Two learners of equal expected accuracy; the unstable ones have nearly as many numbers as images."""
    return simulate(World(images=150, disagreement=0.25, dimensions=request.param), SETS, 1)


def test_false_alarms_stay_below_their_level(null: Simulated) -> None:
    accuracy, (n_train, n_test) = null.fold_accuracy(), null.sizes()
    groups = np.arange(150)
    by_folds, by_images = [], []
    for folds, right in zip(accuracy, null.right[:, :, 0], strict=True):
        test = paired_resampled_test(folds[0], folds[1], n_train, n_test)
        assert test is not None
        by_folds.append(test.p is not None and test.p <= 0.05)
        by_images.append(mcnemar(right[0], right[1], groups).p <= 0.05)
    assert np.mean(by_folds) <= ALLOWED
    assert np.mean(by_images) <= ALLOWED


def test_fold_intervals_cover_the_expected_accuracy(null: Simulated) -> None:
    accuracy, (n_train, n_test) = null.fold_accuracy()[:, 0], null.sizes()
    truth = null.true[:, 0].mean()
    intervals = np.array([resampled_interval(folds, n_train, n_test) for folds in accuracy])
    covered = (intervals[:, 0] <= truth) & (truth <= intervals[:, 1])
    assert covered.mean() >= 0.93


def test_fold_intervals_cover_the_expected_difference() -> None:
    found = simulate(World(images=150, difference=0.05, dimensions=15, repeats=3), 500, 2)
    truth = np.subtract(*found.true.mean(axis=(0, 2, 3)))
    n_train, n_test = found.sizes()
    held = []
    for first, second in found.fold_accuracy():
        test = paired_resampled_test(first, second, n_train, n_test)
        assert test is not None
        held.append(test.low <= truth <= test.high)
    assert np.mean(held) >= 0.93


def test_power_grows_with_difference_images_and_repeats() -> None:
    def rejected(**settings: float) -> dict[tuple[str, int], float]:
        world = World(dimensions=8, **({"images": 300, "repeats": 4} | settings))  # type: ignore[arg-type]
        return {(p.test, p.repeats): p.rejected for p in power([world], 250)}

    none, small, large, more = (
        rejected(),
        rejected(difference=0.05),
        rejected(difference=0.1),
        rejected(difference=0.05, images=900),
    )
    for test in none:
        assert none[test] <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 250)
        assert none[test] < small[test] < large[test]
        assert small[test] < more[test]
    once, four = ("corrected resampled t", 1), ("corrected resampled t", 4)
    assert small[four] > small[once] + 0.05


def test_power_uses_the_tests_that_the_report_uses() -> None:
    """The vectorised forms in `power` reject exactly where the functions of the report do."""
    from benchmark.protocol.statistics.power import _fold_test, _image_test

    found = simulate(World(images=100, difference=0.1, dimensions=5, repeats=2), 40)
    p_folds, p_images = _fold_test(found, 2)[0], _image_test(found)[0]
    n_train, n_test = found.sizes()
    for i, (first, second) in enumerate(found.fold_accuracy()):
        test = paired_resampled_test(second, first, n_train, n_test)
        assert test is not None
        assert p_folds[i] == pytest.approx(test.p)
        assert p_images[i] == pytest.approx(mcnemar(*found.right[i, :, 0], np.arange(100)).p)
