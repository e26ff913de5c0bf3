"""Local binary patterns: labels that can be derived by hand, and a slow reference of the definition."""

import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from baselines.features.lbp import FLAT, LABELS, OTHER, LocalBinaryPatterns, pattern_labels
from benchmark.data.pixels import decode

DIAGONAL = Fraction(70711, 100000)
"""Cosine of 45 degrees to five places, as scikit-image takes it."""


def sampled(grey, y, x, down, right):
    """Bilinear interpolation at (y + down, x + right), exactly."""
    top, left = y + (down // 1), x + (right // 1)
    v, u = down - down // 1, right - right // 1
    corners = [(top, left, (1 - v) * (1 - u)), (top, left + 1, (1 - v) * u)]
    corners += [(top + 1, left, v * (1 - u)), (top + 1, left + 1, v * u)]
    return sum(weight * int(grey[int(row), int(column)]) for row, column, weight in corners if weight)


def reference_label(grey, y, x):
    """The label by definition: bits counter-clockwise from the right, then the numbering of scikit-image."""
    one, zero, d = Fraction(1), Fraction(0), DIAGONAL
    circle = [(zero, one), (-d, d), (-one, zero), (-d, -d), (zero, -one), (d, -d), (one, zero), (d, d)]
    bits = [sampled(grey, y, x, down, right) >= int(grey[y, x]) for down, right in circle]
    if sum(a != b for a, b in zip(bits, bits[1:] + bits[:1], strict=True)) > 2:
        return 58
    ones = sum(bits)
    if ones in (0, 8):
        return 57 if ones else 0
    start = next(i for i in range(8) if bits[i] and not bits[i - 1])
    return 1 + (ones - 1) * 8 + (8 - start) % 8


def shares_of(grey):
    rgb = np.repeat(np.asarray(grey, dtype=np.uint8)[None, ..., None], 3, axis=3)
    return LocalBinaryPatterns(size=len(grey)).extract(rgb)[0]


@pytest.mark.parametrize("value", [0, 1, 77, 200, 255])
def test_a_flat_image_has_no_darker_neighbours_anywhere(value):
    shares = shares_of(np.full((16, 16), value))
    assert shares[FLAT] == 1
    assert shares.sum() == 1


def test_a_bright_dot_is_brighter_than_all_its_neighbours_and_darkens_none():
    grey = np.zeros((5, 5))
    grey[2, 2] = 255
    labels = pattern_labels(grey.astype(np.uint8))
    assert labels[1, 1] == 0
    assert np.count_nonzero(labels == FLAT) == 8


def test_the_neighbours_of_a_dark_dot_have_the_patterns_that_point_at_it():
    grey = np.full((5, 5), 255, dtype=np.uint8)
    grey[2, 2] = 0
    labels = pattern_labels(grey)
    assert labels[1, 1] == FLAT
    # To the right of the dot, it and the diagonals interpolated from it (bits 3 to 5) are darker: five bright
    # ones in a row from bit 6. To the upper right only bit 5 is darker: seven from bit 6.
    assert labels[1, 2] == 1 + 4 * 8 + 2
    assert labels[0, 2] == 1 + 6 * 8 + 2


def test_58_patterns_are_uniform_and_each_has_a_label_of_its_own():
    labels = {}
    for pattern in range(256):
        bits = [pattern >> i & 1 for i in range(8)]
        changes = sum(bits[i] != bits[i - 1] for i in range(8))
        around = np.full((3, 3), 100, dtype=np.uint8)
        steps = [(1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (2, 1), (2, 2)]
        for bit, (row, column) in zip(bits, steps, strict=True):
            # Diagonals far enough from the middle that interpolation does not change their side.
            diagonal = row != 1 and column != 1
            around[row, column] = (200 if diagonal else 101) if bit else (0 if diagonal else 99)
        label = int(pattern_labels(around)[0, 0])
        assert (label == OTHER) == (changes > 2)
        labels.setdefault(label, []).append(pattern)
    assert len(labels) == LABELS
    assert all(len(patterns) == 1 for label, patterns in labels.items() if label != OTHER)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), top=st.sampled_from([2, 4, 256]))
def test_labels_are_those_of_the_definition(seed, top):
    grey = np.random.default_rng(seed).integers(0, top, (6, 7), dtype=np.uint8)  # a small `top` makes ties
    expected = [[reference_label(grey, y, x) for x in range(1, 6)] for y in range(1, 5)]
    assert pattern_labels(grey).tolist() == expected


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**16), offset=st.integers(0, 100))
def test_brightness_and_contrast_do_not_count(seed, offset):
    grey = np.random.default_rng(seed).integers(0, 70, (12, 12))
    assert np.array_equal(shares_of(grey), shares_of(2 * grey + offset))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_a_quarter_turn_turns_every_pattern_by_two_neighbours(seed):
    grey = np.random.default_rng(seed).integers(0, 8, (12, 12))
    before, after = shares_of(grey), shares_of(np.rot90(grey))
    assert np.array_equal(before[[0, FLAT, OTHER]], after[[0, FLAT, OTHER]])
    # Label 1 + 8 (ones - 1) + (-start) % 8: turned counter-clockwise, every run starts two later.
    assert np.array_equal(np.roll(before[1:57].reshape(7, 8), -2, axis=1), after[1:57].reshape(7, 8))


def test_images_of_one_batch_do_not_mix():
    batch = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    alone = np.concatenate([LocalBinaryPatterns(size=32).extract(batch[[i]]) for i in range(5)])
    together = LocalBinaryPatterns(size=32).extract(batch)
    assert np.array_equal(together, alone)
    assert together.dtype == np.float32
    assert np.allclose(together.sum(axis=1), 1, atol=1e-6)
    assert LocalBinaryPatterns(size=32).extract(batch[:0]).shape == (0, LABELS)


def test_the_smallest_image_has_one_pattern_and_a_smaller_one_is_refused():
    assert shares_of(np.full((3, 3), 9))[FLAT] == 1
    with pytest.raises(ValueError, match="size is 2"):
        LocalBinaryPatterns(size=2)


@pytest.mark.parametrize("shape", [(200, 1, 3), (1, 200, 3), (1, 1, 3)])
def test_an_image_one_pixel_wide_has_a_finite_descriptor(shape):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)).save(file, "PNG")
    image = decode(file.getvalue())
    assert LocalBinaryPatterns().extract(image[None]).sum() == pytest.approx(1)
