"""What the linear classifiers of the suite share: two classes, proportions kept, inner folds, log odds."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

ROUNDING = 1e-9
"""Relative differences up to this are taken for rounding errors of equal numbers."""

Splits = list[tuple[np.ndarray, np.ndarray]]
"""Train and test indices, fold by fold."""


class BinaryLinear(ClassifierMixin, BaseEstimator, ABC):
    """Log odds linear in the features, with a C chosen on inner folds of the training set.

    Features keep their proportions: all are divided by one number, so that one grid of C serves any of them.
    Features in different units should be scaled before. Histograms should not: a colour that is rare in the
    training set has a tiny standard deviation, and a test image full of it would be thrown far off.

    Samples of one group are never on both sides of an inner split. Nothing here is random. What is learned,
    and how C is judged, is for classes made from this one to say.

    Parameters
    ----------
    costs : sequence of float
        Values of C to choose from, ascending, for samples of mean squared length 1.
    folds : int
        Inner folds; fewer where a class has fewer groups.

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

    def __init__(self, costs: Sequence[float], folds: int) -> None:
        self.costs = costs
        self.folds = folds

    @abstractmethod
    def _learn(
        self, X: np.ndarray, target: np.ndarray, splits: Splits
    ) -> tuple[np.ndarray, float, dict[str, float]]:
        """Choose C and fit.

        Parameters
        ----------
        X : ndarray of float64, shape (n, k)
            Centred, of mean squared length 1.
        target : ndarray of int, shape (n,)
            1 positive, 0 negative.
        splits : list of (train, test)
            Empty where not even two inner folds are possible.

        Returns
        -------
        weights : ndarray of float64, shape (k,)
        intercept : float
        details : dict
        """

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
        self._check_classes(y)
        self.center_ = X.mean(axis=0)
        length = mean_length(X, self.center_)
        coordinates, basis = span((X - self.center_) / length)
        splits = inner_splits(target, np.arange(len(y)) if groups is None else np.asarray(groups), self.folds)
        weights, intercept, details = self._learn(coordinates, target, splits)
        self.coef_ = basis @ weights / length
        self.intercept_ = intercept
        self.details_: dict[str, Any] = {"C": details["C"], "inner_folds": len(splits), **details}
        return self

    def _check_classes(self, y: np.ndarray) -> None:
        """Refuse what does not hold two classes."""
        name = type(self).__name__
        if len(self.classes_) == 1:
            raise ValueError(
                f"{name}.fit: {len(y)} training samples, all of one class ({self.classes_[0]}); "
                "add samples of the other class"
            )
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}: {name}.fit got {len(self.classes_)} classes"
            )

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


def inner_splits(target: np.ndarray, groups: np.ndarray, folds: int) -> Splits:
    """Train and test indices of at most ``folds`` folds that keep groups together.

    Every training part holds both classes. Empty where not even two folds can be made so.
    """
    most = min(len(np.unique(groups[target == label])) for label in (0, 1))
    for k in range(min(folds, most), 1, -1):
        splits = list(StratifiedGroupKFold(k).split(target, target, groups))
        if all(len(test) > 0 and len(np.unique(target[train])) == 2 for train, test in splits):
            return splits
    return []


def mean_length(X: np.ndarray, center: np.ndarray) -> float:
    """Root of the mean squared distance from the centre; 1 where all samples are equal."""
    length = float(np.sqrt(np.mean(np.sum((X - center) ** 2, axis=1))))
    return length if length > ROUNDING * np.abs(center).max() else 1.0


def span(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of n samples in the space that they span, (n, k), and its basis, (d, k); k is min(n, d).

    The weights of a linear model with an L2 penalty lie in that space, and rotations keep lengths: with more
    features than samples the model is the same and several times sooner fitted.
    """
    if X.shape[1] <= X.shape[0]:
        return X, np.eye(X.shape[1])
    basis, coordinates = np.linalg.qr(X.T)
    return np.ascontiguousarray(coordinates.T), basis
