"""Errors that methods share: how many methods miss an image, and a sheet of those that all miss."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.errors import Errors, ImageErrors
from benchmark.report.grids import Pictures
from benchmark.report.sheet import Block, Tile, draw_sheet

# Inches.
CELL, BARS, GAP, HEAD, FOOT, LEFT, RIGHT = 0.3, 2.3, 0.62, 0.4, 0.86, 0.86, 0.1
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
    named = [
        (word, [i for i in images if i.label == label]) for label, word in ((0, "negative"), (1, "positive"))
    ]
    blocks = []
    for word, block in named:
        more = f", the {MOST} surest errors" if len(block) > MOST else ""
        if block:
            blocks.append(Block(f"{len(block)} {word}{more}", [_tile(image) for image in block[:MOST]]))
    return draw_sheet(f"Images that all {images[0].methods} methods get wrong", blocks, pictures)


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


def _tile(image: ImageErrors) -> Tile:
    votes = f"votes {image.votes}\n" if image.votes else ""
    return Tile(image.image, f"{votes}P(pos.) {image.score:.2f}".replace(" 0.", " ."))
