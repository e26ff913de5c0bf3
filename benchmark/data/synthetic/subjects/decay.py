"""What grows on spoilt food, and what it draws."""

import numpy as np

from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import ellipse

MOULD = ((0.42, 0.50, 0.40), (0.62, 0.66, 0.58), (0.24, 0.28, 0.22))


def draw_mould(f: Frame, n: int, reach: float, level: float) -> None:
    """Patches of mould around (0, ``level``)."""
    rng = f.canvas.rng
    for k in range(n):
        cx, cy, r = rng.uniform(-reach, reach), level + rng.uniform(-0.13, 0.13), rng.uniform(0.045, 0.09)
        f.blob(cx, cy, 1.2 * r, r, MOULD[k % 3], ragged=0.8, hard=2.5, mottle=0.2, alpha=0.9)
        f.blob(cx, cy, 0.6 * r, 0.5 * r, (0.78, 0.80, 0.74), ragged=0.8, hard=2, mottle=0.1, alpha=0.8)


def draw_flies(f: Frame, n: int) -> None:
    """Flies above."""
    rng = f.canvas.rng
    for _ in range(n):
        cx, cy, a = rng.uniform(-0.6, 0.6), rng.uniform(-0.95, -0.3), rng.uniform(0, 6)
        f.fill(
            [
                ellipse(cx + 0.022 * np.cos(a + s), cy + 0.022 * np.sin(a + s), 0.028, 0.012, a + s)
                for s in (-0.7, 0.7)
            ],
            (0.86, 0.88, 0.92),
            alpha=0.6,
            rough=0,
        )
        f.fill(ellipse(cx, cy, 0.024, 0.015, a), (0.06, 0.06, 0.08), rough=0)
