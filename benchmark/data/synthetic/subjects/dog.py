"""A dog: how it sits or lies, its ears, its mouth."""

from typing import Any

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, rect, smooth, taper
from benchmark.data.synthetic.subjects.face import DARK

COATS = (
    (0.62, 0.44, 0.26),
    (0.80, 0.66, 0.46),
    (0.34, 0.24, 0.18),
    (0.22, 0.21, 0.21),
    (0.82, 0.79, 0.74),
    (0.55, 0.52, 0.49),
)


def draw_dog(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A dog: happy or cute (sitting, tongue out), sad (lying), angry (standing) or obedient (sitting)."""
    rng = canvas.rng
    f = canvas.frame(x, y, size, flip=bool(rng.random() < 0.5))
    coat = np.asarray(COATS[rng.integers(len(COATS))]) * rng.uniform(0.9, 1.1)
    patch = coat * 0.62 if coat.mean() > 0.4 else coat * 1.9
    f.shadow(0, 0, 0.55, 0.09, 0.55)
    if adjective == "sad":
        _lying_dog(f, coat, patch)
    else:
        _sitting_dog(f, coat, patch, adjective)


def _sitting_dog(f: Frame, coat: np.ndarray, patch: np.ndarray, mood: str) -> None:
    fur: dict[str, Any] = {"rough": 0.09, "grain": "strand", "bevel": 0.35}
    lively = mood in ("happy", "cute")
    tail = (
        [(0.2, -0.08), (0.38, -0.16), (0.46, -0.34), (0.40, -0.48)]
        if lively
        else [(0.2, -0.05), (0.38, -0.03), (0.5, -0.05)]
    )
    f.fill(taper(smooth(tail, closed=False), (0.08, 0.07, 0.03)), coat, coat * 0.8, **fur)
    body = smooth(
        [
            (-0.15, -0.55),
            (0.13, -0.55),
            (0.24, -0.3),
            (0.30, -0.06),
            (0.22, 0.0),
            (-0.24, 0.0),
            (-0.30, -0.08),
            (-0.23, -0.32),
        ]
    )
    f.fill(body, coat, coat * 0.74, **fur)
    f.fill(
        smooth([(-0.09, -0.50), (0.09, -0.50), (0.10, -0.28), (0, -0.16), (-0.10, -0.28)]),
        patch * 0.4 + 0.58,
        alpha=0.75,
        rough=0.1,
    )
    for side in (-1, 1):
        f.fill(
            taper([(side * 0.10, -0.36), (side * 0.11, -0.12), (side * 0.11, -0.01)], (0.13, 0.10, 0.10)),
            coat * 1.02,
            coat * 0.86,
            **fur,
        )
        f.fill(ellipse(side * 0.12, -0.015, 0.085, 0.042), coat * 1.05, bevel=0.35)
        f.fill(ellipse(side * 0.25, -0.03, 0.10, 0.05), coat * 0.92, bevel=0.35)
    if mood == "obedient":
        f.fill(rect(-0.15, -0.53, 0.15, -0.485), (0.62, 0.18, 0.16), bevel=0.3)
    head = f.frame(0, -0.72, 1.0, turn=f.canvas.rng.normal(0.12 if lively else 0, 0.05))
    _dog_head(head, coat, patch, mood)


def _lying_dog(f: Frame, coat: np.ndarray, patch: np.ndarray) -> None:
    fur: dict[str, Any] = {"rough": 0.09, "grain": "strand", "bevel": 0.35}
    f.fill(
        taper(smooth([(0.42, -0.10), (0.60, -0.04), (0.72, -0.02)], closed=False), (0.08, 0.04)), coat, **fur
    )
    body = smooth([(-0.22, -0.34), (0.1, -0.42), (0.38, -0.38), (0.54, -0.2), (0.50, 0.0), (-0.24, 0.0)])
    f.fill(body, coat, coat * 0.70, **fur)
    f.fill(ellipse(0.36, -0.09, 0.19, 0.11), coat * 0.96, coat * 0.8, **fur)
    for cy in (-0.03, 0.0):
        f.fill(
            taper([(-0.10, cy - 0.03), (-0.4, cy - 0.02), (-0.56, cy - 0.01)], (0.11, 0.09, 0.08)),
            coat * 1.02,
            coat * 0.85,
            **fur,
        )
    _dog_head(f.frame(-0.26, -0.20, 1.0, turn=0.08), coat, patch, "sad")


def _dog_head(head: Frame, coat: np.ndarray, patch: np.ndarray, mood: str) -> None:
    rng = head.canvas.rng
    fur: dict[str, Any] = {"rough": 0.09, "grain": "strand", "bevel": 0.3}
    ears = patch if rng.random() < 0.6 else coat * 0.85
    back = {"happy": "up", "cute": "up", "angry": "back", "sad": "down"}.get(mood, "side")
    shapes = {
        "up": [(0.10, -0.16), (0.22, -0.30), (0.28, -0.22), (0.24, -0.02), (0.17, -0.03)],
        "back": [(0.12, -0.14), (0.30, -0.19), (0.35, -0.13), (0.22, -0.07)],
        "down": [(0.11, -0.13), (0.23, -0.11), (0.27, 0.12), (0.21, 0.20), (0.16, 0.06)],
        "side": [(0.11, -0.16), (0.23, -0.17), (0.28, 0.03), (0.22, 0.09), (0.17, -0.02)],
    }[back]
    outline = smooth(
        [
            (0, -0.20),
            (0.14, -0.17),
            (0.20, -0.04),
            (0.17, 0.09),
            (0.08, 0.17),
            (-0.08, 0.17),
            (-0.17, 0.09),
            (-0.20, -0.04),
            (-0.14, -0.17),
        ]
    )
    if back == "back":
        _ears(head, shapes, ears)
    head.fill(outline, coat * 1.05, coat * 0.86, **fur)
    if back != "back":
        _ears(head, shapes, ears)
    muzzle = coat * 0.35 + 0.56
    head.fill(ellipse(0, 0.085, 0.105, 0.085), muzzle, muzzle * 0.86, rough=0.06, bevel=0.2)
    _dog_mouth(head, mood)
    head.fill(
        smooth([(-0.045, 0.028), (0.045, 0.028), (0.02, 0.07), (-0.02, 0.07)]), DARK, rough=0, bevel=0.3
    )
    head.fill(ellipse(-0.014, 0.037, 0.012, 0.006), (1, 1, 1), alpha=0.5, rough=0)
    for side in (-1, 1):
        cx, cy = side * 0.082, -0.045
        head.fill(ellipse(cx, cy, 0.033, 0.034 if mood != "sad" else 0.024), (0.16, 0.09, 0.06), rough=0)
        head.fill(ellipse(cx - 0.010, cy - 0.011, 0.010, 0.010), (1, 1, 1), rough=0)
        tilt = {"sad": -0.034, "angry": 0.05}.get(mood, 0.0)
        lift = 0.048 if mood != "angry" else 0.026
        if tilt:
            line = [(cx - side * 0.040, cy - lift + tilt * 0.6), (cx + side * 0.045, cy - lift - tilt * 0.6)]
            head.fill(
                taper(line, (0.020, 0.014)), coat * 0.4 if coat.mean() > 0.3 else (0.5, 0.4, 0.3), rough=0
            )
        if mood == "sad":
            head.stroke([arc(cx, cy, 0.038, 0.03, 1.0 * np.pi, 2.0 * np.pi)], 0.010, coat * 0.5)


def _ears(head: Frame, right: list[tuple[float, float]], colour: np.ndarray) -> None:
    for side in (-1, 1):
        head.fill(
            smooth([(side * px, py) for px, py in right]),
            colour,
            colour * 0.75,
            rough=0.08,
            grain="strand",
            bevel=0.3,
        )


def _dog_mouth(head: Frame, mood: str) -> None:
    if mood in ("happy", "cute"):
        head.fill(arc(0, 0.095, 0.085, 0.085, 0, np.pi), (0.30, 0.09, 0.09), rough=0)
        head.fill(
            smooth([(-0.035, 0.11), (0.035, 0.11), (0.040, 0.20), (0, 0.23), (-0.040, 0.20)]),
            (0.90, 0.45, 0.48),
            (0.80, 0.34, 0.38),
            rough=0,
            bevel=0.2,
        )
        for side in (-1, 1):
            head.stroke([arc(side * 0.045, 0.08, 0.05, 0.035, 0.0, np.pi)], 0.010, DARK)
    elif mood == "angry":
        jaw = smooth([(-0.09, 0.10), (0.09, 0.10), (0.07, 0.165), (-0.07, 0.165)], steps=4)
        head.fill(jaw, (0.26, 0.07, 0.07), rough=0)
        fangs = [
            np.array([(t - 0.014, 0.098), (t + 0.014, 0.098), (t, 0.135)])
            for t in (-0.065, -0.035, 0.0, 0.035, 0.065)
        ]
        fangs += [
            np.array([(t - 0.012, 0.165), (t + 0.012, 0.165), (t, 0.135)])
            for t in (-0.05, -0.018, 0.018, 0.05)
        ]
        head.fill(fangs, (0.97, 0.95, 0.90), rough=0)
        head.stroke(
            [np.array([(s * 0.02, 0.0), (s * 0.06, 0.02)]) for s in (-1, 1)], 0.008, (0.25, 0.2, 0.18)
        )
    else:
        drop = 0.03 if mood == "sad" else 0.0
        head.stroke([np.array([(0, 0.07), (0, 0.105)])], 0.009, DARK)
        for side in (-1, 1):
            ends = [(0, 0.105), (side * 0.04, 0.118 + 0.3 * drop), (side * 0.08, 0.104 + 1.2 * drop)]
            head.stroke([smooth(ends, closed=False)], 0.009, DARK)
