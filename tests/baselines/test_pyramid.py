"""The spatial pyramid of visual words: places, weights and maxima that can be worked out by hand."""

import io
import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.hog import Hog2x2
from baselines.features.local import appearance
from baselines.features.pyramid import WordPyramid
from baselines.features.sift import Sift
from baselines.vocabulary import Vocabulary, nearest_words
from benchmark.data.pixels import decode
from benchmark.data.store import Ragged

WORDS = np.diag([200, 200, 200, 200]).astype(np.uint8)
"""Four words of four numbers, equally far from each other."""


def textures(n, seed=0):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
    return np.stack([cv2.resize(image, (256, 256), interpolation=cv2.INTER_CUBIC) for image in coarse])


def ragged(*images):
    """Keypoints of images, each a list of (descriptor, x, y)."""
    rows = [[(*descriptor, x, y) for descriptor, x, y in image] for image in images]
    width = WORDS.shape[1] + 2
    values = np.array([row for image in rows for row in image], dtype=np.uint8).reshape(-1, width)
    return Ragged(values, np.array([len(image) for image in rows]))


def random_keypoints(seed, counts, numbers=4):
    rng = np.random.default_rng(seed)
    return Ragged(rng.integers(0, 256, (sum(counts), numbers + 2), dtype=np.uint8), np.array(counts))


def test_places_are_relative_to_the_side():
    small = cv2.resize(textures(1)[0], (128, 128))
    (rows,) = Sift(size=128).extract(small[None])
    points = cv2.SIFT.create().detect(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), None)
    assert np.abs(rows[:, 128:] - 2 * np.array([k.pt for k in points])).max() <= 2


@pytest.mark.parametrize(
    ("row", "column", "region"), [(20, 20, 1), (20, 190, 2), (190, 20, 3), (190, 190, 4)]
)
def test_a_keypoint_in_a_corner_counts_in_that_quarter_and_in_the_whole(row, column, region):
    image = np.zeros((256, 256, 3), dtype=np.uint8)
    image[row : row + 48, column : column + 48] = textures(1)[0, :48, :48]
    (rows,) = Sift().extract(image[None])
    assert len(rows) > 0
    words = np.unique(rows[:, :128], axis=0)
    found = WordPyramid(vocabulary=words).extract(Ragged(rows, np.array([len(rows)])))
    by_region = found.reshape(5, len(words))
    assert np.flatnonzero(by_region.any(axis=1)).tolist() == [0, region]
    assert np.array_equal(by_region[0], by_region[region])


@pytest.mark.parametrize(("place", "region"), [((127, 0), 1), ((128, 0), 2), ((0, 128), 3), ((255, 255), 4)])
def test_quarters_meet_in_the_middle_and_are_numbered_row_by_row(place, region):
    found = WordPyramid(vocabulary=WORDS, neighbours=1).extract(ragged([(WORDS[3], *place)]))
    expected = np.zeros((5, 4))
    expected[[0, region], 3] = 1 / np.sqrt(2)
    assert np.allclose(found.reshape(5, 4), expected)


def test_layers_follow_each_other_in_the_order_given():
    found = WordPyramid(vocabulary=WORDS, neighbours=1, layers=(2, 1, 4)).extract(
        ragged([(WORDS[0], 200, 90)])
    )
    by_region = found.reshape(4 + 1 + 16, 4)[:, 0]
    assert np.flatnonzero(by_region).tolist() == [1, 4, 5 + 4 * 1 + 3]


def test_soft_weights_are_those_of_the_formula():
    words = np.array([[0, 0, 0, 0], [100, 0, 0, 0], [0, 255, 255, 255]], dtype=np.uint8)
    keypoints = ragged([((40, 0, 0, 0), 10, 10)])
    pyramid = WordPyramid(vocabulary=words, layers=(1,), neighbours=2, softness=3, length=100)
    near, far = np.exp(-3 * 0.4**2), np.exp(-3 * 0.6**2)
    expected = np.array([near, far, 0]) / np.hypot(near, far)
    assert np.allclose(pyramid.extract(keypoints)[0], expected, atol=1e-6)


def test_harder_assignment_gives_all_weight_to_the_nearest_word():
    keypoints = random_keypoints(0, [6])
    soft, hard = (
        WordPyramid(vocabulary=WORDS, neighbours=4, softness=s).extract(keypoints) for s in (1e-6, 1e6)
    )
    assert np.allclose(hard, WordPyramid(vocabulary=WORDS, neighbours=1).extract(keypoints))
    assert np.allclose(soft[0, :4], soft[0, 0], rtol=1e-3)  # no preference at all


def test_the_maximum_does_not_count_repetitions_and_the_mean_does():
    once = ragged([(WORDS[0], 9, 9), (WORDS[1], 9, 9)])
    often = ragged([(WORDS[0], 9, 9)] * 3 + [(WORDS[1], 9, 9)])
    highest = WordPyramid(vocabulary=WORDS, neighbours=1)
    assert np.array_equal(highest.extract(once), highest.extract(often))
    mean = WordPyramid(vocabulary=WORDS, neighbours=1, layers=(1,), pooling="mean")
    assert mean.extract(often)[0].tolist() == [0.75, 0.25, 0, 0]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), counts=st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_the_whole_is_the_maximum_of_its_quarters_and_has_length_one(seed, counts):
    found = WordPyramid(vocabulary=WORDS).extract(random_keypoints(seed, counts))
    by_region = found.reshape(len(counts), 5, 4)
    assert np.array_equal(by_region[:, 0], by_region[:, 1:].max(axis=1))
    assert np.allclose(np.linalg.norm(found, axis=1), np.array(counts) > 0, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), count=st.integers(1, 12))
def test_the_order_of_keypoints_does_not_count_and_a_mirror_exchanges_quarters(seed, count):
    keypoints = random_keypoints(seed, [count])
    pyramid = WordPyramid(vocabulary=WORDS)
    plain = pyramid.extract(keypoints)
    shuffled = np.random.default_rng(seed).permutation(keypoints.values)
    assert np.array_equal(plain, pyramid.extract(Ragged(shuffled, keypoints.counts)))
    mirrored = keypoints.values.copy()
    mirrored[:, -2] = 255 - mirrored[:, -2]
    other = pyramid.extract(Ragged(mirrored, keypoints.counts)).reshape(5, 4)
    assert np.allclose(other, plain.reshape(5, 4)[[0, 2, 1, 4, 3]], atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_mean_of_hard_words_is_the_histogram_of_each_region(seed):
    keypoints = random_keypoints(seed, [20, 0, 7])
    vocabulary = np.random.default_rng(seed + 1).integers(0, 256, (6, 4), dtype=np.uint8)
    pyramid = WordPyramid(vocabulary=vocabulary, neighbours=1, layers=(1, 3), pooling="mean")
    found = pyramid.extract(keypoints).reshape(3, 10, 6)
    first = keypoints.values[:20]
    words = nearest_words(first[:, :4], vocabulary)
    region = first[:, 5].astype(int) * 3 // 256 * 3 + first[:, 4].astype(int) * 3 // 256
    expected = np.zeros((9, 6))
    np.add.at(expected, (region, words), 1 / 20)
    assert np.allclose(found[0, 1:], expected, atol=1e-6)
    assert np.allclose(found[0, 0], np.bincount(words, minlength=6) / 20, atol=1e-6)
    assert not found[1].any()


def test_the_result_depends_neither_on_the_batch_nor_on_the_chunks(monkeypatch):
    counts = [30, 0, 7, 45]
    keypoints = random_keypoints(0, counts, numbers=128)
    vocabulary = np.random.default_rng(1).integers(0, 256, (50, 128), dtype=np.uint8)
    edges = np.cumsum([0, *counts])
    parts = [Ragged(keypoints.values[a:b], np.array([b - a])) for a, b in itertools.pairwise(edges)]
    for pooling in ("max", "mean"):
        pyramid = WordPyramid(vocabulary=vocabulary, pooling=pooling)
        together = pyramid.extract(keypoints)
        assert together.dtype == np.float32
        assert np.array_equal(together, np.concatenate([pyramid.extract(part) for part in parts]))
        with monkeypatch.context() as patch:
            patch.setattr("baselines.features.pyramid.CHUNK", 11)
            assert np.array_equal(together, pyramid.extract(keypoints))


def test_no_keypoints_give_zeros_and_no_words_give_no_columns():
    nothing = Ragged(np.empty((0, 6), dtype=np.uint8), np.array([0, 0]))
    assert np.array_equal(WordPyramid(vocabulary=WORDS).extract(nothing), np.zeros((2, 20)))
    empty = WordPyramid(vocabulary=np.empty((0, 4), dtype=np.uint8))
    assert empty.extract(random_keypoints(0, [3, 0])).shape == (2, 0)
    flat = np.full((1, 256, 256, 3), 9, dtype=np.uint8)
    assert Sift().extract(flat)[0].shape == (0, 130)


def test_fewer_words_than_neighbours_are_all_used():
    found = WordPyramid(vocabulary=WORDS[:2], layers=(1,)).extract(ragged([((9, 9, 0, 0), 0, 0)]))
    assert np.allclose(found, np.sqrt(0.5))


def test_through_the_store_keypoints_are_found_once(make_dataset, monkeypatch):
    images = make_dataset(8).images
    seen = []
    extract = Sift.extract

    def counted(self, pixels):
        seen.append(len(pixels))
        return extract(self, pixels)

    monkeypatch.setattr(Sift, "extract", counted)
    words = images.learned(Vocabulary(words=15, descriptors=Sift()))
    found = images.features(WordPyramid(vocabulary=words))
    assert words.shape == (15, 128)
    assert found.shape == (8, 5 * 15)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert sum(seen) == 8


def test_dense_descriptors_become_words_in_the_same_way(make_dataset):
    images = make_dataset(4).images
    dense = Hog2x2()
    descriptors = appearance(images.features(dense).values)
    assert descriptors.shape == (4 * 225, 124)
    words = np.unique(descriptors, axis=0)[::40]
    pyramid = WordPyramid(vocabulary=words, keypoints=dense, layers=(1, 2, 4), neighbours=1, pooling="mean")
    found = images.features(pyramid).reshape(4, 21, len(words))
    assert np.allclose(found[:, 0].sum(axis=1), 1, atol=1e-5)
    # Of 15 columns of descriptors, the seven left of the middle are in the first quarter.
    assert np.allclose(found[:, 1].sum(axis=1), 49 / 225, atol=1e-5)


def test_other_settings_are_stored_apart():
    first = WordPyramid(vocabulary=WORDS).fingerprint()
    assert WordPyramid(vocabulary=WORDS.copy()).fingerprint() == first
    for changed in ({"vocabulary": WORDS + 1}, {"layers": (1,)}, {"keypoints": Hog2x2()}, {"softness": 5.0}):
        assert WordPyramid(**{"vocabulary": WORDS, **changed}).fingerprint() != first


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"layers": ()}, "layers is"),
        ({"layers": (1, 0)}, "layers is"),
        ({"neighbours": 0}, "neighbours is 0"),
        ({"softness": 0.0}, "softness is 0"),
        ({"length": -1.0}, "length -1"),
        ({"pooling": "sum"}, "pooling is 'sum'"),
    ],
)
def test_impossible_settings_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        WordPyramid(vocabulary=WORDS, **changed)


@pytest.mark.real
def test_photographs_give_different_pyramids(real_data, store):
    from benchmark.data.imageset import ImageSet

    paths = sorted((real_data / "twitter" / "images").glob("*.jpg"))[:12]
    images = ImageSet([path.name for path in paths], store, paths=paths)
    words = images.learned(Vocabulary(words=100, descriptors=Sift()))
    found = images.features(WordPyramid(vocabulary=words))
    likeness = found @ found.T
    assert np.allclose(np.diag(likeness), 1, atol=1e-5)
    assert likeness[~np.eye(12, dtype=bool)].max() < 0.95


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    (rows,) = Sift().extract(image[None])
    found = WordPyramid(vocabulary=np.eye(128, dtype=np.uint8)).extract(Ragged(rows, np.array([len(rows)])))
    assert np.isfinite(found).all()
