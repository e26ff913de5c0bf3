"""A small house, cared for or falling apart."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import ellipse, jagged, rect, smooth, star
from benchmark.data.synthetic.subjects.walls import BLOOMS, PLASTER, SOOT, draw_cracks

ROOFS = ((0.56, 0.26, 0.20), (0.36, 0.34, 0.36), (0.46, 0.34, 0.26), (0.30, 0.38, 0.42))
SHUTTERS = ((0.28, 0.44, 0.40), (0.34, 0.42, 0.56), (0.56, 0.28, 0.24))
WINDOW = (0.085, 0.095)
"""Half the width and height of a window."""


def draw_house(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A small house: charming (flowers, lit windows), damaged (holes, cracks), haunted (boarded) or tiny."""
    rng = canvas.rng
    f = canvas.frame(x, y, size * (0.62 if adjective == "tiny" else 1.0), flip=bool(rng.random() < 0.5))
    wall = np.asarray(PLASTER[rng.integers(len(PLASTER))])
    roof = np.asarray(ROOFS[rng.integers(len(ROOFS))])
    worn = adjective in ("damaged", "haunted")
    if worn:
        wall, roof = wall * 0.7 + 0.10, roof * 0.85 + 0.03
    w, eaves, ridge = rng.uniform(0.42, 0.52), rng.uniform(-0.52, -0.46), rng.uniform(-0.92, -0.84)
    f.shadow(0.06, 0, 1.35 * w, 0.10, 0.55)
    f.fill(rect(0.18, ridge - 0.06, 0.30, eaves), (0.52, 0.34, 0.28), (0.42, 0.28, 0.23), rough=0.15)
    if adjective == "charming":
        for k in range(4):
            f.blob(
                0.26 + 0.05 * k,
                ridge - 0.12 - 0.1 * k,
                0.05 + 0.02 * k,
                0.06 + 0.015 * k,
                (0.92, 0.92, 0.93),
                hard=1,
                alpha=0.5,
            )
    f.fill(rect(-w, eaves, w, 0), wall, wall * 0.88, rough=0.14 if worn else 0.05, grain="broad")
    f.fill(rect(-w, -0.06, w, 0), wall * 0.6, rough=0.12)
    _roof(f, w, eaves, ridge, roof, adjective)
    _door(f, worn)
    shutter = np.asarray(SHUTTERS[rng.integers(len(SHUTTERS))]) if adjective == "charming" else None
    for side in (-1, 1):
        cx, cy = side * 0.62 * w, 0.5 * eaves - 0.06
        if worn:
            _broken_window(
                f, cx, cy, boarded=adjective == "haunted", burnt=adjective == "damaged" and side < 0
            )
        else:
            _window(f, cx, cy, shutter)
    if worn:
        draw_cracks(f, w, eaves, 4)
    if adjective == "charming":
        _flower_row(f, w)
    if adjective == "haunted":
        _dead_creeper(f, w, eaves)


def _roof(f: Frame, w: float, eaves: float, ridge: float, roof: np.ndarray, adjective: str) -> None:
    rng = f.canvas.rng
    sag = 0.07 if adjective in ("damaged", "haunted") else 0.0
    outline = np.array(
        [
            (-w - 0.09, eaves + 0.02),
            (-0.62 * w, ridge),
            (-0.1, ridge + sag),
            (0.62 * w, ridge + 0.3 * sag),
            (w + 0.09, eaves + 0.02),
        ]
    )
    f.fill(outline, roof * 1.1, roof * 0.85, rough=0.10)
    rows = []
    for t in np.linspace(0.16, 0.9, 6):
        half = 0.62 * w + t * (0.38 * w + 0.09)
        level = ridge + t * (eaves - ridge) + sag * (1 - t) * 0.5
        rows.append(np.array([(-half, level), (half, level)]))
    f.stroke(rows, 0.010, roof * 0.62, alpha=0.8)
    f.stroke([outline[[0, -1]]], 0.022, roof * 0.5)
    if adjective == "damaged":
        cx, cy = rng.uniform(-0.22, 0.12), 0.55 * ridge + 0.45 * eaves
        hole = smooth(star(cx, cy, 0.19, 0.11, 6, rng.uniform(0, 1)) * (1.0, 0.8) + (0, 0.2 * cy), steps=2)
        f.fill(hole, SOOT, rough=0.2)
        bars = [
            np.array([(cx + dx - 0.02, cy - 0.12), (cx + dx + 0.03, cy + 0.13)]) for dx in (-0.09, 0.0, 0.09)
        ]
        f.stroke(bars, 0.022, (0.34, 0.25, 0.18))
        debris = [
            star(rng.uniform(-w, w) * 1.15, rng.uniform(-0.01, 0.05), 0.05, 0.025, 3, rng.uniform(0, 6))
            for _ in range(9)
        ]
        f.fill(debris, roof * 0.8, rough=0.2)


def _door(f: Frame, worn: bool) -> None:
    rng = f.canvas.rng
    paint = np.array(
        [(0.30, 0.38, 0.46), (0.52, 0.22, 0.18), (0.40, 0.28, 0.18), (0.26, 0.38, 0.28)][rng.integers(4)]
    )
    f.fill(rect(-0.10, -0.32, 0.10, 0.0), (0.86, 0.84, 0.79) if not worn else (0.42, 0.39, 0.35), rough=0.05)
    f.fill(
        rect(-0.08, -0.30, 0.08, 0.0),
        paint if not worn else paint * 0.6,
        paint * 0.7,
        rough=0.12,
        grain="strand",
    )
    if worn:
        planks = [
            np.array([(-0.13, -0.24), (0.13, -0.19), (0.13, -0.15), (-0.13, -0.20)]),
            np.array([(-0.13, -0.07), (0.13, -0.15), (0.13, -0.11), (-0.13, -0.03)]),
        ]
        f.fill(planks, (0.46, 0.36, 0.26), (0.36, 0.28, 0.20), rough=0.15)
    else:
        f.fill(ellipse(0.055, -0.14, 0.013, 0.013), (0.88, 0.74, 0.36))
        f.fill(
            [rect(-0.055, -0.27, -0.01, -0.19), rect(0.01, -0.27, 0.055, -0.19)],
            (0.98, 0.90, 0.68),
            lit=False,
        )


def _broken_window(f: Frame, cx: float, cy: float, boarded: bool, burnt: bool) -> None:
    """A dark hole with shards in its frame, or boards across it."""
    w, h = WINDOW
    pane = rect(cx - w, cy - h, cx + w, cy + h)
    f.fill(pane, SOOT, (0.14, 0.13, 0.13), rough=0.2)
    if boarded:
        slat = np.array([(-1.25 * w, -0.03), (1.25 * w, 0.02), (1.25 * w, 0.06), (-1.25 * w, 0.01)])
        f.fill([slat + np.array([cx, cy + t * h]) for t in (-0.6, 0.35)], (0.44, 0.35, 0.26), rough=0.15)
    else:
        upper = np.array([(cx - w, cy - h), (cx - 0.2 * w, cy - h), (cx - 0.7 * w, cy + 0.1 * h)])
        lower = np.array([(cx + w, cy + h), (cx + 0.1 * w, cy + h), (cx + 0.75 * w, cy - 0.3 * h)])
        f.fill([upper, lower], (0.62, 0.68, 0.72), alpha=0.8, rough=0.1)
    f.stroke([pane], 0.020, (0.36, 0.33, 0.30), closed=True)
    if burnt:
        f.blob(cx, cy - 1.6 * h, 0.11, 0.13, SOOT, hard=0.9, alpha=0.6, mottle=0)


def _window(f: Frame, cx: float, cy: float, shutter: np.ndarray | None) -> None:
    """A whole window; with shutters it is lit from within and has a box of flowers."""
    rng = f.canvas.rng
    w, h = WINDOW
    white = (0.95, 0.94, 0.91)
    pane = rect(cx - w, cy - h, cx + w, cy + h)
    if shutter is None:
        f.fill(pane, (0.52, 0.62, 0.70), (0.70, 0.78, 0.83), rough=0.05)
    else:
        f.fill(pane, (1.0, 0.86, 0.55), (1.0, 0.93, 0.72), lit=False, rough=0.05)
    f.stroke([pane], 0.022, white, closed=True)
    f.stroke([np.array([(cx, cy - h), (cx, cy + h)]), np.array([(cx - w, cy), (cx + w, cy)])], 0.012, white)
    if shutter is None:
        return
    leaf = rect(-0.027, -h - 0.01, 0.027, h + 0.01)
    leaves = [leaf + np.array([cx + side * (w + 0.035), cy]) for side in (-1, 1)]
    f.fill(leaves, shutter, shutter * 0.8, rough=0.08)
    box = rect(cx - w - 0.01, cy + h + 0.01, cx + w + 0.01, cy + h + 0.045)
    f.fill(box, (0.50, 0.34, 0.22), rough=0.1)
    for px in np.linspace(cx - w, cx + w, 7):
        bloom = ellipse(px, cy + h + rng.uniform(-0.005, 0.012), 0.022, 0.022)
        f.fill(bloom, BLOOMS[rng.integers(4)], bevel=0.3)


def _flower_row(f: Frame, w: float) -> None:
    rng = f.canvas.rng
    for side in (-1, 1):
        for _ in range(5):
            cx = side * rng.uniform(0.18, w + 0.05)
            f.blob(cx, -0.03, 0.07, 0.06, (0.28, 0.44, 0.18), ragged=0.6)
        for _ in range(9):
            cx = side * rng.uniform(0.15, w + 0.06)
            f.fill(
                ellipse(cx, rng.uniform(-0.09, 0.02), 0.022, 0.022),
                BLOOMS[rng.integers(len(BLOOMS))],
                bevel=0.4,
            )


def _dead_creeper(f: Frame, w: float, eaves: float) -> None:
    rng = f.canvas.rng
    lines = []
    for _ in range(9):
        x = rng.uniform(-w, w)
        lines.append(
            jagged(
                [(x, 0), (x + rng.uniform(-0.1, 0.1), 0.4 * eaves), (x + rng.uniform(-0.2, 0.2), eaves)],
                rng,
                0.03,
                4,
            )
        )
    f.stroke(lines, 0.008, (0.20, 0.16, 0.12), alpha=0.9)
