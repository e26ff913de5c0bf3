"""From files and labels to a `Dataset`: read, find copies, put into the canonical order."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmark.data.dataset import Dataset
from benchmark.data.duplicates import duplicate_groups, hash_files
from benchmark.data.fingerprint import digest
from benchmark.data.imageset import ImageSet, opaque_ids
from benchmark.data.store import FeatureStore


def build_dataset(
    name: str,
    paths: Sequence[Path],
    names: Sequence[str],
    labels: Sequence[int] | np.ndarray,
    store: FeatureStore,
    *,
    votes: np.ndarray | None = None,
    subsets: Mapping[str, np.ndarray] | None = None,
    groups: Sequence[int] | np.ndarray | None = None,
    published: bool = False,
    notes: Sequence[str] = (),
    root: Path | None = None,
) -> Dataset:
    """Read the files, find duplicates, and put everything into the canonical order.

    Parameters
    ----------
    groups : array-like of int, shape (n,), optional
        Groups that the user gave; joined with those of the duplicates found.

    Raises
    ------
    DatasetError
        Files are missing, or cannot be decoded: every one of them is named.
    """
    keys = hash_files(paths, names)
    # Of byte-identical files, names could tell the label (``positive/1.jpg``): their hashes do not.
    order = sorted(range(len(keys)), key=lambda i: (keys[i], digest(names[i]), names[i]))
    at = np.array(order, dtype=np.int64)
    ordered = [keys[i] for i in order]
    images = ImageSet(ordered, store, paths=[paths[i] for i in order])
    given = None if groups is None else np.asarray(groups)[at]
    images = ImageSet(
        ordered, store, duplicate_groups(images, [names[i] for i in order], given), images._paths
    )
    chosen = subsets or {"all": np.ones(len(keys), dtype=bool)}
    return Dataset(
        name=name,
        images=images,
        labels=np.asarray(labels, dtype=np.int64)[at],
        names=tuple(names[i] for i in order),
        ids=opaque_ids(images),
        votes=None if votes is None else np.asarray(votes, dtype=np.int64)[at],
        subsets={key: np.asarray(mask, dtype=bool)[at] for key, mask in chosen.items()},
        published=published,
        notes=tuple(notes),
        root=root,
    )
