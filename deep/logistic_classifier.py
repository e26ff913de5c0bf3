"""Logistic regression on features of a frozen network; its C is chosen inside the training set."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from baselines.linear_classifier import inner_splits

COSTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""C to choose from. Samples have mean squared length 1."""


class LogisticClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression (L2) whose C has the smallest log loss on inner folds.

    Inside the training set, `StratifiedGroupKFold` gives out-of-fold probabilities for each C. The best C is
    taken, the smallest of equal ones, and the model is fitted to the whole training set. Samples of one group
    are never on both sides of an inner split. Nothing here is random.

    Parameters
    ----------
    costs : sequence of float
        Values of C to choose from, ascending, for samples of mean squared length 1 (all are divided by one
        number, so that one grid serves any number of features).
    folds : int
        Inner folds; fewer where a class has fewer groups. Where not even two are possible, C is 1.

    Attributes
    ----------
    classes_ : ndarray, shape (2,)
    center_ : ndarray of float64, shape (d,)
        Mean of the training samples.
    coef_ : ndarray of float64, shape (d,)
        Of the log odds of ``classes_[1]``, for centred samples.
    intercept_ : float
    details_ : dict
        The C chosen (``C``), and of the inner folds their number, log loss and accuracy at that C.
    """

    def __init__(self, costs: Sequence[float] = COSTS, folds: int = 5) -> None:
        self.costs = costs
        self.folds = folds

    def fit(self, X: np.ndarray, y: np.ndarray, groups: np.ndarray | None = None) -> Self:
        """Choose C and fit to all.

        Parameters
        ----------
        X : array-like of float, shape (n, d)
        y : array-like, shape (n,)
            Two classes.
        groups : array-like of int, shape (n,), optional
            Duplicates share a number; by default all are different.

        Raises
        ------
        ValueError
            ``y`` does not hold exactly two classes, or ``X`` is not finite.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, target = np.unique(y, return_inverse=True)
        if len(self.classes_) == 1:
            raise ValueError(
                f"LogisticClassifier.fit: {len(y)} training samples, all of one class ({self.classes_[0]}); "
                "add samples of the other class"
            )
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}: LogisticClassifier.fit got {len(self.classes_)} classes"
            )
        self.center_ = X.mean(axis=0)
        centred = X - self.center_
        length = float(np.sqrt(np.mean(np.sum(centred**2, axis=1)))) or 1.0
        splits = inner_splits(target, np.arange(len(y)) if groups is None else np.asarray(groups), self.folds)
        coordinates, basis = span(centred / length)
        cost, inner = self._choose(coordinates, target, splits)
        model = _fit_path(coordinates, target, [c for c in self.costs if c <= cost] or [cost])[-1]
        self.coef_ = basis @ model.coef_[0] / length
        self.intercept_ = float(model.intercept_[0])
        self.details_ = {"C": cost, "inner_folds": len(splits), **inner}
        return self

    def _choose(self, scaled: np.ndarray, target: np.ndarray, splits: list) -> tuple[float, dict[str, float]]:
        """The C with the best out-of-fold probabilities, and how good they are."""
        if not splits:
            return 1.0, {}
        p = np.empty((len(self.costs), len(target)))
        for train, test in splits:
            for k, model in enumerate(_fit_path(scaled[train], target[train], self.costs)):
                p[k, test] = model.predict_proba(scaled[test])[:, 1]
        losses = [float(log_loss(target, row)) for row in p]
        best = int(np.argmin(losses))
        accuracy = float(np.mean((p[best] >= 0.5) == target))
        return float(self.costs[best]), {"inner_log_loss": losses[best], "inner_accuracy": accuracy}

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Log odds of ``classes_[1]``, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return (X - self.center_) @ self.coef_ + self.intercept_

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Probabilities of ``classes_``, shape (n, 2)."""
        p = expit(self.decision_function(X))
        return np.stack([1 - p, p], axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """``classes_[1]`` where its probability is at least .5, shape (n,)."""
        check_is_fitted(self)
        return self.classes_[(self.predict_proba(X)[:, 1] >= 0.5).astype(np.int64)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def span(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of n samples in the space that they span, (n, k), and its basis, (d, k); k is min(n, d).

    The weights of a linear model with an L2 penalty lie in that space: with more features than samples the
    model is the same and sooner fitted.
    """
    if X.shape[1] <= X.shape[0]:
        return X, np.eye(X.shape[1])
    basis, coordinates = np.linalg.qr(X.T)
    return np.ascontiguousarray(coordinates.T), basis


def _fit_path(X: np.ndarray, target: np.ndarray, costs: Sequence[float]) -> list[LogisticRegression]:
    """Models for ascending C, each started from the one before."""
    models: list[LogisticRegression] = []
    for cost in costs:
        model = LogisticRegression(C=cost, tol=1e-8, max_iter=2000, warm_start=True)
        if models:
            model.coef_, model.intercept_ = models[-1].coef_.copy(), models[-1].intercept_.copy()
            model.classes_ = models[-1].classes_
        models.append(model.fit(X, target))
    return models
