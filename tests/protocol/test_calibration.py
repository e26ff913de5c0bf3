"""Calibration: right scores pass, shifted ones do not; losses worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from benchmark.protocol.calibration import bin_numbers, brier_losses, calibrate, entropies, log_losses

some_scores = st.lists(st.sampled_from([0.0, 0.1, 0.35, 0.5, 0.8, 0.81, 1.0]), min_size=1, max_size=60)


def test_right_scores_have_the_error_of_chance() -> None:
    p = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        scores = rng.beta(3, 2, 300)
        found = calibrate((rng.random(300) < scores).astype(int), scores, seed)
        p.append(found.p)
    # p-values of right scores are uniform: not too many small ones, and not all large
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 100)
    assert 0.35 < np.mean(p) < 0.65
    assert found.error == pytest.approx(found.by_chance, rel=0.7)


def test_scores_that_are_too_sure_are_found_out() -> None:
    rng = np.random.default_rng(0)
    true = rng.beta(4, 3, 600)
    sure = np.clip(0.5 + 2.5 * (true - 0.5), 0.01, 0.99)
    found = calibrate((rng.random(600) < true).astype(int), sure, 0)
    assert found.p < 0.01
    assert found.error > 3 * found.by_chance
    assert found.bins[-1].positive < found.bins[-1].low


def test_an_error_worked_by_hand() -> None:
    scores = np.repeat([0.2, 0.9], 10)
    labels = np.array([1] * 4 + [0] * 6 + [1] * 8 + [0] * 2)
    found = calibrate(labels, scores, 0)
    assert [(b.images, b.score, b.positive) for b in found.bins] == [
        (10, pytest.approx(0.2), pytest.approx(0.4)),
        (10, pytest.approx(0.9), pytest.approx(0.8)),
    ]
    assert found.error == pytest.approx((10 * 0.2 + 10 * 0.1) / 20)


@given(some_scores)
def test_bins_are_in_order_and_keep_equal_scores_together(scores: list[float]) -> None:
    s = np.array(scores)
    numbers = bin_numbers(s)
    assert set(numbers) == set(range(numbers.max() + 1))
    for value in set(scores):
        assert len(set(numbers[s == value])) == 1
    assert (np.diff(numbers[np.argsort(s, kind="stable")]) >= 0).all()


def test_many_different_scores_fill_ten_bins_evenly() -> None:
    numbers = bin_numbers(np.random.default_rng(0).random(200))
    assert np.bincount(numbers).tolist() == [20] * 10


def test_losses_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels, scores = rng.integers(0, 2, 50), rng.uniform(0.01, 0.99, 50)
    assert brier_losses(labels, scores).mean() == pytest.approx(brier_score_loss(labels, scores))
    assert log_losses(labels, scores).mean() == pytest.approx(log_loss(labels, scores))


def test_no_score_loses_less_against_votes_than_their_entropy() -> None:
    shares = np.array([0.0, 0.2, 0.6, 1.0])
    floor = entropies(shares)
    assert floor == pytest.approx([0, 0.500402, 0.673012, 0], abs=1e-6)
    for s in np.linspace(0, 1, 41):
        assert (log_losses(shares, np.full(4, s)) >= floor - 1e-12).all()
    assert log_losses(shares[1:3], shares[1:3]) == pytest.approx(floor[1:3])
    # one image with score 0 and label 1 is not infinitely bad
    assert log_losses(np.array([1.0]), np.array([0.0]))[0] == pytest.approx(-math.log(0.001))


def test_no_image_is_an_error() -> None:
    with pytest.raises(ValueError, match="no image"):
        calibrate(np.array([]), np.array([]), 0)
