"""A bowl of fruit, fresh or rotten."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, rect, smooth, star
from benchmark.data.synthetic.subjects.decay import draw_flies, draw_mould


def draw_fruit(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A bowl of fruit: fresh, rotten (brown, mouldy, flies) or dry (wrinkled)."""
    rng = canvas.rng
    f = canvas.frame(x, y, size)
    f.shadow(0, 0.03, 0.7, 0.10, 0.5)
    kinds = [
        (0.82, 0.14, 0.13),
        (0.95, 0.58, 0.14),
        (0.56, 0.70, 0.20),
        (0.92, 0.80, 0.26),
        (0.90, 0.46, 0.36),
    ]
    rotten, dry = adjective == "rotten", adjective == "dry"
    spots = [(-0.30, -0.36), (0.02, -0.40), (0.31, -0.35), (-0.15, -0.53), (0.17, -0.54)]
    for cx, cy in spots:
        colour = np.asarray(kinds[rng.integers(5)])
        if rotten:
            colour = colour * 0.75 + np.array([0.06, 0.05, 0.03])
        if dry:
            colour = colour * 0.8 + 0.05
        _fruit(f, cx + rng.normal(0, 0.015), cy, colour, adjective)
    if adjective == "fresh":
        for side in (-1, 1):
            f.fill(
                smooth(
                    [(side * 0.05, -0.62), (side * 0.14, -0.74), (side * 0.26, -0.74), (side * 0.17, -0.64)]
                ),
                (0.34, 0.54, 0.18),
                (0.22, 0.38, 0.12),
                bevel=0.3,
            )
    glaze = np.array([(0.90, 0.89, 0.86), (0.36, 0.50, 0.60), (0.62, 0.46, 0.32)][rng.integers(3)])
    bowl = np.concatenate(
        [[(-0.56, -0.32)], arc(0, -0.30, 0.56, 0.055, np.pi, 0), arc(0, -0.30, 0.56, 0.30, 0, np.pi)]
    )
    f.fill(bowl, glaze * 1.05, glaze * 0.68, bevel=0.5, rough=0.02)
    f.stroke([arc(0, -0.30, 0.56, 0.055, np.pi, 0)], 0.018, glaze * 1.15)
    f.fill(rect(-0.2, -0.02, 0.2, 0.03), glaze * 0.75)
    if rotten:
        draw_mould(f, 5, 0.36, -0.45)
        f.stroke(
            [jagged([(0.30, -0.26), (0.22, -0.14), (0.26, -0.04)], rng, 0.02, 4)], 0.012, (0.15, 0.13, 0.12)
        )
        draw_flies(f, 7)


def _fruit(f: Frame, cx: float, cy: float, colour: np.ndarray, adjective: str) -> None:
    rng = f.canvas.rng
    r = rng.uniform(0.165, 0.19)
    t = np.linspace(0, 2 * np.pi, 13)[:-1]
    uneven = {"rotten": 0.14, "dry": 0.08}.get(adjective, 0.015)
    radii = r * (1 + rng.uniform(-uneven, uneven, 12))
    f.fill(
        smooth(np.stack([cx + radii * np.cos(t), cy + radii * np.sin(t)], 1), steps=4),
        colour * 1.12,
        colour * 0.72,
        bevel=0.6,
        rough=0.05 if adjective == "fresh" else 0.16,
    )
    f.stroke([np.array([(cx, cy - 0.9 * r), (cx + 0.02, cy - 1.15 * r)])], 0.018, (0.30, 0.22, 0.14))
    if adjective == "fresh":
        f.fill(ellipse(cx - 0.38 * r, cy - 0.42 * r, 0.16 * r, 0.10 * r, -0.6), (1, 1, 1), alpha=0.7, rough=0)
    else:
        wrinkles = [arc(cx, cy, 0.6 * r, 0.5 * r, a, a + 1.0) for a in (0.3, 2.2, 4.2)]
        f.stroke(wrinkles, 0.010, colour * 0.5, alpha=0.8)
    if adjective == "rotten":
        a = rng.uniform(0, 6)
        f.fill(
            smooth(star(cx + 0.45 * r * np.cos(a), cy + 0.45 * r * np.sin(a), 0.4 * r, 0.28 * r, 5, a)),
            (0.16, 0.10, 0.06),
            rough=0.2,
        )
