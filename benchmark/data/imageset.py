"""`ImageSet`: the images as a method sees them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.extractor import Codebook, Extractor, Pixels
from benchmark.data.fingerprint import digest
from benchmark.data.locations import path_of
from benchmark.data.pixels import decode
from benchmark.data.store import FeatureStore

BATCH = 64
"""Images decoded or described at a time: 64 of 256 x 256 pixels are 12.6 MB."""


class ImageSet:
    """An immutable sequence of images without names, paths or labels.

    It works where scikit-learn expects an array of samples: ``len``, ``shape``, and indexing by slices,
    integer or boolean arrays and their tuple form. Its order carries no information on labels (datasets are
    ordered by the hash of the image bytes).

    Parameters
    ----------
    keys : sequence of str
        Hash of each image's bytes.
    store : FeatureStore
        Where pixels and features are kept.
    groups : array-like of int, shape (n,), optional
        Images that may not be split between training and test (duplicates) share a number.
    paths : sequence of Path, optional
        The files; None once sealed: then only what the store holds can be read.

    Attributes
    ----------
    shape : tuple of int
        ``(n,)``.
    groups : ndarray of int64, shape (n,)
        Group of each image.
    """

    def __init__(
        self,
        keys: Sequence[str] | np.ndarray,
        store: FeatureStore,
        groups: Sequence[int] | np.ndarray | None = None,
        paths: Sequence[Path] | np.ndarray | None = None,
    ) -> None:
        self._keys = np.asarray(keys, dtype=np.str_).reshape(len(keys))
        self._store = store
        self._paths = None if paths is None else np.array([str(p) for p in paths], dtype=np.str_)
        self.groups = np.arange(len(keys)) if groups is None else np.asarray(groups, dtype=np.int64)
        if len(self.groups) != len(self._keys):
            raise ValueError(f"{len(self._keys)} images but {len(self.groups)} groups")

    @property
    def shape(self) -> tuple[int]:
        """``(n,)``, as an array of n samples."""
        return (len(self._keys),)

    @property
    def keys_digest(self) -> str:
        """Hash of which images these are, in their order."""
        return digest(*self._keys.tolist())

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"ImageSet of {len(self)} images"

    def __getitem__(self, index: Any) -> "ImageSet":
        if isinstance(index, tuple):
            index = index[0]
        if isinstance(index, int | np.integer):
            index = [index]
        if not isinstance(index, slice):
            index = np.atleast_1d(np.asarray(index))
            index = index.astype(np.int64) if index.size == 0 else index
        paths = None if self._paths is None else self._paths[index]
        return ImageSet(self._keys[index], self._store, self.groups[index], paths)

    def load(self, i: int, size: int = 256) -> np.ndarray:
        """Pixels of image ``i``.

        Returns
        -------
        ndarray of uint8, shape (size, size, 3)
            RGB, 0 to 255: the shorter side scaled to ``size``, centre crop.
        """
        return np.asarray(self[[i]].features(Pixels(size=size)))[0]

    def features(self, extractor: Extractor) -> Any:
        """Features of the images, computed now where the store lacks them.

        Returns
        -------
        ndarray of shape (n, d), or `Ragged` if the extractor is
            In the order of the images.
        """
        extractor = _bare(extractor)
        self._compute(extractor)
        return self._store.get(extractor, self._keys.tolist())

    def prepare(self, extractor: Extractor) -> None:
        """Compute and store a feature where it is missing, without reading it."""
        self._compute(_bare(extractor))

    def describe(self, extractor: Extractor) -> None:
        """Compute and store a feature of all of them, which somebody found missing."""
        self._describe(_bare(extractor), np.arange(len(self)))

    def put(self, extractor: Extractor, values: np.ndarray) -> None:
        """Store a feature that comes from elsewhere, where it is missing.

        Parameters
        ----------
        values : ndarray of shape (n, d)
            In the order of the images.

        Raises
        ------
        LookupError
            The images are sealed: a method may read features and put none there.
        ValueError
            There is not one row an image, or the values are not finite.
        """
        if self._paths is None:
            raise LookupError(
                "features cannot be put into a sealed set of images; an Extractor computes them"
            )
        if len(values) != len(self):
            raise ValueError(f"{len(values)} rows of {type(extractor).__name__} for {len(self)} images")
        at = self.missing(extractor)
        if len(at):
            self._store.put(_bare(extractor), self._keys[at].tolist(), values[at])

    def missing(self, extractor: Extractor) -> np.ndarray:
        """Indices of the images whose feature is not stored yet; of equal images, the last."""
        place = {key: i for i, key in enumerate(self._keys.tolist())}
        return np.array([place[key] for key in self._store.missing(_bare(extractor), place)], dtype=np.int64)

    def learned(self, codebook: Codebook) -> np.ndarray:
        """What ``codebook`` learns from these images (no labels), learned once for all who ask."""
        codebook = _bare(codebook)
        return self._store.learned(codebook, self._keys.tolist(), lambda: np.asarray(codebook.learn(self)))

    def sealed(self) -> "ImageSet":
        """The same images without their files: what a method under test receives."""
        return ImageSet(self._keys, self._store, self.groups, None)

    def carrying(self) -> "ImageSet":
        """The same images for another process, which need not look for what this one knows to be stored."""
        return ImageSet(self._keys, self._store.carrying(self._keys.tolist()), self.groups, self._paths)

    def _compute(self, extractor: Extractor) -> None:
        self._describe(extractor, self.missing(extractor))

    def _describe(self, extractor: Extractor, indices: np.ndarray) -> None:
        for start in range(0, len(indices), BATCH):
            at = indices[start : start + BATCH]
            if extractor.source is None:
                values: Any = np.stack([self._decode(i, extractor.size) for i in at])
            else:
                values = extractor.extract(self[at]._sources(extractor))
            self._store.put(extractor, self._keys[at].tolist(), values)

    def _sources(self, extractor: Extractor) -> Any:
        source = extractor.source
        if isinstance(source, tuple):
            return tuple(self.features(one) for one in source)
        return self.features(source) if source else None

    def _decode(self, i: int, size: int) -> np.ndarray:
        if self._paths is None:
            raise LookupError(
                f"pixels of {size} x {size} were not prepared for this run; "
                f"declare them: @register(..., image_sizes=(256, {size}))"
            )
        path = path_of(str(self._paths[i]))
        return decode(path.read_bytes(), size, path.name)


def _bare(setting: Any) -> Any:
    """A copy made from the fields alone, so that nothing else an instance carries has an effect."""
    return type(setting)(**{f.name: getattr(setting, f.name) for f in dataclasses.fields(setting) if f.init})


def store_folder(images: ImageSet) -> Path:
    """Where the features of images are kept. For the harness alone."""
    return images._store.root


def opaque_ids(images: ImageSet) -> tuple[str, ...]:
    """Names that say nothing of the images: 16 hexadecimal digits of the hash, ``~2`` behind a second copy.

    For the harness alone: with the files at hand they join to public labels.
    """
    seen: dict[str, int] = {}
    ids = []
    for key in images._keys.tolist():
        seen[key] = seen.get(key, 0) + 1
        ids.append(key[:16] if seen[key] == 1 else f"{key[:16]}~{seen[key]}")
    return tuple(ids)
