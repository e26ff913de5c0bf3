"""Small things that make a picture bleaker."""

from itertools import pairwise

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, rect, smooth, taper
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.surroundings.beside import beside

RUBBISH = (
    (0.84, 0.20, 0.18),
    (0.88, 0.88, 0.86),
    (0.22, 0.48, 0.72),
    (0.30, 0.60, 0.36),
    (0.92, 0.74, 0.26),
)
BAGS = ((0.16, 0.16, 0.17), (0.26, 0.42, 0.62), (0.72, 0.72, 0.70), (0.36, 0.50, 0.38), (0.62, 0.52, 0.30))
CROW = (0.06, 0.06, 0.07)


def litter(canvas: Canvas, stage: Stage) -> None:
    """Cans, bottles and crumpled paper on the ground."""
    rng = canvas.rng
    for k in range(9):
        near = rng.uniform(0, 1)
        f = canvas.frame(
            beside(canvas) if k % 2 else rng.uniform(0.1, 0.9) * canvas.aspect,
            stage.foot - 0.06 + near * (1.04 - stage.foot),
            0.06 + 0.05 * near,
            turn=rng.uniform(-1.4, 1.4),
        )
        colour = np.asarray(RUBBISH[rng.integers(5)])
        f.shadow(0, 0.1, 0.8, 0.25, 0.5)
        kind = rng.integers(3)
        if kind == 0:
            f.fill(rect(-0.5, -0.22, 0.5, 0.22), colour * 1.1, colour * 0.6, bevel=0.5, rough=0.05)
            f.fill(ellipse(0.5, 0, 0.08, 0.22), (0.75, 0.75, 0.75), rough=0)
        elif kind == 1:
            bottle = [
                (-0.7, -0.18),
                (0.2, -0.18),
                (0.45, -0.07),
                (0.8, -0.07),
                (0.8, 0.07),
                (0.45, 0.07),
                (0.2, 0.18),
                (-0.7, 0.18),
            ]
            f.fill(bottle, (0.25, 0.36, 0.22), (0.14, 0.22, 0.12), bevel=0.5, rough=0.03)
        else:
            t = np.linspace(0, 2 * np.pi, 8)[:-1]
            crumpled = np.stack([np.cos(t), 0.6 * np.sin(t)], 1) * rng.uniform(0.35, 0.62, (7, 1))
            f.fill(crumpled, (0.86, 0.85, 0.80), (0.60, 0.58, 0.54), rough=0.1, bevel=0.4)


def rubbish_bags(canvas: Canvas, stage: Stage) -> None:
    """Three bags of rubbish."""
    rng = canvas.rng
    x, y = beside(canvas), stage.foot - rng.uniform(0.0, 0.04)
    for dx, s in ((-0.09, 0.17), (0.08, 0.15), (0.0, 0.20)):
        f = canvas.frame(x + dx, y + 0.02, s * rng.uniform(0.9, 1.15))
        f.shadow(0, 0, 0.65, 0.14, 0.5)
        tone = np.asarray(BAGS[rng.integers(len(BAGS))])
        f.fill(
            smooth(
                [
                    (-0.1, -0.85),
                    (0.1, -0.85),
                    (0.42, -0.45),
                    (0.46, -0.06),
                    (0.2, 0.02),
                    (-0.2, 0.02),
                    (-0.46, -0.06),
                    (-0.42, -0.45),
                ]
            ),
            tone * 1.15,
            tone * 0.7,
            bevel=0.6,
            rough=0.25,
        )
        f.fill(
            smooth([(-0.06, -0.82), (-0.16, -1.0), (0.0, -0.93), (0.14, -1.02), (0.06, -0.82)], steps=3),
            tone * 1.3,
            tone * 0.8,
            rough=0.1,
        )


def crows(canvas: Canvas, stage: Stage) -> None:
    """A flight of crows."""
    rng = canvas.rng
    for k in range(5):
        x, y = beside(canvas), rng.uniform(0.10, 0.5)
        f = canvas.frame(x, y, rng.uniform(0.045, 0.075), flip=bool(k % 2), turn=rng.uniform(-0.4, 0.4))
        for side, lift in ((-1, -0.7), (1, -0.55)):
            wing = [
                (0, 0),
                (side * 0.45, lift),
                (side * 1.1, lift + 0.12),
                (side * 1.0, lift + 0.34),
                (side * 0.7, lift + 0.30),
                (side * 0.62, lift + 0.52),
                (0, 0.2),
            ]
            f.fill(wing, CROW, rough=0.1)
        f.fill(
            [
                ellipse(0, 0.08, 0.16, 0.34, 0.5),
                np.array([(0.1, 0.3), (0.34, 0.62), (0.02, 0.52)]),
                np.array([(-0.12, -0.22), (-0.34, -0.2), (-0.14, -0.08)]),
            ],
            CROW,
            rough=0.05,
        )


def bare_twigs(canvas: Canvas, stage: Stage) -> None:
    """A dead shrub."""
    rng = canvas.rng
    x, foot = beside(canvas), min(0.98, stage.foot + 0.04)
    brown = np.array([0.24, 0.19, 0.15])
    shoots = []
    for _ in range(7):
        dx, h = rng.uniform(-0.12, 0.12), rng.uniform(0.18, 0.36)
        stem = jagged(
            [(x + 0.3 * dx, foot), (x + dx, foot - 0.6 * h), (x + 1.5 * dx, foot - h)], rng, 0.012, 3
        )
        shoots.append(taper(stem, (0.012, 0.003)))
        for t in (3, 4):
            tip = stem[t] + (rng.choice([-1, 1]) * rng.uniform(0.03, 0.07), -rng.uniform(0.03, 0.07))
            shoots.append(taper(np.array([stem[t], tip]), (0.006, 0.002)))
    canvas.fill(shoots, brown * 1.2, brown * 0.8, rough=0.1)


def cracked_wall(canvas: Canvas, stage: Stage) -> None:
    """Cracks and damp patches on the wall."""
    rng = canvas.rng
    lines = []
    for _ in range(3):
        x, y = rng.uniform(0.2, 0.8) * canvas.aspect, rng.uniform(-0.02, 0.1)
        main = jagged(
            [(x, y), (x + rng.uniform(-0.15, 0.15), y + 0.2), (x + rng.uniform(-0.2, 0.2), y + 0.42)],
            rng,
            0.02,
            6,
        )
        lines += [main, jagged([main[4], main[4] + (rng.choice([-0.1, 0.1]), 0.09)], rng, 0.012, 4)]
    canvas.stroke(lines, 0.006, (0.16, 0.14, 0.12), alpha=0.85)
    for _ in range(3):
        x, y = rng.uniform(0, 1) * canvas.aspect, rng.uniform(0.0, 0.4)
        canvas.blob(
            x,
            y,
            rng.uniform(0.08, 0.16),
            rng.uniform(0.05, 0.10),
            (0.30, 0.29, 0.22),
            ragged=0.8,
            hard=1.2,
            alpha=0.55,
            grain="broad",
        )


def cobweb(canvas: Canvas, stage: Stage) -> None:
    """A cobweb with its spider in a corner."""
    rng = canvas.rng
    left = rng.random() < 0.5
    inset = max(0.0, 0.5 * (canvas.aspect - 1.0))
    corner = np.array([inset if left else canvas.aspect - inset, 0.0])
    angles = (
        np.linspace(0.06, 0.5 * np.pi - 0.06, 6) if left else np.pi - np.linspace(0.06, 0.5 * np.pi - 0.06, 6)
    )
    radius = rng.uniform(0.3, 0.4)
    lines = [np.array([corner, corner + radius * np.array([np.cos(t), np.sin(t)])]) for t in angles]
    for r in np.linspace(0.25, 0.95, 6) * radius:
        for a, b in pairwise(angles):
            m = 0.5 * (a + b)
            lines.append(
                smooth(
                    [
                        corner + q * np.array([np.cos(t), np.sin(t)])
                        for t, q in ((a, r), (m, 0.9 * r), (b, r))
                    ],
                    closed=False,
                )
            )
    canvas.stroke(lines, 0.003, (0.93, 0.93, 0.92), alpha=0.75)
    sx, sy = corner + 0.6 * radius * np.array([np.cos(angles[2]), np.sin(angles[2])])
    legs = [
        arc(sx + s * 0.02, sy + dy, 0.02, 0.012, np.pi if s > 0 else 0.0, 2 * np.pi if s > 0 else np.pi)
        for s in (-1, 1)
        for dy in (-0.012, 0.0, 0.012)
    ]
    canvas.stroke(legs, 0.003, CROW)
    canvas.fill(ellipse(sx, sy, 0.014, 0.017), CROW, rough=0)
