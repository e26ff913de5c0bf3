"""Outlines and growth of the land."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import smooth


def below(line: np.ndarray, aspect: float, bottom: float = 1.02) -> np.ndarray:
    """Outline of all that lies under a line across the picture."""
    return np.concatenate([line, [(aspect + 0.02, bottom), (-0.02, bottom)]])


def wavy_line(aspect: float, y: float, amount: float, rng: np.random.Generator) -> np.ndarray:
    """A line across the picture that rises and falls by ``amount``."""
    x = np.linspace(-0.02, aspect + 0.02, 8)
    return smooth(np.stack([x, y + rng.uniform(-amount, amount, 8)], 1), closed=False)


def paint_blades(canvas: Canvas, top: float, n: int, colour: np.ndarray, size: float) -> None:
    """Grass in the foreground."""
    rng = canvas.rng
    for tone in (0.75, 1.15, 1.55):
        blades = []
        for _ in range(n // 3):
            x, y, h = rng.uniform(0, canvas.aspect), rng.uniform(top, 1.03), size * rng.uniform(0.6, 1.5)
            lean = rng.normal(0, 0.35) * h
            blades.append(
                np.array([(x - 0.004, y), (x + 0.4 * lean, y - 0.6 * h), (x + lean, y - h), (x + 0.004, y)])
            )
        canvas.fill(blades, colour * tone, colour * tone * 0.7, rough=0)
