"""Asymmetric bagging: classifiers on balanced parts of an unbalanced training set (Tao et al. 2006)."""

from typing import Any, Self

import numpy as np
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, has_fit_parameter, validate_data


class AsymmetricBagging(ClassifierMixin, BaseEstimator):
    """Average of classifiers, each trained on all of the smaller class and as many drawn from the larger.

    Yuan et al. (2013) use it on scene attributes, since positive images outnumber negative ones. A classifier
    that saw both classes equally often takes both to be equally likely, which a probability must not: the log
    odds are shifted by those of the training set (Elkan 2001), unless ``natural`` is False.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``; one with a ``groups`` parameter in ``fit`` is told them.
    bags : int
        Number of classifiers.
    natural : bool
        Whether probabilities are those of the training set's class shares.
    random_state : int, optional
        Of the draws; 0 if None.

    Attributes
    ----------
    classes_ : ndarray, shape (2,)
    estimators_ : list
        The fitted classifiers.
    details_ : dict
        Mean of each number that the classifiers report of themselves.
    """

    def __init__(
        self, estimator: Any, bags: int = 10, natural: bool = True, random_state: int | None = None
    ) -> None:
        self.estimator = estimator
        self.bags = bags
        self.natural = natural
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray, groups: np.ndarray | None = None) -> Self:
        """Draw the bags and fit a classifier to each.

        Parameters
        ----------
        X : array-like of float, shape (n, d)
        y : array-like, shape (n,)
            Two classes.
        groups : array-like of int, shape (n,), optional
            Duplicates share a number.

        Raises
        ------
        ValueError
            ``y`` does not hold exactly two classes.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        self.classes_, target = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"AsymmetricBagging.fit: {len(self.classes_)} classes in y; it needs exactly 2")
        counts = np.bincount(target)
        rng = np.random.default_rng(0 if self.random_state is None else self.random_state)
        self.shift_ = float(np.log(counts[1] / counts[0])) if self.natural else 0.0
        self.estimators_ = []
        for _ in range(self.bags):
            drawn = [
                rng.choice(np.flatnonzero(target == label), counts.min(), replace=False) for label in (0, 1)
            ]
            bag = np.sort(np.concatenate(drawn))
            model = clone(self.estimator)
            told = {"groups": groups[bag]} if has_fit_parameter(model, "groups") else {}
            self.estimators_.append(model.fit(X[bag], y[bag], **told))
        self.details_ = _mean_details(self.estimators_)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Mean log odds of ``classes_[1]``, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        odds = [logit(np.clip(model.predict_proba(X)[:, 1], 1e-9, 1 - 1e-9)) for model in self.estimators_]
        return np.mean(odds, axis=0) + self.shift_

    @property
    def coef_(self) -> np.ndarray:
        """Mean weights of linear classifiers, shape (d,): the log odds are linear in the samples."""
        return np.mean([model.coef_ for model in self.estimators_], axis=0)

    @property
    def center_(self) -> np.ndarray:
        """Mean of the samples that the classifiers were centred on, shape (d,)."""
        return np.mean([model.center_ for model in self.estimators_], axis=0)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Probabilities of ``classes_``, shape (n, 2)."""
        p = expit(self.decision_function(X))
        return np.stack([1 - p, p], axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """``classes_[1]`` where its probability is at least .5, shape (n,)."""
        return self.classes_[(self.predict_proba(X)[:, 1] >= 0.5).astype(np.int64)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def _mean_details(models: list[Any]) -> dict[str, float]:
    found = [getattr(model, "details_", {}) for model in models]
    return {name: float(np.mean([item[name] for item in found])) for name in found[0]} if found else {}
