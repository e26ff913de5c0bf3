"""The sky as a subject: what makes it sunny, colorful, stormy or outrageous."""

from typing import Any

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, taper
from benchmark.data.synthetic.scenes.sky import paint_birds, paint_cloud

RAINBOW = (
    (0.92, 0.30, 0.28),
    (0.96, 0.62, 0.26),
    (0.97, 0.90, 0.40),
    (0.42, 0.78, 0.46),
    (0.34, 0.56, 0.88),
    (0.56, 0.38, 0.78),
)
STRIPES = ((0.90, 0.26, 0.24), (0.98, 0.80, 0.28), (0.24, 0.50, 0.80), (0.96, 0.95, 0.92), (0.92, 0.52, 0.22))


def draw_sky(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A sky over a low horizon ``y``: sunny, colorful, stormy, dark or outrageous."""
    rng = canvas.rng
    if adjective == "sunny":
        _sun(canvas, x + rng.uniform(-0.2, 0.2), rng.uniform(0.20, 0.34))
        _clouds(canvas, int(rng.integers(2, 7)), 0.3, y - 0.14)
        paint_birds(canvas, int(rng.integers(3, 7)), 0.15, 0.4)
    elif adjective == "colorful":
        _rainbow(canvas, x, y)
        _clouds(canvas, int(rng.integers(1, 5)), 0.1, 0.3)
        for dx, s in ((rng.uniform(-0.28, -0.1), 0.24), (rng.uniform(0.15, 0.32), 0.15)):
            _balloon(canvas.frame(x + dx, rng.uniform(0.34, 0.48), s * rng.uniform(0.9, 1.2)))
    elif adjective == "outrageous":
        _stripes(canvas, x, y)
    else:
        _storm(canvas, x, y, lightning=adjective == "stormy")


def _clouds(canvas: Canvas, n: int, top: float, bottom: float) -> None:
    rng = canvas.rng
    for _ in range(n):
        place = rng.uniform(0, canvas.aspect), rng.uniform(top, bottom)
        paint_cloud(canvas, *place, rng.uniform(0.07, 0.18), canvas.light.cloud)


def _rainbow(canvas: Canvas, x: float, y: float) -> None:
    radius = canvas.rng.uniform(0.38, 0.52)
    for k, colour in enumerate(RAINBOW):
        r = radius - 0.022 * k
        canvas.stroke(arc(x, y, r, r, np.pi, 2 * np.pi, n=40), 0.026, colour, lit=False, alpha=0.42)


def _stripes(canvas: Canvas, x: float, y: float) -> None:
    """Clouds in rows, and a whirl."""
    rng = canvas.rng
    cloud = np.asarray(canvas.light.cloud)
    soft: dict[str, Any] = {"ragged": 0.6, "hard": 1.2, "grain": "broad", "lit": False, "alpha": 0.85}
    n = int(rng.integers(5, 10))
    for level in np.linspace(0.05, y - 0.08, n) + rng.uniform(-0.02, 0.02, n):
        reach = rng.uniform(0.25, 0.5)
        tone = cloud * rng.uniform(0.55, 1.05)
        canvas.blob(x + rng.uniform(-0.5, 0.5), level, reach, rng.uniform(0.03, 0.06), tone, **soft)
    cx, cy = x + rng.uniform(-0.2, 0.2), rng.uniform(0.2, 0.34)
    for k in range(4):
        turn = arc(cx, cy, 0.10 + 0.07 * k, 0.05 + 0.04 * k, 0.4 * k, 0.4 * k + 4.5, n=30)
        canvas.stroke(turn, 0.024, cloud * 0.75, lit=False, alpha=0.5)


def _sun(canvas: Canvas, x: float, y: float) -> None:
    rays = []
    for t in np.arange(14) * 2 * np.pi / 14 + canvas.rng.uniform(0, 1):
        reach = 0.20 + 0.10 * canvas.rng.random()
        rays.append(
            taper(
                [
                    (x + 0.10 * np.cos(t), y + 0.10 * np.sin(t)),
                    (x + reach * np.cos(t), y + reach * np.sin(t)),
                ],
                (0.022, 0.004),
            )
        )
    canvas.glow(x, y, 0.5, 0.5, (1.0, 0.92, 0.7), 0.35)
    canvas.fill(rays, (1.0, 0.95, 0.74), lit=False, alpha=0.55, rough=0)
    canvas.fill(ellipse(x, y, 0.085, 0.085), (1.0, 0.97, 0.82), lit=False, rough=0)
    canvas.glow(x, y, 0.17, 0.17, (1.0, 0.95, 0.8), 0.7)


def _balloon(f: Frame) -> None:
    """A hot-air balloon, its basket one unit under its crown."""
    rng = f.canvas.rng
    a, b = rng.choice(len(STRIPES), 2, replace=False)
    for k in range(6):
        left, right = np.cos(np.pi * k / 6), np.cos(np.pi * (k + 1) / 6)
        t = np.linspace(0, np.pi, 14)
        swell = 0.42 * np.sin(t) ** 0.75
        level = -1.0 + 0.72 * (1 - np.cos(t)) / 2
        gore = np.concatenate([np.stack([left * swell, level], 1), np.stack([right * swell, level], 1)[::-1]])
        colour = np.asarray(STRIPES[a if k % 2 else b]) * (1.05 - 0.06 * (5 - k))
        f.fill(gore, colour, colour * 0.8, rough=0.02)
    f.stroke([np.array([(s * 0.1, -0.30), (s * 0.06, -0.1)]) for s in (-1, 1)], 0.012, (0.3, 0.25, 0.2))
    f.fill(
        np.array([(-0.08, -0.10), (0.08, -0.10), (0.06, 0.02), (-0.06, 0.02)]), (0.52, 0.36, 0.22), rough=0.2
    )


def _storm(canvas: Canvas, x: float, y: float, lightning: bool) -> None:
    """A bank of heavy clouds, rain, and lightning."""
    rng = canvas.rng
    cloud = np.asarray(canvas.light.cloud)
    canvas.backdrop(np.array([0.22, 0.24, 0.28]), 0.5 * np.asarray(canvas.light.sky[1]) + 0.1, y, lit=False)
    for _ in range(18):
        cx, cy = rng.uniform(-0.05, 1.05) * canvas.aspect, rng.uniform(-0.02, 0.34)
        tone = (0.16 + 0.25 * cloud) * rng.uniform(0.7, 1.35)
        canvas.blob(
            cx,
            cy,
            rng.uniform(0.14, 0.28),
            rng.uniform(0.07, 0.13),
            tone,
            ragged=0.5,
            hard=1.5,
            shade=0.28,
            grain="broad",
            lit=False,
            alpha=0.9,
        )
    rain = []
    for _ in range(90):
        px, py = rng.uniform(0, canvas.aspect), rng.uniform(0.32, y + 0.1)
        rain.append(np.array([(px, py), (px - 0.02, py + rng.uniform(0.05, 0.1))]))
    canvas.stroke(rain, 0.0025, (0.78, 0.80, 0.84), lit=False, alpha=0.45)
    if lightning:
        px = x + rng.uniform(-0.2, 0.2)
        bolt = jagged(
            [(px, 0.28), (px + rng.uniform(-0.1, 0.1), 0.48), (px + rng.uniform(-0.14, 0.14), y)],
            rng,
            0.035,
            5,
        )
        canvas.glow(px, 0.45, 0.3, 0.4, (0.75, 0.78, 1.0), 0.35)
        canvas.stroke([bolt], 0.012, (0.98, 0.98, 1.0), lit=False)
        branch = jagged([bolt[5], bolt[5] + (rng.choice([-0.14, 0.14]), 0.16)], rng, 0.02, 4)
        canvas.stroke([branch], 0.006, (0.95, 0.95, 1.0), lit=False)
    else:
        paint_birds(canvas, int(rng.integers(5, 9)), 0.35, 0.5, (0.06, 0.06, 0.07))
