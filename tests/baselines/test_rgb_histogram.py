"""Channel histograms: known images give known shares."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.rgb_histogram import ChannelHistogram
from benchmark.data.pixels import decode


def test_each_channel_of_a_plain_image_fills_one_bin():
    image = np.full((1, 8, 8, 3), (10, 0, 255), dtype=np.uint8)
    (shares,) = ChannelHistogram(size=8).extract(image)
    assert np.flatnonzero(shares).tolist() == [10, 256 + 0, 512 + 255]
    assert np.allclose(shares[shares > 0], 1 / 3)


def test_a_ramp_fills_every_level_equally():
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None], (1, 256, 256, 3)[:3])[..., None].repeat(
        3, 3
    )
    (shares,) = ChannelHistogram().extract(ramp)
    assert np.allclose(shares, 1 / 768)


def test_channels_are_counted_apart():
    image = np.zeros((1, 2, 2, 3), dtype=np.uint8)
    image[0, 0, 0, 1] = 7  # one pixel of four, green only
    (shares,) = ChannelHistogram(size=2).extract(image)
    assert shares[256 + 7] == pytest.approx(1 / 12)
    assert shares[256 + 0] == pytest.approx(3 / 12)
    assert shares[0] == shares[512] == pytest.approx(4 / 12)


@settings(max_examples=20, deadline=None)
@given(size=st.integers(1, 12), seed=st.integers(0, 999))
def test_shares_sum_to_one_and_forget_where_pixels_were(size, seed):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (1, size, size, 3), dtype=np.uint8)
    shuffled = rng.permutation(image.reshape(-1, 3)).reshape(image.shape)
    shares = ChannelHistogram(size=size).extract(image)
    assert shares.dtype == np.float32
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert np.array_equal(shares, ChannelHistogram(size=size).extract(shuffled))


def test_images_of_one_batch_do_not_mix():
    batch = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    alone = np.concatenate([ChannelHistogram(size=32).extract(batch[[i]]) for i in range(5)])
    assert np.array_equal(ChannelHistogram(size=32).extract(batch), alone)
    assert ChannelHistogram(size=32).extract(batch[:0]).shape == (0, 768)


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert ChannelHistogram().extract(image[None]).sum() == pytest.approx(1)
