"""A city at night."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import ellipse, rect
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.lamp import paint_lamp
from benchmark.data.synthetic.scenes.stage import Stage

WINDOWS = ((1.0, 0.83, 0.50), (1.0, 0.92, 0.72), (0.75, 0.88, 1.0), (1.0, 0.72, 0.36))


def paint_night_city(canvas: Canvas, noun: str) -> Stage:
    """Towers with lit windows under a dark sky, their lights on a wet street."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.58, 0.64)
    canvas.backdrop(*canvas.light.sky, horizon + 0.02, lit=False, rough=0.05)
    lights: list[tuple[float, float, np.ndarray]] = []
    for layer, (tone, depth) in enumerate(((0.16, 0.22), (0.10, 0.05))):
        x = -0.05
        while x < aspect:
            w, h = rng.uniform(0.12, 0.24), rng.uniform(0.22, 0.5) * (1.0, 0.8)[layer]
            _tower(canvas, x, horizon - h, w, h, tone, depth * 0.6, lights)
            x += w + rng.uniform(0, 0.04) * (layer + 1)
    paint_ground(
        canvas, horizon, (0.10, 0.10, 0.13), (0.17, 0.17, 0.20), rough=0.25, stretch=3, scale=0.5, haze=0.0
    )
    for x, y, colour in lights:
        length = rng.uniform(0.12, 0.34)
        canvas.glow(x, horizon + 0.05 + 0.3 * (horizon - y), 0.022, length, colour, 0.13)
    canvas.soften(0.006)
    for _ in range(12):
        r = rng.uniform(0.012, 0.032)
        x, y = rng.uniform(0, aspect), horizon + rng.uniform(-0.10, 0.02)
        shine = WINDOWS[rng.integers(len(WINDOWS))] if rng.random() < 0.8 else (1.0, 0.25, 0.2)
        canvas.fill(ellipse(x, y, r, r), shine, lit=False, alpha=0.45, rough=0)
        canvas.glow(x, y + 0.16, 0.03, 0.2, shine, 0.22)
    x = rng.choice([0.1, 0.9]) * aspect
    paint_lamp(canvas, x, 0.84, glow=True)
    canvas.glow(0.5 * aspect, 0.82, 0.9, 0.32, (1.0, 0.85, 0.65), 0.20)
    return Stage(foot=rng.uniform(0.86, 0.91), horizon=horizon)


def _tower(
    canvas: Canvas,
    x: float,
    top: float,
    w: float,
    h: float,
    tone: float,
    depth: float,
    lights: list[tuple[float, float, np.ndarray]],
) -> None:
    rng = canvas.rng
    canvas.fill(
        rect(x, top, x + w, top + h + 0.02), (tone, tone, tone * 1.25), lit=False, depth=depth, rough=0.1
    )
    columns, rows = int(w / 0.032), int(h / 0.045)
    panes: dict[int, list[np.ndarray]] = {}
    for c in range(columns):
        for r in range(rows):
            if rng.random() < 0.45:
                px, py = x + w * (c + 0.25) / columns, top + 0.02 + 0.045 * r
                panes.setdefault(int(rng.integers(len(WINDOWS))), []).append(
                    rect(px, py, px + 0.014, py + 0.022)
                )
    for k, shapes in panes.items():
        canvas.fill(shapes, WINDOWS[k], lit=False, alpha=0.85, rough=0.15)
        lights.append((float(shapes[0][0, 0]), float(shapes[0][0, 1]), np.asarray(WINDOWS[k])))
