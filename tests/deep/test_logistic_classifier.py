"""Logistic regression whose C is chosen inside the training set, and the signed root before it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.estimator_checks import check_estimator

from baselines.binary_linear import span
from deep.logistic_classifier import LogisticClassifier
from deep.signed_root import SignedRoot


def problem(n: int, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Samples whose first ten features carry a noisy label."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2, d) + 5
    y = (X[:, :10].sum(axis=1) - 50 + 4 * rng.normal(size=n) > 0).astype(int)
    return X, y


def prepared(X: np.ndarray) -> np.ndarray:
    centred = X - X.mean(axis=0)
    return centred / np.sqrt(np.mean(np.sum(centred**2, axis=1)))


@pytest.mark.parametrize(("n", "d"), [(80, 20), (60, 200)])
def test_it_is_plain_logistic_regression_at_the_c_it_chose(n: int, d: int) -> None:
    X, y = problem(n, d)
    model = LogisticClassifier().fit(X, y)
    plain = LogisticRegression(C=model.details_["C"], solver="newton-cholesky", tol=1e-10)
    expected = plain.fit(prepared(X), y).decision_function(prepared(X))
    assert np.allclose(model.decision_function(X), expected, atol=2e-3)
    assert np.allclose(model.predict_proba(X)[:, 1], 1 / (1 + np.exp(-expected)), atol=1e-3)


def test_c_has_the_smallest_log_loss_on_inner_folds_that_keep_groups_together() -> None:
    X, y = problem(90, 30)
    groups = np.arange(90) // 2
    costs = (0.01, 1.0, 1000.0)
    model = LogisticClassifier(costs=costs).fit(X, y, groups)
    Z = prepared(X)
    losses = []
    for cost in costs:
        p = np.empty(90)
        for train, test in StratifiedGroupKFold(5).split(Z, y, groups):
            assert not set(groups[train]) & set(groups[test])
            plain = LogisticRegression(C=cost, solver="newton-cholesky", tol=1e-10)
            p[test] = plain.fit(Z[train], y[train]).predict_proba(Z[test])[:, 1]
        losses.append(log_loss(y, p))
    assert model.details_["C"] == costs[int(np.argmin(losses))]
    assert model.details_["inner_log_loss"] == pytest.approx(min(losses), abs=1e-3)
    assert model.details_["inner_folds"] == 5


def test_copies_in_one_group_do_not_make_it_bold() -> None:
    """Noise labels, every sample four times: split apart, copies would let the largest C look best."""
    rng = np.random.default_rng(1)
    X, y = np.repeat(rng.normal(size=(40, 60)), 4, axis=0), np.repeat(rng.permutation(40) % 2, 4)
    apart = LogisticClassifier().fit(X, y).details_["C"]
    together = LogisticClassifier().fit(X, y, np.repeat(np.arange(40), 4)).details_["C"]
    assert together < apart


def test_one_class_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="all of one class"):
        LogisticClassifier().fit(np.eye(4), np.ones(4))


def test_with_too_few_for_inner_folds_c_is_1() -> None:
    model = LogisticClassifier().fit(np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 1]))
    assert model.details_ == {"C": 1.0, "inner_folds": 0}


@given(st.integers(2, 30), st.integers(1, 60), st.integers(0, 9))
def test_the_span_keeps_every_sample_and_all_distances(n: int, d: int, seed: int) -> None:
    X = np.random.default_rng(seed).normal(size=(n, d))
    coordinates, basis = span(X)
    assert coordinates.shape == (n, min(n, d))
    assert np.allclose(coordinates @ basis.T, X)
    assert np.allclose(basis.T @ basis, np.eye(min(n, d)))


@pytest.mark.parametrize(
    "estimator", [LogisticClassifier(costs=(1.0,), folds=2), SignedRoot()], ids=lambda e: type(e).__name__
)
def test_scikit_learn_takes_them_for_its_own(estimator: object) -> None:
    check_estimator(estimator)


def test_the_signed_root_keeps_signs_and_squares_back() -> None:
    X = np.array([[-4.0, 0.0, 9.0]])
    assert SignedRoot().fit_transform(X).tolist() == [[-2.0, 0.0, 3.0]]
