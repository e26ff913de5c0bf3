"""Colour histograms: known images give known counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.color_histogram import ColorHistogram
from baselines.features.color import RgbHistogram, merge_blocks
from benchmark.data.imageset import ImageSet

BLACK, WHITE, RED = 0, 63, 48
"""Index of a colour among 4 x 4 x 4: red is the slowest of the three."""


def plain_image(color, size=256):
    return np.full((1, size, size, 3), color, dtype=np.uint8)


def half_black_half_white(size=256):
    image = plain_image(0, size)
    image[:, :, size // 2 :] = 255
    return image


def saved(store, tmp_path, *arrays):
    paths = []
    for i, array in enumerate(arrays):
        paths.append(tmp_path / f"{i}.png")
        Image.fromarray(array).save(paths[-1])
    return ImageSet([f"key{i}" for i in range(len(paths))], store, paths=paths)


def test_a_red_image_fills_exactly_one_bin_of_each_block():
    counts = RgbHistogram().extract(plain_image((255, 0, 0))).reshape(16, 64)
    assert np.all(counts[:, RED] == 64 * 64)
    assert np.count_nonzero(counts) == 16


@pytest.mark.parametrize(
    ("value", "index"), [(0, 0), (63, 0), (64, 1), (127, 1), (128, 2), (192, 3), (255, 3)]
)
def test_intervals_are_64_grey_levels_wide(value, index):
    counts = RgbHistogram(grid=1).extract(plain_image((0, 0, value)))
    assert counts[0, index] == 256 * 256


def test_blocks_are_numbered_row_by_row():
    image = plain_image(0)
    image[0, 0:64, 192:256] = 255  # the last block of the first row
    counts = RgbHistogram().extract(image).reshape(16, 64)
    assert np.flatnonzero(counts[:, WHITE]).tolist() == [3]


def test_global_and_local_histogram_of_a_half_black_half_white_image(store, tmp_path):
    images = saved(store, tmp_path, half_black_half_white()[0])
    together = ColorHistogram(grid=1).fit_transform(images)
    assert together.shape == (1, 64)
    assert together[0, BLACK] == together[0, WHITE] == 0.5
    local = ColorHistogram(grid=4).fit_transform(images).reshape(4, 4, 64)
    assert np.all(local[:, :2, BLACK] == 1 / 16)
    assert np.all(local[:, 2:, WHITE] == 1 / 16)
    assert local.sum() == 1


def test_the_local_histogram_tells_mirror_images_apart_and_the_global_one_does_not(store, tmp_path):
    image = half_black_half_white()[0]
    images = saved(store, tmp_path, image, image[:, ::-1])
    same, other = (ColorHistogram(grid=grid).fit_transform(images) for grid in (1, 4))
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(other[0], other[1])


def test_gch_and_lch_read_one_stored_feature():
    assert (
        ColorHistogram(grid=1).extractor == ColorHistogram(grid=4).extractor == RgbHistogram(bins=4, grid=4)
    )


def test_images_of_one_batch_do_not_mix():
    batch = np.random.default_rng(0).integers(0, 256, (5, 256, 256, 3), dtype=np.uint8)
    alone = np.concatenate([RgbHistogram().extract(batch[[i]]) for i in range(5)])
    assert np.array_equal(RgbHistogram().extract(batch), alone)


@settings(max_examples=30, deadline=None)
@given(size=st.integers(12, 40), bins=st.integers(1, 6), into=st.integers(1, 3), seed=st.integers(0, 99))
def test_merged_blocks_are_the_coarser_histogram(size, bins, into, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    fine = RgbHistogram(size=size, bins=bins, grid=12).extract(pixels)
    coarse = RgbHistogram(size=size, bins=bins, grid=into).extract(pixels)
    merged = merge_blocks(fine, 12, into)
    assert np.array_equal(merged.reshape(2, -1), coarse)
    assert np.all(merged.sum(axis=(1, 2)) == size * size)


@settings(max_examples=30, deadline=None)
@given(size=st.integers(1, 40), bins=st.integers(1, 40), grid=st.integers(1, 7), seed=st.integers(0, 99))
def test_counts_are_those_of_the_definition(size, bins, grid, seed):
    """Pixel p lies in block floor(p grid / size), level v in interval floor(v bins / 256)."""
    grid = min(grid, size)
    pixels = np.random.default_rng(seed).integers(0, 256, (1, size, size, 3), dtype=np.uint8)
    row, column = np.indices((size, size)) * grid // size
    red, green, blue = np.moveaxis(pixels[0].astype(np.int64), 2, 0) * bins // 256
    cell = (((row * grid + column) * bins + red) * bins + green) * bins + blue
    expected = np.bincount(cell.ravel(), minlength=grid**2 * bins**3)
    assert np.array_equal(RgbHistogram(size=size, bins=bins, grid=grid).extract(pixels)[0], expected)


def test_no_images_have_no_histograms():
    assert RgbHistogram().extract(np.empty((0, 256, 256, 3), dtype=np.uint8)).shape == (0, 16 * 64)


def test_a_block_too_large_to_be_counted_exactly_is_refused():
    with pytest.raises(ValueError, match="a block is at most 4096 wide"):
        RgbHistogram(size=4 * 4096 + 1, grid=4)


@pytest.mark.parametrize("settings", [{"bins": 0}, {"bins": 257}, {"grid": 0}, {"grid": 257}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        RgbHistogram(**settings)


@pytest.mark.parametrize("shape", [(200, 1), (1, 200), (1, 1)])
def test_images_one_pixel_wide_have_histograms_that_sum_to_one(store, tmp_path, shape):
    images = saved(store, tmp_path, np.full((*shape, 3), 200, dtype=np.uint8))
    assert ColorHistogram(grid=1).fit_transform(images).sum() == 1
    assert ColorHistogram(grid=4).fit_transform(images).sum() == 1


def test_another_grid_or_number_of_bins_works(store, tmp_path):
    images = saved(store, tmp_path, half_black_half_white()[0])
    found = ColorHistogram(bins=2, grid=3).fit_transform(images)
    assert found.shape == (1, 9 * 8)
    assert found.sum() == pytest.approx(1)
    assert np.all(np.abs(found.reshape(9, 8).sum(axis=1) * 9 - 1) < 0.02)  # 256 is no multiple of 3
