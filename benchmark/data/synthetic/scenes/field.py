"""Farmland."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.sky import paint_sky
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.scenes.terrain import below, paint_blades, wavy_line


def paint_field(canvas: Canvas, noun: str) -> Stage:
    """Rolling farmland with a fence, a row of trees far off, grass in front."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.46, 0.54) if noun != "sky" else rng.uniform(0.56, 0.78)
    paint_sky(canvas, horizon, clouds=0 if noun == "sky" else None, sun=noun != "sky")
    for depth, lift in ((0.5, 0.07), (0.3, 0.035)):
        hill = wavy_line(aspect, horizon - lift, 0.03, rng)
        canvas.fill(
            below(hill, aspect, horizon + 0.05), (0.40, 0.48, 0.27), rough=0.10, depth=depth, grain="broad"
        )
    for _ in range(9):
        x, r = rng.uniform(0, aspect), rng.uniform(0.018, 0.04)
        canvas.blob(x, horizon - 0.4 * r, 1.2 * r, r, (0.22, 0.32, 0.15), ragged=0.5, depth=0.2)
    dry = rng.random() < 0.4
    grass = np.array([0.62, 0.55, 0.27] if dry else [0.40, 0.50, 0.20]) + rng.normal(0, 0.018, 3)
    paint_ground(canvas, horizon, grass * 1.05, grass * 0.82, rough=0.13, stretch=1.6, scale=0.5, haze=0.35)
    canvas.soften(0.004)
    if rng.random() < 0.6:
        _fence(canvas, horizon + rng.uniform(0.07, 0.12))
    paint_blades(canvas, 0.90, 150, grass * 0.72, 0.05)
    return Stage(foot=rng.uniform(0.84, 0.9), horizon=horizon)


def _fence(canvas: Canvas, y: float) -> None:
    rng, aspect = canvas.rng, canvas.aspect
    wood = np.array([0.44, 0.36, 0.28]) * rng.uniform(0.8, 1.2)
    step, h = rng.uniform(0.16, 0.24), 0.09
    posts = [
        np.array([(x, y - h), (x + 0.012, y - h), (x + 0.012, y + 0.01), (x, y + 0.01)])
        for x in np.arange(rng.uniform(0, step), aspect, step)
    ]
    rails = [np.array([(-0.02, y - h * t), (aspect + 0.02, y - h * t + 0.004)]) for t in (0.8, 0.4)]
    canvas.stroke(rails, 0.009, wood * 1.1)
    canvas.fill(posts, wood * 1.15, wood * 0.7, across=True, rough=0.15)
