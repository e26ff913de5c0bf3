"""GIST: the authors' formulas written out, gratings in their channels, symmetries."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.gist import GRID, ORIENTATIONS, SCALES, Gist
from benchmark.data.pixels import decode


def texture(seed, size=256):
    """A picture with energy at all scales, in RGB."""
    rng = np.random.default_rng(seed)
    layers = [cv2.resize(rng.normal(size=(k, k, 3)), (size, size)) for k in (4, 8, 16, 32, size)]
    return (128 + 30 * sum(layers)).clip(0, 255).astype(np.uint8)


def lmgist(image):
    """LMgist, step by step in double precision on the full grid of frequencies."""
    size, border = len(image), 5
    grey = image.astype(float).mean(axis=2)
    grey = 255 * (grey - grey.min()) / np.ptp(grey)
    log = np.pad(np.log(grey + 1), border, mode="symmetric")
    side = len(log)
    f = np.arange(-side // 2, side // 2)
    low_pass = np.fft.ifftshift(np.exp(-(f**2 + f[:, None] ** 2) * np.log(2) / 4**2))
    white = log - np.fft.ifft2(np.fft.fft2(log) * low_pass).real
    deviation = np.sqrt(np.abs(np.fft.ifft2(np.fft.fft2(white**2) * low_pass)))
    detail = (white / (0.2 + deviation))[border:-border, border:-border]
    pad = size // 8
    padded = np.pad(detail, pad, mode="symmetric")
    side = len(padded)
    f = np.arange(-side // 2, side // 2)
    radius, angle = np.hypot(f, f[:, None]) / side, np.arctan2(f[:, None], f)
    spectrum, means = np.fft.fft2(padded), []
    for scale in range(4):
        for orientation in range(8):
            turned = angle + np.pi * orientation / 8
            turned -= 2 * np.pi * (turned > np.pi)
            centre = 0.3 / 1.85**scale
            gain = np.exp(-10 * 0.35 * (radius / centre - 1) ** 2 - 2 * np.pi * turned**2)
            response = np.abs(np.fft.ifft2(spectrum * np.fft.ifftshift(gain)))[pad:-pad, pad:-pad]
            blocks = response.reshape(4, size // 4, 4, size // 4).mean(axis=(1, 3))
            means.append(blocks.T.ravel())
    return np.concatenate(means)


def grating(frequency, angle, size=256):
    """Waves of a frequency in cycles a pixel, along an angle counter-clockwise from the right."""
    y, x = np.mgrid[:size, :size]
    wave = np.cos(2 * np.pi * frequency * (x * np.cos(angle) - y * np.sin(angle)))
    return np.repeat((128 + 60 * wave)[..., None], 3, axis=2).round().astype(np.uint8)


def channels(found):
    return found.reshape(SCALES, ORIENTATIONS, GRID, GRID)


@pytest.mark.parametrize(("seed", "size"), [(0, 256), (1, 256), (2, 128)])
def test_the_descriptor_is_that_of_the_authors(seed, size):
    image = texture(seed, size)
    found, expected = Gist(size=size).extract(image[None])[0], lmgist(image)
    assert np.linalg.norm(found - expected) < 2e-3 * np.linalg.norm(expected)
    assert np.allclose(found, expected, rtol=0.02)
    # The finest scale is not cut at all.
    assert np.allclose(found[:128], expected[:128], rtol=1e-4)


@pytest.mark.parametrize("scale", range(SCALES))
@pytest.mark.parametrize("orientation", range(ORIENTATIONS))
def test_a_grating_excites_exactly_its_channel_in_every_block(scale, orientation):
    image = grating(0.3 / 1.85**scale, orientation * np.pi / 8)
    found = channels(Gist().extract(image[None])[0])
    strongest = found.reshape(SCALES * ORIENTATIONS, GRID * GRID).argmax(axis=0)
    assert np.all(strongest[[5, 6, 9, 10]] == scale * ORIENTATIONS + orientation)  # blocks off the border
    assert found.mean(axis=(2, 3)).argmax() == scale * ORIENTATIONS + orientation


def test_neighbouring_channels_answer_to_a_grating_as_their_gains_say():
    found = channels(Gist().extract(grating(0.3 / 1.85, np.pi / 4)[None])[0])[:, :, 1, 1]
    own = found[1, 2]
    # Gains: one orientation away exp(-2 pi (pi / 8)^2), one scale coarser exp(-3.5 (1.85 - 1)^2). The finer
    # scale also sees the harmonics that the logarithm makes.
    assert found[1, 1] / own == pytest.approx(np.exp(-2 * np.pi * (np.pi / 8) ** 2), rel=0.03)
    assert found[1, 3] / own == pytest.approx(np.exp(-2 * np.pi * (np.pi / 8) ** 2), rel=0.03)
    assert found[2, 2] / own == pytest.approx(np.exp(-3.5 * (1.85 - 1) ** 2), rel=0.1)


@pytest.mark.parametrize(("row", "column"), [(0, 3), (2, 1)])
def test_blocks_are_numbered_column_by_column(row, column):
    image = np.full((256, 256, 3), 128, dtype=np.uint8)
    part = slice(64 * row, 64 * row + 64), slice(64 * column, 64 * column + 64)
    image[part] = grating(0.3 / 1.85, 0)[part]
    energy = Gist().extract(image[None])[0].reshape(-1, GRID * GRID).sum(axis=0)
    assert energy.argmax() == column * GRID + row


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_image_of_one_colour_gives_zeros(value):
    flat = np.full((1, 256, 256, 3), value, dtype=np.uint8)
    assert np.array_equal(Gist().extract(flat), np.zeros((1, 512)))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_a_mirror_reverses_columns_and_orientations(seed):
    image = texture(seed, 128)
    plain, mirrored = (channels(g) for g in Gist(size=128).extract(np.stack([image, image[:, ::-1]])))
    expected = plain[:, (-np.arange(8)) % 8, ::-1]
    assert np.allclose(mirrored, expected, rtol=0.02, atol=2e-3 * plain.max())


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**16), offset=st.integers(0, 40))
def test_brightness_and_contrast_do_not_count(seed, offset):
    image = texture(seed, 64) // 3
    a, b = Gist(size=64).extract(np.stack([image, 2 * image + offset]).astype(np.uint8))
    assert np.allclose(a, b, rtol=1e-3, atol=1e-5)


def test_the_result_does_not_depend_on_the_batch():
    batch = np.stack([texture(seed) for seed in range(3)])
    alone = np.concatenate([Gist().extract(batch[[i]]) for i in range(3)])
    together = Gist().extract(batch)
    assert np.array_equal(together, alone)
    assert together.dtype == np.float32
    assert Gist().extract(batch[:0]).shape == (0, 512)


def test_a_tiny_image_has_a_finite_descriptor():
    found = Gist(size=8).extract(texture(0, 8)[None])
    assert found.shape == (1, 512)
    assert np.isfinite(found).all()
    assert found.max() > 0


@pytest.mark.parametrize("size", [0, 4, 100])
def test_sides_that_blocks_and_padding_do_not_divide_are_refused(size):
    with pytest.raises(ValueError, match=f"size is {size}"):
        Gist(size=size)


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert np.isfinite(Gist().extract(image[None])).all()
