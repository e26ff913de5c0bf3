"""Lloyd's algorithm of k-means on descriptors of bytes, the same on any number of threads."""

import numpy as np
from scipy.sparse import csr_array

from baselines.blas_threads import Map, threaded_map

CHUNK = 512
"""Rows compared at a time: 2 MB of products with 1,000 centres, which stay in a core's cache."""

GROUP = 8192
"""Rows that a thread works through at a time, in the same memory. Sums of so many bytes are exact in single
precision."""


def first_centres(rows: np.ndarray, k: int, seed: int) -> np.ndarray:
    """``k`` of the rows, drawn without replacement."""
    chosen: np.ndarray = rows[np.random.default_rng(seed).choice(len(rows), k, replace=False)]
    return chosen


def lloyd(rows: np.ndarray, centres: np.ndarray, iterations: int) -> np.ndarray:
    """Move centres to the means of the rows nearest to them, again and again (Lloyd 1982).

    The sums of rows are exact, and each product is computed in pieces of fixed size; so the result does not
    depend on the number of threads. A centre without rows moves to the row farthest from its own centre.

    Parameters
    ----------
    rows : ndarray of uint8, shape (n, d)
    centres : ndarray of float, shape (k, d)
        To begin with; k is at most n.
    iterations : int
        At most; it ends when no row changes its centre.

    Returns
    -------
    ndarray of float32, shape (k, d)
    """
    centres = centres.astype(np.float32)
    nearest = np.full(len(rows), -1, dtype=np.int32)
    with threaded_map() as run:
        for _ in range(iterations):
            before = nearest.copy()
            sums = _assign(rows, centres, nearest, run)
            if np.array_equal(before, nearest):
                break
            counts = np.bincount(nearest, minlength=len(centres))
            _fill_empty(rows, centres, nearest, sums, counts)
            centres = (sums / counts[:, None]).astype(np.float32)
    return centres


def nearest_centres(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Index of the nearest centre (Euclidean) of each row; of equally near ones the first.

    Parameters
    ----------
    rows : ndarray of uint8, shape (n, d)
    centres : ndarray of float32, shape (k, d)

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    nearest = np.empty(len(rows), dtype=np.int32)
    lifted = _lifted(centres)

    def compare(first: int) -> None:
        _compare(rows, lifted, nearest, first)

    with threaded_map() as run:
        for _ in run(compare, range(0, len(rows), GROUP)):
            pass
    return nearest


def _assign(rows: np.ndarray, centres: np.ndarray, nearest: np.ndarray, run: Map) -> np.ndarray:
    """Write each row's nearest centre; returns the sums of the rows of each centre, float64 (k, d)."""
    lifted = _lifted(centres)

    def work(first: int) -> np.ndarray:
        _compare(rows, lifted, nearest, first)
        chosen = nearest[first : first + GROUP]
        part = rows[first : first + GROUP].astype(np.float32)
        ones = np.ones(len(part), dtype=np.float32)
        members = csr_array((ones, chosen, np.arange(len(part) + 1)), shape=(len(part), len(centres)))
        summed: np.ndarray = members.T @ part
        return summed

    sums = np.zeros(centres.shape, dtype=np.float64)
    for part in run(work, range(0, len(rows), GROUP)):
        sums += part
    return sums


def _lifted(centres: np.ndarray) -> np.ndarray:
    """For the product whose greatest value is the nearest centre: |x - c|^2 = |x|^2 - (2 x.c - |c|^2)."""
    return np.concatenate([2 * centres.T, -(centres * centres).sum(axis=1)[None]])


def _compare(rows: np.ndarray, lifted: np.ndarray, nearest: np.ndarray, first: int) -> None:
    """Write the nearest centre of a group of rows."""
    floats = np.ones((CHUNK, len(lifted)), dtype=np.float32)
    near = np.empty((CHUNK, lifted.shape[1]), dtype=np.float32)
    for start in range(first, min(first + GROUP, len(rows)), CHUNK):
        part = rows[start : start + CHUNK]
        floats[: len(part), :-1] = part
        found = np.matmul(floats[: len(part)], lifted, out=near[: len(part)])
        nearest[start : start + CHUNK] = found.argmax(axis=1)


def _fill_empty(
    rows: np.ndarray, centres: np.ndarray, nearest: np.ndarray, sums: np.ndarray, counts: np.ndarray
) -> None:
    """Give each centre without rows the row that lies farthest from its own; ``sums``, ``counts`` follow."""
    empty = np.flatnonzero(counts == 0)
    if not len(empty):
        return
    apart = np.empty(len(rows))
    for first in range(0, len(rows), GROUP):
        part = rows[first : first + GROUP] - centres[nearest[first : first + GROUP]]
        apart[first : first + GROUP] = np.einsum("nd,nd->n", part, part)
    farthest = iter(np.argsort(-apart, kind="stable"))
    for centre in empty:
        row = next(i for i in farthest if counts[nearest[i]] > 1)
        sums[nearest[row]] -= rows[row]
        counts[nearest[row]] -= 1
        nearest[row], sums[centre], counts[centre] = centre, rows[row], 1
