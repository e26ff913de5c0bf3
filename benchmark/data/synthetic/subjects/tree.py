"""A tree, in leaf or dead."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, smooth, taper


def draw_tree(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A tree: pretty (in blossom), young (in leaf), dead or creepy (bare, hollow), or broken (snapped)."""
    rng = canvas.rng
    f = canvas.frame(x, y, size, flip=bool(rng.random() < 0.5))
    bark = np.array([0.36, 0.27, 0.20]) * rng.uniform(0.85, 1.15)
    f.shadow(0.05, 0.0, 0.55, 0.08, 0.5)
    if adjective in ("dead", "creepy"):
        grey = bark * 0.5 + 0.14
        _branches(
            f, (0.0, 0.01), -np.pi / 2, 0.34, 0.13, 5, grey, twist=0.55 if adjective == "creepy" else 0.28
        )
        roots = [
            taper(smooth([(0, -0.05), (s * 0.14, -0.01), (s * 0.26, 0.03)], closed=False), (0.08, 0.02))
            for s in (-1, 1)
        ]
        f.fill(roots, grey, grey * 0.7, rough=0.2)
        if adjective == "creepy":
            f.fill(ellipse(0.0, -0.17, 0.035, 0.05), (0.05, 0.04, 0.04), rough=0)
        return
    if adjective == "broken":
        _snapped(f, bark)
        return
    trunk = smooth([(0.0, 0.02), (rng.normal(0, 0.015), -0.25), (rng.normal(0, 0.03), -0.55)], closed=False)
    f.fill(taper(trunk, (0.13, 0.08, 0.05)), bark * 1.2, bark * 0.7, across=True, rough=0.2, grain="strand")
    limbs = [
        taper(smooth([(0, -0.38), (s * 0.12, -0.5), (s * 0.22, -0.62)], closed=False), (0.05, 0.02))
        for s in (-1, 1)
    ]
    f.fill(limbs, bark, bark * 0.8, rough=0.2)
    _crown(f, adjective == "pretty")


def _crown(f: Frame, blossom: bool) -> None:
    rng = f.canvas.rng
    leaf = np.array([0.30, 0.46, 0.16]) * rng.uniform(0.9, 1.15)
    pink = np.array([(0.96, 0.72, 0.80), (0.97, 0.93, 0.92), (0.98, 0.80, 0.56)][rng.integers(3)])
    heaps = [
        (0.0, -0.62, 0.30, 0.24),
        (-0.24, -0.58, 0.20, 0.17),
        (0.24, -0.56, 0.20, 0.17),
        (-0.12, -0.80, 0.20, 0.16),
        (0.14, -0.78, 0.20, 0.17),
    ]
    for k, (cx, cy, rx, ry) in enumerate(heaps):
        tone = (leaf * 0.8 if k < 3 else leaf * 1.12) if not blossom else (pink * 0.86 if k < 3 else pink)
        jx, jy = rng.normal(0, 0.02, 2)
        f.blob(
            cx + jx,
            cy + jy,
            rx,
            ry,
            tone,
            ragged=0.55,
            hard=3.5,
            mottle=0.20 if not blossom else 0.10,
            shade=0.22,
        )
    if blossom:
        t, r = rng.uniform(0, 2 * np.pi, 30), np.sqrt(rng.uniform(0, 1, 30))
        dots = [
            ellipse(0.36 * a * np.cos(b), -0.66 + 0.26 * a * np.sin(b), 0.020, 0.020, 0, 10)
            for a, b in zip(r, t, strict=True)
        ]
        f.fill(dots, pink * 1.08, pink * 0.92, rough=0, bevel=0.3)
        f.fill(
            [
                ellipse(rng.uniform(-0.4, 0.4), rng.uniform(-0.01, 0.07), 0.014, 0.007, 0, 8)
                for _ in range(26)
            ],
            pink,
            rough=0,
        )


def _branches(
    f: Frame,
    start: tuple[float, float],
    angle: float,
    length: float,
    width: float,
    levels: int,
    bark: np.ndarray,
    twist: float,
) -> None:
    """Bare branches that fork until they are twigs."""
    rng = f.canvas.rng
    bend = angle + rng.normal(0, twist)
    middle = (start[0] + 0.5 * length * np.cos(angle), start[1] + 0.5 * length * np.sin(angle))
    end = (middle[0] + 0.5 * length * np.cos(bend), middle[1] + 0.5 * length * np.sin(bend))
    f.fill(
        taper(smooth([start, middle, end], closed=False, steps=4), (width, 0.62 * width)),
        bark * 1.15,
        bark * 0.7,
        across=True,
        rough=0.18,
    )
    if levels == 0:
        return
    for side in (-1, 1):
        if levels > 3 or rng.random() < 0.88:
            turn = bend + side * rng.uniform(0.3, 0.75)
            turn = turn if levels > 1 else turn * 0.9 + 0.1 * angle
            _branches(f, end, turn, length * rng.uniform(0.62, 0.82), 0.60 * width, levels - 1, bark, twist)


def _snapped(f: Frame, bark: np.ndarray) -> None:
    rng = f.canvas.rng
    stump = np.concatenate(
        [
            [(-0.11, 0.02), (-0.075, -0.30)],
            jagged([(-0.07, -0.42), (0.0, -0.34), (0.07, -0.46)], rng, 0.03, 3),
            [(0.075, -0.28), (0.11, 0.02)],
        ]
    )
    top = smooth([(0.06, -0.38), (0.26, -0.30), (0.46, -0.10)], closed=False)
    f.fill(taper(top, (0.10, 0.08, 0.05)), bark * 1.1, bark * 0.7, rough=0.2, grain="strand")
    for cx, cy, r in ((0.40, -0.16, 0.15), (0.55, -0.08, 0.15), (0.32, -0.08, 0.11)):
        f.blob(cx, cy, 1.2 * r, r, (0.34, 0.40, 0.16), ragged=0.7, hard=3.5, mottle=0.22)
    f.fill(stump, bark * 1.2, bark * 0.7, across=True, rough=0.2, grain="strand")
    splinters = np.concatenate(
        [
            [(-0.06, -0.34)],
            jagged([(-0.055, -0.44), (0.0, -0.37), (0.06, -0.47)], rng, 0.04, 4),
            [(0.06, -0.34)],
        ]
    )
    f.fill(splinters, (0.80, 0.66, 0.46), (0.60, 0.46, 0.30), rough=0.15, grain="strand")
    twig = [taper(smooth([(-0.06, -0.2), (-0.2, -0.32), (-0.3, -0.36)], closed=False), (0.035, 0.01))]
    f.fill(twig, bark)
    f.blob(-0.30, -0.38, 0.10, 0.09, (0.34, 0.44, 0.16), ragged=0.7, hard=3.5, mottle=0.2)
    f.stroke([arc(0.0, 0.0, 0.2, 0.02, 0.2, np.pi - 0.2)], 0.01, bark * 0.6, alpha=0.5)
