"""GCH and LCH: colour histograms of the whole image and of its blocks (Siersdorfer et al. 2010)."""

import math
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from baselines.features.color import RgbHistogram, merge_blocks
from baselines.hellinger import HellingerMap
from baselines.linear_classifier import LinearClassifier
from baselines.pipeline import ImagePipeline, make_image_pipeline
from benchmark.data.imageset import ImageSet
from benchmark.method import register

STORED_GRID = 4
"""Blocks along each side that are counted and stored; coarser histograms are sums of these."""


class ColorHistogram(TransformerMixin, BaseEstimator):
    """Share of each colour in each block among the pixels of an image.

    Parameters
    ----------
    bins : int
        Intervals for each of R, G and B; 4 make 64 colours.
    grid : int
        Blocks along each side: 1 for the global histogram, 4 for the local one.
    """

    def __init__(self, bins: int = 4, grid: int = 1) -> None:
        self.bins = bins
        self.grid = grid

    @property
    def extractor(self) -> RgbHistogram:
        """Counts on a fine grid: one stored feature serves the global and the local histogram."""
        return RgbHistogram(bins=self.bins, grid=math.lcm(self.grid, STORED_GRID))

    def fit(self, images: ImageSet, y: Any = None) -> Self:
        """Nothing is learned."""
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        """Describe images.

        Returns
        -------
        ndarray of float64, shape (n, grid * grid * bins ** 3)
            Rows sum to 1.
        """
        counts = merge_blocks(images.features(self.extractor), self.extractor.grid, self.grid)
        return counts.reshape(len(images), self.grid**2 * self.bins**3) / self.extractor.size**2

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


@register("GCH", family="low-level", published="Table 6")
def gch() -> ImagePipeline:
    """Global colour histogram of 64 RGB bins, linear SVM."""
    return make_image_pipeline(ColorHistogram(grid=1), HellingerMap(), LinearClassifier())


@register("LCH", family="low-level", published="Table 6")
def lch() -> ImagePipeline:
    """Colour histograms of 64 RGB bins in 4 x 4 blocks, linear SVM."""
    return make_image_pipeline(ColorHistogram(grid=4), HellingerMap(), LinearClassifier())
