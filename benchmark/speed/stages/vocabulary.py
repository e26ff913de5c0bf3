"""The visual vocabulary: k-means of descriptors, and the word of each descriptor."""

from collections.abc import Callable, Iterator

import numpy as np
from sklearn.cluster import KMeans

from benchmark.data.store import Ragged
from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

LENGTH = 128

WORSE = 1.0005
"""Inertia that the product may have, relative to the peer's."""


def cases(settings: Settings) -> Iterator[Case]:
    """k-means of descriptors, and assigning them to words, all cores."""
    n, words, iterations = (4000, 25, 4) if settings.quick else (500_000, 1000, 20)
    rows = descriptors(n)
    floats = rows.astype(np.float32)
    vocabulary = product("baselines.vocabulary", "Vocabulary")(
        words=words, sample=n, iterations=iterations, descriptors=ListedDescriptors.kind()
    )
    listed = ListedDescriptors(rows)
    yield Case(
        name=f"{words:,} words, {n:,} x {LENGTH}, {iterations} iterations",
        unit="iterations",
        products=(Side("Vocabulary", lambda: vocabulary.learn(listed), iterations),),
        peers=(
            Peer(
                Side("KMeans(lloyd)", lambda: with_kmeans(floats, words, iterations), iterations), reach=1.3
            ),
        ),
        check=lambda ours, theirs: [no_worse(rows, ours[0], theirs[0])],
        rounds=3,
        note="generated descriptors; both begin with the same centres and end after the same iterations",
    )
    centres = vocabulary.learn(listed)
    yield Case(
        name=f"assignment to {words:,} words",
        unit="descriptors",
        products=(Side("nearest_words", lambda: nearest(rows, centres), n),),
        peers=(Peer(Side("KMeans.predict", predictor(centres, floats), n), reach=1.3),),
        check=lambda ours, theirs: [same_labels(ours[0], theirs[0])],
        note="the peer gets the descriptors as floats, the product as the bytes that they are stored as",
    )


def descriptors(n: int, seed: int = 0) -> np.ndarray:
    """Descriptors like SIFT's, uint8, shape (n, 128): clustered, sparse, of length about 512."""
    rng = np.random.default_rng(seed)
    kinds = rng.gamma(0.7, 1.0, (4000, LENGTH)).astype(np.float32)
    rows = np.empty((n, LENGTH), dtype=np.uint8)
    for start in range(0, n, 10_000):
        part = kinds[rng.integers(0, len(kinds), min(10_000, n - start))]
        part = part * rng.gamma(2.0, 0.5, part.shape).astype(np.float32)
        part *= 512 / np.linalg.norm(part, axis=1, keepdims=True)
        rows[start : start + len(part)] = part.clip(0, 255)
    return rows


class ListedDescriptors:
    """Stands where a vocabulary expects images: it gives their descriptors and nothing else.

    Parameters
    ----------
    rows : ndarray of uint8, shape (n, 128)
    """

    IMAGES = 500

    def __init__(self, rows: np.ndarray) -> None:
        places = np.zeros((len(rows), 2), dtype=np.uint8)
        self._parts = np.array_split(np.hstack([rows, places]), self.IMAGES)

    @staticmethod
    def kind() -> object:
        """The kind of descriptor that they pass for."""
        return product("baselines.features.sift", "Sift")()

    def __len__(self) -> int:
        return len(self._parts)

    def __getitem__(self, index: slice) -> "ListedDescriptors":
        some = object.__new__(ListedDescriptors)
        some._parts = self._parts[index]
        return some

    def features(self, kind: object) -> Ragged:
        """The descriptors of these images."""
        return Ragged(np.concatenate(self._parts), np.array([len(part) for part in self._parts]))


def with_kmeans(rows: np.ndarray, words: int, iterations: int) -> np.ndarray:
    """The peer: scikit-learn's Lloyd with its own threads; returns the centres."""
    first = product("baselines.lloyd", "first_centres")(rows, words, 0)
    means = KMeans(words, init=first, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
    return means.fit(rows).cluster_centers_


def no_worse(rows: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> Check:
    """The product's words leave no greater squared error than the peer's, but for what is allowed."""
    ratio = inertia(rows, ours) / inertia(rows, theirs)
    return Check("inertia relative to the peer's", f"{ratio:.5f}", f"at most {WORSE}", bool(ratio <= WORSE))


def inertia(rows: np.ndarray, centres: np.ndarray) -> float:
    """Sum of the squared distances to the nearest centre, by the definition."""
    near = centres.astype(np.float32)
    total = 0.0
    for start in range(0, len(rows), 5000):
        part = rows[start : start + 5000].astype(np.float32)
        labels = (part @ (2 * near.T) - (near * near).sum(axis=1)).argmax(axis=1)
        apart = part.astype(np.float64) - centres[labels]
        total += float(np.einsum("nd,nd->", apart, apart))
    return total


def nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The product: the word of each descriptor."""
    return product("baselines.vocabulary", "nearest_words")(rows, centres)


def predictor(centres: np.ndarray, rows: np.ndarray) -> Callable[[], np.ndarray]:
    """The peer: ``predict`` of a k-means whose centres are the words."""
    floats = centres.astype(np.float32)
    means = KMeans(len(floats), init=floats, n_init=1, max_iter=1).fit(floats)  # each its own cluster
    means.cluster_centers_ = floats
    return lambda: means.predict(rows)


def same_labels(ours: np.ndarray, theirs: np.ndarray) -> Check:
    """Every descriptor gets the same word."""
    differ = int(np.sum(ours != theirs))
    return Check("descriptors with another word", f"{differ:,}", "0", differ == 0)
