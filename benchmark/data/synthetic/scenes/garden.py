"""A garden."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import smooth
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.sky import paint_sky
from benchmark.data.synthetic.scenes.stage import Stage


def paint_garden(canvas: Canvas, noun: str) -> Stage:
    """A lawn between flower beds, with a hedge or a picket fence behind."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.46, 0.52)
    paint_sky(canvas, horizon, clouds=int(rng.integers(0, 3)))
    leaf = np.array([0.22, 0.36, 0.15]) + rng.normal(0, 0.018, 3)
    for x in np.arange(-0.05, aspect + 0.1, 0.17):
        r = rng.uniform(0.12, 0.2)
        canvas.blob(
            x,
            horizon - 0.35 * r,
            1.2 * r,
            r,
            leaf * rng.uniform(0.8, 1.3),
            ragged=0.7,
            hard=3,
            mottle=0.3,
            depth=0.12,
        )
    lawn = np.array([0.38, 0.52, 0.20]) + rng.normal(0, 0.018, 3)
    paint_ground(canvas, horizon, lawn * 0.95, lawn * 0.85, rough=0.10, scale=0.35, haze=0.1)
    if rng.random() < 0.7:
        _pickets(canvas, horizon + 0.06)
    canvas.soften(0.004)
    path = smooth([(0.42 * aspect, horizon + 0.05), (0.5 * aspect, 0.7), (0.44 * aspect, 1.03)], closed=False)
    wide = np.linspace(0.02, 0.13, len(path))[:, None] * np.array([[1.0, 0.0]])
    canvas.fill(np.concatenate([path - wide, (path + wide)[::-1]]), (0.66, 0.62, 0.55), rough=0.06)
    for left, right in ((-0.02, 0.24), (0.78, 1.02)):
        for _ in range(9):
            x, y = rng.uniform(left, right) * aspect, rng.uniform(horizon + 0.10, 0.86)
            r = 0.05 + 0.07 * (y - horizon)
            canvas.blob(x, y, 1.3 * r, r, leaf * rng.uniform(0.9, 1.4), ragged=0.8, hard=4, mottle=0.3)
    return Stage(foot=rng.uniform(0.84, 0.9), horizon=horizon)


def _pickets(canvas: Canvas, y: float) -> None:
    rng, aspect = canvas.rng, canvas.aspect
    paint = np.array([0.88, 0.88, 0.85]) if rng.random() < 0.6 else np.array([0.55, 0.43, 0.32])
    h = rng.uniform(0.12, 0.16)
    canvas.stroke(
        [np.array([(-0.02, y - t * h), (aspect + 0.02, y - t * h)]) for t in (0.3, 0.75)], 0.012, paint * 0.8
    )
    boards = []
    for x in np.arange(0, aspect, 0.045):
        boards.append(
            np.array([(x, y - h), (x + 0.013, y - h - 0.02), (x + 0.026, y - h), (x + 0.026, y), (x, y)])
        )
    canvas.fill(boards, paint, paint * 0.85, rough=0.05)
