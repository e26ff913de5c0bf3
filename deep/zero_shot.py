"""Sentiment from prompts alone: no image is labelled, nothing is fitted (Radford et al. 2021)."""

import dataclasses
from typing import Self

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin

from benchmark.data.imageset import ImageSet
from benchmark.data.known_file import KnownFile
from deep.backbone import Backbone


class ZeroShot(ClassifierMixin, BaseEstimator):
    """Softmax of a network's answers to negative and positive prompts.

    Parameters
    ----------
    answers : Backbone
        Gives two logits an image: negative, positive.
    weights : KnownFile, optional
        Its weights, in place of those that it names.
    """

    def __init__(self, answers: Backbone, weights: KnownFile | None = None) -> None:
        self.answers = answers
        self.weights = weights

    @property
    def extractor(self) -> Backbone:
        """The answers, with the weights of the network."""
        return (
            self.answers if self.weights is None else dataclasses.replace(self.answers, weights=self.weights)
        )

    def fit(self, images: ImageSet, y: np.ndarray) -> Self:
        """Nothing is learned."""
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, images: ImageSet) -> np.ndarray:
        """P(negative) and P(positive), float64 of shape (n, 2)."""
        return softmax(np.asarray(images.features(self.extractor), dtype=np.float64), axis=1)

    def untuned_proba(self, images: ImageSet) -> np.ndarray:
        """The same: labels change nothing."""
        return self.predict_proba(images)

    def predict(self, images: ImageSet) -> np.ndarray:
        """1 where P(positive) is at least .5."""
        return (self.predict_proba(images)[:, 1] >= 0.5).astype(np.int64)
