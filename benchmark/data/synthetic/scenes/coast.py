"""The coast."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.sky import paint_sky
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.scenes.terrain import below, wavy_line


def paint_coast(canvas: Canvas, noun: str) -> Stage:
    """Sea to the horizon, surf, and a beach in front."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.36, 0.46) if noun != "sky" else rng.uniform(0.54, 0.72)
    paint_sky(canvas, horizon, clouds=0 if noun == "sky" else None, sun=noun != "sky")
    low = np.asarray(canvas.light.sky[1])
    hue = np.array([0.10, 0.34, 0.46]) + rng.normal(0, 0.018, 3)
    paint_ground(canvas, horizon, 0.45 * low + 0.5 * hue, hue, rough=0.16, stretch=5, scale=0.6, haze=0.3)
    if rng.random() < 0.6:
        left = rng.random() < 0.5
        x = np.linspace(0, 1, 6) * rng.uniform(0.5, 0.8)
        ridge = horizon - rng.uniform(0.03, 0.09) * np.sqrt(1 - np.linspace(0, 1, 6)) * rng.uniform(
            0.7, 1.2, 6
        )
        cape = np.concatenate([[(-0.02, horizon)], np.stack([x, ridge], 1), [(x[-1], horizon)]])
        cape[:, 0] = cape[:, 0] if left else aspect - cape[:, 0]
        canvas.fill(cape, (0.32, 0.38, 0.30), rough=0.12, depth=0.45, grain="broad")
    shore = rng.uniform(0.60, 0.68) if noun != "boat" else rng.uniform(0.82, 0.88)
    shore = max(shore, horizon + 0.17)
    _surf(canvas, horizon, shore)
    canvas.soften(0.004)
    sand = np.array([0.82, 0.72, 0.56]) + rng.normal(0, 0.012, 3)
    edge = wavy_line(aspect, shore, 0.022, rng)
    canvas.fill(below(edge - (0, 0.035), aspect), sand * 0.62, sand * 0.8, rough=0.04)
    canvas.stroke(edge - (0, 0.035), 0.016, (0.96, 0.97, 0.97), alpha=0.8)
    canvas.fill(below(edge, aspect), sand * 0.88, sand, rough=0.03)
    for _ in range(22):
        t = rng.random()
        y = shore + 0.05 + (1 - shore) * t * t
        canvas.shadow(rng.uniform(0, aspect), y, rng.uniform(0.04, 0.16) * (0.3 + t), 0.007 + 0.02 * t, 0.14)
    if noun == "boat":
        return Stage(foot=shore - rng.uniform(0.10, 0.14), horizon=horizon, surface="water")
    return Stage(foot=rng.uniform(0.84, 0.9), horizon=horizon)


def _surf(canvas: Canvas, horizon: float, shore: float) -> None:
    """Broken lines of foam that grow towards the shore."""
    rng = canvas.rng
    for t in (0.25, 0.5, 0.8):
        y = horizon + (shore - horizon) * t
        for _ in range(5):
            x, length = rng.uniform(0, canvas.aspect), rng.uniform(0.08, 0.3) * (0.4 + t)
            line = wavy_line(length, y + rng.uniform(-0.02, 0.02), 0.006 * t, rng)
            line[:, 0] += x
            canvas.stroke(line, 0.003 + 0.008 * t * t, (0.95, 0.97, 0.98), alpha=0.55)
