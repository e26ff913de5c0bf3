"""The linear classifier: what it equals, what its inner folds respect, and where it has nothing to go on."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import check_estimator

from baselines.binary_linear import inner_splits
from baselines.linear_classifier import COSTS, LinearClassifier, fit_sigmoid


def two_classes(n=120, d=10, seed=0, signal=1.0):
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 3 > 0).astype(int)
    X = rng.normal(size=(n, d))
    X[:, 0] += signal * y
    return X, y


def unit_length(X):
    """Centred, of mean squared length 1."""
    centred = X - X.mean(axis=0)
    return centred / np.sqrt(np.mean(np.sum(centred**2, axis=1)))


@pytest.mark.parametrize("d", [8, 300], ids=["fewer features than samples", "more features than samples"])
def test_it_equals_scikit_learns_svm_with_sigmoid_calibration_on_the_same_inner_folds(d):
    X, y = two_classes(d=d, signal=1.5)
    X = unit_length(X)
    ours = LinearClassifier().fit(X, y)
    svm = LinearSVC(C=ours.details_["C"], dual=False, intercept_scaling=100, tol=1e-8)
    splits = inner_splits(y, np.arange(len(y)), 5)
    theirs = CalibratedClassifierCV(svm, ensemble=False, cv=splits).fit(X, y)
    assert np.ptp(ours.predict_proba(X)[:, 1]) > 0.5
    assert np.allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=5e-4)


def test_images_of_a_group_are_never_on_both_sides_of_an_inner_split():
    # Labels are noise, but each sample comes four times: a split that ignores groups finds the answer.
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(60, 200)), 4, axis=0)
    y = np.repeat(rng.integers(0, 2, 60), 4)
    groups = np.repeat(np.arange(60), 4)
    kept = LinearClassifier().fit(X, y, groups=groups).details_["inner_accuracy"]
    dropped = LinearClassifier().fit(X, y).details_["inner_accuracy"]
    assert dropped > 0.95
    assert kept < 0.7


def test_the_chosen_c_is_the_one_with_the_smallest_inner_log_loss():
    X, y = two_classes(d=60)
    losses = [LinearClassifier(costs=(cost,)).fit(X, y).details_["inner_log_loss"] for cost in COSTS]
    chosen = LinearClassifier().fit(X, y).details_
    assert chosen["inner_log_loss"] == min(losses)
    assert chosen["C"] == COSTS[int(np.argmin(losses))]


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_and_the_offset_of_the_features_do_not_matter(scale):
    X, y = two_classes()
    first, second = LinearClassifier().fit(X, y), LinearClassifier().fit(scale * (X + 50), y)
    assert first.details_["C"] == second.details_["C"]
    assert np.allclose(first.predict_proba(X), second.predict_proba(scale * (X + 50)), atol=1e-4)


def test_the_share_of_a_class_is_not_pulled_to_one_half_where_c_is_small():
    X, y = two_classes(n=300, signal=0)
    p = LinearClassifier(costs=(COSTS[0],)).fit(X, y).predict_proba(X)[:, 1]
    assert p.mean() == pytest.approx(2 / 3, abs=0.02)


def test_a_test_sample_with_a_feature_that_training_hardly_knows_is_not_thrown_far_off():
    # One training sample has a trace of the last colour; a test sample is full of it.
    rng = np.random.default_rng(0)
    X = rng.dirichlet(np.ones(9), 90)
    y = (X[:, 0] > np.median(X[:, 0])).astype(int)
    X = np.hstack([X, np.zeros((90, 1))])
    X[0, 9] = 1e-5
    fitted = LinearClassifier().fit(np.sqrt(X), y)
    full = np.zeros((1, 10))
    full[0, 9] = 1
    usual = np.abs(fitted.decision_function(np.sqrt(X))).max()
    assert np.abs(fitted.decision_function(full)).max() < 2 * usual


def test_a_duplicated_fit_gives_the_same_bytes():
    X, y = two_classes(d=200)
    first, second = (LinearClassifier().fit(X, y) for _ in range(2))
    assert first.predict_proba(X).tobytes() == second.predict_proba(X).tobytes()


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 30),
    d=st.integers(1, 40),
    scale=st.sampled_from([1e-6, 1, 1e6]),
)
def test_probabilities_are_probabilities_and_decide_at_one_half(seed, n, d, scale):
    rng = np.random.default_rng(seed)
    y = np.array([0, 1, *rng.integers(0, 2, n - 2)])
    X = scale * rng.normal(size=(n, d))
    fitted = LinearClassifier().fit(X, y, groups=rng.integers(0, n, n))
    new = scale * 100 * rng.normal(size=(20, d))
    p = fitted.predict_proba(new)
    assert np.all((p >= 0) & (p <= 1))
    assert np.allclose(p.sum(axis=1), 1)
    assert np.array_equal(fitted.predict(new) == 1, p[:, 1] >= 0.5)


def test_constant_features_are_ignored_and_nothing_but_constants_gives_the_share_of_positives():
    X, y = two_classes()
    padded = np.hstack([X, np.full((len(X), 5), 3.0)])
    assert np.allclose(
        LinearClassifier().fit(X, y).predict_proba(X), LinearClassifier().fit(padded, y).predict_proba(padded)
    )
    p = LinearClassifier().fit(padded[:, -5:], y).predict_proba(padded[:, -5:])
    assert np.allclose(p[:, 1], y.mean(), atol=0.01)


def test_one_class_is_refused_with_the_way_out():
    X, _ = two_classes()
    with pytest.raises(
        ValueError, match=r"120 training samples, all of one class \(1\); add samples of the other"
    ):
        LinearClassifier().fit(X, np.ones(120, dtype=int))


@pytest.mark.parametrize(
    ("y", "folds"), [([0, 1], 0), ([0, 1, 1, 1], 0), ([0, 0, 1, 1], 2), ([0, 0, 0, 1, 1, 1, 1], 3)]
)
def test_tiny_sets_get_as_many_inner_folds_as_they_allow(y, folds):
    X = np.array(y, dtype=float)[:, None] + np.linspace(0, 0.1, len(y))[:, None]
    fitted = LinearClassifier().fit(X, np.array(y))
    assert fitted.details_["inner_folds"] == folds
    assert np.array_equal(fitted.predict(X), y)


def test_without_inner_folds_the_svm_s_own_decision_is_the_log_odds():
    X, y = unit_length(np.array([[0.0], [1.0], [1.1]])), np.array([0, 1, 1])
    fitted = LinearClassifier().fit(X, y)
    decision = LinearSVC(C=1, dual=False, intercept_scaling=100).fit(X, y).decision_function(X)
    assert fitted.details_ == {"C": 1, "inner_folds": 0}
    assert np.allclose(fitted.predict_proba(X)[:, 1], expit(decision))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40))
def test_inner_splits_keep_groups_and_classes(seed, n):
    rng = np.random.default_rng(seed)
    target = np.array([0, 1, *rng.integers(0, 2, n - 2)])
    groups = rng.integers(0, rng.integers(1, n + 1), n)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        splits = inner_splits(target, groups, 5)
    for train, test in splits:
        assert not set(groups[train]) & set(groups[test])
        assert set(target[train]) == {0, 1}
    if splits:
        assert sorted(np.concatenate([test for _, test in splits])) == list(range(n))


def test_the_sigmoid_is_platts():
    rng = np.random.default_rng(0)
    target = rng.integers(0, 2, 4000)
    values = 1e-3 * (target + rng.normal(size=4000)) + 7
    slope, offset = fit_sigmoid(values, target)
    plain = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(
        (values[:, None] - 7) * 1e3, target
    )
    assert slope * 1e-3 == pytest.approx(plain.coef_[0, 0], rel=0.01)
    assert slope * 7 + offset == pytest.approx(plain.intercept_[0], abs=0.01)


def test_the_sigmoid_stays_finite_where_decision_values_separate_the_classes():
    slope, offset = fit_sigmoid(np.array([-1.0, -0.9, 0.9, 1.0]), np.array([0, 0, 1, 1]))
    p = expit(slope * np.array([-1, 1]) + offset)
    assert 0.1 < p[0] < 0.4  # Platt's target for two negatives is 1/4
    assert 0.6 < p[1] < 0.9


@pytest.mark.parametrize("values", [[1.0, 2, 3, -1, -2, -3], [0.0] * 6], ids=["reversed", "constant"])
def test_decision_values_that_hold_nothing_give_the_share_of_positives(values):
    slope, offset = fit_sigmoid(np.array(values), np.array([0, 0, 0, 1, 1, 1]))
    assert slope == 0
    assert expit(offset) == pytest.approx(0.5)


def test_it_passes_scikit_learns_own_checks_of_a_classifier():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(LinearClassifier(), on_fail=None, on_skip=None)
    failed = [result["check_name"] for result in results if result["status"] == "failed"]
    assert failed == []
