"""The Hellinger map: square roots, and what they make of joined histograms."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from baselines.hellinger import HellingerMap


def test_the_product_of_two_histograms_is_their_bhattacharyya_coefficient():
    first, second = np.array([0.5, 0.5, 0]), np.array([0.1, 0.4, 0.5])
    a, b = HellingerMap().fit_transform(np.stack([first, second]))
    assert a @ b == pytest.approx(np.sum(np.sqrt(first * second)))


def test_a_histogram_becomes_a_vector_of_length_one_whatever_its_bins():
    rng = np.random.default_rng(0)
    for bins in (2, 64, 1024):
        mapped = HellingerMap().fit_transform(rng.dirichlet(np.ones(bins), 5))
        assert np.allclose(np.linalg.norm(mapped, axis=1), 1)


def test_a_row_of_zeros_stays_and_negative_numbers_are_refused():
    assert np.array_equal(HellingerMap().fit_transform(np.zeros((2, 3))), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="Negative values"):
        HellingerMap().fit_transform(np.array([[0.5, -0.5]]))


def test_it_passes_scikit_learns_own_checks_of_a_transformer():
    results = check_estimator(HellingerMap(), on_fail=None, on_skip=None)
    assert [result["check_name"] for result in results if result["status"] == "failed"] == []
