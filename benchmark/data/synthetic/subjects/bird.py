"""A bird, perched or dead."""

from typing import Any

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import ellipse, smooth, taper
from benchmark.data.synthetic.subjects.face import DARK


def draw_bird(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A bird: colorful or little (perched, singing), dead (on its back), or curious (perched, still)."""
    rng = canvas.rng
    f = canvas.frame(x, y, size, flip=bool(rng.random() < 0.5))
    bright = [(0.20, 0.46, 0.78), (0.86, 0.36, 0.22), (0.94, 0.74, 0.22), (0.26, 0.62, 0.42)]
    plain = [(0.50, 0.40, 0.32), (0.42, 0.42, 0.44), (0.62, 0.55, 0.46)]
    main = np.asarray(
        bright[rng.integers(4)] if adjective == "colorful" or rng.random() < 0.35 else plain[rng.integers(3)]
    )
    breast = np.asarray(bright[rng.integers(4)]) if adjective == "colorful" else main * 0.4 + 0.5
    if adjective == "dead":
        _dead_bird(f, main, breast)
    else:
        _perched_bird(f, main, breast, singing=adjective != "curious")


def _perched_bird(f: Frame, main: np.ndarray, breast: np.ndarray, singing: bool) -> None:
    down: dict[str, Any] = {"rough": 0.07, "grain": "strand", "bevel": 0.4}
    f.shadow(0, 0, 0.4, 0.05, 0.45)
    wood = np.array([0.36, 0.27, 0.20])
    f.fill(
        taper(
            smooth([(-0.75, 0.03), (-0.2, -0.10), (0.3, -0.10), (0.75, -0.20)], closed=False),
            (0.10, 0.08, 0.05),
        ),
        wood * 1.2,
        wood * 0.7,
        rough=0.2,
    )
    f.fill(taper([(0.2, -0.24), (0.45, -0.1), (0.66, 0.0)], (0.14, 0.12, 0.08)), main * 0.75, **down)
    body = smooth(
        [
            (-0.22, -0.62),
            (0.0, -0.58),
            (0.22, -0.36),
            (0.28, -0.22),
            (0.05, -0.12),
            (-0.20, -0.18),
            (-0.34, -0.38),
        ]
    )
    f.fill(body, breast * 1.05, breast * 0.8, **down)
    wing = smooth([(-0.06, -0.52), (0.14, -0.42), (0.36, -0.16), (0.12, -0.20), (-0.10, -0.32)])
    f.fill(wing, main, main * 0.7, **down)
    f.stroke(
        [np.array([(0.02 + t, -0.38 + t), (0.20 + t, -0.24 + 0.6 * t)]) for t in (0, 0.05, 0.1)],
        0.012,
        main * 0.5,
    )
    f.fill(ellipse(-0.24, -0.66, 0.16, 0.15), main * 1.08, main * 0.9, **down)
    beak = (0.95, 0.66, 0.20)
    if singing:
        f.fill(
            [
                np.array([(-0.37, -0.71), (-0.54, -0.78), (-0.38, -0.65)]),
                np.array([(-0.38, -0.65), (-0.50, -0.60), (-0.37, -0.61)]),
            ],
            beak,
            rough=0,
        )
    else:
        f.fill(np.array([(-0.38, -0.70), (-0.54, -0.64), (-0.38, -0.61)]), beak, rough=0)
    f.fill(ellipse(-0.28, -0.69, 0.030, 0.030), DARK, rough=0)
    f.fill(ellipse(-0.29, -0.70, 0.010, 0.010), (1, 1, 1), rough=0)
    f.stroke([np.array([(t, -0.14), (t - 0.02, -0.08)]) for t in (-0.05, 0.05)], 0.02, (0.5, 0.34, 0.2))


def _dead_bird(f: Frame, main: np.ndarray, breast: np.ndarray) -> None:
    down: dict[str, Any] = {"rough": 0.10, "grain": "strand", "bevel": 0.4}
    rng = f.canvas.rng
    f.shadow(0, 0.0, 0.7, 0.10, 0.6)
    f.fill(taper([(0.3, -0.10), (0.55, -0.05), (0.78, 0.0)], (0.16, 0.12, 0.08)), main * 0.7, **down)
    spread = [
        np.array(
            [(-0.1, -0.06), (-0.34 + 0.09 * k, 0.13 + 0.02 * k), (-0.24 + 0.10 * k, 0.16), (0.12, -0.04)]
        )
        for k in range(5)
    ]
    f.fill(spread, main * 0.85, main * 0.6, **down)
    f.fill(
        smooth([(-0.34, -0.12), (-0.1, -0.30), (0.2, -0.27), (0.38, -0.10), (0.1, 0.02), (-0.25, 0.02)]),
        breast * 0.95,
        breast * 0.66,
        **down,
    )
    f.fill(ellipse(-0.42, -0.08, 0.14, 0.12), main, main * 0.8, **down)
    f.fill(np.array([(-0.53, -0.12), (-0.70, -0.02), (-0.53, -0.03)]), (0.75, 0.56, 0.26), rough=0)
    f.stroke(
        [np.array([(-0.49, -0.13), (-0.43, -0.07)]), np.array([(-0.49, -0.07), (-0.43, -0.13)])], 0.020, DARK
    )
    for t in (0.08, 0.2):
        foot = np.array([(t, -0.22), (t + 0.02, -0.44)])
        toes = [foot, *(np.array([foot[1], foot[1] + (dx, -0.07)]) for dx in (-0.06, 0.0, 0.06))]
        f.stroke(toes, 0.020, (0.5, 0.36, 0.24))
    for _ in range(4):
        px, py, angle = rng.uniform(-0.9, 0.9), rng.uniform(0.0, 0.16), rng.uniform(-0.6, 0.6)
        f.fill(ellipse(px, py, 0.09, 0.018, angle), main * 0.9, rough=0.1)
