"""Logistic regression on features of a frozen network; its C is chosen inside the training set."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from baselines.binary_linear import BinaryLinear, Splits

COSTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""C to choose from. Samples have mean squared length 1."""


class LogisticClassifier(BinaryLinear):
    """Logistic regression (L2) whose C has the smallest log loss on inner folds.

    Inside the training set, `StratifiedGroupKFold` gives out-of-fold probabilities for each C. The best C is
    taken, the smallest of equal ones, and the model is fitted to the whole training set. Where not even two
    inner folds are possible, C is 1. All else, what is fitted and how features should be scaled, is said at
    `BinaryLinear`.
    """

    def __init__(self, costs: Sequence[float] = COSTS, folds: int = 5) -> None:
        super().__init__(costs, folds)

    def _learn(
        self, X: np.ndarray, target: np.ndarray, splits: Splits
    ) -> tuple[np.ndarray, float, dict[str, float]]:
        cost, inner = self._choose(X, target, splits)
        model = _fit_path(X, target, [c for c in self.costs if c <= cost] or [cost])[-1]
        return model.coef_[0], float(model.intercept_[0]), {"C": cost, **inner}

    def _choose(
        self, scaled: np.ndarray, target: np.ndarray, splits: Splits
    ) -> tuple[float, dict[str, float]]:
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
