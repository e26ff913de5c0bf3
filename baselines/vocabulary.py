"""The visual vocabulary: k-means of local descriptors, and the word of each descriptor."""

import dataclasses
from typing import Any, ClassVar

import numpy as np

from baselines.features.local import appearance
from baselines.features.sift import Sift
from baselines.lloyd import first_centres, lloyd, nearest_centres
from benchmark.data.extractor import Codebook, Extractor
from benchmark.data.imageset import ImageSet
from benchmark.data.store import Ragged

IMAGES = 64
"""Images whose descriptors are held at a time while sampling."""

ENOUGH = 4
"""Times the number of words: so many descriptors nearly always show that there are more different ones."""


@dataclasses.dataclass(frozen=True)
class Vocabulary(Codebook):
    """Visual words: the centres of k-means on descriptors of the given images (Sivic & Zisserman 2003).

    The centres are rounded to the integers that descriptors are made of, as in the integer k-means of VLFeat
    (Vedaldi & Fulkerson 2010). That costs some .01 % of the quantisation error and makes all distances
    between descriptors and words exact in single precision.

    Attributes
    ----------
    words : int
        Size of the vocabulary, at least 1.
    sample : int
        Descriptors to learn from, about: each image gives an equal share, or all it has if that is less.
    iterations : int
        Lloyd iterations at most. On real photographs the squared error after 10 is within .5 % of its end.
    seed : int
        Of the sample and of the first centres.
    descriptors : Extractor
        Local descriptors, see `baselines.features.local`.
    """

    words: int = 1000
    sample: int = 100_000
    iterations: int = 10
    seed: int = 0
    descriptors: Extractor = dataclasses.field(default_factory=Sift)

    def __post_init__(self) -> None:
        if self.words < 1:
            raise ValueError(f"Vocabulary: words is {self.words}; a vocabulary has at least 1")

    def learn(self, images: Any) -> np.ndarray:
        """Learn the words.

        Parameters
        ----------
        images : ImageSet
            Training images.

        Returns
        -------
        ndarray of uint8, shape (k, d)
            ``k`` is ``words``. Where the sample holds no more different descriptors than that, they are the
            words themselves and ``k`` is their number: 0 if the images have no keypoints at all.
        """
        sample = self._sample(images)
        if len(np.unique(sample[: ENOUGH * self.words], axis=0)) <= self.words:  # spares sorting all of them
            different = np.unique(sample, axis=0)
            if len(different) <= self.words:
                return different
        means = lloyd(sample, first_centres(sample, self.words, self.seed), self.iterations)
        return np.rint(means).clip(0, 255).astype(np.uint8)

    def _sample(self, images: ImageSet) -> np.ndarray:
        """Draw descriptors of all images, shape (m, d), reading a few images at a time."""
        rng = np.random.default_rng(self.seed)
        share = -(-self.sample // max(len(images), 1))
        drawn = []
        for start in range(0, len(images), IMAGES):
            part = images[start : start + IMAGES].features(self.descriptors)
            for rows in np.split(appearance(part.values), np.cumsum(part.counts)[:-1]):
                if len(rows) > share:
                    rows = rows[np.sort(rng.choice(len(rows), share, replace=False))]
                drawn.append(rows)
        return np.concatenate(drawn) if drawn else np.empty((0, 0), dtype=np.uint8)


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisualWords(Extractor):
    """The word of each local descriptor of an image: hard assignment to the nearest.

    Attributes
    ----------
    vocabulary : ndarray of uint8, shape (k, d)
        As from `Vocabulary`.
    descriptors : Extractor
        Those that the vocabulary was learned from.
    """

    vocabulary: np.ndarray
    descriptors: Extractor = dataclasses.field(default_factory=Sift)
    ragged: ClassVar[bool] = True

    @property
    def source(self) -> Extractor:
        """The local descriptors."""
        return self.descriptors

    def extract(self, pixels: Ragged) -> list[np.ndarray]:
        """Name the descriptors of each image.

        Parameters
        ----------
        pixels : Ragged
            Descriptors of n images.

        Returns
        -------
        list of n ndarrays of unsigned int, shape (k_i, 1)
            Indices into the vocabulary, in the order of the descriptors. An empty vocabulary names nothing:
            (0, 1) for every image.
        """
        kind = np.min_scalar_type(len(self.vocabulary))
        if len(self.vocabulary) == 0:
            return [np.empty((0, 1), dtype=kind) for _ in pixels.counts]
        words = nearest_words(appearance(pixels.values), self.vocabulary).astype(kind)
        return np.split(words[:, None], np.cumsum(pixels.counts)[:-1])


def nearest_words(descriptors: np.ndarray, vocabulary: np.ndarray) -> np.ndarray:
    """Index of the nearest word (Euclidean) of each descriptor; of equally near ones the first.

    Parameters
    ----------
    descriptors : ndarray of uint8, shape (m, d)
    vocabulary : ndarray of uint8, shape (k, d)
        At least one word; d at most 128.

    Returns
    -------
    ndarray of int32, shape (m,)
    """
    # All terms of the comparison are integers below 2^24, which single precision holds exactly, so the result
    # does not depend on the order of the sums: neither on the processor, nor on which other images are there.
    return nearest_centres(descriptors, vocabulary.astype(np.float32))
