"""A living room."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import ellipse, rect
from benchmark.data.synthetic.brush.ground import paint_ground
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


def paint_room(canvas: Canvas, noun: str) -> Stage:
    """A living room: papered wall, window with curtains, sofa, lamp, picture, wooden floor."""
    rng, aspect = canvas.rng, canvas.aspect
    floor = rng.uniform(0.64, 0.70)
    wall = np.asarray(WALLS[rng.integers(len(WALLS))]) + rng.normal(0, 0.02)
    canvas.backdrop(wall, wall * 0.92, floor, rough=0.02)
    if rng.random() < 0.5:
        stripes = [rect(x, 0, x + 0.035, floor) for x in np.arange(0.02, aspect, 0.09)]
        canvas.fill(stripes, wall * 0.93, rough=0)
    wood = np.asarray(WOODS[rng.integers(len(WOODS))])
    paint_ground(canvas, floor, wood, wood * 0.95, rough=0.12, stretch=0.4, scale=0.5, boards=0.32, haze=0.0)
    canvas.fill(rect(-0.02, floor - 0.03, aspect + 0.02, floor + 0.006), wall * 1.12, wall * 0.85, rough=0)
    left = rng.random() < 0.5
    paint_window(canvas, aspect * (0.24 if left else 0.76), 0.10, 0.46)
    _sofa(canvas, aspect * (0.74 if left else 0.26), floor + 0.07)
    _picture(canvas, aspect * (0.70 if left else 0.30), 0.2)
    _floor_lamp(canvas, aspect * (0.95 if left else 0.05), floor + 0.08)
    if noun not in ON_TABLE:
        rug = np.asarray(CLOTHS[rng.integers(len(CLOTHS))])
        canvas.fill(ellipse(aspect / 2, 0.88, 0.52, 0.11), rug, rug * 0.9, rough=0.05)
        canvas.stroke([ellipse(aspect / 2, 0.88, 0.46, 0.09)], 0.01, rug * 1.3, closed=True, alpha=0.7)
    canvas.soften(0.0055)
    if noun in ON_TABLE:
        return paint_table(canvas, np.asarray(WOODS[rng.integers(len(WOODS))]))
    return Stage(foot=rng.uniform(0.87, 0.91), horizon=floor)


def _sofa(canvas: Canvas, x: float, foot: float) -> None:
    cloth = np.asarray(CLOTHS[canvas.rng.integers(len(CLOTHS))])
    paint = {"rough": 0.05, "bevel": 0.35}
    canvas.shadow(x, foot, 0.42, 0.05, 0.5)
    canvas.fill(rounded(x - 0.30, foot - 0.32, x + 0.30, foot - 0.08), cloth, cloth * 0.8, **paint)
    canvas.fill(rounded(x - 0.29, foot - 0.16, x, foot - 0.05), cloth * 1.1, cloth * 0.85, **paint)
    canvas.fill(rounded(x, foot - 0.16, x + 0.29, foot - 0.05), cloth * 1.1, cloth * 0.85, **paint)
    canvas.fill(rounded(x - 0.32, foot - 0.08, x + 0.32, foot - 0.01), cloth * 0.8, cloth * 0.6, **paint)
    for side in (-1, 1):
        canvas.fill(
            rounded(x + side * 0.33 - 0.05, foot - 0.22, x + side * 0.33 + 0.05, foot),
            cloth,
            cloth * 0.7,
            **paint,
        )


def _picture(canvas: Canvas, x: float, y: float) -> None:
    rng = canvas.rng
    w, h = rng.uniform(0.10, 0.15), rng.uniform(0.08, 0.11)
    canvas.shadow(x + 0.02, y + 0.02, 1.4 * w, 1.4 * h, 0.3)
    canvas.fill(rect(x - w, y - h, x + w, y + h), (0.30, 0.22, 0.15), (0.22, 0.16, 0.11), bevel=0.3)
    canvas.fill(rect(x - 0.86 * w, y - 0.82 * h, x + 0.86 * w, y + 0.82 * h), (0.9, 0.88, 0.84))
    inner = rng.uniform(0.3, 0.75, (2, 3))
    canvas.fill(
        rect(x - 0.7 * w, y - 0.62 * h, x + 0.7 * w, y + 0.62 * h),
        inner[0],
        inner[1],
        rough=0.15,
        grain="broad",
    )


def _floor_lamp(canvas: Canvas, x: float, foot: float) -> None:
    canvas.fill(rect(x - 0.006, foot - 0.5, x + 0.006, foot), (0.25, 0.22, 0.2))
    canvas.fill(ellipse(x, foot, 0.05, 0.012), (0.25, 0.22, 0.2))
    shade = np.array(
        [(x - 0.05, foot - 0.60), (x + 0.05, foot - 0.60), (x + 0.085, foot - 0.46), (x - 0.085, foot - 0.46)]
    )
    canvas.fill(shade, (0.92, 0.84, 0.68), (1.0, 0.93, 0.76))
    canvas.glow(x, foot - 0.53, 0.4, 0.4, (1.0, 0.84, 0.56), 0.22)
