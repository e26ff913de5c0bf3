"""Outlines as arrays of points, shape (n, 2), x to the right and y down."""

from collections.abc import Sequence

import numpy as np

Points = np.ndarray | Sequence[tuple[float, float]]
"""Corners of a polygon or of a line, anything that becomes an array of shape (n, 2)."""


def rect(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """Four corners of an upright rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def ellipse(x: float, y: float, rx: float, ry: float, angle: float = 0.0, n: int = 28) -> np.ndarray:
    """Outline of an ellipse turned by ``angle`` radians."""
    return arc(x, y, rx, ry, 0.0, 2 * np.pi * (n - 1) / n, angle, n)


def arc(
    x: float, y: float, rx: float, ry: float, start: float, stop: float, angle: float = 0.0, n: int = 16
) -> np.ndarray:
    """Points of an elliptic arc from ``start`` to ``stop`` radians (0 is right, pi / 2 is down)."""
    t = np.linspace(start, stop, n)
    across, along = rx * np.cos(t), ry * np.sin(t)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([x + across * cos - along * sin, y + across * sin + along * cos], axis=1)


def smooth(points: Points, closed: bool = True, steps: int = 6) -> np.ndarray:
    """A Catmull-Rom curve through the points."""
    p = np.asarray(points, dtype=float)
    if closed:
        before, after, last = np.roll(p, 1, axis=0), np.roll(p, -1, axis=0), np.roll(p, -2, axis=0)
    else:
        padded = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
        before, p, after, last = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(steps) / steps)[None, :, None]
    b, c, a, d = p[:, None], after[:, None], before[:, None], last[:, None]
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    curve = curve.reshape(-1, 2)
    return curve if closed else np.concatenate([curve, after[-1:]])


def taper(spine: Points, widths: float | Sequence[float]) -> np.ndarray:
    """Outline of a limb: a line given width, by ``widths`` from its first to its last point."""
    p = np.asarray(spine, dtype=float)
    along = np.gradient(p, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    ends = np.atleast_1d(np.asarray(widths, dtype=float))
    half = np.interp(np.linspace(0, 1, len(p)), np.linspace(0, 1, len(ends)), ends)[:, None] / 2
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) * half
    return np.concatenate([p + side, (p - side)[::-1]])


def jagged(points: Points, rng: np.random.Generator, amount: float, steps: int = 5) -> np.ndarray:
    """A broken line: every segment is cut into ``steps`` and the cuts are moved by up to ``amount``."""
    p = np.asarray(points, dtype=float)
    t = np.linspace(0, len(p) - 1, (len(p) - 1) * steps + 1)
    line = np.stack([np.interp(t, np.arange(len(p)), p[:, k]) for k in (0, 1)], axis=1)
    line[1:-1] += rng.uniform(-amount, amount, (len(line) - 2, 2))
    return line


def star(x: float, y: float, outer: float, inner: float, tips: int, turn: float = 0.0) -> np.ndarray:
    """A star or splinter with ``tips`` tips."""
    t = np.arange(2 * tips) * np.pi / tips + turn
    r = np.where(np.arange(2 * tips) % 2 == 0, outer, inner)
    return np.stack([x + r * np.cos(t), y + r * np.sin(t)], axis=1)
