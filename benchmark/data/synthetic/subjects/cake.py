"""A cake, appetising or spoilt."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, jagged, rect, smooth, star
from benchmark.data.synthetic.subjects.decay import draw_flies, draw_mould

ICING = ((0.98, 0.93, 0.88), (0.95, 0.66, 0.72), (0.44, 0.26, 0.17), (0.98, 0.88, 0.60), (0.70, 0.84, 0.80))
SPONGE = np.array([0.80, 0.60, 0.36])
SPRINKLES = (
    (0.92, 0.26, 0.30),
    (0.24, 0.52, 0.82),
    (0.98, 0.80, 0.22),
    (0.36, 0.70, 0.40),
    (0.72, 0.42, 0.80),
)


def draw_cake(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A layer cake: delicious (cherries), colorful (candles, sprinkles), awful (collapsed, mouldy) or dry."""
    rng = canvas.rng
    f = canvas.frame(x, y, size)
    icing = np.asarray(ICING[rng.integers(len(ICING))])
    bad = adjective == "awful"
    f.shadow(0, 0.03, 0.72, 0.11, 0.5)
    f.fill(ellipse(0, 0.0, 0.60, 0.105), (0.93, 0.93, 0.92), (0.78, 0.78, 0.78), bevel=0.4, rough=0.01)
    f.fill(ellipse(0, -0.01, 0.46, 0.075), (0.80, 0.80, 0.79), rough=0.01)
    if bad:
        _fallen_cake(f, icing)
        return
    high = -0.50
    side = np.concatenate([[(-0.44, high)], arc(0, -0.02, 0.44, 0.08, np.pi, 0), [(0.44, high)]])
    crumb = SPONGE if adjective != "dry" else SPONGE * 0.75 + 0.1
    f.fill(side, crumb * 1.1, crumb * 0.8, across=True, rough=0.12)
    if adjective == "dry":
        f.fill(ellipse(0, high, 0.44, 0.085), crumb * 1.05, crumb * 0.9, rough=0.15)
        f.stroke(
            [jagged([(-0.3, high), (0.05, high + 0.02), (0.28, high - 0.02)], rng, 0.015, 5)],
            0.012,
            crumb * 0.5,
        )
        return
    for level in (-0.18, -0.34):
        band = np.concatenate(
            [arc(0, level, 0.445, 0.08, np.pi, 0), arc(0, level + 0.045, 0.445, 0.08, 0, np.pi)]
        )
        f.fill(band, icing * 0.95, icing * 0.8, across=True, rough=0.02)
    _drips(f, icing, high)
    if adjective == "delicious":
        for t in np.linspace(0, 2 * np.pi, 9)[:-1]:
            cx, cy = 0.33 * np.cos(t), high + 0.058 * np.sin(t)
            f.fill(ellipse(cx, cy - 0.03, 0.062, 0.045), icing * 1.06, icing * 0.88, bevel=0.4, rough=0.01)
            f.fill(
                ellipse(cx, cy - 0.085, 0.046, 0.046),
                (0.84, 0.10, 0.14),
                (0.56, 0.05, 0.08),
                bevel=0.5,
                rough=0,
            )
            f.fill(ellipse(cx - 0.015, cy - 0.10, 0.011, 0.011), (1, 1, 1), alpha=0.8, rough=0)
    else:
        _party(f, high)


def _drips(f: Frame, icing: np.ndarray, high: float) -> None:
    rng = f.canvas.rng
    edge = arc(0, high + 0.05, 0.45, 0.085, np.pi, 0, n=19)
    edge[:, 1] += np.where(np.arange(19) % 2 == 0, 0.02, rng.uniform(0.06, 0.14, 19))
    f.fill(
        smooth(np.concatenate([[(-0.45, high)], edge, [(0.45, high)]]), steps=4),
        icing,
        icing * 0.85,
        bevel=0.25,
        rough=0.01,
    )
    f.fill(ellipse(0, high, 0.45, 0.088), icing * 1.06, icing * 0.95, bevel=0.25, rough=0.01)


def _party(f: Frame, high: float) -> None:
    rng = f.canvas.rng
    for k in range(5):
        dots = [
            ellipse(
                rng.uniform(-0.40, 0.40), rng.uniform(high + 0.06, -0.04), 0.018, 0.011, rng.uniform(0, 3), 8
            )
            for _ in range(8)
        ]
        f.fill(dots, SPRINKLES[k], rough=0)
    for k, cx in enumerate(np.linspace(-0.28, 0.28, 5)):
        cy = high + 0.03 * (-1) ** k
        f.fill(
            rect(cx - 0.017, cy - 0.22, cx + 0.017, cy),
            SPRINKLES[k],
            np.asarray(SPRINKLES[k]) * 0.75,
            rough=0,
        )
        f.stroke(
            [np.array([(cx - 0.017, cy - t), (cx + 0.017, cy - t - 0.03)]) for t in (0.04, 0.10, 0.16)],
            0.008,
            (1, 1, 1),
        )
        f.glow(cx, cy - 0.28, 0.16, 0.16, (1.0, 0.75, 0.35), 0.55)
        f.fill(
            smooth([(cx, cy - 0.33), (cx + 0.022, cy - 0.26), (cx, cy - 0.23), (cx - 0.022, cy - 0.26)]),
            (1.0, 0.86, 0.42),
            lit=False,
            rough=0,
        )


def _fallen_cake(f: Frame, icing: np.ndarray) -> None:
    """Collapsed on one side, split, mouldy, with flies."""
    rng = f.canvas.rng
    crumb = SPONGE * 0.8
    top = jagged([(-0.42, -0.40), (-0.12, -0.30), (0.02, -0.13), (0.28, -0.24), (0.50, -0.06)], rng, 0.03, 4)
    outline = np.concatenate([[(-0.46, -0.02)], top, arc(0, -0.02, 0.52, 0.08, 0, np.pi)])
    f.fill(outline, crumb * 1.1, crumb * 0.7, rough=0.20)
    slump = top[: len(top) // 2 + 1]
    f.fill(
        np.concatenate([slump, slump[::-1] + np.array([0.0, 0.09])]),
        icing * 0.9,
        icing * 0.7,
        rough=0.12,
        bevel=0.2,
    )
    f.stroke(
        [
            jagged([(-0.30, -0.32), (-0.22, -0.02)], rng, 0.03, 4),
            jagged([(0.2, -0.2), (0.12, 0.02)], rng, 0.03, 4),
        ],
        0.016,
        (0.16, 0.11, 0.08),
    )
    draw_mould(f, 6, 0.36, -0.18)
    crumbs = [
        star(rng.uniform(-0.75, 0.75), rng.uniform(-0.01, 0.10), 0.028, 0.016, 4, rng.uniform(0, 3))
        for _ in range(12)
    ]
    f.fill(crumbs, crumb, rough=0.2)
    draw_flies(f, 6)
