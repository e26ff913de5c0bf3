"""A street by day."""

from collections.abc import Callable

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import rect
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.lamp import paint_lamp
from benchmark.data.synthetic.scenes.sky import paint_sky
from benchmark.data.synthetic.scenes.stage import Stage

FACADES = (
    (0.68, 0.52, 0.40),
    (0.74, 0.66, 0.52),
    (0.58, 0.36, 0.30),
    (0.62, 0.64, 0.64),
    (0.76, 0.72, 0.64),
    (0.50, 0.54, 0.58),
)


def paint_street(canvas: Canvas, noun: str) -> Stage:
    """Two rows of houses that run to a vanishing point, pavements and a road."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.50, 0.56)
    vanish = np.array([aspect * rng.uniform(0.44, 0.56), horizon])
    paint_sky(canvas, horizon, clouds=int(rng.integers(0, 3)))
    skyline = [
        rect(x, horizon - rng.uniform(0.05, 0.16), x + rng.uniform(0.05, 0.1), horizon + 0.02)
        for x in np.linspace(vanish[0] - 0.22, vanish[0] + 0.2, 6)
    ]
    canvas.fill(skyline, (0.50, 0.50, 0.52), depth=0.55)
    paint_ground(canvas, horizon, (0.46, 0.46, 0.47), (0.36, 0.36, 0.37), rough=0.10, scale=0.4, haze=0.4)
    for side in (-1, 1):
        edge = 0.0 if side < 0 else aspect
        kerb = np.array([vanish, (edge, 0.84), (edge + side * 0.4, 0.84), (edge + side * 0.4, 0.70)])
        canvas.fill(kerb, (0.60, 0.59, 0.57), (0.66, 0.65, 0.62), rough=0.07)
        canvas.stroke([np.array([vanish, (edge, 0.84)])], 0.008, (0.78, 0.77, 0.74))
        _row_of_houses(canvas, vanish, edge, side)
    for a, b in ((0.10, 0.2), (0.3, 0.45), (0.62, 0.9)):
        base = horizon + (1 - horizon) * np.array([a, b])
        w = 0.012 * np.array([a, b]) * 2
        x = vanish[0] + (aspect / 2 - vanish[0]) * np.array([a, b])
        dash = [
            (x[0] - w[0], base[0]),
            (x[0] + w[0], base[0]),
            (x[1] + w[1], base[1]),
            (x[1] - w[1], base[1]),
        ]
        canvas.fill(dash, (0.84, 0.83, 0.78), alpha=0.75)
    canvas.soften(0.0045)
    paint_lamp(canvas, rng.choice([0.09, 0.91]) * aspect, 0.82)
    return Stage(foot=rng.uniform(0.86, 0.91), horizon=horizon)


def _row_of_houses(canvas: Canvas, vanish: np.ndarray, edge: float, side: int) -> None:
    """Facades on one side: quadrilaterals between rays to the vanishing point, with windows on them."""
    rng = canvas.rng
    top, bottom = rng.uniform(-0.5, -0.1), 0.76
    cuts = 1 - np.concatenate([[0.0], np.cumsum(rng.uniform(0.8, 1.2, 4))[:3] / 4.4, [0.86]])

    def at(t: float, v: float) -> tuple[float, float]:
        y = top + v * (bottom - top)
        return (float(vanish[0] + (edge - vanish[0]) * t), float(vanish[1] + (y - vanish[1]) * t))

    for k in range(len(cuts) - 1):
        near, far = cuts[k], cuts[k + 1]
        lift = rng.uniform(0.0, 0.25)
        colour = np.asarray(FACADES[rng.integers(len(FACADES))]) * (0.8 if side > 0 else 1.0)
        depth = 0.35 * (1 - near)
        wall = np.array([at(near, lift), at(far, lift), at(far, 1), at(near, 1)])
        canvas.fill(wall, colour, colour * 0.86, rough=0.07, depth=depth, grain="broad")
        canvas.stroke([wall[:2]], 0.012, colour * 0.6, depth=depth)
        panes, sills = [], []
        for u in (0.22, 0.62):
            a, b = near + (far - near) * u, near + (far - near) * (u + 0.22)
            for v in np.arange(lift + 0.06, 0.72, 0.15):
                panes.append(np.array([at(a, v), at(b, v), at(b, v + 0.08), at(a, v + 0.08)]))
                sills.append(np.array([at(a, v + 0.085), at(b, v + 0.085)]))
        canvas.fill(panes, (0.24, 0.28, 0.34), (0.42, 0.48, 0.54), depth=depth, rough=0.2)
        canvas.stroke(sills, 0.006, colour * 1.25, depth=depth)
        _shop(canvas, near, far, at, colour, depth)


def _shop(
    canvas: Canvas,
    near: float,
    far: float,
    at: Callable[[float, float], tuple[float, float]],
    colour: np.ndarray,
    depth: float,
) -> None:
    """The ground floor: a shop window, a door and an awning."""
    rng = canvas.rng
    canvas.fill(
        [np.array([at(near, 0.80), at(far, 0.80), at(far, 1), at(near, 1)])],
        colour * 0.7,
        rough=0.05,
        depth=depth,
    )
    for u, v in ((0.08, 0.55), (0.68, 0.9)):
        a, b = near + (far - near) * u, near + (far - near) * v
        low = 0.96 if u < 0.5 else 1.0
        pane = np.array([at(a, 0.85), at(b, 0.85), at(b, low), at(a, low)])
        canvas.fill(pane, (0.20, 0.22, 0.26), (0.42, 0.42, 0.40), rough=0.1, depth=depth)
    awning = np.asarray(FACADES[rng.integers(len(FACADES))]) * rng.uniform(0.7, 1.2)
    canvas.fill(
        [np.array([at(near, 0.79), at(far, 0.79), at(far, 0.86), at(near, 0.86)])],
        awning,
        depth=depth,
        rough=0.04,
    )
