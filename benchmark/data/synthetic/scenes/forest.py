"""The forest."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import smooth, taper
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.stage import Stage


def paint_forest(canvas: Canvas, noun: str) -> Stage:
    """Trunks one behind the other, a canopy, moss and ferns."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.50, 0.56)
    haze = np.asarray(canvas.light.haze)
    canvas.backdrop(
        haze * (0.62, 0.74, 0.52), haze * (0.80, 0.88, 0.66), horizon + 0.05, lit=False, rough=0.10
    )
    paint_ground(canvas, horizon, (0.34, 0.38, 0.20), (0.27, 0.30, 0.15), rough=0.2, scale=0.45, haze=0.5)
    leaf = np.array([0.24, 0.38, 0.14]) + rng.normal(0, 0.018, 3)
    for layer, depth in enumerate((0.72, 0.5, 0.22)):
        for _ in range((9, 7, 5)[layer]):
            x = rng.uniform(-0.02, aspect + 0.02)
            if layer == 2 and abs(x / aspect - 0.5) < 0.24:
                continue
            _trunk(canvas, x, horizon + (0.02, 0.07, 0.16)[layer], (0.018, 0.034, 0.062)[layer], depth)
        for _ in range((7, 6, 5)[layer]):
            x = rng.uniform(0, aspect)
            y = rng.uniform(-0.02, (0.26, 0.16, 0.07)[layer])
            r = rng.uniform(0.10, 0.2)
            canvas.blob(
                x, y, 1.3 * r, r, leaf * rng.uniform(0.8, 1.25), ragged=0.9, hard=3, mottle=0.28, depth=depth
            )
        if layer == 1:
            canvas.soften(0.009)
    if canvas.light.mood > 0:
        for _ in range(3):
            x = rng.uniform(0.1, 0.9) * aspect
            beam = np.array([(x, -0.02), (x + 0.07, -0.02), (x + 0.33, 0.75), (x + 0.16, 0.75)])
            canvas.fill(beam, (1.0, 0.98, 0.80), lit=False, alpha=0.10, rough=0)
    canvas.soften(0.003)
    for x in (rng.uniform(0.0, 0.2), rng.uniform(0.8, 1.0)):
        _fern(canvas, x * aspect, rng.uniform(0.86, 1.0), rng.uniform(0.14, 0.22))
    return Stage(foot=rng.uniform(0.84, 0.9), horizon=horizon)


def _trunk(canvas: Canvas, x: float, foot: float, width: float, depth: float) -> None:
    rng = canvas.rng
    lean = rng.normal(0, 0.03)
    spine = [(x + lean, -0.02), (x + 0.5 * lean, 0.3 * foot), (x, 0.9 * foot), (x, foot)]
    bark = np.array([0.30, 0.23, 0.17]) * rng.uniform(0.8, 1.2)
    outline = taper(smooth(spine, closed=False), (0.8 * width, width, 1.1 * width, 1.6 * width))
    canvas.fill(outline, bark * 1.25, bark * 0.7, across=True, rough=0.22, depth=depth)


def _fern(canvas: Canvas, x: float, y: float, size: float) -> None:
    rng = canvas.rng
    fronds = []
    for angle in np.linspace(-1.2, 1.2, 9) + rng.normal(0, 0.08, 9):
        tip = np.array([np.sin(angle), -np.cos(angle) * 0.9]) * size * rng.uniform(0.7, 1.1)
        spine = np.array([(0.0, 0.0), (tip[0] * 0.45, tip[1] * 0.75), tip]) + np.array([x, y])
        fronds.append(taper(smooth(spine, closed=False), (0.012, 0.022, 0.002)))
    canvas.fill(fronds[::2], (0.20, 0.33, 0.12), (0.12, 0.20, 0.07), rough=0.1)
    canvas.fill(fronds[1::2], (0.33, 0.48, 0.18), (0.18, 0.27, 0.09), rough=0.1)
