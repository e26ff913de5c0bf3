"""From outlines to the pixels they cover."""

import cv2
import numpy as np

from benchmark.data.synthetic.brush.geometry import Points

SUBPIXEL = 4
"""Bits of the fraction of a pixel in the coordinates that OpenCV receives."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom outside."""


def cover(
    shapes: Points | list[np.ndarray], height: int, width: int, stroke: int = 0, closed: bool = False
) -> tuple[np.ndarray, Box] | None:
    """Antialiased coverage of shapes, cut to the box around them.

    Parameters
    ----------
    shapes : points, or list of ndarray
        One polygon or several, in units of the picture's height.
    stroke : int
        Width in pixels of the lines along the points; 0 fills the polygons.
    closed : bool
        Whether lines return to their first point.

    Returns
    -------
    (ndarray of uint8, box), or None where nothing lies inside the picture
    """
    several = isinstance(shapes, list) and len(shapes) > 0 and isinstance(shapes[0], np.ndarray)
    parts = [np.asarray(s, dtype=np.float64) * height for s in (shapes if several else [shapes])]
    joined = np.concatenate(parts)
    low, high = joined.min(axis=0) - stroke / 2 - 1, joined.max(axis=0) + stroke / 2 + 2
    x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
    x1, y1 = min(width, int(high[0]) + 1), min(height, int(high[1]) + 1)
    if x1 <= x0 or y1 <= y0:
        return None
    mask = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
    fixed = [np.round((part - (x0, y0)) * 2**SUBPIXEL).astype(np.int32) for part in parts]
    if stroke:
        cv2.polylines(mask, fixed, closed, 255, stroke, cv2.LINE_AA, SUBPIXEL)
    else:
        for part in fixed:  # one by one: together, OpenCV leaves out where they overlap
            cv2.fillPoly(mask, [part], 255, cv2.LINE_AA, SUBPIXEL)
    return mask, (x0, y0, x1, y1)


def relief(mask: np.ndarray, direction: tuple[float, float]) -> np.ndarray:
    """Light on the edge of a shape that lies towards the light, and shade on the far one.

    Two box filters, their windows shifted towards the light and away from it: what the first misses of the
    shape is its lit edge.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        Coverage.
    direction : (float, float)
        Towards the light, y down.

    Returns
    -------
    ndarray of float32, shape (h, w)
        -1 to 1.
    """
    k = max(3, int(0.28 * min(mask.shape)) | 1)
    half = k // 2
    ax, ay = round(half * direction[0] * 0.9), round(half * direction[1] * 0.9)
    towards = cv2.blur(mask, (k, k), anchor=(half - ax, half - ay), borderType=cv2.BORDER_CONSTANT)
    away = cv2.blur(mask, (k, k), anchor=(half + ax, half + ay), borderType=cv2.BORDER_CONSTANT)
    return (away.astype(np.float32) - towards) * np.float32(1 / 255)


def spot(
    x: float, y: float, rx: float, ry: float, height: int, width: int
) -> tuple[np.ndarray, np.ndarray, Box] | None:
    """Coordinates of the pixels around an ellipse, in units of its radii.

    Returns
    -------
    (ndarray of shape (1, w), ndarray of shape (h, 1), box), or None where it lies outside the picture
    """
    x0, x1 = max(0, int((x - rx) * height)), min(width, int((x + rx) * height) + 2)
    y0, y1 = max(0, int((y - ry) * height)), min(height, int((y + ry) * height) + 2)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    u = ((np.arange(x0, x1, dtype=np.float32) / height - x) / rx)[None, :]
    v = ((np.arange(y0, y1, dtype=np.float32) / height - y) / ry)[:, None]
    return u, v, (x0, y0, x1, y1)
