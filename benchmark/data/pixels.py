"""The one path from an image file's bytes to pixels.

Orientation from EXIF, then the shorter side to ``size`` and the centre crop of ``size`` x ``size`` (You et
al. 2015, "Train convolutional Neural Network"). Grey, palette, CMYK, 16-bit and transparent images become
8-bit RGB; of an animation the first frame counts.
"""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 120_000_000
"""More pixels than this in one file are refused: a decompression bomb rather than a photograph."""


class ImageError(ValueError):
    """An image cannot be used; the message says why and what to do."""


def open_image(data: bytes, name: str = "image") -> Image.Image:
    """Open an image from its bytes, whatever its file was called, without decoding it.

    Raises
    ------
    ImageError
        Empty, not an image of a known format, or larger than `MAX_PIXELS`.
    """
    if not data:
        raise ImageError(f"{name}: the file is empty (0 bytes); fetch it again or remove it from the labels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise ImageError(
            f"{name}: not an image of a known format (begins with {data[:8]!r}); convert it to JPEG or PNG"
        ) from None
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise ImageError(f"{name}: cannot be opened ({error}); convert it to JPEG or PNG") from None
    if image.width * image.height > MAX_PIXELS:
        raise ImageError(
            f"{name}: {image.width} x {image.height} pixels, more than {MAX_PIXELS:,} allowed; scale it down first"
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
    image = open_image(data, name)
    try:
        # A JPEG is decoded at 1/2, 1/4 or 1/8 when that still leaves twice the pixels needed.
        image.draft("RGB", (2 * size, 2 * size))
        image = to_rgb(ImageOps.exif_transpose(image))
        side = min(image.size)
        left, top = (image.width - side) / 2, (image.height - side) / 2
        image = image.resize(
            (size, size), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side), reducing_gap=2.0
        )
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        raise ImageError(
            f"{name}: cannot be decoded, perhaps cut off ({error}); fetch it again or remove it from the labels"
        ) from None
    return np.asarray(image)


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert any mode to 8-bit RGB: 16-bit greys are scaled, transparency is laid over white."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode.startswith("I") else max(1.0, float(np.nanmax(values)))
        image = Image.fromarray(np.nan_to_num(np.clip(values / top * 255, 0, 255)).round().astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")
