"""Band histograms: known colours fall into bins that can be computed by hand."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.regions import COLORS, RegionHistograms, lab_bins
from benchmark.data.pixels import decode


def index(lightness, red_green, yellow_blue):
    return (lightness * 14 + red_green) * 14 + yellow_blue


def plain(color, size=30):
    return np.full((1, size, size, 3), color, dtype=np.uint8)


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ((0, 0, 0), index(0, 7, 7)),  # L* 0, a* 0, b* 0
        ((128, 128, 128), index(2, 7, 7)),  # 53.6, 0, 0
        ((255, 255, 255), index(3, 7, 7)),  # 100, 0, 0
        ((255, 0, 0), index(2, 12, 11)),  # 53.2, 80.1, 67.2
        ((0, 255, 0), index(3, 1, 12)),  # 87.7, -86.2, 83.2
        ((0, 0, 255), index(1, 11, 0)),  # 32.3, 79.2, -107.9
    ],
)
def test_a_plain_colour_fills_its_bin_of_each_band(color, expected):
    shares = RegionHistograms(size=30).extract(plain(color)).reshape(3, COLORS)
    assert np.all(shares[:, expected] == 1)
    assert np.count_nonzero(shares) == 3


def test_every_colour_of_a_coarse_rgb_cube_has_a_bin():
    levels = np.linspace(0, 255, 52).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(52, -1, 3)
    bins = lab_bins(cube)
    assert bins.min() >= 0
    assert bins.max() < COLORS
    lab = np.stack([bins // 196, bins // 14 % 14, bins % 14])
    assert lab.reshape(3, -1).min(axis=1).tolist() == [0, 1, 0]
    assert lab.reshape(3, -1).max(axis=1).tolist() == [3, 13, 12]


def test_a_band_of_sky_counts_in_the_first_histogram_alone():
    image = plain((0, 0, 0))
    image[0, :10] = 255
    shares = RegionHistograms(size=30).extract(image).reshape(3, COLORS)
    assert shares[:, index(3, 7, 7)].tolist() == [1, 0, 0]
    assert shares[:, index(0, 7, 7)].tolist() == [0, 1, 1]


@settings(max_examples=20, deadline=None)
@given(size=st.integers(3, 20), seed=st.integers(0, 999))
def test_bands_sum_to_one_and_do_not_tell_left_from_right(size, seed):
    image = np.random.default_rng(seed).integers(0, 256, (1, size, size, 3), dtype=np.uint8)
    shares = RegionHistograms(size=size).extract(image)
    assert shares.dtype == np.float32
    assert np.allclose(shares.reshape(3, COLORS).sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(shares, RegionHistograms(size=size).extract(image[:, :, ::-1]))
    upside_down = RegionHistograms(size=size).extract(image[:, ::-1]).reshape(3, COLORS)
    if size % 3 == 0:
        assert np.array_equal(shares.reshape(3, COLORS), upside_down[::-1])


def test_one_band_is_the_histogram_of_the_whole_image():
    image = np.random.default_rng(0).integers(0, 256, (1, 30, 30, 3), dtype=np.uint8)
    whole = RegionHistograms(size=30, bands=1).extract(image)
    thirds = RegionHistograms(size=30).extract(image).reshape(3, COLORS)
    assert np.allclose(whole[0], thirds.mean(axis=0), atol=1e-6)


def test_images_of_one_batch_do_not_mix():
    batch = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    alone = np.concatenate([RegionHistograms(size=32).extract(batch[[i]]) for i in range(5)])
    assert np.array_equal(RegionHistograms(size=32).extract(batch), alone)
    assert RegionHistograms(size=32).extract(batch[:0]).shape == (0, 3 * COLORS)


def test_an_image_of_one_pixel_is_one_band():
    assert RegionHistograms(size=1, bands=1).extract(plain((0, 0, 0), 1)).sum() == 1


@pytest.mark.parametrize("bands", [0, 31])
def test_an_impossible_number_of_bands_is_refused(bands):
    with pytest.raises(ValueError, match=f"bands is {bands}"):
        RegionHistograms(size=30, bands=bands)


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert RegionHistograms().extract(image[None]).sum() == pytest.approx(3)
