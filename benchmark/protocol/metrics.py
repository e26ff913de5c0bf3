"""The metrics of one test part: a single list, from which every table takes its columns.

To add a metric, add one line to `METRICS`. Precision, recall and F1 are of the positive class (You et al.
2015, Tables 1, 3, 5 and 6).
"""

import dataclasses
import functools
from collections.abc import Callable

import numpy as np
import sklearn
from sklearn import metrics as sk

Compute = Callable[[np.ndarray, np.ndarray, np.ndarray], float]
"""(labels, scores, predictions) -> value."""

CLASSES = {1: "positive", 0: "negative"}


@dataclasses.dataclass(frozen=True)
class Metric:
    """One figure of merit, 0 to 1, larger is better.

    Attributes
    ----------
    title : str
        Head of its column in printed tables.
    compute : callable
        (labels, scores, predictions) -> float; called only where the metric is defined.
    needs : tuple of int
        Classes of which the test part must hold an image for the metric to be defined.
    """

    title: str
    compute: Compute
    needs: tuple[int, ...] = ()

    def undefined(self, labels: np.ndarray) -> str:
        """Why the metric has no value on a test part with these labels; empty where it has one."""
        if len(labels) == 0:
            return "no image is tested"
        absent = [CLASSES[c] for c in self.needs if not np.any(labels == c)]
        return f"no {' and no '.join(absent)} image among the {len(labels)} tested" if absent else ""

    def __call__(self, labels: np.ndarray, scores: np.ndarray, predictions: np.ndarray) -> float | None:
        """The value, or None where the metric is undefined (never NaN)."""
        if self.undefined(labels):
            return None
        return float(self.compute(labels, scores, predictions))


# Where no image is predicted positive, precision and F1 are 0: the method found nothing, which is no success.
METRICS: dict[str, Metric] = {
    "precision": Metric("P", lambda y, s, p: sk.precision_score(y, p, zero_division=0), needs=(1,)),
    "recall": Metric("R", lambda y, s, p: sk.recall_score(y, p, zero_division=0), needs=(1,)),
    "f1": Metric("F1", lambda y, s, p: sk.f1_score(y, p, zero_division=0), needs=(1,)),
    "accuracy": Metric("Acc", lambda y, s, p: sk.accuracy_score(y, p)),
    "balanced_accuracy": Metric("BAcc", lambda y, s, p: sk.balanced_accuracy_score(y, p), needs=(1, 0)),
    "auc": Metric("AUC", lambda y, s, p: sk.roc_auc_score(y, s), needs=(1, 0)),
    "average_precision": Metric("AP", lambda y, s, p: sk.average_precision_score(y, s), needs=(1,)),
}
"""Every metric of the benchmark, in the order of the tables."""

PRINTED = ("precision", "recall", "f1", "accuracy")
"""The metrics that the paper prints."""


def measure(labels: np.ndarray, scores: np.ndarray, predictions: np.ndarray) -> dict[str, float | None]:
    """Every metric of one test part.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    scores : ndarray of float, shape (n,)
        P(positive), 0 to 1.
    predictions : ndarray of int, shape (n,)
        1 where positive is predicted.

    Returns
    -------
    dict of str to float or None
        The metrics of `METRICS` in their order; None where one is undefined (`Metric.undefined` says why).

    Raises
    ------
    ValueError
        The three differ in length.
    """
    if not len(labels) == len(scores) == len(predictions):
        raise ValueError(
            f"{len(labels)} labels, {len(scores)} scores, {len(predictions)} predictions: one an image"
        )
    arrays = (np.asarray(labels, np.int64), np.asarray(scores, np.float64), np.asarray(predictions, np.int64))
    return dict(zip(METRICS, _measure(*(array.tobytes() for array in arrays)), strict=True))


@functools.lru_cache(maxsize=4096)
def _measure(labels: bytes, scores: bytes, predictions: bytes) -> tuple[float | None, ...]:
    """All metrics; kept, since the tables, their printed forms and the screen ask for the same test parts."""
    y, p = (np.frombuffer(part, np.int64) for part in (labels, predictions))
    s = np.frombuffer(scores, np.float64)
    # the arrays were made here, so that checking their kind again takes time and finds nothing
    with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
        return tuple(metric(y, s, p) for metric in METRICS.values())
