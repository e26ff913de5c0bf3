"""The classifier of the low- and mid-level methods: a linear SVM with calibrated probabilities."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

COSTS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
"""C to choose from, by decades. Samples have mean squared length 1; 1 is SVMlight's default for such."""

ROUNDING = 1e-9
"""Relative differences up to this are taken for rounding errors of equal numbers."""


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """Linear SVM (squared hinge) with Platt's sigmoid on its decision values.

    Inside the training set, `StratifiedGroupKFold` gives out-of-fold decision values for each C. A sigmoid is
    fitted to them (Platt 1999), and the C with the smallest log loss is taken, the smallest of equal ones.
    The SVM is then fitted to the whole training set; its decision values go through that sigmoid. Samples of
    one group are never on both sides of an inner split. Nothing here is random.

    Features keep their proportions: all are divided by one number, so that one grid of C serves any of them.
    Features in different units should be scaled before. Histograms should not: a colour that is rare in the
    training set has a tiny standard deviation, and a test image full of it would be thrown far off.

    Parameters
    ----------
    costs : sequence of float
        Values of C to choose from, ascending, for samples of mean squared length 1.
    folds : int
        Inner folds; fewer where a class has fewer groups. Where not even two are possible, C is 1 and the log
        odds are the decision value itself.

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
        """Choose C, calibrate, and fit to all.

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
                f"LinearClassifier.fit: {len(y)} training samples, all of one class ({self.classes_[0]}); "
                "add samples of the other class"
            )
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}: LinearClassifier.fit got {len(self.classes_)} classes"
            )
        self.center_ = X.mean(axis=0)
        length = _mean_length(X, self.center_)
        scaled, basis = _rotate((X - self.center_) / length)
        splits = inner_splits(target, np.arange(len(y)) if groups is None else np.asarray(groups), self.folds)
        cost, slope, offset, inner = self._choose(scaled, target, splits)
        svm = _svm(cost).fit(scaled, target)
        self.coef_ = slope / length * (basis @ svm.coef_[0])
        self.intercept_ = float(slope * svm.intercept_[0] + offset)
        self.details_ = {"C": cost, "inner_folds": len(splits), **inner}
        return self

    def _choose(
        self, scaled: np.ndarray, target: np.ndarray, splits: list
    ) -> tuple[float, float, float, dict[str, float]]:
        """The C with the best calibrated out-of-fold probabilities, its sigmoid, and how good they are."""
        if not splits:
            return 1.0, 1.0, 0.0, {}
        trials = []
        for cost in self.costs:
            values = np.empty(len(target))
            for train, test in splits:
                values[test] = _svm(cost).fit(scaled[train], target[train]).decision_function(scaled[test])
            slope, offset = fit_sigmoid(values, target)
            p = expit(slope * values + offset)
            inner = {
                "inner_log_loss": float(log_loss(target, p)),
                "inner_accuracy": float(np.mean((p >= 0.5) == target)),
            }
            trials.append((cost, slope, offset, inner))
        return min(trials, key=lambda trial: trial[3]["inner_log_loss"])

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


def inner_splits(target: np.ndarray, groups: np.ndarray, folds: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Train and test indices of at most ``folds`` folds that keep groups together.

    Every training part holds both classes. Empty where not even two folds can be made so.
    """
    most = min(len(np.unique(groups[target == label])) for label in (0, 1))
    for k in range(min(folds, most), 1, -1):
        splits = list(StratifiedGroupKFold(k).split(target, target, groups))
        if all(len(test) > 0 and len(np.unique(target[train])) == 2 for train, test in splits):
            return splits
    return []


def fit_sigmoid(values: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Slope and offset of the log odds as a linear function of decision values (Platt 1999).

    Targets are Platt's smoothed ones. The slope is never negative: decision values that hold nothing, or
    less, out of fold give every sample the share of positives.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    target : ndarray of int, shape (n,)
        1 positive, 0 negative; both occur.
    """
    positives = int(target.sum())
    negatives = len(target) - positives
    smooth = np.where(target == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    scale = float(values.std())
    if scale > ROUNDING * np.abs(values).max():
        # A soft target is a positive and a negative sample with its weight and the rest.
        model = LogisticRegression(C=np.inf, solver="newton-cholesky")
        middle = float(values.mean())
        x, y = np.tile((values[:, None] - middle) / scale, (2, 1)), np.repeat([1, 0], len(values))
        model.fit(x, y, sample_weight=np.concatenate([smooth, 1 - smooth]))
        slope = float(model.coef_[0, 0]) / scale
        if slope > 0:
            return slope, float(model.intercept_[0]) - slope * middle
    share = float(smooth.mean())
    return 0.0, float(np.log(share / (1 - share)))


def _svm(cost: float) -> LinearSVC:
    # The solver penalises the intercept; a large scaling makes that penalty negligible.
    return LinearSVC(C=cost, dual=False, intercept_scaling=100, tol=1e-6)


def _mean_length(X: np.ndarray, center: np.ndarray) -> float:
    """Root of the mean squared distance from the centre; 1 where all samples are equal."""
    length = float(np.sqrt(np.mean(np.sum((X - center) ** 2, axis=1))))
    return length if length > ROUNDING * np.abs(center).max() else 1.0


def _rotate(scaled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of n samples in the space they span, (n, min(n, d)), and its basis, (d, min(n, d)).

    A linear SVM is the same in both: its weights lie in that space and rotations keep lengths. With more
    features than samples it is several times faster.
    """
    if scaled.shape[1] <= scaled.shape[0]:
        return scaled, np.eye(scaled.shape[1])
    basis, coordinates = np.linalg.qr(scaled.T)
    return np.ascontiguousarray(coordinates.T), basis
