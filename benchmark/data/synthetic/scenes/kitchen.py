"""A kitchen."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import rect, smooth
from benchmark.data.synthetic.scenes.interior import (
    CLOTHS,
    ON_TABLE,
    WALLS,
    WOODS,
    paint_table,
    paint_window,
    rounded,
)
from benchmark.data.synthetic.scenes.stage import Stage


def paint_kitchen(canvas: Canvas, noun: str) -> Stage:
    """A kitchen: tiles, a shelf with jars, a window, cupboards and a worktop."""
    rng, aspect = canvas.rng, canvas.aspect
    tile = np.asarray(WALLS[rng.integers(len(WALLS))]) * 1.08
    canvas.backdrop(tile, tile * 0.93, 1.0, rough=0.02)
    step = rng.uniform(0.075, 0.10)
    lines = [np.array([(x, 0), (x, 0.62)]) for x in np.arange(rng.uniform(0, step), aspect, step)]
    lines += [np.array([(0, y), (aspect, y)]) for y in np.arange(rng.uniform(0, step), 0.62, step)]
    canvas.stroke(lines, 0.004, tile * 0.84)
    paint = np.asarray(CLOTHS[rng.integers(len(CLOTHS))]) * 0.6 + 0.28
    left = rng.random() < 0.5
    paint_window(canvas, aspect * (0.30 if left else 0.70), 0.08, 0.42, curtains=False)
    x0 = aspect * (0.56 if left else 0.04)
    _shelf(canvas, x0, x0 + 0.4 * aspect, 0.24)
    counter = 0.60
    canvas.fill(rect(-0.02, counter + 0.04, aspect + 0.02, 1.02), paint, paint * 0.8, rough=0.04)
    doors = [rect(x + 0.012, counter + 0.07, x + 0.30, 1.0) for x in np.arange(0.0, aspect, 0.32)]
    canvas.fill(doors, paint * 1.08, paint * 0.9, rough=0.03, bevel=0.15)
    canvas.stroke(
        [np.array([(x + 0.26, 0.7), (x + 0.26, 0.76)]) for x in np.arange(0, aspect, 0.32)],
        0.01,
        (0.8, 0.8, 0.8),
    )
    stone = np.array([0.70, 0.69, 0.67]) * rng.uniform(0.75, 1.1)
    canvas.fill(
        rect(-0.02, counter - 0.02, aspect + 0.02, counter + 0.04), stone * 1.1, stone * 0.75, rough=0.06
    )
    _kettle(canvas, aspect * (0.82 if left else 0.14), counter)
    canvas.soften(0.0055)
    if noun in ON_TABLE:
        return paint_table(canvas, np.asarray(WOODS[rng.integers(len(WOODS))]) * 1.1)
    return Stage(foot=rng.uniform(0.93, 0.97), horizon=counter)


def _shelf(canvas: Canvas, left: float, right: float, y: float) -> None:
    rng = canvas.rng
    canvas.shadow(0.5 * (left + right), y + 0.05, 0.5 * (right - left), 0.06, 0.25)
    x = left + 0.02
    while x < right - 0.07:
        w, h = rng.uniform(0.035, 0.06), rng.uniform(0.07, 0.14)
        colour = rng.uniform(0.3, 0.85, 3) * 0.7 + 0.15
        canvas.fill(rounded(x, y - h, x + w, y), colour, colour * 0.75, bevel=0.4)
        canvas.fill(rect(x + 0.1 * w, y - h - 0.018, x + 0.9 * w, y - h + 0.004), (0.5, 0.42, 0.34))
        x += w + rng.uniform(0.01, 0.03)
    canvas.fill(rect(left, y, right, y + 0.022), (0.58, 0.44, 0.30), (0.42, 0.31, 0.21), rough=0.1)


def _kettle(canvas: Canvas, x: float, foot: float) -> None:
    steel = np.array([0.72, 0.73, 0.75]) if canvas.rng.random() < 0.6 else np.array([0.66, 0.22, 0.18])
    canvas.shadow(x, foot, 0.12, 0.015, 0.4)
    canvas.stroke(
        [smooth([(x - 0.06, foot - 0.10), (x, foot - 0.2), (x + 0.06, foot - 0.10)], closed=False)],
        0.014,
        (0.2, 0.2, 0.2),
    )
    canvas.fill(
        np.array(
            [
                (x + 0.05, foot - 0.06),
                (x + 0.13, foot - 0.13),
                (x + 0.14, foot - 0.12),
                (x + 0.06, foot - 0.02),
            ]
        ),
        steel * 0.85,
    )
    canvas.fill(rounded(x - 0.08, foot - 0.14, x + 0.08, foot), steel * 1.1, steel * 0.7, bevel=0.6, rough=0)
