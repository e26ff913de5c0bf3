"""The classifier of the low- and mid-level methods: a linear SVM with calibrated probabilities."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.svm import LinearSVC

from baselines.binary_linear import ROUNDING, BinaryLinear, Splits

COSTS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
"""C to choose from, by decades. Samples have mean squared length 1; 1 is SVMlight's default for such."""


class LinearClassifier(BinaryLinear):
    """Linear SVM (squared hinge) with Platt's sigmoid on its decision values.

    Inside the training set, `StratifiedGroupKFold` gives out-of-fold decision values for each C. A sigmoid is
    fitted to them (Platt 1999), and the C with the smallest log loss is taken, the smallest of equal ones.
    The SVM is then fitted to the whole training set; its decision values go through that sigmoid. Where not
    even two inner folds are possible, C is 1 and the log odds are the decision value itself. All else, what
    is fitted and how features should be scaled, is said at `BinaryLinear`.
    """

    def __init__(self, costs: Sequence[float] = COSTS, folds: int = 5) -> None:
        super().__init__(costs, folds)

    def _learn(
        self, X: np.ndarray, target: np.ndarray, splits: Splits
    ) -> tuple[np.ndarray, float, dict[str, float]]:
        cost, slope, offset, inner = self._choose(X, target, splits)
        svm = _svm(cost).fit(X, target)
        return slope * svm.coef_[0], float(slope * svm.intercept_[0] + offset), {"C": cost, **inner}

    def _choose(
        self, scaled: np.ndarray, target: np.ndarray, splits: Splits
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
