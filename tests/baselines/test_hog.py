"""HOG 2x2: the published cell computation written out, edges in their channels, symmetries, layout."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.hog import CHANNELS, Hog2x2, PooledHog, gradient_cells
from benchmark.data.pixels import decode


def reference_cells(image):
    """``features.cc`` of voc-release, pixel by pixel."""
    height, width = image.shape[:2]
    rows, columns = height // 8, width // 8
    axes = [(np.cos(o * np.pi / 9), np.sin(o * np.pi / 9)) for o in range(9)]
    hist = np.zeros((rows, columns, 18))
    pixels = image.astype(float)
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            across, down = pixels[y, x + 1] - pixels[y, x - 1], pixels[y + 1, x] - pixels[y - 1, x]
            channel = int(np.argmax(across**2 + down**2))
            dx, dy = across[channel], down[channel]
            best, orientation = 0.0, 0
            for o, (u, v) in enumerate(axes):
                dot = u * dx + v * dy
                if dot > best + 1e-9:
                    best, orientation = dot, o
                elif -dot > best + 1e-9:
                    best, orientation = -dot, o + 9
            yp, xp = (y + 0.5) / 8 - 0.5, (x + 0.5) / 8 - 0.5
            for row in (int(np.floor(yp)), int(np.floor(yp)) + 1):
                for column in (int(np.floor(xp)), int(np.floor(xp)) + 1):
                    if 0 <= row < rows and 0 <= column < columns:
                        share = (1 - abs(yp - row)) * (1 - abs(xp - column))
                        hist[row, column, orientation] += share * np.hypot(dx, dy)
    energy = ((hist[..., :9] + hist[..., 9:]) ** 2).sum(axis=2)
    cells = np.zeros((rows - 2, columns - 2, 31))
    for y in range(rows - 2):
        for x in range(columns - 2):
            signed = hist[y + 1, x + 1]
            unsigned = signed[:9] + signed[9:]
            for place, (a, b) in enumerate([(y + 1, x + 1), (y, x + 1), (y + 1, x), (y, x)]):
                norm = np.sqrt(energy[a : a + 2, b : b + 2].sum() + 1e-4)
                clipped = np.minimum(signed / norm, 0.2)
                cells[y, x, :18] += clipped / 2
                cells[y, x, 18:27] += np.minimum(unsigned / norm, 0.2) / 2
                cells[y, x, 27 + place] = 0.2357 * clipped.sum()
    return cells


def noise(seed, height=64, width=64):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def soft_edge(degrees, size=64):
    """Dark to bright along a direction, clockwise from the right, since rows count downwards."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    along = x * np.cos(np.radians(degrees)) + y * np.sin(np.radians(degrees))
    return np.repeat((255 / (1 + np.exp(-along)))[..., None], 3, axis=2).round().astype(np.uint8)


@pytest.mark.parametrize("seed", [0, 1])
def test_cells_are_those_of_the_published_code(seed):
    image = noise(seed, 40, 48)
    assert np.allclose(gradient_cells(image), reference_cells(image), atol=1e-6)


def test_gradients_straight_up_and_down_fall_where_the_published_code_puts_them():
    ramp = np.repeat(
        np.repeat(np.arange(0, 240, 6, dtype=np.uint8)[:, None], 40, axis=1)[..., None], 3, axis=2
    )
    for image in (ramp, ramp[::-1]):
        assert np.allclose(gradient_cells(image), reference_cells(image), atol=1e-6)


@pytest.mark.parametrize("orientation", range(18))
def test_a_step_edge_peaks_in_its_orientation(orientation):
    cells = gradient_cells(soft_edge(20 * orientation))
    assert np.all(cells[2:4, 2:4, :18].argmax(axis=2) == orientation)
    assert np.all(cells[2:4, 2:4, 18:27].argmax(axis=2) == orientation % 9)


def test_the_edge_is_found_where_it_is():
    image = np.zeros((64, 64, 3), dtype=np.uint8)
    image[:, 24:] = 255  # between the third and the fourth cell of eight: the second and third described
    strength = gradient_cells(image)[..., 0].sum(axis=0)
    assert np.flatnonzero(strength).tolist() == [1, 2]
    assert strength[1] == strength[2]


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_an_edge_in_one_channel_counts_like_one_in_grey(channel):
    grey = soft_edge(40)
    colour = np.full_like(grey, 77)
    colour[..., channel] = grey[..., channel]
    assert np.array_equal(gradient_cells(colour), gradient_cells(grey))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_half_a_turn_turns_every_orientation_by_half(seed):
    image = noise(seed, 40, 48)
    plain, turned = gradient_cells(image), gradient_cells(image[::-1, ::-1])[::-1, ::-1]
    assert np.allclose(turned[..., :18], np.roll(plain[..., :18], 9, axis=2), atol=1e-5)
    assert np.allclose(turned[..., 18:27], plain[..., 18:27], atol=1e-5)
    assert np.allclose(turned[..., 27:], plain[..., 30:26:-1], atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_a_mirror_mirrors_cells_and_orientations(seed):
    # A slope from left to right, steeper than the noise: no gradient points straight up or down, where the
    # published code breaks the tie between two orientations in a way that is not symmetric.
    slope = 5 * np.arange(40)[None, :, None] + np.random.default_rng(seed).integers(0, 5, (40, 40, 3))
    image = slope.astype(np.uint8)
    plain, mirrored = gradient_cells(image), gradient_cells(image[:, ::-1])[:, ::-1]
    assert np.allclose(mirrored[..., :18], plain[..., (9 - np.arange(18)) % 18], atol=1e-5)
    assert np.allclose(mirrored[..., 27:], plain[..., [29, 30, 27, 28]], atol=1e-5)


def test_descriptors_are_four_cells_in_bytes_with_their_place():
    image = noise(0, 256, 256)
    cells = gradient_cells(image)
    (rows,) = Hog2x2().extract(image[None])
    assert rows.shape == (225, 126)
    assert rows.dtype == np.uint8
    for i, j in ((0, 0), (3, 14), (14, 14)):
        corners = [cells[2 * i + a, 2 * j + b] for a in (0, 1) for b in (0, 1)]
        row = rows[15 * i + j]
        assert np.array_equal(row[:124], np.rint(300 * np.concatenate(corners)).astype(np.uint8))
        assert row[124:].tolist() == [16 + 16 * j, 16 + 16 * i]  # x, then y


def test_every_cell_at_a_step_of_one_and_places_relative_to_the_side():
    image = noise(0, 128, 128)
    (rows,) = Hog2x2(size=128, step=1).extract(image[None])
    assert rows.shape == (13 * 13, 126)
    assert rows[0, 124:].tolist() == [32, 32]
    assert rows[-1, 124:].tolist() == [224, 224]


def test_the_largest_possible_texture_energy_fits_a_byte():
    assert round(300 * 0.2357 * 18 * 0.2) == 255


def test_pooled_cells_are_means_of_their_regions():
    image = noise(0, 256, 256)
    cells = gradient_cells(image)
    found = PooledHog().extract(image[None])[0].reshape(21, CHANNELS)
    assert np.allclose(found[0], cells.mean(axis=(0, 1)), atol=1e-6)
    assert np.allclose(found[2], cells[:15, 15:].mean(axis=(0, 1)), atol=1e-6)
    assert np.allclose(found[1:5].mean(axis=0), found[0], atol=1e-6)
    assert np.allclose(found[5 + 4], cells[7:15, :7].mean(axis=(0, 1)), atol=1e-6)


@pytest.mark.parametrize("value", [0, 255])
def test_an_image_of_one_colour_has_no_gradient(value):
    flat = np.full((1, 64, 64, 3), value, dtype=np.uint8)
    assert not PooledHog(size=64).extract(flat).any()
    (rows,) = Hog2x2(size=64).extract(flat)
    assert len(rows) == 9
    assert not rows[:, :124].any()


def test_the_result_does_not_depend_on_the_batch():
    batch = np.stack([noise(seed, 64, 64) for seed in range(4)])
    alone = np.concatenate([PooledHog(size=64).extract(batch[[i]]) for i in range(4)])
    together = PooledHog(size=64).extract(batch)
    assert np.array_equal(together, alone)
    assert together.dtype == np.float32
    assert PooledHog(size=64).extract(batch[:0]).shape == (0, 651)
    ragged = Hog2x2(size=64).extract(batch)
    assert all(np.array_equal(ragged[i], Hog2x2(size=64).extract(batch[[i]])[0]) for i in range(4))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Hog2x2(size=100), "size is 100"),
        (lambda: Hog2x2(size=24), "size is 24"),
        (lambda: Hog2x2(step=0), "step is 0"),
        (lambda: PooledHog(size=40), "size is 40"),
    ],
)
def test_impossible_settings_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_smallest_images_have_descriptors():
    assert Hog2x2(size=32).extract(noise(0, 32, 32)[None])[0].shape == (1, 126)
    assert PooledHog(size=48).extract(noise(0, 48, 48)[None]).shape == (1, 651)


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert np.isfinite(PooledHog().extract(image[None])).all()
