"""SIFT: exact, ragged, and defined where nothing is found."""

import cv2
import numpy as np
import pytest

from baselines.features.local import appearance, places
from baselines.features.sift import Sift


@pytest.fixture(scope="module")
def textures():
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    return np.stack([cv2.resize(image, (256, 256), interpolation=cv2.INTER_CUBIC) for image in coarse])


def test_descriptors_are_opencvs_stored_exactly_as_bytes(textures):
    found = Sift().extract(textures)
    for image, rows in zip(textures, found, strict=True):
        points, expected = cv2.SIFT.create().detectAndCompute(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None)
        assert rows.dtype == np.uint8
        assert len(rows) > 50
        assert np.array_equal(appearance(rows).astype(np.float32), expected)
        assert np.abs(places(rows) - np.array([point.pt for point in points])).max() <= 1


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_image_of_one_colour_has_no_descriptors(value):
    flat = np.full((1, 256, 256, 3), value, dtype=np.uint8)
    (rows,) = Sift().extract(flat)
    assert rows.shape == (0, 130)
    assert rows.dtype == np.uint8


def test_the_result_depends_neither_on_the_batch_nor_on_the_number_of_threads(textures):
    together = Sift().extract(textures)
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = [Sift().extract(textures[[i]])[0] for i in range(len(textures))]
    finally:
        cv2.setNumThreads(before)
    assert all(np.array_equal(a, b) for a, b in zip(together, alone, strict=True))


def test_grey_is_all_that_counts(textures):
    grey = cv2.cvtColor(cv2.cvtColor(textures[0], cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert np.array_equal(Sift().extract(textures[:1])[0], Sift().extract(grey[None])[0])
