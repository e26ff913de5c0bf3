"""A face: the mood is in its eyes, brows and mouth."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import arc, ellipse, smooth, taper

SKINS = ((0.96, 0.80, 0.68), (0.88, 0.68, 0.53), (0.74, 0.53, 0.39), (0.55, 0.37, 0.27), (0.40, 0.27, 0.20))
HAIRS = ((0.14, 0.11, 0.10), (0.30, 0.20, 0.13), (0.52, 0.36, 0.20), (0.78, 0.62, 0.38), (0.55, 0.54, 0.53))
SHIRTS = (
    (0.28, 0.40, 0.58),
    (0.62, 0.28, 0.26),
    (0.86, 0.84, 0.80),
    (0.30, 0.44, 0.34),
    (0.24, 0.24, 0.28),
    (0.74, 0.60, 0.32),
)
DARK = (0.10, 0.08, 0.08)


def draw_face(canvas: Canvas, x: float, y: float, size: float, adjective: str) -> None:
    """A portrait, head and shoulders: happy, laughing, sad, angry or tough."""
    rng = canvas.rng
    f = canvas.frame(x, y, size, turn=rng.normal(0, 0.05))
    skin = np.asarray(SKINS[rng.integers(len(SKINS))])
    hair = np.asarray(HAIRS[rng.integers(len(HAIRS))])
    cut = rng.choice(["short", "long", "bun", "bald"], p=[0.42, 0.34, 0.16, 0.08])
    droop = 0.03 if adjective == "sad" else 0.0
    if cut == "long":
        right = [(0.24, -0.72), (0.30, -0.35), (0.22, -0.12)]
        back = smooth([(0, -0.95), *right, *((-px, py) for px, py in reversed(right))])
        f.fill(back, hair * 0.9, hair * 0.6, rough=0.10, grain="strand", bevel=0.3)
    shirt = np.asarray(SHIRTS[rng.integers(len(SHIRTS))])
    right = [(0.13, -0.27), (0.34, -0.18 + droop), (0.46, 0.02), (0.46, 0.2)]
    body = smooth([*right, *((-px, py) for px, py in reversed(right))])
    f.fill(body, shirt, shirt * 0.72, rough=0.06, bevel=0.5)
    f.fill(taper([(0, -0.42), (0, -0.22)], (0.17, 0.22)), skin * 0.84, skin * 0.72, rough=0.02)
    f.fill(arc(0, -0.25, 0.13, 0.06, 0, np.pi), skin * 0.86, rough=0)
    head = f.frame(0, -0.56 + droop, 1.0, turn=rng.normal(0, 0.04) - (0.10 if adjective == "sad" else 0))
    for side in (-1, 1):
        head.fill(ellipse(side * 0.222, 0.02, 0.035, 0.06), skin * 0.92, bevel=0.3)
    right = [(0.17, -0.22), (0.222, -0.02), (0.18, 0.16), (0.07, 0.265)]
    outline = smooth([(0, -0.29), *right, *((-px, py) for px, py in reversed(right))])
    head.fill(outline, skin * 1.04, skin * 0.93, rough=0.018, bevel=0.28)
    _hair(head, hair, str(cut))
    _features(head, skin, hair, adjective)
    if rng.random() < 0.14:
        rims = [ellipse(side * 0.092, 0.0, 0.068, 0.052) for side in (-1, 1)]
        head.stroke(rims, 0.010, (0.16, 0.14, 0.14), closed=True)
        head.stroke([np.array([(-0.024, -0.005), (0.024, -0.005)])], 0.010, (0.16, 0.14, 0.14))


def _hair(head: Frame, hair: np.ndarray, cut: str) -> None:
    if cut == "bald":
        head.fill(ellipse(-0.06, -0.2, 0.07, 0.035, -0.4), (1, 1, 1), alpha=0.18, rough=0)
        return
    fringe = -0.13 if cut != "short" else -0.16
    top = [
        (-0.235, -0.02),
        (-0.235, -0.2),
        (-0.12, -0.325),
        (0.03, -0.345),
        (0.17, -0.29),
        (0.24, -0.16),
        (0.235, -0.02),
    ]
    under = [(0.19, -0.12), (0.10, fringe - 0.03), (-0.04, fringe - 0.055), (-0.15, fringe), (-0.19, -0.09)]
    head.fill(smooth(top + under, steps=4), hair * 1.15, hair * 0.8, rough=0.10, grain="strand", bevel=0.35)
    if cut == "bun":
        head.fill(
            ellipse(0.02, -0.37, 0.10, 0.08), hair * 1.1, hair * 0.8, rough=0.10, grain="strand", bevel=0.4
        )


def _features(head: Frame, skin: np.ndarray, hair: np.ndarray, mood: str) -> None:
    """Eyes, brows, nose, cheeks and mouth: what tells the mood."""
    rng = head.canvas.rng
    iris = np.array([(0.30, 0.20, 0.12), (0.25, 0.38, 0.52), (0.26, 0.38, 0.26)][rng.integers(3)])
    dark = np.minimum(hair, 0.34) * 0.8
    if mood in ("happy", "laughing"):
        for side in (-1, 1):
            head.fill(ellipse(side * 0.13, 0.09, 0.055, 0.04), skin * (1.0, 0.62, 0.60), alpha=0.35, rough=0)
    for side in (-1, 1):
        cx = side * 0.092
        if mood == "laughing":
            head.stroke([arc(cx, 0.012, 0.046, 0.034, 1.08 * np.pi, 1.92 * np.pi)], 0.015, dark)
        else:
            _eye(head, cx, side, skin, iris, mood)
        inner, outer = {"sad": (-0.105, -0.055), "angry": (-0.038, -0.105), "tough": (-0.066, -0.072)}.get(
            mood, (-0.078, -0.080)
        )
        middle = 0.5 * (inner + outer) - (0.022 if mood in ("happy", "laughing") else 0.006)
        brow = smooth([(cx - side * 0.052, inner), (cx, middle), (cx + side * 0.056, outer)], closed=False)
        head.fill(taper(brow, (0.026, 0.022, 0.010)), dark, rough=0.1)
    if mood == "angry":
        head.stroke([np.array([(s * 0.014, -0.07), (s * 0.02, -0.035)]) for s in (-1, 1)], 0.008, skin * 0.62)
    head.fill(
        smooth([(-0.012, -0.02), (0.014, -0.02), (0.040, 0.088), (0, 0.105), (-0.030, 0.09)]),
        skin * 0.88,
        skin * 0.80,
        rough=0,
        alpha=0.75,
    )
    head.fill(ellipse(-0.006, 0.075, 0.012, 0.012), (1, 1, 1), alpha=0.2, rough=0)
    _mouth(head, skin, mood)
    if mood == "sad":
        side = rng.choice([-1, 1])
        drop = smooth([(0, -0.03), (0.016, 0.012), (0, 0.03), (-0.016, 0.012)])
        for cy in (0.065, 0.125):
            head.fill(
                drop + np.array([side * (0.105 + 0.1 * (cy - 0.065)), cy]),
                (0.80, 0.90, 0.98),
                alpha=0.85,
                bevel=0.4,
                rough=0,
            )


def _eye(head: Frame, cx: float, side: int, skin: np.ndarray, iris: np.ndarray, mood: str) -> None:
    tall = {"happy": 0.026, "angry": 0.021, "sad": 0.024, "tough": 0.019}[mood]
    look = 0.010 if mood == "sad" else 0.0
    head.fill(ellipse(cx, 0, 0.045, tall), (0.96, 0.95, 0.93), rough=0)
    head.fill(ellipse(cx, look, 0.0225, min(0.0225, tall)), iris, rough=0)
    head.fill(ellipse(cx, look, 0.011, 0.011), DARK, rough=0)
    head.fill(ellipse(cx - 0.008, look - 0.008, 0.006, 0.006), (1, 1, 1), rough=0)
    lid = arc(cx, 0, 0.048, tall + 0.002, 1.02 * np.pi, 1.98 * np.pi)
    if mood == "sad":
        lid[:, 1] += 0.012 * (lid[:, 0] - cx) * side / 0.048
    if mood == "angry":
        lid[:, 1] -= 0.012 * (lid[:, 0] - cx) * side / 0.048
    head.stroke([lid], 0.012, skin * 0.35)


def _mouth(head: Frame, skin: np.ndarray, mood: str) -> None:
    lip = skin * (0.82, 0.55, 0.55)
    if mood in ("happy", "laughing"):
        w, deep = (0.100, 0.046) if mood == "happy" else (0.108, 0.084)
        t = np.linspace(-1, 1, 15)
        upper = np.stack([w * t, 0.118 + 0.024 * (1 - t * t)], 1)
        lower = np.stack([w * t, 0.118 + 0.024 + deep * (1 - t * t) - 0.024 * t * t], 1)[::-1]
        head.fill(np.concatenate([upper, lower]), (0.36, 0.10, 0.10), rough=0)
        teeth = np.stack([w * t, 0.118 + 0.024 + 0.55 * deep * (1 - t * t) - 0.024 * t * t], 1)[::-1]
        head.fill(np.concatenate([upper, teeth]) * (0.93, 1), (0.97, 0.96, 0.94), rough=0)
        if mood == "laughing":
            head.fill(ellipse(0, 0.205, 0.042, 0.014), (0.80, 0.38, 0.38), rough=0)
        head.stroke([np.concatenate([upper, lower])], 0.011, lip, closed=True)
    elif mood == "sad":
        line = arc(0, 0.195, 0.075, 0.045, 1.1 * np.pi, 1.9 * np.pi)
        head.fill(taper(line, (0.010, 0.024, 0.010)), lip, rough=0)
        head.stroke([arc(0, 0.215, 0.035, 0.012, 1.15 * np.pi, 1.85 * np.pi)], 0.008, skin * 0.75)
    elif mood == "angry":
        outline = smooth(
            [(-0.085, 0.185), (-0.05, 0.145), (0.05, 0.145), (0.085, 0.185), (0.04, 0.178), (-0.04, 0.178)],
            steps=4,
        )
        head.fill(outline, (0.94, 0.92, 0.89), rough=0)
        head.stroke(
            [np.array([(t, 0.147), (t, 0.178)]) for t in (-0.045, -0.015, 0.015, 0.045)],
            0.004,
            (0.4, 0.3, 0.3),
        )
        head.stroke([outline], 0.012, lip * 0.8, closed=True)
    else:
        head.fill(
            taper([(-0.066, 0.165), (-0.02, 0.160), (0.02, 0.162), (0.066, 0.166)], (0.008, 0.022, 0.008)),
            lip,
            rough=0,
        )
