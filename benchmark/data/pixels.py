"""The one path from an image file's bytes to pixels.

Orientation from EXIF, then the shorter side to ``size`` and the centre crop of ``size`` x ``size`` (You et
al. 2015, "Train convolutional Neural Network"). Grey, palette, CMYK, 16-bit and transparent images become
8-bit RGB; of an animation the first frame counts.
"""

import functools
import io
import re
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, UnidentifiedImageError

MAX_PIXELS = 120_000_000
"""More pixels than this in one file are refused: a decompression bomb rather than a photograph."""

MAX_SCANNED = 2_000_000_000
"""Pixels times scans of a JPEG: photographs have about ten scans, each of them a pass over all pixels."""

TILE = 4_000_000
"""Pixels converted at a time, so that a large image takes little more memory than its pixels."""

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "PPM", "JPEG2000", "AVIF")
"""Formats that are read. Others are refused: some (EPS) would start a program on the file."""

_ORIENTATION = 0x0112
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_SCAN, _END, _BARE = b"\xda", b"\xd9", (b"\x01", b"\xd8")
"""Markers of JPEG: the beginning of a scan, the end of the image, and others that no length follows."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class ImageError(ValueError):
    """An image cannot be used; the message says why and what to do."""


def open_image(data: bytes, name: str = "image") -> Image.Image:
    """Open an image from its bytes, whatever its file was called, without decoding it.

    Raises
    ------
    ImageError
        Empty, not an image of a known format, larger than `MAX_PIXELS`, or a JPEG of hundreds of scans.
    """
    if not data:
        raise ImageError(f"{name}: the file is empty (0 bytes); fetch it again or remove it from the labels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_readable())
    except UnidentifiedImageError:
        raise ImageError(
            f"{name}: not an image of a known format, or cut off (begins with {data[:8]!r}); "
            "fetch it again, or convert it to JPEG or PNG"
        ) from None
    except Image.DecompressionBombError:
        raise ImageError(f"{name}: more than {MAX_PIXELS:,} pixels; scale it down first") from None
    except Exception as error:  # given damaged bytes, a decoder may raise anything
        raise ImageError(
            f"{name}: cannot be opened, perhaps cut off ({error}); "
            "fetch it again, or convert it to JPEG or PNG"
        ) from None
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(
            f"{name}: {image.width} x {image.height} pixels, more than {MAX_PIXELS:,}; scale it down first"
        )
    if image.format in ("JPEG", "MPO") and _passes(image, data) > MAX_SCANNED:
        raise ImageError(
            f"{name}: {_scans(data):,} scans of {image.width} x {image.height} pixels, which "
            "would take minutes; save it again as a JPEG"
        )
    return image


def decode(data: bytes, size: int = 256, name: str = "image") -> np.ndarray:
    """Decode an image to a square of pixels.

    Parameters
    ----------
    data : bytes
        The whole file.
    size : int
        Side of the square in pixels, at least 1.
    name : str
        How errors call the image.

    Returns
    -------
    ndarray of uint8, shape (size, size, 3)
        RGB, 0 to 255.

    Raises
    ------
    ImageError
        The bytes are no image, are cut off, or are refused for their size.
    """
    if size < 1:
        raise ValueError(f"size {size}: a side has at least 1 pixel")
    image = open_image(data, name)
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
        # A JPEG is decoded at 1/2, 1/4 or 1/8 where that leaves the pixels needed: its inverse transform on
        # the lower frequencies alone is a good low-pass filter, and a third of the work.
        drafted = image.draft("RGB", (size, size))
        # The fraction of the size need not be whole: what the file rounds up to is not part of the picture.
        width, height = image.size if drafted is None else drafted[1][2:]
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
        square = to_rgb(image).resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)
        if orientation in _UPRIGHT:
            square = square.transpose(_UPRIGHT[orientation])
    except Exception as error:  # given damaged bytes, a decoder may raise anything
        raise ImageError(
            f"{name}: cannot be decoded, perhaps cut off ({error}); "
            "fetch it again or remove it from the labels"
        ) from None
    return np.asarray(square)


@functools.cache
def _readable() -> tuple[str, ...]:
    """Those of `FORMATS` that this Pillow was built with."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert any mode to 8-bit RGB: 16-bit greys are scaled, transparency is laid over white."""
    if image.mode.startswith(("I", "F")):
        image = _levels(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    shown = Image.new("RGB", image.size)
    for box in _tiles(image.size):
        part = image.crop(box).convert("RGBA")
        white = Image.new("RGBA", part.size, "white")
        shown.paste(Image.alpha_composite(white, part).convert("RGB"), box)
    return shown


def _levels(image: Image.Image) -> Image.Image:
    """Whole or floating-point numbers as 8-bit grey; NaN becomes 0, infinity the brightest."""
    top = 65535.0
    if image.mode.startswith("F"):
        tiles = (np.asarray(image.crop(box), dtype=np.float64) for box in _tiles(image.size))
        top = max(1.0, *(float(tile[np.isfinite(tile)].max(initial=0.0)) for tile in tiles))
    shown = Image.new("L", image.size)
    for box in _tiles(image.size):
        values = np.asarray(image.crop(box), dtype=np.float64) / top * 255
        shown.paste(Image.fromarray(np.nan_to_num(np.clip(values, 0, 255)).round().astype(np.uint8)), box)
    return shown


def _tiles(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Boxes of at most `TILE` pixels that cover an image."""
    width, height = size
    columns = min(width, TILE)
    rows = max(1, TILE // max(1, columns))
    for top in range(0, height, rows):
        for left in range(0, width, columns):
            yield left, top, min(width, left + columns), min(height, top + rows)


def _passes(image: Image.Image, data: bytes) -> int:
    """Pixels times scans, counted exactly only where a look at the bytes leaves a doubt."""
    pixels = image.width * image.height
    return pixels * (_scans(data) if pixels * data.count(b"\xff" + _SCAN) > MAX_SCANNED else 1)


def _scans(data: bytes) -> int:
    """Scans of a JPEG's first image; what its segments hold, such as a thumbnail, does not count."""
    at = count = 0
    while match := _MARKER.search(data, at):
        at = match.end()
        if match[1] == _END:
            break
        count += match[1] == _SCAN
        if match[1] not in _BARE:
            at += int.from_bytes(data[at : at + 2], "big")
    return count
