"""From the files of a training source to its images: each picture once, in the canonical order."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.duplicates import duplicate_groups, hash_files, undecodable
from benchmark.data.imageset import ImageSet
from benchmark.data.store import FeatureStore

NAMED = 5
"""Files named in a note before the rest is only counted."""


@dataclasses.dataclass(frozen=True)
class SourceImages:
    """The images of a source and the rows of its label files that speak of them.

    Attributes
    ----------
    images : ImageSet
        Every content once, ordered by the hash of the bytes; near-duplicates share a group.
    names : tuple of str
        Of each image, the first of its names.
    rows : tuple of ndarray of int64
        Of each image, the rows that name it or a byte-identical copy.
    notes : tuple of str
        Copies joined and damaged files left out.
    """

    images: ImageSet
    names: tuple[str, ...]
    rows: tuple[np.ndarray, ...]
    notes: tuple[str, ...]

    def any(self, matrix: np.ndarray) -> np.ndarray:
        """Of a boolean matrix of shape (rows, K), whether any row of each image says yes: (n, K)."""
        return np.array([matrix[rows].any(axis=0) for rows in self.rows], dtype=bool).reshape(
            len(self.rows), *matrix.shape[1:]
        )

    def agreed(self, labels: Sequence[int] | np.ndarray) -> np.ndarray:
        """Of one label a row (1, 0 or -1 unknown), that of each image, int64 (n,); -1 where rows disagree."""
        values = np.asarray(labels, dtype=np.int64)
        merged = []
        for rows in self.rows:
            known = set(values[rows].tolist()) - {-1}
            merged.append(known.pop() if len(known) == 1 else -1)
        return np.array(merged, dtype=np.int64)


def source_images(paths: Sequence[Path], names: Sequence[str], store: FeatureStore) -> SourceImages:
    """Hash, order and group images, and leave out those that cannot be decoded.

    Parameters
    ----------
    paths, names : sequence
        Of each row; a file may be named by several rows.

    Raises
    ------
    DatasetError
        There is no row, files are missing or empty, or none can be decoded.
    """
    if not len(paths):
        raise DatasetError("the source names no image; add a line or a file an image")
    first = {name: row for row, name in reversed(list(enumerate(names)))}
    unique = sorted(first)
    keys = hash_files([paths[first[name]] for name in unique], unique)
    key_of = dict(zip(unique, keys, strict=True))
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(key_of[name], []).append(row)
    name_of = {key: name for name, key in reversed(list(zip(unique, keys, strict=True)))}
    order = sorted(rows)
    images = ImageSet(order, store, paths=[paths[first[name_of[key]]] for key in order])
    damaged = undecodable(images, [name_of[key] for key in order])
    if len(damaged) == len(order):
        raise DatasetError(f"no image can be decoded; the first: {damaged[0]}")
    kept = [i for i in range(len(order)) if i not in damaged]
    chosen = [name_of[order[i]] for i in kept]
    images = images[np.array(kept, dtype=np.int64)]
    groups = duplicate_groups(images, chosen)
    images = ImageSet([order[i] for i in kept], store, groups, images._paths)
    notes = []
    if len(unique) > len(order):
        notes.append(f"{len(unique) - len(order)} byte-identical copies were joined with their originals")
    if damaged:
        notes.append(
            f"{len(damaged)} damaged files were left out: {some(sorted(name_of[order[i]] for i in damaged))}"
        )
    return SourceImages(
        images, tuple(chosen), tuple(np.array(rows[order[i]], dtype=np.int64) for i in kept), tuple(notes)
    )


def some(names: Sequence[str], most: int = NAMED) -> str:
    """The first names, and how many more there are."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
