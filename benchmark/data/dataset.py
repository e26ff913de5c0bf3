"""`Dataset`: what the harness knows of a set of labelled images and a method does not."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmark.data.fingerprint import value_hash
from benchmark.data.imageset import ImageSet


class DatasetError(ValueError):
    """A dataset cannot be used as it is; the message says what, where, which value and what to do."""


@dataclasses.dataclass(frozen=True)
class Dataset:
    """Labelled images with their names, votes and subsets, ordered by the hash of the image bytes.

    Attributes
    ----------
    name : str
        Such as ``twitter``.
    images : ImageSet
        All images, with the groups of duplicates.
    labels : ndarray of int64, shape (n,)
        1 positive, 0 negative.
    names : tuple of str
        File names relative to the dataset's folder. They join to public labels: no method sees them.
    ids : tuple of str
        Opaque, unique: 16 hexadecimal digits of the image's hash, ``~2`` behind a second copy.
    votes : ndarray of int64, shape (n, 2), or None
        Votes for negative and for positive, where known.
    subsets : mapping of str to ndarray of bool, shape (n,)
        In the order of the tables: ``five``, ``four``, ``three``; or ``all``.
    published : bool
        Whether the paper's figures are about exactly these images.
    notes : tuple of str
        What a reader of the tables should know, such as how the set differs from the published one.
    root : Path or None
        The folder it was read from.
    """

    name: str
    images: ImageSet
    labels: np.ndarray
    names: tuple[str, ...]
    ids: tuple[str, ...]
    votes: np.ndarray | None
    subsets: Mapping[str, np.ndarray]
    published: bool = False
    notes: tuple[str, ...] = ()
    root: Path | None = None

    def __len__(self) -> int:
        return len(self.names)

    @property
    def agreement(self) -> np.ndarray:
        """Votes of the majority, shape (n,); 0 everywhere where votes are not known."""
        return np.zeros(len(self), dtype=np.int64) if self.votes is None else self.votes.max(axis=1)

    @property
    def digest(self) -> str:
        """Hash of the images, labels, votes, groups and subsets."""
        subsets = {name: np.asarray(mask) for name, mask in self.subsets.items()}
        return value_hash([self.name, list(self.ids), self.labels, self.votes, self.images.groups, subsets])


def vote_subsets(votes: np.ndarray) -> dict[str, np.ndarray]:
    """Nested subsets of images with five votes each: all five agree, at least four, at least three.

    Parameters
    ----------
    votes : ndarray of int, shape (n, 2)
        Votes for negative and for positive.
    """
    most = votes.max(axis=1)
    return {"five": most >= 5, "four": most >= 4, "three": most >= 3}
