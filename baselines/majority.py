"""Majority: the reference that looks at no image."""

from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from benchmark.data.imageset import ImageSet
from benchmark.method import register


class Majority(ClassifierMixin, BaseEstimator):
    """Gives every image the share of positives among the training images.

    So it predicts the more frequent class, and positive where both are equally frequent.
    """

    def fit(self, images: ImageSet, y: np.ndarray) -> Self:
        """Count the labels (1 positive, 0 negative); a single class is allowed."""
        if len(y) == 0:
            raise ValueError("Majority.fit: no training images; give at least one")
        self.classes_ = np.array([0, 1])
        self.share_ = float(np.mean(y))
        self.details_ = {"positive_share": self.share_}
        return self

    def predict_proba(self, images: ImageSet) -> np.ndarray:
        """P(negative), P(positive): the same for every image, shape (n, 2)."""
        return np.tile([1 - self.share_, self.share_], (len(images), 1))

    def predict(self, images: ImageSet) -> np.ndarray:
        """1 where P(positive) is at least .5, shape (n,)."""
        return (self.predict_proba(images)[:, 1] >= 0.5).astype(np.int64)


@register("Majority", family="reference")
def majority() -> Majority:
    """The share of positives in the training set, for every image."""
    return Majority()
