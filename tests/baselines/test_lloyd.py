"""Lloyd's algorithm: scikit-learn's, but for rounding; the same bytes on any number of threads."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from baselines.lloyd import GROUP, first_centres, lloyd, nearest_centres


def inertia(rows, centres):
    """Sum of squared distances to the nearest centre."""
    return cdist(rows.astype(float), centres.astype(float), "sqeuclidean").min(axis=1).sum()


def clustered(seed, n, length=16):
    """Rows around a few centres."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 256, (12, length))
    return (kinds[rng.integers(0, 12, n)] + rng.normal(0, 20, (n, length))).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("iterations", [1, 4, 60])
def test_the_centres_are_those_of_scikit_learn(iterations):
    rows = clustered(0, 3000)
    first = first_centres(rows, 8, 1)
    peer = KMeans(8, init=first, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
    with threadpool_limits(1):
        peer.fit(rows.astype(np.float64))
    np.testing.assert_allclose(lloyd(rows, first, iterations), peer.cluster_centers_, atol=1e-3)


def test_the_number_of_threads_does_not_change_a_byte():
    rows = clustered(1, 2 * GROUP + 11)
    first = first_centres(rows, 20, 2)
    found = []
    for threads in (1, 2, 3):
        with threadpool_limits(threads):
            found.append(lloyd(rows, first, 5).tobytes())
    assert found[0] == found[1] == found[2]


def test_a_centre_without_rows_moves_to_the_row_that_lies_farthest_from_its_own():
    rows = np.array([[0, 0], [0, 2], [200, 200]], dtype=np.uint8)
    centres = lloyd(rows, np.array([[0, 1], [0, 1]]), 1)  # equally near: the second gets none
    assert sorted(centres.tolist()) == [[0, 1], [200, 200]]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16), n=st.integers(1, 40), k=st.integers(1, 12), top=st.sampled_from([2, 6, 256])
)
def test_every_iteration_lowers_the_error_and_every_centre_keeps_rows(seed, n, k, top):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, top, (n, 3), dtype=np.uint8)  # a small `top` makes rows that are alike
    k = min(k, n)
    first = first_centres(rows, k, seed)
    errors = [inertia(rows, first)] + [inertia(rows, lloyd(rows, first, t)) for t in (1, 2, 3, 8)]
    assert all(after <= before * (1 + 1e-5) + 1e-3 for before, after in itertools.pairwise(errors))
    centres = lloyd(rows, first, 50)
    assert centres.shape == (k, 3)
    assert np.isfinite(centres).all()


def test_of_equally_near_centres_the_first_is_named():
    rows = np.array([[1, 1], [3, 3]], dtype=np.uint8)
    centres = np.array([[3, 3], [1, 1], [3, 3], [1, 1]], dtype=np.float32)
    assert nearest_centres(rows, centres).tolist() == [1, 0]
