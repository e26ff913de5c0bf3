"""The camera: from painted light to a photograph."""

import dataclasses

import cv2
import numpy as np


@dataclasses.dataclass(frozen=True)
class Finish:
    """How the picture is developed.

    Attributes
    ----------
    exposure : float
        Factor on the light.
    contrast : float
        1 leaves it.
    saturation : float
        1 leaves it, 0 is grey.
    vignette : float
        How much darker the corners are, 0 to 1.
    bloom : float
        Strength of the light that spreads from bright places.
    grain : float
        Standard deviation of the sensor's noise, in units of white.
    """

    exposure: float = 1.0
    contrast: float = 1.08
    saturation: float = 1.0
    vignette: float = 0.18
    bloom: float = 0.12
    grain: float = 0.008


def develop(pixels: np.ndarray, finish: Finish, rng: np.random.Generator) -> np.ndarray:
    """Turn painted light into a photograph.

    Parameters
    ----------
    pixels : ndarray of float32, shape (3, height, width)
        Planes of light; is changed.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB.
    """
    _, height, width = pixels.shape
    pixels *= finish.exposure
    if finish.bloom:
        for plane in pixels:
            small = cv2.resize(
                np.maximum(plane - 0.72, 0), (width // 4, height // 4), interpolation=cv2.INTER_AREA
            )
            small = cv2.GaussianBlur(small, (0, 0), 0.022 * height)
            plane += (4 * finish.bloom) * cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    grey = 0.3 * pixels[0] + 0.59 * pixels[1] + 0.11 * pixels[2]
    grey *= finish.contrast * (1 - finish.saturation)
    grey += 0.5 * (1 - finish.contrast)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    fall = 1 - finish.vignette * (0.5 * (x * x + y * y)) ** 1.5
    speck = rng.standard_normal((height, width), dtype=np.float32)
    speck *= finish.grain
    out = np.empty((height, width, 3), dtype=np.uint8)
    for k, tone in enumerate(pixels):
        tone *= finish.contrast * finish.saturation
        tone += grey
        tone *= fall
        tone += speck
        # A soft shoulder keeps highlights from clipping to flat white.
        over = np.maximum(tone - 0.85, 0)
        over *= over / (over + 0.3)
        tone -= over
        tone *= 255
        np.clip(tone, 0, 255, out=tone)
        out[..., k] = tone
    return out
