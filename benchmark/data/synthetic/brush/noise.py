"""Random textures."""

from collections.abc import Sequence

import cv2
import numpy as np


def noise(rng: np.random.Generator, height: int, width: int, cells: Sequence[float]) -> np.ndarray:
    """Smooth random texture: one octave for each cell size in pixels, weighted by the size's root.

    Returns
    -------
    ndarray of float32, shape (height, width)
        Mean about 0, standard deviation about 1.
    """
    total = np.zeros((height, width), dtype=np.float32)
    weights = np.sqrt(np.asarray(cells, dtype=float))
    for cell, weight in zip(cells, weights / np.sqrt((weights**2).sum()), strict=True):
        grid = rng.standard_normal((int(height / cell) + 2, int(width / cell) + 2), dtype=np.float32)
        grid *= 1.35 * weight
        way = cv2.INTER_CUBIC if cell > 5 else cv2.INTER_LINEAR
        total += cv2.resize(grid, (width, height), interpolation=way)
    return total


class Textures:
    """Fields of noise from which every shape of a picture takes a random piece.

    Parameters
    ----------
    height, width : int
        Of the picture, in pixels; no piece is larger.
    rng : Generator
        Makes the fields and chooses the pieces.
    """

    SPARE = 64
    """Pixels by which the fields are larger than the picture, so that pieces differ."""

    def __init__(self, height: int, width: int, rng: np.random.Generator) -> None:
        self.rng = rng
        tall, wide = height + self.SPARE, width + self.SPARE
        strands = noise(rng, tall // 6, wide // 2, (1.0, 2.0))
        self.fields = {
            "fine": noise(rng, tall, wide, (2.2, 4.5, 9)),
            "broad": noise(rng, tall, wide, (5, 12, 30, 70)),
            "strand": cv2.resize(strands, (wide, tall), interpolation=cv2.INTER_LINEAR),
        }

    def piece(self, grain: str, height: int, width: int) -> np.ndarray:
        """A random piece, float32 (height, width): ``fine``, ``broad``, or ``strand`` for hair and wood."""
        field = self.fields[grain]
        y = int(self.rng.integers(0, field.shape[0] - height + 1))
        x = int(self.rng.integers(0, field.shape[1] - width + 1))
        return field[y : y + height, x : x + width]

    def sample(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """The broad texture at any coordinates (float32), repeated without seams by reflection."""
        return cv2.remap(self.fields["broad"], u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
