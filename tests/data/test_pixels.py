"""Image files of every kind that people have: decoded by the one path, or refused by name."""

import contextlib
import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmark.data import pixels
from benchmark.data.pixels import ImageError, decode, open_image, to_rgb


def encode(picture: np.ndarray | Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(height: int = 60, width: int = 80, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def smooth(height: int = 64, width: int = 64) -> np.ndarray:
    """Red grows to the right, green downwards: orientation can be read from it."""
    rows, columns = np.mgrid[0:height, 0:width]
    red, green = columns * 255 // max(1, width - 1), rows * 255 // max(1, height - 1)
    return np.stack([red, green, np.full_like(red, 40)], axis=2).astype(np.uint8)


def png_declaring(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims to be of some size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return start + struct.pack(">I", 100) + b"IDAT" + zlib.compress(b"\0" * 1000)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG"])
def test_the_content_counts_and_not_the_name(kind: str) -> None:
    square = decode(encode(smooth(), kind), 64, "named.jpg").astype(int)
    assert square.shape == (64, 64, 3)
    assert square[32, 60, 0] > square[32, 3, 0] + 180
    assert square[60, 32, 1] > square[3, 32, 1] + 180


def test_the_shorter_side_is_scaled_and_the_centre_kept() -> None:
    picture = np.zeros((40, 120, 3), dtype=np.uint8)
    picture[:, 40:80] = 200
    assert (decode(encode(picture), 40) == 200).all(), "only the centre 40 columns are kept"
    assert (decode(encode(picture.transpose(1, 0, 2)), 40) == 200).all()


@pytest.mark.parametrize(("height", "width"), [(128, 171), (192, 256), (255, 400), (512, 700)])
def test_a_jpeg_is_decoded_at_a_fraction_to_the_same_picture(height: int, width: int) -> None:
    """At 1/2 from 128 on, at 1/4 from 256 on, and never to fewer pixels than are asked for."""
    picture = Image.fromarray(np.random.default_rng(3).integers(0, 256, (9, 12, 3), dtype=np.uint8))
    data = encode(picture.resize((width, height), Image.Resampling.BICUBIC), "JPEG", quality=95)
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    reference = whole.resize((64, 64), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    apart = np.abs(decode(data, 64).astype(int) - np.asarray(reference))
    assert apart.mean() < 1.5
    assert apart.max() < 20


def test_an_image_of_the_wanted_size_is_returned_as_it_is() -> None:
    picture = noise(48, 48)
    np.testing.assert_array_equal(decode(encode(picture), 48), picture)


def test_grey_becomes_three_equal_channels() -> None:
    grey = decode(encode(Image.fromarray(smooth()).convert("L")), 64)
    np.testing.assert_array_equal(grey[..., 0], grey[..., 2])
    assert grey.std() > 20


def test_cmyk_shows_its_colours_and_not_their_inverse() -> None:
    ink = Image.fromarray(np.full((32, 32, 3), (220, 30, 30), dtype=np.uint8)).convert("CMYK")
    red, green, blue = decode(encode(ink, "JPEG", quality=95), 32).reshape(-1, 3).mean(axis=0)
    assert red > 150
    assert max(green, blue) < 90


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    grey = decode(encode(Image.fromarray(deep)), 64)[..., 0].astype(float)
    np.testing.assert_allclose(grey, deep / 65535 * 255, atol=1)


def test_floating_point_grey() -> None:
    values = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
    values[0, 0] = np.nan
    grey = decode(encode(Image.fromarray(values), "TIFF"), 64)[..., 0]
    assert grey[0, 0] == 0
    assert grey[63, 63] == 255


def test_transparency_is_laid_over_white() -> None:
    glass = np.zeros((16, 16, 4), dtype=np.uint8)
    glass[..., 3] = 0
    glass[:, 8:] = (255, 0, 0, 255)
    shown = decode(encode(glass), 16)
    assert (shown[:, :6] == 255).all()
    assert (shown[:, 10:] == (255, 0, 0)).all()


def test_a_palette_with_a_transparent_colour() -> None:
    picture = Image.new("P", (16, 16), 1)
    picture.putpalette([0, 0, 0, 10, 200, 30])
    picture.paste(0, (0, 0, 8, 16))
    shown = decode(encode(picture, transparency=0), 16)
    assert (shown[:, :6] == 255).all()
    assert (shown[:, 10:] == (10, 200, 30)).all()


def test_a_transparent_colour_of_an_rgb_png() -> None:
    picture = Image.fromarray(np.full((8, 8, 3), (5, 6, 7), dtype=np.uint8))
    assert (decode(encode(picture, transparency=(5, 6, 7)), 8) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = Image.fromarray(smooth(64, 64))
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = decode(encode(stored, "JPEG", quality=98, exif=exif), 64).astype(int)
    assert np.abs(shown - smooth(64, 64)).mean() < 4


def test_an_unknown_orientation_leaves_the_image_as_it_is() -> None:
    exif = Image.Exif()
    exif[0x0112] = 77
    assert np.abs(decode(encode(smooth(), "JPEG", exif=exif), 64).astype(int) - smooth()).mean() < 6


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert getattr(open_image(data), "n_frames", 1) == 3
    assert (decode(data, 20) == (255, 0, 0)).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (90, 1), (2, 3)])
def test_images_of_hardly_any_pixels(size: tuple[int, int]) -> None:
    square = decode(encode(np.full((*size, 3), 77, dtype=np.uint8)), 256)
    assert square.shape == (256, 256, 3)
    assert (square == 77).all()


def test_a_large_jpeg_is_read_at_a_fraction_of_its_size() -> None:
    large = Image.fromarray(smooth(64, 64)).resize((2048, 2048))
    assert np.abs(decode(encode(large, "JPEG"), 64).astype(int) - smooth()).mean() < 4


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"<html>404 not found</html>", "not an image of a known format"),
        (b"\xff\xd8\xff", "cut off"),
        (encode(noise(), "PNG")[:20], "cut off"),
        (png_declaring(30_000, 30_000), "more than 120,000,000 pixels"),
        (png_declaring(11_000, 11_000), "11000 x 11000 pixels"),
        (png_declaring(64, 64), "cut off"),
        (encode(noise(), "JPEG")[:900], "cut off"),
        (encode(noise(), "PNG")[:900], "cut off"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image of a known format"),
    ],
    ids=[
        "empty",
        "html",
        "three bytes",
        "png header",
        "bomb",
        "large",
        "png",
        "jpeg half",
        "png half",
        "eps",
    ],
)
def test_what_cannot_be_used_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(ImageError, match=r"^cat\.jpg: ") as caught:
        decode(data, 64, "cat.jpg")
    assert told in str(caught.value)


def test_a_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="size 0"):
        decode(encode(noise()), 0)


def test_every_format_that_is_read_is_known_to_pillow() -> None:
    assert {"JPEG", "PNG", "GIF", "WEBP", "TIFF"} <= set(pixels._readable())
    assert "EPS" not in pixels._readable()


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "WEBP", "PPM"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0.3, 1),
)
def test_damage_gives_pixels_or_an_image_error_and_nothing_else(
    kind: str, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(encode(noise(24, 24), kind))
    for place, value in changes:
        data[int(place * len(data))] = value
    left = bytes(data[: int(kept * len(data))])
    with contextlib.suppress(ImageError):
        assert decode(left, 16).shape == (16, 16, 3)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F"]),
    st.integers(0, 255),
)
def test_every_mode_becomes_rgb(mode: str, value: int) -> None:
    image = to_rgb(Image.new("L", (3, 3), value).convert(mode))
    assert image.mode == "RGB"
