"""Corruptions: shape, what each does, that chance depends on the image alone, and that strength grows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import draw_image
from PIL import Image

from benchmark.data.corruptions import CORRUPTIONS, KINDS, Corruption, corrupt


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A drawn image with edges, 128 x 128."""
    image = Image.fromarray(draw_image(np.random.default_rng(0), True)).convert("RGB")
    return np.asarray(image.resize((128, 128)))


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other).mean())


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=str)
def test_an_image_stays_an_image_and_changes(picture: np.ndarray, corruption: Corruption) -> None:
    worse = corrupt(picture, corruption, "key")
    assert (worse.shape, worse.dtype) == (picture.shape, np.uint8)
    assert apart(worse, picture) > 0
    assert np.array_equal(worse, corrupt(picture, corruption, "key"))


@pytest.mark.parametrize("kind", KINDS)
def test_more_strength_is_further_from_the_image(picture: np.ndarray, kind: str) -> None:
    distances = [
        np.mean([apart(corrupt(picture, Corruption(kind, s), str(key)), picture) for key in range(12)])
        for s in (1, 2, 3)
    ]
    assert distances[0] < distances[1] < distances[2]


def test_chance_is_the_images_own(picture: np.ndarray) -> None:
    """Neither the order of images nor what was drawn before has a say; another image gets another draw."""
    for kind in ("noise", "crop"):
        one, other = (corrupt(picture, Corruption(kind, 2), key) for key in ("a", "b"))
        np.random.default_rng().random(5)
        assert np.array_equal(one, corrupt(picture, Corruption(kind, 2), "a"))
        assert not np.array_equal(one, other)


def test_each_kind_does_what_it_says(picture: np.ndarray) -> None:
    edges = [
        np.abs(np.diff(p.astype(float), axis=0)).mean()
        for p in (picture, corrupt(picture, Corruption("blur", 3), "k"))
    ]
    assert edges[1] < 0.7 * edges[0]
    flat = np.full((64, 64, 3), 128, dtype=np.uint8)
    assert corrupt(flat, Corruption("noise", 2), "k").std() == pytest.approx(25.5, rel=0.05)
    assert apart(corrupt(flat, Corruption("jpeg", 1), "k"), flat) < 2
    assert np.array_equal(corrupt(flat, Corruption("crop", 3), "k"), flat)
    levels = {int(corrupt(flat, Corruption("brightness", 1), str(k)).mean()) for k in range(20)}
    assert levels == {round(128 / 1.3), round(128 * 1.3)}


def test_a_crop_is_a_window_of_the_image() -> None:
    ramp = np.tile(np.arange(100, dtype=np.uint8)[:, None, None], (1, 100, 3))
    worse = corrupt(ramp, Corruption("crop", 3), "k")
    assert int(worse.max()) - int(worse.min()) == pytest.approx(45, abs=2)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(CORRUPTIONS), st.integers(0, 255), st.sampled_from([1, 16, 33]))
def test_extreme_images_are_not_out_of_range(corruption: Corruption, value: int, side: int) -> None:
    worse = corrupt(np.full((side, side, 3), value, dtype=np.uint8), corruption, "key")
    assert worse.shape == (side, side, 3)
    if corruption.kind in ("crop", "blur"):
        assert (worse == value).all()


def test_unknown_corruptions_are_refused(picture: np.ndarray) -> None:
    for wrong in (Corruption("rain", 1), Corruption("blur", 4)):
        with pytest.raises(ValueError, match=f"no corruption '{wrong}'"):
            corrupt(picture, wrong, "k")
