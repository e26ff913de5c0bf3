"""Visual words in a spatial pyramid (Lazebnik et al. 2006), max-pooled as in SentiBank (Borth et al. 2013).

Words are learned from local descriptors (`baselines.features.local`) and pooled by their places::

    words = images.learned(Vocabulary(words=1000, descriptors=Sift()))
    images.features(WordPyramid(vocabulary=words, keypoints=Sift()))
"""

import dataclasses
from typing import Literal

import numpy as np

from baselines.features.local import appearance, places
from baselines.features.sift import Sift
from benchmark.data.extractor import Extractor
from benchmark.data.store import Ragged

CHUNK = 4096
"""Descriptors compared at a time: 16 MB of distances to 1,000 words."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WordPyramid(Extractor):
    """Visual words pooled over the whole image and over its quarters.

    Borth et al. do not say how descriptors are assigned to words before the maximum is taken. With hard
    assignment the maximum only tells whether a word occurs; it tells how well the best keypoint fits a word
    where keypoints speak for several words by degrees. So each is assigned softly to its 5 nearest words, by
    ``exp(-softness d^2)`` divided by the sum over the five, d being relative to the descriptor's length. This
    is localised soft assignment (Liu, Wang & Liu 2011), which with max pooling is comparable to sparse coding
    and LLC. ``neighbours=1`` is hard assignment.

    Attributes
    ----------
    vocabulary : ndarray of uint8, shape (k, d)
        Words, as from `baselines.vocabulary.Vocabulary`.
    keypoints : Extractor
        Rows of descriptor (d numbers, 0 to 255), x, y.
    layers : tuple of int
        Regions along each side in each layer, 1 to 256: ``(1, 2)`` is the image and its quarters.
    neighbours : int
        Words that a keypoint speaks for, at least 1.
    softness : float
        Greater is harder; Liu et al. use 10.
    length : float
        Usual length of a descriptor: 512 for SIFT, some 630 for `Hog2x2` and 900 for `SelfSimilarity`. It
        does not matter for hard assignment.
    pooling : str
        ``max``; or ``mean``, which with ``neighbours=1`` gives the spatial pyramid of Lazebnik et al.
    """

    vocabulary: np.ndarray
    keypoints: Extractor = dataclasses.field(default_factory=Sift)
    layers: tuple[int, ...] = (1, 2)
    neighbours: int = 5
    softness: float = 10.0
    length: float = 512.0
    pooling: Literal["max", "mean"] = "max"

    def __post_init__(self) -> None:
        if not self.layers or not all(1 <= grid <= 256 for grid in self.layers):
            raise ValueError(f"WordPyramid: layers is {self.layers}; give 1 to 256 regions a side for each")
        if self.neighbours < 1:
            raise ValueError(f"WordPyramid: neighbours is {self.neighbours}; a keypoint has at least 1 word")
        if self.softness <= 0 or self.length <= 0:
            raise ValueError(
                f"WordPyramid: softness is {self.softness} and length {self.length}; both are above 0"
            )
        if self.pooling not in ("max", "mean"):
            raise ValueError(f"WordPyramid: pooling is {self.pooling!r}; use 'max' or 'mean'")

    @property
    def source(self) -> Extractor:
        """The keypoints."""
        return self.keypoints

    def extract(self, pixels: Ragged) -> np.ndarray:
        """Pool the words of each image.

        Parameters
        ----------
        pixels : Ragged
            Keypoints of n images.

        Returns
        -------
        ndarray of float32, shape (n, regions * k)
            Layers in their order, regions of a layer row by row, words within a region; 5 regions for two
            layers. With ``max``, scaled to length 1; with ``mean``, each layer sums to 1. Zeros for an image
            without keypoints.
        """
        n, k = len(pixels.counts), len(self.vocabulary)
        regions = sum(grid * grid for grid in self.layers)
        pooled = np.zeros(n * regions * k, dtype=np.float32)
        image = np.repeat(np.arange(n), pixels.counts)
        for start in range(0, len(image) if k else 0, CHUNK):
            part = slice(start, start + CHUNK)
            rows = pixels.values[part]
            words, weights = self._assign(appearance(rows))
            if self.pooling == "mean":
                weights = weights / pixels.counts[image[part], None].astype(np.float32)
            for region in self._regions(places(rows).astype(np.int64)):
                place = (image[part] * regions + region)[:, None] * k + words
                add = np.add if self.pooling == "mean" else np.maximum
                add.at(pooled, place.ravel(), weights.ravel())
        return self._scaled(pooled.reshape(n, regions * k))

    def _assign(self, descriptors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Nearest words of each descriptor and its weight for each, shape (m, neighbours) both."""
        # Integers below 2^24 are exact in single precision, so the distances depend neither on the order of
        # the sums nor on which other descriptors are in the batch.
        words, rows = self.vocabulary.astype(np.float32), descriptors.astype(np.float32)
        distance = (words * words).sum(axis=1) - rows @ (2 * words.T)
        distance += (rows * rows).sum(axis=1)[:, None]
        count = min(self.neighbours, len(words))
        nearest = np.argpartition(distance, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(distance, nearest, axis=1)
        near -= near.min(axis=1, keepdims=True)
        weights = np.exp(near * np.float32(-self.softness / self.length**2))
        return nearest, weights / weights.sum(axis=1, keepdims=True)

    def _regions(self, places: np.ndarray) -> list[np.ndarray]:
        """Region of each keypoint in each layer, counted through all layers."""
        found, before = [], 0
        for grid in self.layers:
            column, row = (places * grid // 256).T
            found.append(before + row * grid + column)
            before += grid * grid
        return found

    def _scaled(self, pooled: np.ndarray) -> np.ndarray:
        if self.pooling == "mean":
            return pooled
        length = np.sqrt(np.einsum("ij,ij->i", pooled, pooled))[:, None]
        return pooled / np.where(length > 0, length, 1)
