"""What rooms have in common: walls, a window, a table."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import rect, smooth
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.stage import Stage

WALLS = ((0.80, 0.76, 0.68), (0.68, 0.74, 0.76), (0.76, 0.68, 0.62), (0.70, 0.74, 0.64), (0.78, 0.77, 0.75))
CLOTHS = ((0.62, 0.30, 0.26), (0.30, 0.42, 0.52), (0.52, 0.50, 0.44), (0.42, 0.48, 0.34), (0.66, 0.54, 0.34))
WOODS = ((0.56, 0.40, 0.26), (0.44, 0.31, 0.21), (0.66, 0.51, 0.36))
ON_TABLE = ("cake", "fruit", "flower")
"""Nouns that stand on a table rather than on the floor."""


def paint_table(canvas: Canvas, wood: np.ndarray) -> Stage:
    """A table top in front: what stands on it is close to the camera."""
    top = canvas.rng.uniform(0.66, 0.71)
    paint_ground(canvas, top, wood * 0.95, wood * 1.05, rough=0.14, stretch=5, scale=0.6, haze=0.0)
    canvas.fill(rect(-0.02, top - 0.004, canvas.aspect + 0.02, top + 0.006), wood * 1.35, alpha=0.6)
    return Stage(foot=canvas.rng.uniform(0.84, 0.89), horizon=top, scale=1.05, surface="table")


def paint_window(canvas: Canvas, x: float, top: float, bottom: float, curtains: bool = True) -> None:
    """A window onto the garden, and the daylight that falls in."""
    rng = canvas.rng
    w = rng.uniform(0.15, 0.19)
    high, low = (np.asarray(c) * 1.04 for c in canvas.light.sky)
    canvas.fill(rect(x - w, top, x + w, bottom), high, low, lit=False, rough=0.02)
    for _ in range(4):
        r = rng.uniform(0.04, 0.08)
        bx = np.clip(x + rng.uniform(-w, w), x - w + r, x + w - r)
        canvas.blob(bx, bottom - 0.5 * r, r, 0.5 * r, (0.30, 0.42, 0.24), ragged=0.5, hard=2, depth=0.35)
    canvas.stroke([rect(x - w, top, x + w, bottom)], 0.018, (0.90, 0.89, 0.86), closed=True)
    canvas.stroke(
        [
            np.array([(x, top), (x, bottom)]),
            np.array([(x - w, 0.55 * top + 0.45 * bottom), (x + w, 0.55 * top + 0.45 * bottom)]),
        ],
        0.01,
        (0.88, 0.87, 0.84),
    )
    canvas.fill(
        rect(x - w - 0.03, bottom, x + w + 0.03, bottom + 0.025),
        (0.92, 0.91, 0.88),
        (0.70, 0.69, 0.66),
        rough=0,
    )
    if curtains:
        cloth = np.asarray(CLOTHS[rng.integers(len(CLOTHS))]) + 0.1
        for side in (-1, 1):
            for k in range(4):
                a = x + side * (w + 0.06 - 0.03 * k)
                drape = rect(a, top - 0.04, a + 0.032, bottom + 0.08)
                drape[2:, 0] += side * 0.012
                canvas.fill(drape, cloth * 1.1, cloth * 0.7, across=True, rough=0.04)
    canvas.glow(x, 0.5 * (top + bottom), 0.5, 0.45, low, 0.16)


def rounded(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """Outline of a rectangle with rounded corners."""
    r = 0.25 * min(right - left, bottom - top)
    corners = [(left, top + r), (left + r, top), (right - r, top), (right, top + r)]
    corners += [(right, bottom - r), (right - r, bottom), (left + r, bottom), (left, bottom - r)]
    return smooth(corners, steps=3)
