"""BoW: histograms of SIFT visual words, alone and joined to colour (Siersdorfer et al. 2010)."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_union

from baselines.color_histogram import ColorHistogram
from baselines.features.sift import Sift
from baselines.hellinger import HellingerMap
from baselines.linear_classifier import LinearClassifier
from baselines.pipeline import ImagePipeline, make_image_pipeline
from baselines.vocabulary import VisualWords, Vocabulary
from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.method import register


class BagOfWords(TransformerMixin, BaseEstimator):
    """Share of each visual word among the keypoints of an image.

    The vocabulary is learned from the images given to `fit`, without labels; all methods that ask for the
    same one of the same images share it.

    Parameters
    ----------
    words : int
        Size of the vocabulary. You et al. (2015) do not state theirs; 1,000 is that of SentiBank (Borth et
        al. 2013).
    random_state : int, optional
        Seed of the vocabulary; 0 if None, so that it can be shared.

    Attributes
    ----------
    vocabulary_ : ndarray of uint8, shape (k, 128)
        Words; k is less than ``words`` if the images have fewer different descriptors.
    """

    def __init__(self, words: int = 1000, random_state: int | None = None) -> None:
        self.words = words
        self.random_state = random_state

    @property
    def extractor(self) -> Extractor:
        """The local descriptors."""
        return Sift()

    def fit(self, images: ImageSet, y: Any = None) -> Self:
        """Learn the vocabulary from the images."""
        seed = 0 if self.random_state is None else int(self.random_state)
        self.vocabulary_ = images.learned(Vocabulary(words=self.words, seed=seed, descriptors=self.extractor))
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        """Describe images.

        Returns
        -------
        ndarray of float64, shape (n, words)
            Rows sum to 1; a row is 0 where no keypoint was found or the vocabulary is empty.
        """
        found = images.features(VisualWords(vocabulary=self.vocabulary_, descriptors=self.extractor))
        image = np.repeat(np.arange(len(images)), found.counts)
        cell = image * self.words + found.values.ravel().astype(np.int64)
        counts = np.bincount(cell, minlength=len(images) * self.words).reshape(len(images), self.words)
        return counts / np.maximum(found.counts, 1)[:, None]


@register("BoW", family="low-level")
def bow() -> ImagePipeline:
    """Histogram of 1,000 SIFT visual words, linear SVM."""
    return make_image_pipeline(BagOfWords(words=1000), HellingerMap(), LinearClassifier())


@register("GCH+BoW", family="low-level", published="Table 6")
def gch_bow() -> ImagePipeline:
    """Global colour histogram joined to visual words, linear SVM."""
    features = make_union(ColorHistogram(grid=1), BagOfWords(words=1000))
    return make_image_pipeline(features, HellingerMap(), LinearClassifier())


@register("LCH+BoW", family="low-level", published="Table 6")
def lch_bow() -> ImagePipeline:
    """Colour histograms of 4 x 4 blocks joined to visual words, linear SVM."""
    features = make_union(ColorHistogram(grid=4), BagOfWords(words=1000))
    return make_image_pipeline(features, HellingerMap(), LinearClassifier())
