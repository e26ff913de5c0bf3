"""Self-similarity: the definition written out, periodic textures, symmetries."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.self_similarity import LENGTH, PooledSelfSimilarity, SelfSimilarity, correlations
from benchmark.data.pixels import decode


def noise(seed, size):
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), dtype=np.uint8)


def reference(image, y, x, radius):
    """The descriptor of one point by definition, patch by patch."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(float)

    def patch(row, column):
        return lab[row - 2 : row + 3, column - 2 : column + 3]

    def difference(down, right):
        return ((patch(y, x) - patch(y + down, x + right)) ** 2).sum()

    variation = max(difference(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))
    best = np.zeros((3, 10))
    edges = 2.5 * (radius / 2.5) ** (np.arange(4) / 3)
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            distance = np.hypot(down, right)
            if not 2.5 < distance <= radius:
                continue
            ring = next(i for i in range(3) if distance <= edges[i + 1] + 1e-9)
            sector = int(np.degrees(np.arctan2(-down, right)) % 360 // 36)
            similar = np.exp(-difference(down, right) / max(25 * 3 * 36, variation))
            best[ring, sector] = max(best[ring, sector], similar)
    low, high = best.min(), best.max()
    return ((best - low) / (high - low) if low < 0.9 and high > low else best).ravel()


@pytest.mark.parametrize(("seed", "top"), [(0, 255), (1, 255), (2, 70)])
def test_descriptors_are_those_of_the_definition(seed, top):
    smooth = cv2.GaussianBlur(noise(seed, 48), (0, 0), 3)
    # With the smaller range most points vary less than the noise, which then sets the scale.
    image = cv2.normalize(smooth, None, 0, top, cv2.NORM_MINMAX)
    points = np.array([16, 23, 31])
    found = correlations(image, points, 10)
    for i, y in enumerate(points):
        for j, x in enumerate(points):
            assert np.allclose(found[i, j], reference(image, y, x, 10), atol=1e-5)


def test_a_periodic_texture_is_similar_at_its_period_and_nowhere_else():
    tile = noise(0, 20)
    image = np.tile(tile, (13, 13, 1))[:256, :256]
    (rows,) = SelfSimilarity().extract(image[None])
    rings = rows[:, :LENGTH].reshape(-1, 3, 10)
    # Copies lie at (20, 0), (20, 20), (40, 0), ...: all in the outer ring, 15.9 to 40, at multiples of 45
    # degrees, which are in all sectors but those of 144 to 180 and of 324 to 360 degrees.
    at_the_period = [0, 1, 2, 3, 5, 6, 7, 8]
    assert np.all(rings[:, 2, at_the_period] == 255)
    assert rings[:, 2, [4, 9]].max() < 100
    assert rings[:, :2].max() < 100


def test_a_shorter_period_is_found_in_a_nearer_ring():
    image = np.tile(noise(1, 10), (26, 26, 1))[:256, :256]  # the middle ring is 6.3 to 15.9 pixels
    (rows,) = SelfSimilarity().extract(image[None])
    rings = rows[:, :LENGTH].reshape(-1, 3, 10)
    assert np.all(rings[:, 1, [0, 1, 2, 3, 5, 6, 7, 8]] == 255)
    assert rings[:, 0].max() < 100


@pytest.mark.parametrize(("upright", "sectors"), [(True, [2, 7]), (False, [0, 5])])
def test_stripes_are_similar_along_themselves(upright, sectors):
    stripes = np.random.default_rng(0).integers(0, 256, (1, 256, 3), dtype=np.uint8)
    image = np.repeat(stripes, 256, axis=0)
    image = image if upright else image.transpose(1, 0, 2)
    (rows,) = SelfSimilarity().extract(image[None])
    rings = rows[:, :LENGTH].reshape(-1, 3, 10)
    assert np.all(rings[:, :, sectors] == 255)
    others = np.setdiff1d(np.arange(10), [s + d for s in sectors for d in (-1, 0, 1)])
    assert rings[..., others].mean() < 255 / 2


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_image_of_one_colour_is_similar_everywhere(value):
    flat = np.full((1, 256, 256, 3), value, dtype=np.uint8)
    (rows,) = SelfSimilarity().extract(flat)
    assert np.all(rows[:, :LENGTH] == 255)
    assert np.all(PooledSelfSimilarity().extract(flat) == 1)


def test_the_noise_of_a_flat_area_is_not_stretched():
    image = np.full((256, 256, 3), 128, dtype=np.uint8)
    image += np.random.default_rng(0).integers(0, 2, image.shape, dtype=np.uint8)
    (rows,) = SelfSimilarity().extract(image[None])
    assert rows[:, :LENGTH].min() > 0.9 * 255


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_half_a_turn_exchanges_opposite_sectors(seed):
    image = cv2.GaussianBlur(noise(seed, 41), (0, 0), 2)
    points = np.array([14, 20, 26])
    plain = correlations(image, points, 9).reshape(3, 3, 3, 10)
    turned = correlations(np.ascontiguousarray(image[::-1, ::-1]), points, 9).reshape(3, 3, 3, 10)
    assert np.array_equal(turned[::-1, ::-1], np.roll(plain, 5, axis=3))


def test_points_lie_on_a_regular_grid_whose_surroundings_are_inside():
    (rows,) = SelfSimilarity().extract(noise(0, 256)[None])
    assert rows.shape == (324, 32)
    assert rows.dtype == np.uint8
    x, y = rows[:, 30].reshape(18, 18), rows[:, 31].reshape(18, 18)
    assert x[0].tolist() == y[:, 0].tolist() == list(range(42, 213, 10))
    assert np.all(x == x[0])


def test_pooled_descriptors_are_means_of_their_regions():
    image = cv2.GaussianBlur(noise(0, 64), (0, 0), 2)
    settings = {"size": 64, "step": 8, "radius": 12}
    (rows,) = SelfSimilarity(**settings).extract(image[None])
    grid = rows[:, :LENGTH].reshape(5, 5, LENGTH) / 255
    found = PooledSelfSimilarity(**settings).extract(image[None])[0].reshape(5, LENGTH)
    assert np.allclose(found[0], grid.mean(axis=(0, 1)), atol=0.003)
    assert np.allclose(found[2], grid[:2, 2:].mean(axis=(0, 1)), atol=0.003)
    assert np.allclose(found[3], grid[2:, :2].mean(axis=(0, 1)), atol=0.003)


def test_the_result_does_not_depend_on_the_batch():
    batch = np.stack([cv2.GaussianBlur(noise(seed, 64), (0, 0), 2) for seed in range(3)])
    settings = {"size": 64, "radius": 12}
    together = PooledSelfSimilarity(**settings).extract(batch)
    alone = np.concatenate([PooledSelfSimilarity(**settings).extract(batch[[i]]) for i in range(3)])
    assert np.array_equal(together, alone)
    assert together.dtype == np.float32
    assert PooledSelfSimilarity(**settings).extract(batch[:0]).shape == (0, 150)
    ragged = SelfSimilarity(**settings).extract(batch)
    assert all(np.array_equal(ragged[i], SelfSimilarity(**settings).extract(batch[[i]])[0]) for i in range(3))


def test_the_smallest_image_has_one_descriptor():
    (rows,) = SelfSimilarity(size=17, radius=6).extract(noise(0, 17)[None])
    assert rows.shape == (1, 32)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SelfSimilarity(step=0), "step is 0"),
        (lambda: SelfSimilarity(radius=5), "radius is 5"),
        (lambda: SelfSimilarity(size=84), "needs 85"),
        (lambda: PooledSelfSimilarity(size=85), "one point"),
    ],
)
def test_impossible_settings_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert np.isfinite(PooledSelfSimilarity().extract(image[None])).all()
