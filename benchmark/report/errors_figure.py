"""Errors that methods share: how many methods miss an image, and a sheet of those that all miss."""

import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.errors import Errors, ImageErrors
from benchmark.report.grids import NEUTRAL, PIXELS, Pictures, square

# Inches.
CELL, BARS, GAP, HEAD, FOOT, LEFT, RIGHT = 0.3, 2.3, 0.62, 0.4, 0.86, 0.86, 0.1
TILE, SPACE, LINES, MARGIN, TITLE = 0.80, 0.1, 0.27, 0.1, 0.2
ACROSS = 8
MOST = 24
"""Tiles of each class."""


def draw_errors(errors: Errors) -> Figure:
    """How many methods miss an image, against independent errors; and each pair's correlation.

    Raises
    ------
    ValueError
        Fewer than two methods.
    """
    n = len(errors.methods)
    if n < 2:
        raise ValueError("fewer than two methods have scored every image, so they share no errors")
    side = max(CELL * (n - 1), 1.2)
    width = LEFT + BARS + GAP + LEFT + side + RIGHT
    height = HEAD + side + FOOT
    with drawing.style():
        figure = drawing.new_figure(width, height)
        box = (LEFT - 0.4, FOOT, BARS, side)
        axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
        _bars(axes, errors)
        x = LEFT + BARS + GAP + LEFT - 0.4
        matrix = figure.add_axes((x / width, FOOT / height, side / width, side / height))
        _matrix(matrix, errors)
        top = 1 - (HEAD - 0.1) / height
        figure.text((LEFT - 0.4) / width, top, "Methods that miss an image", fontsize=8, va="bottom")
        figure.text(x / width, top, "Correlation of being wrong", fontsize=8, va="bottom")
    return figure


def error_files(errors: Errors) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_errors(errors))


def draw_missed(images: Sequence[ImageErrors], pictures: Pictures) -> Figure:
    """A sheet of the images that every method gets wrong: negatives, then positives, the surest errors first.

    Parameters
    ----------
    pictures : callable
        As `benchmark.report.grids.draw_grid` takes them; a grey tile with its id stands in for None.

    Raises
    ------
    ValueError
        There is no such image.
    """
    if not images:
        raise ValueError("no image is missed by every method, so there is nothing to show")
    blocks = [
        (word, [i for i in images if i.label == label]) for label, word in ((0, "negative"), (1, "positive"))
    ]
    blocks = [(word, block) for word, block in blocks if block]
    across = min(ACROSS, max(len(block) for _, block in blocks))
    rows = [math.ceil(min(len(block), MOST) / across) for _, block in blocks]
    pitch = TILE + LINES + 0.04
    width = max(2 * MARGIN + across * (TILE + SPACE) - SPACE, 4.4)
    height = HEAD + len(blocks) * TITLE + sum(rows) * pitch + MARGIN
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        title = f"Images that all {images[0].methods} methods get wrong"
        axes.text(MARGIN, height - 0.12, title, fontsize=9, va="top")
        top = height - HEAD
        for (word, block), count in zip(blocks, rows, strict=True):
            more = f", the {MOST} surest errors" if len(block) > MOST else ""
            axes.text(MARGIN, top, f"{len(block)} {word}{more}", fontsize=8, va="top")
            for i, image in enumerate(block[:MOST]):
                row, column = divmod(i, across)
                _tile(axes, MARGIN + column * (TILE + SPACE), top - TITLE - row * pitch, image, pictures)
            top -= TITLE + count * pitch
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def missed_files(images: Sequence[ImageErrors], pictures: Pictures) -> dict[str, bytes]:
    """The sheet as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_missed(images, pictures))


def _bars(axes: Axes, errors: Errors) -> None:
    counts = [m.wrong for m in errors.missed]
    axes.bar(counts, [m.images for m in errors.missed], color=drawing.SKY, width=0.8, label="images")
    axes.plot(
        counts,
        [m.by_chance for m in errors.missed],
        "D",
        color=drawing.ORANGE,
        markersize=3.4,
        markerfacecolor="white",
        label="if they erred independently",
    )
    most = max(max(m.images, m.by_chance) for m in errors.missed)
    axes.set_ylim(0, 1.3 * most)  # room for the legend
    axes.set_xticks(counts)
    axes.set_xlabel(f"methods of {len(errors.methods)} that are wrong", fontsize=7.5)
    axes.set_ylabel("images", fontsize=7.5)
    axes.tick_params(labelsize=7, length=2)
    axes.legend(frameon=False, fontsize=7, loc="upper right", handlelength=1.2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _matrix(axes: Axes, errors: Errors) -> None:
    """Lower triangle: a row a second method, a column a first one."""
    names = errors.methods
    n = len(names) - 1
    values = np.full((n, n), np.nan)
    for o in errors.overlaps:
        row, column = names.index(o.method_b) - 1, names.index(o.method_a)
        if o.correlation is None:
            axes.text(column, row, "-", ha="center", va="center", fontsize=6.5)
            continue
        values[row, column] = o.correlation
        ink = "white" if o.correlation > 0.55 else drawing.INK
        text = f"{o.correlation:.2f}".replace("0.", ".", 1)
        axes.text(column, row, text, ha="center", va="center", fontsize=6.5, color=ink)
    axes.imshow(values, cmap=mpl.colormaps["Blues"], vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    axes.set_xticks(range(n), names[:-1], rotation=90)
    axes.set_yticks(range(n), names[1:])
    axes.tick_params(length=0, labelsize=7)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _tile(axes: Axes, x: float, y: float, image: ImageErrors, pictures: Pictures) -> None:
    pixels = pictures(image.image)
    axes.imshow(
        NEUTRAL if pixels is None else square(pixels, PIXELS),
        extent=(x, x + TILE, y - TILE, y),
        interpolation="none",
    )
    if pixels is None:
        at = (x + TILE / 2, y - TILE / 2)
        axes.text(*at, image.image[:8], ha="center", va="center", fontsize=6.5, color="#666666")
    votes = f"votes {image.votes}\n" if image.votes else ""
    text = f"{votes}P(pos.) {image.score:.2f}".replace(" 0.", " .")
    axes.text(x, y - TILE - 0.02, text, ha="left", va="top", fontsize=5.8, linespacing=1.1)
