"""A street lamp."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import rect


def paint_lamp(canvas: Canvas, x: float, foot: float, glow: bool = False) -> None:
    """A lamp post with its foot at (x, ``foot``), lit if ``glow``."""
    canvas.shadow(x, foot, 0.06, 0.012, 0.4)
    canvas.fill(rect(x - 0.006, foot - 0.62, x + 0.006, foot), (0.20, 0.21, 0.23), (0.14, 0.15, 0.16))
    canvas.fill(rect(x - 0.013, foot - 0.05, x + 0.013, foot), (0.18, 0.19, 0.2))
    head = np.array(
        [(x - 0.02, foot - 0.68), (x + 0.02, foot - 0.68), (x + 0.014, foot - 0.61), (x - 0.014, foot - 0.61)]
    )
    canvas.fill(head, (1.0, 0.9, 0.66) if glow else (0.78, 0.78, 0.74), lit=not glow)
    if glow:
        canvas.glow(x, foot - 0.645, 0.16, 0.16, (1.0, 0.86, 0.6), 0.8)
        canvas.glow(x, foot, 0.35, 0.10, (1.0, 0.86, 0.6), 0.3)
