"""A car, new or wrecked."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import ellipse, jagged, rect, smooth, star, taper

PAINTS = (
    (0.70, 0.14, 0.13),
    (0.15, 0.32, 0.60),
    (0.88, 0.88, 0.88),
    (0.16, 0.17, 0.19),
    (0.86, 0.62, 0.16),
    (0.24, 0.46, 0.36),
)
GLASS = (0.20, 0.26, 0.31)
RUST = (0.44, 0.24, 0.13)
BODIES = {
    "expensive": [
        (-0.98, -0.14),
        (-0.96, -0.25),
        (-0.60, -0.33),
        (-0.28, -0.50),
        (0.18, -0.51),
        (0.52, -0.35),
        (0.94, -0.30),
        (0.98, -0.14),
    ],
    "clean": [
        (-0.92, -0.12),
        (-0.93, -0.36),
        (-0.58, -0.42),
        (-0.36, -0.64),
        (0.34, -0.66),
        (0.66, -0.44),
        (0.90, -0.40),
        (0.92, -0.12),
    ],
    "old": [
        (-0.92, -0.12),
        (-0.93, -0.38),
        (-0.50, -0.42),
        (-0.42, -0.66),
        (0.40, -0.66),
        (0.48, -0.42),
        (0.91, -0.38),
        (0.92, -0.12),
    ],
}


def draw_car(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A car from the side: expensive or clean, damaged (crash), abandoned (rust) or old."""
    rng = canvas.rng
    f = canvas.frame(
        x,
        y,
        size,
        flip=bool(rng.random() < 0.5),
        turn=0.035 if adjective in ("damaged", "abandoned") else 0.0,
    )
    paint = np.asarray(PAINTS[rng.integers(len(PAINTS))])
    wreck = adjective in ("damaged", "abandoned")
    kind = adjective if adjective in BODIES else ("clean" if rng.random() < 0.5 else "old")
    if adjective == "abandoned":
        paint = 0.7 * paint + 0.12
    if adjective == "old":
        paint = 0.65 * paint + 0.16
    corners = np.array(BODIES[kind])
    f.shadow(0, 0.0, 1.15, 0.11, 0.65)
    outline = smooth(corners, steps=5) if kind == "expensive" else _soft(corners)
    if adjective == "damaged":
        outline = _crumple(outline, rng)
    shine = 0.55 if not wreck else 0.2
    f.fill(
        outline,
        paint * 1.15 + 0.04,
        paint * 0.62,
        rough=0.02 if not wreck else 0.12,
        bevel=shine,
        grain="broad",
    )
    _car_windows(f, corners, adjective)
    if not wreck:
        f.fill(
            smooth([(-0.9, -0.295), (0, -0.345), (0.9, -0.30), (0, -0.32)], steps=4),
            (1, 1, 1),
            alpha=0.30 if adjective == "old" else 0.6,
            rough=0,
        )
    for cx in (-0.55, 0.55):
        _wheel(f, cx, adjective)
    f.stroke([np.array([(0.02, -0.40), (0.02, -0.13)])], 0.010, paint * 0.4)
    f.stroke(
        [np.array([(0.07, -0.34), (0.16, -0.34)])], 0.018, (0.8, 0.8, 0.8) if not wreck else (0.4, 0.35, 0.3)
    )
    f.fill(
        ellipse(-0.92, -0.25, 0.045, 0.035), (1.0, 0.96, 0.82) if not wreck else (0.3, 0.3, 0.3), lit=wreck
    )
    f.fill(ellipse(0.93, -0.26, 0.03, 0.04), (0.75, 0.10, 0.08) if not wreck else (0.3, 0.1, 0.1))
    if wreck:
        _wreckage(f, adjective)
    elif adjective == "clean":
        for px, py in ((-0.3, -0.60), (0.5, -0.38), (-0.75, -0.36)):
            f.fill(star(px, py, 0.055, 0.010, 4, np.pi / 4), (1, 1, 1), lit=False, alpha=0.9)


def _soft(corners: np.ndarray) -> np.ndarray:
    """Round the corners off a little: between the polygon and the curve through it."""
    cut = np.concatenate(
        [0.8 * corners + 0.2 * np.roll(corners, 1, 0), 0.8 * corners + 0.2 * np.roll(corners, -1, 0)], 1
    )
    return cut.reshape(-1, 2)


def _crumple(outline: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Push the front in and break its outline."""
    bent = outline.copy()
    front = np.clip((-0.42 - bent[:, 0]) / 0.5, 0, 1)
    bent[:, 0] += front * rng.uniform(0.10, 0.24, len(bent))
    bent[:, 1] += front * rng.uniform(-0.12, 0.06, len(bent))
    return bent


def _car_windows(f: Frame, corners: np.ndarray, adjective: str) -> None:
    rng = f.canvas.rng
    low = corners[2, 1] + 0.005
    top = corners[3, 1] + 0.05
    a, b = corners[2, 0] + 0.10, corners[5, 0] - 0.08
    c, d = corners[3, 0] + 0.03, corners[4, 0] - 0.01
    front = np.array([(a, low), (c, top), (-0.01, top), (-0.01, low)])
    rear = np.array([(0.05, low), (0.05, top), (d, top), (b, low)])
    wreck = adjective in ("damaged", "abandoned")
    sky = np.asarray(f.canvas.light.sky[1])
    f.fill([front, rear], (0.09, 0.09, 0.10) if wreck else 0.5 * sky + 0.12, GLASS, rough=0.06)
    if not wreck:
        streak = np.array([(0.15, top), (0.24, top), (0.14, low), (0.07, low)])
        f.fill([streak, streak - (0.34, 0)], (1, 1, 1), alpha=0.30, rough=0)
        return
    cx, cy = 0.5 * (a + c) + 0.08, 0.5 * (low + top)
    rays = [
        jagged([(cx, cy), (cx + 0.15 * np.cos(t), cy + 0.08 * np.sin(t))], rng, 0.01, 3)
        for t in np.linspace(0, 2 * np.pi, 10)
    ]
    f.stroke(rays, 0.008, (0.85, 0.88, 0.9), alpha=0.9)
    f.fill(
        [
            np.array([(0.05, low), (0.16, low), (0.05, top + 0.02)]),
            np.array([(b, low), (b - 0.12, low), (d, top + 0.03)]),
        ],
        (0.55, 0.6, 0.64),
        alpha=0.8,
    )


def _wheel(f: Frame, cx: float, adjective: str) -> None:
    flat = adjective in ("damaged", "abandoned") and cx < 0
    if adjective == "abandoned" and cx > 0:
        f.fill(ellipse(cx, -0.11, 0.15, 0.14), (0.06, 0.05, 0.05))
        f.fill(
            [rect(cx - 0.08, -0.06, cx + 0.08, -0.005), rect(cx - 0.06, -0.11, cx + 0.07, -0.06)],
            (0.50, 0.32, 0.26),
            rough=0.2,
        )
        return
    f.fill(ellipse(cx, -0.12, 0.175, 0.165), (0.05, 0.05, 0.06))
    f.fill(
        ellipse(cx, -0.07 if flat else -0.10, 0.17 if flat else 0.145, 0.085 if flat else 0.125),
        (0.13, 0.13, 0.14),
        bevel=0.3,
    )
    rim = (0.72, 0.73, 0.75) if adjective in ("expensive", "clean", "old") else (0.40, 0.30, 0.24)
    ry = 0.055 if flat else 0.078
    f.fill(ellipse(cx, -0.08 if flat else -0.10, 0.085, ry), rim, bevel=0.5)
    spokes = [
        np.array([(cx, -0.10), (cx + 0.07 * np.cos(t), -0.10 + ry * np.sin(t))])
        for t in np.linspace(0, 2 * np.pi, 6)[:-1]
    ]
    f.stroke(spokes, 0.016, (0.25, 0.25, 0.27), alpha=0.8)


def _wreckage(f: Frame, adjective: str) -> None:
    rng = f.canvas.rng
    for _ in range(7 if adjective == "abandoned" else 3):
        f.blob(
            rng.uniform(-0.75, 0.8),
            rng.uniform(-0.36, -0.14),
            rng.uniform(0.06, 0.16),
            rng.uniform(0.03, 0.09),
            RUST,
            ragged=0.9,
            hard=2,
            alpha=0.85,
        )
    f.stroke(
        [
            jagged([(-0.7, -0.32), (-0.2, -0.24)], rng, 0.03, 5),
            jagged([(0.2, -0.2), (0.6, -0.3)], rng, 0.03, 5),
        ],
        0.012,
        (0.12, 0.1, 0.09),
    )
    if adjective == "damaged":
        hood = jagged([(-0.78, -0.36), (-0.62, -0.56), (-0.42, -0.44)], rng, 0.02, 3)
        f.fill(hood, (0.30, 0.28, 0.28), rough=0.15, bevel=0.4)
        f.fill(
            np.array([(-0.96, -0.10), (-0.70, -0.03), (-0.71, 0.02), (-1.0, -0.03)]),
            (0.25, 0.25, 0.26),
            bevel=0.3,
        )
        for k in range(4):
            f.blob(
                -0.62 - 0.05 * k,
                -0.6 - 0.14 * k,
                0.10 + 0.035 * k,
                0.10 + 0.03 * k,
                (0.34, 0.33, 0.33),
                hard=1,
                alpha=0.5,
                grain="broad",
            )
        bits = [
            star(rng.uniform(-1.3, 0.2), rng.uniform(0.0, 0.07), 0.03, 0.015, 3, rng.uniform(0, 6))
            for _ in range(12)
        ]
        f.fill(bits, (0.62, 0.66, 0.70))
    else:
        weeds = []
        for _ in range(34):
            cx, h = rng.uniform(-1.0, 1.0), rng.uniform(0.08, 0.26)
            lean = rng.normal(0, 0.08)
            weeds.append(taper([(cx, 0.03), (cx + 0.4 * lean, -0.6 * h), (cx + lean, -h)], (0.02, 0.004)))
        f.fill(weeds, (0.42, 0.40, 0.22), (0.30, 0.28, 0.15))
