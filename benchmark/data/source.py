"""`Source`: weakly labelled images that something is learned from before the target set is seen."""

import dataclasses

import numpy as np

from benchmark.data.fingerprint import value_hash
from benchmark.data.imageset import ImageSet

GENERATED = "synthetic"
"""Name of the embedded source: generated pictures, not photographs."""


@dataclasses.dataclass(frozen=True)
class Source:
    """Images with weak labels: concepts they show (ANPs, attributes) and a sentiment.

    Attributes
    ----------
    name : str
        Such as ``captions`` or ``sun``; several joined: ``coco+mvsa``.
    images : ImageSet
        All images, duplicates grouped, ordered by the hash of the image bytes.
    names : tuple of str
        File names, for people.
    concepts : tuple of str
        K names, such as ``happy_dog`` or ``natural light``.
    positive : ndarray of bool, shape (n, K)
        Whether an image shows a concept, as far as the weak label says.
    judged : ndarray of bool, shape (n, K)
        Whether that label may be used at all; False where nothing is known.
    support : tuple of str
        For each concept, where its labels come from: ``human votes``, ``mined ANP``, ``query``,
        ``category mean``, ``caption words``, ``simulated votes``, a mix joined by `` + ``, or ``none``.
    sentiment : ndarray of float64, shape (K,), or None
        Sentiment value of each ANP, about -2 to 2; NaN where it has none.
    labels : ndarray of int64, shape (n,)
        Weak sentiment of the image: 1 positive, 0 negative, -1 unknown.
    true_labels : ndarray of int64, shape (n,), or None
        Known or human labels, for judging the weak ones, never for training; -1 unknown.
    measured : ndarray of bool, shape (n,), or None
        Images whose labels are good enough to measure with (human votes); None for all.
    notes : tuple of str
        What a reader should know: how many were dropped and why, how labels were made.
    """

    name: str
    images: ImageSet
    names: tuple[str, ...]
    concepts: tuple[str, ...]
    positive: np.ndarray
    judged: np.ndarray
    support: tuple[str, ...]
    sentiment: np.ndarray | None
    labels: np.ndarray
    true_labels: np.ndarray | None = None
    measured: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @property
    def keys(self) -> tuple[str, ...]:
        """Hash of each image's bytes: what it can be found again by, wherever it lies."""
        return tuple(self.images._keys.tolist())

    def take(self, index: np.ndarray) -> "Source":
        """Some of the images, in the order given."""
        return dataclasses.replace(
            self,
            images=self.images[index],
            names=tuple(self.names[i] for i in index),
            positive=self.positive[index],
            judged=self.judged[index],
            labels=self.labels[index],
            true_labels=None if self.true_labels is None else self.true_labels[index],
            measured=None if self.measured is None else self.measured[index],
        )

    @property
    def digest(self) -> str:
        """Hash of the images and everything said of them."""
        labels = [
            self.positive,
            self.judged,
            self.sentiment,
            self.labels,
            list(self.concepts),
            list(self.support),
        ]
        return value_hash([self.name, self.images.keys_digest, self.images.groups, self.measured, *labels])
