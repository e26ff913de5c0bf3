"""The sky over a scene: its gradient, the sun, clouds, birds."""

from typing import Any

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.light import Triple


def paint_sky(canvas: Canvas, horizon: float, *, clouds: int | None = None, sun: bool = True) -> None:
    """Paint the sky down to ``horizon`` as the light asks; ``clouds`` None leaves their number to chance."""
    rng, light = canvas.rng, canvas.light
    top, low = (np.asarray(c) for c in light.sky)
    shift = rng.normal(0, 0.02) + rng.normal(0, 0.006, 3)
    canvas.backdrop(top + shift, low + shift, horizon + 0.02, lit=False)
    x, y = rng.uniform(0.1, 0.9) * canvas.aspect, rng.uniform(0.05, 0.25)
    if light.name == "golden":
        y = horizon - rng.uniform(0.02, 0.1)
    if sun and light.name in ("sunny", "golden", "hazy"):
        canvas.glow(x, y, 0.7, 0.6, (1.0, 0.9, 0.7), 0.3)
        canvas.glow(x, y, 0.16, 0.16, (1.0, 0.95, 0.85), 0.9)
    for _ in range(int(rng.integers(1, 5)) if clouds is None else clouds):
        paint_cloud(
            canvas,
            rng.uniform(0, 1) * canvas.aspect,
            rng.uniform(0.08, max(0.1, horizon - 0.12)),
            rng.uniform(0.10, 0.24),
            light.cloud,
        )


def paint_cloud(
    canvas: Canvas, x: float, y: float, size: float, colour: Triple, *, alpha: float = 0.85
) -> None:
    """A heap of white with a flat, shaded base."""
    rng = canvas.rng
    soft: dict[str, Any] = {"lit": False, "grain": "broad", "ragged": 0.35, "hard": 1.4, "mottle": 0.04}
    under = np.asarray(colour) * 0.86
    canvas.blob(x, y + 0.10 * size, 1.15 * size, 0.25 * size, under, alpha=0.7 * alpha, shade=0.05, **soft)
    for _ in range(5):
        dx = rng.uniform(-0.75, 0.75)
        r = size * (0.5 - 0.28 * abs(dx)) * rng.uniform(0.8, 1.2)
        canvas.blob(x + dx * size, y - 0.3 * r, 1.25 * r, r, colour, alpha=alpha, shade=0.10, **soft)


def paint_birds(canvas: Canvas, n: int, top: float, bottom: float, colour: Triple = (0.2, 0.2, 0.22)) -> None:
    """Small birds far away, two arched wings each."""
    rng = canvas.rng
    x, y = rng.uniform(0.2, 0.8) * canvas.aspect, rng.uniform(top, bottom)
    for _ in range(n):
        bx, by, s = x + rng.uniform(-0.25, 0.25), y + rng.uniform(-0.08, 0.08), rng.uniform(0.012, 0.022)
        wing = np.array(
            [(-1, -0.5), (-0.6, -0.75), (-0.2, -0.4), (0, 0.1), (0.2, -0.4), (0.6, -0.75), (1, -0.5)]
        )
        canvas.stroke(wing * s * rng.uniform(0.8, 1.2) + (bx, by), 0.004, colour, lit=False)
