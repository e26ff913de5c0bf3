"""Features of images that are not described: mixed from those of two others, which costs next to nothing.

For a machine that has no hour to spare: a step that describes images one by one costs the same for each, so a
sample of them tells its time, if the store is as full as it would be. The steps after it need rows of the
true size and variety, not true rows.
"""

import numpy as np

from benchmark.data.extractor import Extractor
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.data.store import FeatureStore, Ragged
from benchmark.data.synthetic.content import generator

SHARE = 0.75
"""Of the first of the two."""


def lenders(first: int, last: int, described: int) -> np.ndarray:
    """Two of the first ``described`` images for each of ``first`` to ``last - 1``, shape (n, 2)."""
    pairs = [generator(0, "lenders", i).choice(described, 2, replace=False) for i in range(first, last)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def borrow(
    store: FeatureStore, images: ImageSet, others: ImageSet, which: np.ndarray, extractors: list[Extractor]
) -> None:
    """Put mixed features into the store, a batch at a time.

    Parameters
    ----------
    others : ImageSet
        Whose features are there.
    which : ndarray of int64, shape (n, 2)
        Two of ``others`` for each of ``images``.
    """
    for extractor in extractors:
        for start in range(0, len(images), BATCH):
            part = slice(start, start + BATCH)
            one, two = (others[which[part, k]].features(extractor) for k in (0, 1))
            rng = generator(0, type(extractor).__name__, start)
            store.put(extractor, images[part]._keys.tolist(), mixed(one, two, rng))


def mixed(
    one: np.ndarray | Ragged, two: np.ndarray | Ragged, rng: np.random.Generator
) -> np.ndarray | list[np.ndarray]:
    """Rows of both kinds of image: three quarters of the first, one of the second."""
    if isinstance(one, Ragged) and isinstance(two, Ragged):
        pairs = zip(_rows(one), _rows(two), strict=True)
        return [
            np.concatenate([a[rng.random(len(a)) < SHARE], b[rng.random(len(b)) >= SHARE]]) for a, b in pairs
        ]
    first, second = np.asarray(one), np.asarray(two)
    found = SHARE * first + (1 - SHARE) * second
    whole = np.issubdtype(first.dtype, np.integer)
    return (np.rint(found) if whole else found).astype(first.dtype)


def _rows(ragged: Ragged) -> list[np.ndarray]:
    return np.split(ragged.values, np.cumsum(ragged.counts)[:-1])
