"""The vocabulary: equal shares, defined small cases, exact assignment."""

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from baselines.features.local import appearance
from baselines.features.sift import Sift
from baselines.lloyd import CHUNK, GROUP
from baselines.vocabulary import VisualWords, Vocabulary, nearest_words
from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet


@dataclasses.dataclass(frozen=True)
class Listed(Extractor):
    """Descriptors that a test puts into the store itself."""

    ragged: ClassVar[bool] = True


def listed_images(store, counts):
    """Images of which the i-th has ``counts[i]`` different descriptors: a running number, then i."""
    keys = [f"key{i}" for i in range(len(counts))]
    descriptors = [np.full((count, 130), i, dtype=np.uint8) for i, count in enumerate(counts)]
    for rows in descriptors:
        rows[:, 0] = np.arange(len(rows))
    store.put(Listed(), keys, descriptors)
    return ImageSet(keys, store)


def error(descriptors, words):
    """Mean squared distance to the nearest word."""
    x, c = descriptors.astype(float), words.astype(float)
    return np.mean(cdist(x, c, "sqeuclidean").min(axis=1))


def test_each_image_gives_an_equal_share_or_all_it_has(store):
    images = listed_images(store, [200, 3, 50, 0])
    words = Vocabulary(words=1000, sample=40, descriptors=Listed()).learn(images)
    kinds, shares = np.unique(words[:, 1], return_counts=True)
    assert kinds.tolist() == [0, 1, 2]
    assert shares.tolist() == [10, 3, 10]


def test_the_whole_of_a_small_set_becomes_the_vocabulary(store):
    words = Vocabulary(words=1000, descriptors=Listed()).learn(listed_images(store, [4, 3]))
    assert words.shape == (7, 128)
    assert words.dtype == np.uint8


def test_repeated_descriptors_count_once_when_there_are_fewer_than_words(store):
    images = listed_images(store, [5])
    twice = images[np.array([0, 0, 0])]
    assert len(Vocabulary(words=6, descriptors=Listed()).learn(twice)) == 5


def test_no_descriptors_give_an_empty_vocabulary_that_names_nothing(store):
    images = listed_images(store, [0, 0, 9])
    words = Vocabulary(words=10, descriptors=Listed()).learn(images[:2])
    assert words.shape == (0, 128)
    found = images.features(VisualWords(vocabulary=words, descriptors=Listed()))
    assert found.counts.tolist() == [0, 0, 0]


def test_a_vocabulary_of_no_words_is_refused():
    with pytest.raises(ValueError, match="words is 0"):
        Vocabulary(words=0)


def test_learning_twice_gives_the_same_bytes_and_another_seed_other_words(make_dataset):
    images = make_dataset(12).images
    first, again = (Vocabulary(words=20, seed=3).learn(images) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert Vocabulary(words=20, seed=4).learn(images).tobytes() != first.tobytes()


def test_words_are_computed_again_when_the_code_of_their_descriptors_changed(monkeypatch):
    extractor = VisualWords(vocabulary=np.zeros((2, 128), dtype=np.uint8))
    before = extractor.fingerprint()
    monkeypatch.setattr(Sift, "fingerprint", lambda self: "of other code")
    assert extractor.fingerprint() != before


def converged(descriptors, words):
    """Centres of scikit-learn's k-means, well initialised and run to its end."""
    with threadpool_limits(1):
        means = KMeans(words, n_init=1, max_iter=300, random_state=0).fit(descriptors.astype(np.float32))
    return means.cluster_centers_


def test_quantisation_is_nearly_that_of_converged_k_means(make_dataset):
    images = make_dataset(12).images
    descriptors = appearance(images.features(Sift()).values)
    ours = Vocabulary(words=30).learn(images)
    assert len(ours) == 30
    assert error(descriptors, ours) <= 1.03 * error(descriptors, converged(descriptors, 30))


def test_the_number_of_threads_of_the_caller_does_not_matter(make_dataset):
    images = make_dataset(6).images
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(Vocabulary(words=20).learn(images).tobytes())
    assert found[0] == found[1]


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    m=st.integers(0, 60),
    k=st.integers(1, 20),
    top=st.sampled_from([2, 20, 256]),
)
def test_assignment_is_exactly_the_nearest_word_and_of_equal_ones_the_first(seed, m, k, top):
    rng = np.random.default_rng(seed)  # a small `top` makes many ties
    descriptors = rng.integers(0, top, (m, 128), dtype=np.uint8)
    vocabulary = rng.integers(0, top, (k, 128), dtype=np.uint8)
    expected = cdist(descriptors.astype(float), vocabulary.astype(float), "sqeuclidean").argmin(axis=1)
    assert np.array_equal(nearest_words(descriptors, vocabulary), expected)


@pytest.mark.parametrize("n", [0, 1, CHUNK, CHUNK + 1, GROUP + 3])
def test_words_are_the_same_for_any_number_of_threads_and_at_the_ends_of_chunks(n):
    rng = np.random.default_rng(n)
    descriptors, vocabulary = (rng.integers(0, 256, (m, 16), dtype=np.uint8) for m in (n, 5))
    expected = cdist(descriptors.astype(float), vocabulary.astype(float), "sqeuclidean").argmin(axis=1)
    for threads in (1, 2):
        with threadpool_limits(threads):
            assert np.array_equal(nearest_words(descriptors, vocabulary), expected)


def test_assignment_is_exact_at_the_largest_values_and_across_chunks(monkeypatch):
    monkeypatch.setattr("baselines.lloyd.CHUNK", 7)
    rng = np.random.default_rng(0)
    descriptors = rng.integers(250, 256, (40, 128), dtype=np.uint8)
    vocabulary = rng.integers(250, 256, (9, 128), dtype=np.uint8)
    expected = cdist(descriptors.astype(float), vocabulary.astype(float), "sqeuclidean").argmin(axis=1)
    assert np.array_equal(nearest_words(descriptors, vocabulary), expected)


def test_words_come_from_the_stored_descriptors_which_are_computed_once(make_dataset, monkeypatch):
    images = make_dataset(10).images
    seen = []
    extract = Sift.extract

    def counted(self, pixels):
        seen.append(len(pixels))
        return extract(self, pixels)

    monkeypatch.setattr(Sift, "extract", counted)
    words = Vocabulary(words=15).learn(images)
    named = images.features(VisualWords(vocabulary=words))
    images.features(VisualWords(vocabulary=words[:7]))
    assert sum(seen) == len(images)
    descriptors = images.features(Sift())
    assert np.array_equal(named.counts, descriptors.counts)
    assert np.array_equal(named.values[:, 0], nearest_words(appearance(descriptors.values), words))


def test_words_are_stored_apart_for_other_vocabularies_and_other_descriptors():
    words = np.zeros((2, 128), dtype=np.uint8)
    first = VisualWords(vocabulary=words).fingerprint()
    assert VisualWords(vocabulary=words.copy()).fingerprint() == first
    assert VisualWords(vocabulary=words + 1).fingerprint() != first
    assert VisualWords(vocabulary=words, descriptors=Sift(size=128)).fingerprint() != first


@pytest.mark.real
def test_quantisation_of_real_photographs_is_within_a_percent_of_converged_k_means(real_data, store):
    paths = sorted((real_data / "twitter" / "images").glob("*.jpg"))[:40]
    images = ImageSet([path.name for path in paths], store, paths=paths)
    descriptors = appearance(images.features(Sift()).values)
    ours = Vocabulary(words=80).learn(images)
    assert error(descriptors, ours) <= 1.01 * error(descriptors, converged(descriptors, 80))
