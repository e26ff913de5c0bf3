"""The features of a frozen network as a step of a pipeline."""

import dataclasses
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from benchmark.data.imageset import ImageSet
from benchmark.data.known_file import KnownFile
from deep.backbone import Backbone


class FrozenFeatures(TransformerMixin, BaseEstimator):
    """Describes images by what a pretrained network sees in them. Nothing is learned.

    Parameters
    ----------
    backbone : Backbone
        Which network.
    weights : KnownFile, optional
        Its weights, in place of those that the backbone names.
    """

    def __init__(self, backbone: Backbone, weights: KnownFile | None = None) -> None:
        self.backbone = backbone
        self.weights = weights

    @property
    def extractor(self) -> Backbone:
        """The backbone with its weights."""
        if self.weights is None:
            return self.backbone
        return dataclasses.replace(self.backbone, weights=self.weights)

    def fit(self, images: ImageSet, y: Any = None) -> Self:
        """Nothing is learned."""
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        """Describe images.

        Returns
        -------
        ndarray of float64, shape (n, d)
        """
        return np.asarray(images.features(self.extractor), dtype=np.float64)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
