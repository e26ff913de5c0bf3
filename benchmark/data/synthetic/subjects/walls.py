"""What walls are made of, and what time does to them."""

from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import jagged, smooth, star

PLASTER = ((0.90, 0.86, 0.76), (0.80, 0.68, 0.56), (0.72, 0.76, 0.78), (0.86, 0.74, 0.58), (0.70, 0.44, 0.36))
BLOOMS = ((0.90, 0.28, 0.30), (0.96, 0.72, 0.24), (0.88, 0.46, 0.70), (0.96, 0.95, 0.92), (0.62, 0.40, 0.78))
SOOT = (0.15, 0.14, 0.13)


def draw_cracks(f: Frame, w: float, top: float, n: int) -> None:
    """Cracks and bare patches in a wall of half width ``w`` whose top is at ``top``."""
    rng = f.canvas.rng
    lines = []
    for _ in range(n):
        x = rng.uniform(-0.95, 0.95) * w
        start = (x, top * rng.uniform(0.7, 1.0))
        lines.append(
            jagged([start, (x + rng.uniform(-0.12, 0.12), start[1] + rng.uniform(0.16, 0.34))], rng, 0.025, 6)
        )
    f.stroke(lines, 0.009, (0.13, 0.12, 0.11), alpha=0.85)
    for _ in range(2):
        patch = smooth(
            star(rng.uniform(-0.8, 0.8) * w, top * rng.uniform(0.2, 0.8), 0.075, 0.058, 4, rng.uniform(0, 3))
        )
        f.fill(patch, (0.40, 0.28, 0.23), rough=0.25, alpha=0.8)
