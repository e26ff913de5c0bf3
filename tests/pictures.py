"""Generated images for tests."""

from pathlib import Path

import numpy as np
from PIL import Image


def draw_image(rng: np.random.Generator, positive: bool, size: tuple[int, int] = (80, 96)) -> np.ndarray:
    """A textured image whose colour carries the label: warm and bright, or cold and dark."""
    height, width = size
    base = np.array([200, 150, 70] if positive else [60, 80, 140], dtype=float)
    rows, columns = np.mgrid[0:height, 0:width]
    angle, period = rng.uniform(0, np.pi), rng.uniform(6, 20)
    wave = np.sin((rows * np.sin(angle) + columns * np.cos(angle)) * 2 * np.pi / period)
    noise = rng.normal(0, 12, (height, width, 1))
    picture = base + rng.normal(0, 25, 3) + 35 * wave[..., None] + noise
    for _ in range(6):
        y, x, side = rng.integers(0, height - 12), rng.integers(0, width - 12), rng.integers(6, 12)
        picture[y : y + side, x : x + side] = rng.uniform(0, 255, 3)
    return picture.clip(0, 255).astype(np.uint8)


def write_photos(folder: Path, n: int, seed: int = 0) -> Path:
    """Write n images into ``folder/positive`` and ``folder/negative``, three to two; returns the folder."""
    rng = np.random.default_rng(seed)
    for i in range(n):
        name = "positive" if i % 5 < 3 else "negative"
        path = folder / name / f"{i:02d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_image(rng, name == "positive")).save(path)
    return folder
