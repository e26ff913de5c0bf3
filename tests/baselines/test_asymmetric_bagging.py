"""Asymmetric bagging: balanced bags, natural probabilities, groups passed on."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from baselines.asymmetric_bagging import AsymmetricBagging


def unbalanced(n=400, share=0.75, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(int)
    X = rng.normal(0, 1, (n, 3)) + y[:, None] * np.array([1.0, 0.5, 0.0])
    return X, y


class Recorder(ClassifierMixin, BaseEstimator):
    """Keeps what it was fitted to."""

    def fit(self, X, y, groups=None):
        self.y_, self.groups_, self.classes_ = y, groups, np.unique(y)
        return self

    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)


def test_each_bag_holds_the_smaller_class_whole_and_as_many_of_the_larger():
    X, y = unbalanced()
    bagging = AsymmetricBagging(Recorder(), bags=4, random_state=1).fit(X, y, groups=np.arange(len(y)) + 7)
    negatives = np.flatnonzero(y == 0) + 7
    drawn = set()
    for model in bagging.estimators_:
        assert np.bincount(model.y_).tolist() == [len(negatives)] * 2
        assert set(negatives) <= set(model.groups_)
        assert np.array_equal(y[model.groups_ - 7], model.y_)
        drawn.add(tuple(model.groups_))
    assert len(drawn) == 4


def test_probabilities_have_the_training_shares_unless_told_otherwise():
    X, y = unbalanced(n=4000)
    natural = AsymmetricBagging(LogisticRegression(), random_state=0).fit(X, y)
    balanced = AsymmetricBagging(LogisticRegression(), natural=False, random_state=0).fit(X, y)
    assert natural.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), abs=0.02)
    assert balanced.predict_proba(X)[:, 1].mean() < 0.65
    shift = natural.decision_function(X) - balanced.decision_function(X)
    assert shift == pytest.approx(np.log(y.sum() / (1 - y).sum()))


def test_the_class_names_are_kept_and_order_follows_them():
    X, y = unbalanced()
    named = AsymmetricBagging(LogisticRegression(), random_state=0).fit(X, np.array(["bad", "good"])[y])
    assert named.classes_.tolist() == ["bad", "good"]
    numbered = AsymmetricBagging(LogisticRegression(), random_state=0).fit(X, y)
    assert np.array_equal(named.predict(X), np.array(["bad", "good"])[numbered.predict(X)])


def test_one_class_is_refused():
    X, _ = unbalanced()
    with pytest.raises(ValueError, match="1 classes in y; it needs exactly 2"):
        AsymmetricBagging(LogisticRegression()).fit(X, np.ones(len(X)))


def test_the_same_seed_gives_the_same_bytes():
    X, y = unbalanced()
    first, second, other = (
        AsymmetricBagging(LogisticRegression(), random_state=seed).fit(X, y).predict_proba(X).tobytes()
        for seed in (3, 3, 4)
    )
    assert first == second != other
