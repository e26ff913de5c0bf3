"""A tall building, splendid or in ruins."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import jagged, rect, star
from benchmark.data.synthetic.subjects.walls import BLOOMS, PLASTER, SOOT, draw_cracks


def draw_building(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A block of several storeys: stunning (glass), colorful, damaged, abandoned or weird (crooked)."""
    rng = canvas.rng
    f = canvas.frame(
        x,
        y,
        size,
        flip=bool(rng.random() < 0.5),
        turn=rng.choice([-0.07, 0.07]) if adjective == "weird" else 0.0,
    )
    w = rng.uniform(0.27, 0.36)
    columns, rows = int(rng.integers(4, 6)), int(rng.integers(6, 9))
    f.shadow(0.05, 0, 1.5 * w, 0.07, 0.55)
    wall = np.asarray(PLASTER[rng.integers(len(PLASTER))])
    if adjective == "stunning":
        _glass_tower(f, w, columns, rows)
        return
    if adjective in ("damaged", "abandoned"):
        wall = wall * 0.75 + 0.06
    outline = rect(-w, -1.0, w, 0.0)
    if adjective == "damaged":
        bite = jagged([(w * rng.uniform(-0.5, 0.0), -1.0), (0.45 * w, -0.82), (w, -0.60)], rng, 0.05, 5)
        outline = np.concatenate([[(-w, 0), (-w, -1.0)], bite, [(w, 0)]])
    if adjective == "weird":
        sway = 0.09 * np.sin(np.linspace(0, 2 * np.pi, 9))
        levels = np.linspace(0, -1, 9)
        outline = np.concatenate([np.stack([-w + sway, levels], 1), np.stack([w - sway, levels], 1)[::-1]])
    f.fill(outline, wall, wall * 0.86, rough=0.10 if adjective != "colorful" else 0.04, grain="broad")
    f.fill(np.array([(0.72 * w, -0.55), (w, -0.55), (w, 0), (0.72 * w, 0)]), wall * 0.6, alpha=0.35)
    _storeys(f, w, columns, rows, adjective)
    if adjective == "damaged":
        f.stroke([outline[2:-1]], 0.02, (0.25, 0.22, 0.20))
        _rubble(f, w)
    if adjective in ("damaged", "abandoned"):
        draw_cracks(f, 0.9 * w, -0.9, 5)


def _glass_tower(f: Frame, w: float, columns: int, rows: int) -> None:
    rng = f.canvas.rng
    high, low = (np.asarray(c) for c in f.canvas.light.sky)
    steel = np.array([0.84, 0.87, 0.90])
    f.fill(np.array([(-0.012, -1.0), (0.0, -1.18), (0.012, -1.0)]), steel)
    outline = np.array([(-w, 0), (-w, -0.88), (0.0, -1.02), (w, -0.88), (w, 0)])
    f.fill(outline, 0.55 * high + 0.22, 0.6 * low + 0.26, rough=0.03, lit=False)
    f.fill(np.array([(0, 0), (0, -1.02), (w, -0.88), (w, 0)]), (0.10, 0.16, 0.24), alpha=0.30, rough=0.03)
    cx = -w * rng.uniform(0.3, 0.6)
    f.fill(
        np.array([(cx, -0.93), (cx + 0.14, -0.98), (cx + 0.02, 0), (cx - 0.13, 0)]),
        (1, 1, 1),
        alpha=0.28,
        lit=False,
    )
    mesh = [np.array([(-w, -t), (0, -t * 1.15), (w, -t)]) for t in np.linspace(0.08, 0.86, 2 * rows)]
    mesh += [
        np.array([(t * w, -1.02 + 0.14 * abs(t)), (t * w, 0)]) for t in np.linspace(-1, 1, 2 * columns + 1)
    ]
    f.stroke(mesh, 0.006, steel, alpha=0.7)
    f.fill(rect(-0.12, -0.10, 0.12, 0), (1.0, 0.92, 0.74), lit=False)
    for side in (-1, 1):
        f.blob(side * 0.9 * w, -0.05, 0.10, 0.09, (0.26, 0.46, 0.20), ragged=0.6)


def _storeys(f: Frame, w: float, columns: int, rows: int, adjective: str) -> None:
    rng = f.canvas.rng
    step, pitch = 2 * w / columns, 0.9 / rows
    ruined = adjective in ("damaged", "abandoned")
    for r in range(rows):
        level = -0.95 + pitch * r
        if adjective == "colorful":
            paint = np.asarray(BLOOMS[(r + columns) % len(BLOOMS)]) * 0.75 + 0.15
            f.fill(rect(-w, level - 0.01, w, level + 0.82 * pitch), paint, rough=0.04)
        panes = []
        for c in range(columns):
            px = -w + step * (c + 0.2)
            if adjective == "damaged" and px > -0.05 * w and level < -0.72:
                continue  # fallen down
            pane = rect(px, level + 0.12 * pitch, px + 0.6 * step, level + 0.68 * pitch)
            if adjective == "weird":
                pane[:, 0] += 0.04 * np.sin(6 * level)
            panes.append(pane)
        broken = rng.random(len(panes)) < (0.72 if ruined else 0.0)
        _broken_panes(f, [pane for pane, hit in zip(panes, broken, strict=True) if hit])
        frame = (0.92, 0.91, 0.88) if adjective == "colorful" else (0.55, 0.53, 0.5)
        _whole_panes(f, [pane for pane, hit in zip(panes, broken, strict=True) if not hit], frame)
    if adjective == "damaged":
        for _ in range(3):
            cx, cy = rng.uniform(-0.8, 0.6) * w, rng.uniform(-0.75, -0.3)
            f.blob(cx, cy, 0.09, 0.12, SOOT, hard=0.8, alpha=0.65, mottle=0)


def _whole_panes(f: Frame, panes: list[np.ndarray], frame: tuple[float, float, float]) -> None:
    if not panes:
        return
    if f.canvas.light.night:
        f.fill(panes, (1.0, 0.80, 0.46), (1.0, 0.88, 0.62), lit=False, rough=0.12)
    else:
        f.fill(panes, (0.36, 0.46, 0.56), (0.66, 0.74, 0.80), rough=0.12)
    f.stroke(panes, 0.010, frame, closed=True)


def _broken_panes(f: Frame, panes: list[np.ndarray]) -> None:
    if not panes:
        return
    shards = []
    for (left, top), _, (right, bottom), _ in panes:
        low = top + f.canvas.rng.uniform(0.4, 0.9) * (bottom - top)
        shards.append(np.array([(left, top), (0.45 * left + 0.55 * right, top), (left, low)]))
    f.fill(panes, SOOT, (0.12, 0.11, 0.11), rough=0.15)
    f.fill(shards, (0.55, 0.60, 0.64), alpha=0.75, rough=0.1)


def _rubble(f: Frame, w: float) -> None:
    rng = f.canvas.rng
    for _ in range(16):
        cx = rng.normal(0.5 * w, 0.6 * w)
        cy = rng.uniform(-0.06, 0.05) - 0.05 * max(0.0, 1 - abs(cx - 0.5 * w) / w)
        grey = np.array([0.52, 0.48, 0.44]) * rng.uniform(0.6, 1.1)
        f.fill(
            star(cx, cy, rng.uniform(0.03, 0.07), rng.uniform(0.025, 0.04), 4, rng.uniform(0, 3)),
            grey,
            grey * 0.6,
            rough=0.2,
        )
    bars = [jagged([(0.3 * w + t, -0.78), (0.5 * w + t, -0.9)], rng, 0.02, 3) for t in (0.0, 0.05, 0.1)]
    f.stroke(bars, 0.008, (0.30, 0.20, 0.15))
