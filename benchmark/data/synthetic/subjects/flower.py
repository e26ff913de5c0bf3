"""Flowers, in bloom or withered."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import ellipse, smooth, taper

PETALS = (
    (0.88, 0.20, 0.24),
    (0.95, 0.50, 0.66),
    (0.98, 0.78, 0.20),
    (0.66, 0.42, 0.82),
    (0.96, 0.95, 0.93),
    (0.96, 0.52, 0.20),
)
STEM = np.array([0.26, 0.44, 0.16])
WITHERED = np.array([0.42, 0.31, 0.18])


def draw_flower(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """Flowers: fresh (a bunch), beautiful (one), dying (one, hanging), dry (a bunch, hanging) or tiny."""
    rng = canvas.rng
    f = canvas.frame(x, y, size * (0.5 if adjective == "tiny" else 1.0), flip=bool(rng.random() < 0.5))
    colour = np.asarray(PETALS[rng.integers(len(PETALS))])
    many = adjective in ("fresh", "dry")
    dead = adjective in ("dying", "dry")
    f.shadow(0.03, 0, 0.34, 0.06, 0.5)
    foot = 0.0
    if many:
        foot = -0.34
        spread = np.linspace(-0.34, 0.34, int(rng.integers(4, 6)))
    else:
        spread = np.array([rng.normal(0, 0.03)])
    for k, lean in enumerate(rng.permutation(spread)):
        tone = np.asarray(PETALS[rng.integers(len(PETALS))]) if many and k else colour
        _stalk(f, foot, float(lean), tone, 0.13 if many else 0.22, dead)
    if many:
        _vase(f)
    if dead:
        fallen = [
            ellipse(rng.uniform(-0.5, 0.5), rng.uniform(-0.02, 0.07), 0.055, 0.022, rng.uniform(-1, 1))
            for _ in range(8)
        ]
        f.fill(fallen, 0.7 * colour + 0.3 * WITHERED, WITHERED * 0.8, rough=0.15)


def _stalk(f: Frame, foot: float, lean: float, colour: np.ndarray, radius: float, dead: bool) -> None:
    rng = f.canvas.rng
    green = STEM if not dead else 0.3 * WITHERED + 0.7 * STEM
    if dead:
        side = 1 if lean > 0 or (lean == 0 and rng.random() < 0.5) else -1
        spine = [
            (0.1 * lean, foot),
            (0.5 * lean, foot - 0.32),
            (0.8 * lean + 0.05 * side, foot - 0.52),
            (lean + 0.16 * side, foot - 0.55),
            (lean + 0.24 * side, foot - 0.42),
        ]
        tip, turn = spine[-1], 2.5 * side
    else:
        top = rng.uniform(0.48, 0.66) - 0.4 * abs(lean)
        spine = [(0.1 * lean, foot), (0.4 * lean, foot - 0.5 * top), (lean, foot - top)]
        tip, turn = spine[-1], 0.6 * lean
    f.fill(taper(smooth(spine, closed=False), (0.03, 0.024, 0.02)), green * 1.15, green * 0.8, rough=0.08)
    _leaves(f, spine, green, dead)
    if dead:
        _withered_head(f.frame(*tip, radius, turn=-turn), 0.72 * colour + 0.28 * WITHERED)
    else:
        _blossom(f.frame(*tip, radius, turn=-turn), colour, rng.integers(2) == 0)


def _leaves(f: Frame, spine: list[tuple[float, float]], green: np.ndarray, dead: bool) -> None:
    bx, by = 0.5 * (np.asarray(spine[0]) + np.asarray(spine[1]))
    for side in (-1, 1):
        if dead:
            leaf = [
                (bx, by),
                (bx + side * 0.08, by + 0.02),
                (bx + side * 0.10, by + 0.16),
                (bx + side * 0.06, by + 0.13),
            ]
        else:
            leaf = [
                (bx, by),
                (bx + side * 0.10, by - 0.10),
                (bx + side * 0.20, by - 0.15),
                (bx + side * 0.13, by - 0.02),
            ]
        f.fill(smooth(leaf), green * 1.3, green * 0.8, rough=0.1, bevel=0.3)


def _blossom(f: Frame, colour: np.ndarray, rose: bool) -> None:
    """An open flower of radius 1: a rose, or one with rays."""
    rng = f.canvas.rng
    if rose:
        for r, tone, n in ((1.0, 0.78, 7), (0.72, 0.95, 6), (0.44, 1.12, 5)):
            start = rng.uniform(0, 6)
            for t in np.arange(n) * 2 * np.pi / n + start:
                f.fill(
                    ellipse(0.55 * r * np.cos(t), 0.5 * r * np.sin(t), 0.52 * r, 0.42 * r, t),
                    colour * tone,
                    colour * tone * 0.82,
                    rough=0.03,
                    bevel=0.35,
                )
        f.fill(ellipse(0, 0, 0.2, 0.18), colour * 0.62, bevel=0.3)
        return
    n = int(rng.integers(9, 14))
    start = rng.uniform(0, 6)
    for layer, r in ((0, 1.0), (1, 0.82)):
        petals = []
        for t in np.arange(n) * 2 * np.pi / n + start + layer * np.pi / n:
            petals.append(ellipse(0.56 * r * np.cos(t), 0.56 * r * np.sin(t), 0.46 * r, 0.19 * r, t, 18))
        f.fill(petals, colour * (0.85 + 0.2 * layer), colour * (0.70 + 0.2 * layer), rough=0.04, bevel=0.3)
    f.fill(ellipse(0, 0, 0.3, 0.28), (0.88, 0.66, 0.18), (0.60, 0.38, 0.12), rough=0.25, bevel=0.4)


def _withered_head(f: Frame, colour: np.ndarray) -> None:
    """A shrivelled flower of radius 1; up is where the stalk came from."""
    rng = f.canvas.rng
    for k, t in enumerate(np.linspace(-1.15, 1.15, 7)):
        length = rng.uniform(0.75, 1.25)
        spine = [
            (0, 0),
            (0.5 * length * np.sin(t), -0.5 * length * np.cos(t)),
            (0.62 * length * np.sin(t) + 0.12, -length * np.cos(0.7 * t)),
        ]
        petal = taper(smooth(spine, closed=False), (0.20, 0.34, 0.05))
        f.fill(petal, colour * (0.75 + 0.08 * (k % 4)), colour * 0.6, rough=0.16, bevel=0.25)
    f.fill(ellipse(0, -0.06, 0.26, 0.22), WITHERED * 0.7, rough=0.25, bevel=0.3)


def _vase(f: Frame) -> None:
    rng = f.canvas.rng
    glaze = np.array(
        [(0.36, 0.50, 0.62), (0.86, 0.84, 0.78), (0.66, 0.38, 0.28), (0.42, 0.56, 0.46)][rng.integers(4)]
    )
    outline = smooth(
        [
            (-0.10, -0.40),
            (0.10, -0.40),
            (0.08, -0.32),
            (0.17, -0.16),
            (0.11, 0.0),
            (-0.11, 0.0),
            (-0.17, -0.16),
            (-0.08, -0.32),
        ],
        steps=5,
    )
    f.fill(outline, glaze * 1.05, glaze * 0.75, rough=0.02, bevel=0.55)
    f.fill(ellipse(-0.07, -0.19, 0.022, 0.07, 0.15), (1, 1, 1), alpha=0.35, rough=0)
