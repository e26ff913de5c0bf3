"""The mountains."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.geometry import jagged, smooth
from benchmark.data.synthetic.brush.ground import paint_ground
from benchmark.data.synthetic.scenes.sky import paint_sky
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.scenes.terrain import below, paint_blades


def paint_mountain(canvas: Canvas, noun: str) -> Stage:
    """Ranges with snow behind an alpine meadow."""
    rng, aspect = canvas.rng, canvas.aspect
    horizon = rng.uniform(0.52, 0.58) if noun != "sky" else rng.uniform(0.58, 0.78)
    paint_sky(canvas, horizon, clouds=0 if noun == "sky" else int(rng.integers(1, 4)), sun=noun != "sky")
    for depth, height, rock in ((0.55, 0.36, (0.36, 0.40, 0.47)), (0.25, 0.22, (0.30, 0.33, 0.36))):
        _range(canvas, horizon, height * (0.6 if noun == "sky" else 1.0), np.asarray(rock), depth)
    _wood(canvas, horizon, 26, 0.05, 0.25)
    grass = np.array([0.34, 0.44, 0.20]) + rng.normal(0, 0.018, 3)
    paint_ground(canvas, horizon, grass * 0.95, grass * 0.85, rough=0.12, scale=0.6, haze=0.3)
    canvas.soften(0.004)
    for _ in range(5):
        x, y = rng.uniform(0, 1) * aspect, rng.uniform(horizon + 0.12, 0.95)
        if abs(x / aspect - 0.5) > 0.25:
            _stone(canvas, x, y, rng.uniform(0.03, 0.08) * (0.4 + y))
    paint_blades(canvas, 0.88, 90, grass * 0.7, 0.035)
    return Stage(foot=rng.uniform(0.83, 0.89), horizon=horizon)


def _range(canvas: Canvas, base: float, height: float, rock: np.ndarray, depth: float) -> None:
    """A jagged range; the peaks carry snow on the side of the light."""
    rng, aspect = canvas.rng, canvas.aspect
    n = int(rng.integers(3, 5))
    x = np.sort(np.linspace(0.05, 0.95, n) + rng.uniform(-0.1, 0.1, n)) * aspect
    tops = base - height * rng.uniform(0.65, 1.05, n)
    line = [(-0.05, base - 0.3 * height)]
    for k in range(n):
        line.append((x[k], tops[k]))
        after = x[k + 1] if k + 1 < n else aspect + 0.05
        line.append(((x[k] + after) / 2, base - height * rng.uniform(0.15, 0.4)))
    crest = jagged(line, rng, 0.012, 6)
    canvas.fill(
        below(crest, aspect, base + 0.02), rock * 1.1, rock * 0.9, rough=0.16, depth=depth, grain="broad"
    )
    snow_line = base - height * 0.52
    deep = np.clip(snow_line - crest[:, 1], 0, None) * np.where(np.arange(len(crest)) % 2, 1.15, 0.45)
    deep *= rng.uniform(0.8, 1.2, len(crest))
    lower = crest + np.stack([rng.uniform(-0.006, 0.006, len(crest)), deep], 1)
    snow = np.concatenate([crest, lower[::-1]])
    canvas.fill(snow, (0.97, 0.98, 1.0), (0.84, 0.88, 0.93), rough=0.06, depth=0.75 * depth)
    for k in range(n):
        foot = base - height * 0.1
        far = np.array([(x[k], tops[k]), (x[k] + 0.5 * (foot - tops[k]), foot), (x[k] - 0.02, foot)])
        canvas.fill(jagged(far, rng, 0.014, 5), (0.20, 0.24, 0.34), alpha=0.30, depth=depth, rough=0.1)


def _wood(canvas: Canvas, base: float, n: int, size: float, depth: float) -> None:
    """A row of firs along ``base``."""
    rng = canvas.rng
    firs = []
    for x in rng.uniform(0, canvas.aspect, n):
        h, y = size * rng.uniform(0.7, 1.6), base + rng.uniform(0, 0.02)
        firs.append(np.array([(x, y - h), (x + 0.22 * h, y), (x - 0.22 * h, y)]))
    canvas.fill(firs, (0.13, 0.21, 0.14), rough=0.2, depth=depth)


def _stone(canvas: Canvas, x: float, y: float, size: float) -> None:
    rng = canvas.rng
    t = np.linspace(0, 2 * np.pi, 9)[:-1]
    r = size * rng.uniform(0.75, 1.15, 8)
    outline = smooth(np.stack([x + r * np.cos(t), y + 0.6 * r * np.sin(t)], 1))
    canvas.shadow(x, y + 0.5 * size, 1.4 * size, 0.5 * size, 0.45)
    canvas.fill(outline, (0.52, 0.50, 0.47), (0.36, 0.35, 0.33), rough=0.12, bevel=0.4)
