"""Frames that say whether a label agrees: solid green with a tick, dashed red with a cross."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle

from benchmark.report import drawing

INSET = 0.02
"""Inches from a tile's edge to its frame."""

TICK = ((-0.034, -0.008, 0.036), (0.002, -0.028, 0.030))
CROSS = (((-0.027, 0.027), (-0.027, 0.027)), ((-0.027, 0.027), (0.027, -0.027)))


def draw_frame(
    axes: Axes, x: float, y: float, side: float, agrees: bool, height: float | None = None
) -> None:
    """Frame a tile: solid green where the label agrees, dashed red where it does not.

    Parameters
    ----------
    axes : Axes
        In inches.
    x, y, side : float
        Lower left corner and width of the tile.
    height : float, optional
        As the width by default.
    """
    size = (side - 2 * INSET, (height or side) - 2 * INSET)
    at = (x + INSET, y + INSET)
    # white below the dashes keeps them visible on red and on dark pictures
    for colour, width, dashes in (
        ("white", 2.9, "solid"),
        (drawing.AGREES, 1.9, "solid") if agrees else (drawing.DIFFERS, 1.9, (0, (2.6, 1.3))),
    ):
        box = Rectangle(at, *size, fill=False, edgecolor=colour, linewidth=width, linestyle=dashes, zorder=3)
        box.set(joinstyle="miter", capstyle="butt")
        axes.add_patch(box)


def draw_mark(axes: Axes, x: float, y: float, agrees: bool) -> None:
    """A tick or a cross in a disc around a point: what the frame says, without colour."""
    colour = drawing.AGREES if agrees else drawing.DIFFERS
    axes.add_patch(Circle((x, y), 0.072, facecolor=colour, edgecolor="white", linewidth=0.7, zorder=5))
    strokes = (TICK,) if agrees else CROSS
    for dx, dy in strokes:
        xs, ys = [x + d for d in dx], [y + d for d in dy]
        axes.add_line(Line2D(xs, ys, color="white", linewidth=1.1, solid_capstyle="round", zorder=6))
