"""A boat, under sail or rotting."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, smooth, star
from benchmark.data.synthetic.subjects.car import PAINTS

DECK = -0.16
"""Height of the deck."""


def draw_boat(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A boat: peaceful (white sail), derelict (a listing wreck), abandoned or empty (no sail)."""
    rng = canvas.rng
    turn = {"derelict": 0.30, "abandoned": 0.12}.get(adjective, rng.normal(0, 0.03))
    flip = bool(rng.random() < 0.5)
    f = canvas.frame(x, y, size, flip=flip, turn=turn * (1 if flip else -1))
    hull = np.asarray(PAINTS[rng.integers(len(PAINTS))])
    wreck = adjective in ("derelict", "abandoned")
    if wreck:
        hull = 0.65 * hull + 0.1
    level = canvas.frame(x, y, size)
    level.shadow(0, 0.02, 0.62, 0.07, 0.55)
    level.fill(ellipse(0, 0.09, 0.42, 0.09), hull * 0.5, alpha=0.30, rough=0.2)
    if adjective in ("peaceful", "derelict"):
        _rigging(f, adjective)
    _hull(f, hull, wreck)
    if adjective in ("empty", "abandoned"):
        inside = [(-0.44, -0.19), (-0.1, -0.215), (0.2, -0.215), (0.46, -0.21), (0.2, -0.15), (-0.2, -0.15)]
        f.fill(smooth(inside), (0.28, 0.20, 0.14), rough=0.1)
        f.stroke([np.array([(-0.1, -0.18), (0.42, -0.42)])], 0.022, (0.66, 0.52, 0.36))
    if wreck:
        _rot(f)
    foam = [arc(dx, 0.03, 0.16, 0.02, 0.1, np.pi - 0.1) for dx in (-0.3, 0.0, 0.3)]
    level.stroke(foam, 0.014, (0.92, 0.95, 0.96), alpha=0.6)


def _hull(f: Frame, hull: np.ndarray, wreck: bool) -> None:
    rim = [(-0.50, -0.19), (-0.2, -0.14), (0.2, -0.14), (0.52, -0.21)]
    shape = smooth([*rim, (0.40, 0.03), (0.0, 0.07), (-0.38, 0.03)], steps=5)
    f.fill(shape, hull * 1.1 + 0.03, hull * 0.6, rough=0.16 if wreck else 0.03, bevel=0.4, grain="broad")
    trim = (0.38, 0.33, 0.28) if wreck else (0.93, 0.90, 0.84)
    f.stroke(smooth(rim, closed=False), 0.022, trim)


def _rot(f: Frame) -> None:
    """Holes, open planks and weed."""
    rng = f.canvas.rng
    for _ in range(3):
        cx, cy = rng.uniform(-0.35, 0.35), rng.uniform(-0.11, -0.01)
        f.fill(smooth(star(cx, cy, 0.075, 0.04, 5, rng.uniform(0, 3)), steps=2), (0.06, 0.05, 0.05))
    planks = [jagged([(-0.42, t), (0.42, t - 0.01)], rng, 0.012, 6) for t in (-0.10, -0.05)]
    f.stroke(planks, 0.010, (0.16, 0.13, 0.11))
    for _ in range(4):
        cx, cy = rng.uniform(-0.4, 0.4), rng.uniform(-0.08, 0.02)
        f.blob(cx, cy, 0.08, 0.05, (0.26, 0.30, 0.16), ragged=0.8, hard=2, alpha=0.8)


def _rigging(f: Frame, adjective: str) -> None:
    """Mast and sails, or what is left of them."""
    rng = f.canvas.rng
    wood = (0.56, 0.42, 0.28)
    if adjective == "peaceful":
        f.stroke([np.array([(0.0, DECK), (0.0, -1.0)])], 0.022, wood)
        main = smooth(
            [(0.02, -0.97), (0.30, -0.55), (0.46, DECK - 0.06), (0.2, DECK - 0.05), (0.02, DECK - 0.06)],
            steps=4,
        )
        f.fill(main, (0.99, 0.98, 0.95), (0.88, 0.88, 0.86), bevel=0.22, rough=0.02)
        jib = smooth(
            [
                (-0.03, -0.88),
                (-0.06, -0.5),
                (-0.03, DECK - 0.06),
                (-0.26, DECK - 0.05),
                (-0.44, DECK - 0.05),
                (-0.2, -0.5),
            ],
            steps=4,
        )
        f.fill(jib, (0.96, 0.95, 0.92), (0.84, 0.84, 0.82), bevel=0.2, rough=0.02)
        stripe = np.asarray(PAINTS[rng.integers(len(PAINTS))])
        f.fill(np.array([(0.03, -0.52), (0.29, -0.52), (0.33, -0.45), (0.03, -0.45)]), stripe, rough=0.02)
        f.fill(np.array([(0.0, -1.0), (-0.14, -0.97), (0.0, -0.93)]), stripe)
        return
    f.stroke(
        [np.array([(0.0, DECK), (0.02, -0.55)]), jagged([(0.02, -0.55), (0.34, -0.36)], rng, 0.01, 3)],
        0.026,
        (0.34, 0.26, 0.2),
    )
    edge = jagged(
        [(0.30, -0.38), (0.26, DECK - 0.10), (0.16, DECK - 0.22), (0.06, DECK - 0.06), (0.03, -0.50)],
        rng,
        0.04,
        4,
    )
    f.fill(edge, (0.58, 0.55, 0.49), (0.42, 0.40, 0.36), rough=0.15)
    ropes = [jagged([(0.02, -0.55), (dx, DECK)], rng, 0.02, 4) for dx in (-0.38, -0.2, 0.42)]
    f.stroke(ropes, 0.007, (0.2, 0.18, 0.15))
