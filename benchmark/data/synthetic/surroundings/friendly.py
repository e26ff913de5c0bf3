"""Small things that make a picture friendlier."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import ellipse, rect, smooth, taper
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.surroundings.beside import beside

FESTIVE = (
    (0.90, 0.24, 0.26),
    (0.98, 0.78, 0.24),
    (0.26, 0.54, 0.82),
    (0.40, 0.70, 0.42),
    (0.92, 0.48, 0.68),
    (0.97, 0.96, 0.94),
)


def balloons(canvas: Canvas, stage: Stage) -> None:
    """Three balloons on strings."""
    rng = canvas.rng
    x, y = beside(canvas), rng.uniform(0.20, 0.34)
    knot = (x, stage.foot - 0.12 if stage.surface == "ground" else y + 0.36)
    for k, dx in enumerate(rng.permutation([-0.09, 0.0, 0.09])):
        bx, by, r = x + dx, y + rng.uniform(-0.04, 0.04) + 0.25 * abs(dx), rng.uniform(0.058, 0.072)
        canvas.stroke(
            [smooth([(bx, by + r), (0.6 * bx + 0.4 * x, by + 2.6 * r), knot], closed=False)],
            0.003,
            (0.9, 0.9, 0.9),
        )
        colour = np.asarray(FESTIVE[(k + int(rng.integers(6))) % 6])
        canvas.fill(ellipse(bx, by, 0.86 * r, r), colour * 1.08, colour * 0.75, bevel=0.5, rough=0)
        canvas.fill(
            np.array([(bx - 0.012, by + r + 0.014), (bx + 0.012, by + r + 0.014), (bx, by + r - 0.006)]),
            colour * 0.8,
        )
        canvas.fill(
            ellipse(bx - 0.3 * r, by - 0.4 * r, 0.16 * r, 0.24 * r, 0.4), (1, 1, 1), alpha=0.6, rough=0
        )


def bunting(canvas: Canvas, stage: Stage) -> None:
    """A line of small flags across the top."""
    rng, aspect = canvas.rng, canvas.aspect
    y, sag = rng.uniform(0.03, 0.08), rng.uniform(0.06, 0.12)
    x = np.linspace(-0.02, aspect + 0.02, 15)
    line = np.stack([x, y + sag * (1 - (2 * x / aspect - 1) ** 2)], 1)
    canvas.stroke([line], 0.004, (0.9, 0.88, 0.84))
    for k in range(14):
        a, b = line[k], line[k + 1]
        colour = np.asarray(FESTIVE[int(k + rng.integers(2)) % 6])
        canvas.fill(np.array([a, b, (a + b) / 2 + (0, 0.085)]), colour * 1.05, colour * 0.8, rough=0.02)


def butterflies(canvas: Canvas, stage: Stage) -> None:
    """Butterflies on the wing."""
    rng = canvas.rng
    for _ in range(4):
        f = canvas.frame(
            beside(canvas), rng.uniform(0.25, 0.75), rng.uniform(0.035, 0.055), turn=rng.uniform(-0.6, 0.6)
        )
        colour = np.asarray(FESTIVE[rng.integers(6)])
        for side in (-1, 1):
            f.fill(ellipse(side * 0.5, -0.35, 0.5, 0.38, side * -0.6), colour, colour * 0.8, rough=0.06)
            f.fill(ellipse(side * 0.38, 0.25, 0.32, 0.3, side * 0.5), colour * 0.85, rough=0.06)
            f.fill(ellipse(side * 0.55, -0.36, 0.16, 0.13), colour * 0.4 + 0.5, rough=0)
        f.fill(ellipse(0, 0, 0.08, 0.5), (0.12, 0.1, 0.1), rough=0)


def flower_clumps(canvas: Canvas, stage: Stage) -> None:
    """Clumps of flowers on the ground."""
    rng = canvas.rng
    for _ in range(3):
        x, y = beside(canvas), rng.uniform(stage.foot - 0.06, 0.99)
        canvas.blob(x, y - 0.03, 0.10, 0.05, (0.26, 0.44, 0.16), ragged=0.7, hard=4, mottle=0.25)
        colour = np.asarray(FESTIVE[rng.integers(6)])
        for _ in range(9):
            px, py, r = x + rng.normal(0, 0.055), y - rng.uniform(0.02, 0.10), rng.uniform(0.012, 0.019)
            petals = [
                ellipse(px + 0.8 * r * np.cos(t), py + 0.8 * r * np.sin(t), 0.7 * r, 0.55 * r, t, 10)
                for t in np.arange(5) * 1.2566
            ]
            canvas.fill(petals, colour, rough=0)
            canvas.fill(ellipse(px, py, 0.45 * r, 0.45 * r, 0, 8), (0.96, 0.80, 0.30), rough=0)


def pot_plant(canvas: Canvas, stage: Stage) -> None:
    """A plant in a clay pot."""
    rng = canvas.rng
    f = canvas.frame(beside(canvas), stage.foot - 0.04, 0.34)
    f.shadow(0, 0, 0.4, 0.08, 0.5)
    for t in np.linspace(-1.1, 1.1, 9):
        spine = [
            (0, -0.3),
            (0.3 * np.sin(t), -0.3 - 0.4 * np.cos(t)),
            (0.62 * np.sin(t), -0.32 - 0.62 * np.cos(t)),
        ]
        green = np.array([0.24, 0.46, 0.18]) * rng.uniform(0.8, 1.3)
        f.fill(
            taper(smooth(spine, closed=False), (0.05, 0.16, 0.01)),
            green * 1.2,
            green * 0.8,
            rough=0.06,
            bevel=0.25,
        )
    clay = np.array([0.72, 0.42, 0.28])
    f.fill(np.array([(-0.2, -0.32), (0.2, -0.32), (0.14, 0), (-0.14, 0)]), clay * 1.1, clay * 0.75, bevel=0.4)
    f.fill(rect(-0.22, -0.36, 0.22, -0.28), clay * 1.15, clay * 0.85, bevel=0.3)
