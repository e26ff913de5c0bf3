"""Images made worse on purpose: what a phone, a network or a careless user does to a photograph.

Five kinds at three strengths, in the manner of ImageNet-C (Hendrycks & Dietterich 2019). They act on the
square of pixels that a method sees; lengths are shares of its side, so they mean the same at every size.
"""

import dataclasses
import io
import itertools
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from benchmark.data.fingerprint import digest


@dataclasses.dataclass(frozen=True)
class Corruption:
    """One kind at one strength.

    Attributes
    ----------
    kind : str
        A key of `KINDS`.
    strength : int
        1 to 3.
    """

    kind: str
    strength: int

    def __str__(self) -> str:
        return f"{self.kind} {self.strength}"


LEVELS: dict[str, tuple[float, float, float]] = {
    "blur": (0.004, 0.010, 0.020),
    "noise": (0.04, 0.10, 0.20),
    "jpeg": (40, 15, 5),
    "crop": (0.85, 0.65, 0.45),
    "brightness": (1.3, 1.7, 2.4),
}
"""Strengths 1 to 3.

Blur: standard deviation of a Gaussian, as a share of the side. Noise: standard deviation of a Gaussian, as a
share of white. JPEG: its quality. Crop: side of the window that is kept, as a share. Brightness: a factor.
"""


def blur(pixels: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Out of focus: a Gaussian blur."""
    return cv2.GaussianBlur(pixels, (0, 0), level * pixels.shape[0], borderType=cv2.BORDER_REFLECT)


def noise(pixels: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """A dark room: Gaussian noise, each pixel and channel on its own."""
    return _bytes(pixels + 255 * level * rng.standard_normal(pixels.shape))


def jpeg(pixels: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Saved again and again: JPEG of a low quality."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="JPEG", quality=int(level))
    return np.asarray(Image.open(file))


def crop(pixels: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Cut: a window at a random place, scaled back to the size of the image."""
    side = pixels.shape[0]
    window = max(1, round(level * side))
    top, left = rng.integers(0, side - window + 1, 2)
    part = Image.fromarray(np.ascontiguousarray(pixels[top : top + window, left : left + window]))
    return np.asarray(part.resize((side, side), Image.Resampling.BICUBIC))


def brightness(pixels: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
    """Badly exposed: all channels times a factor, or divided by it, whichever chance says."""
    return _bytes(pixels * (level if rng.random() < 0.5 else 1 / level))


KINDS: dict[str, Callable[[np.ndarray, float, np.random.Generator], np.ndarray]] = {
    "blur": blur,
    "noise": noise,
    "jpeg": jpeg,
    "crop": crop,
    "brightness": brightness,
}
"""The kinds, in the order of the tables."""

STRENGTHS = (1, 2, 3)
CORRUPTIONS = tuple(Corruption(kind, strength) for kind, strength in itertools.product(KINDS, STRENGTHS))


def corrupt(pixels: np.ndarray, corruption: Corruption, key: str) -> np.ndarray:
    """Make one image worse.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (side, side, 3)
        RGB.
    corruption : Corruption
        How.
    key : str
        Of the image: what chance decides depends on it, the kind and the strength alone.

    Returns
    -------
    ndarray of uint8, shape (side, side, 3)

    Raises
    ------
    ValueError
        An unknown kind or strength.
    """
    if corruption.kind not in KINDS or corruption.strength not in STRENGTHS:
        raise ValueError(
            f"no corruption {str(corruption)!r}; kinds are {', '.join(KINDS)}, strengths 1, 2 and 3"
        )
    seed = int(digest(key, corruption.kind, str(corruption.strength))[:8], 16)
    level = LEVELS[corruption.kind][corruption.strength - 1]
    return KINDS[corruption.kind](pixels, level, np.random.default_rng(seed))


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
