"""A contact sheet: pictures under headings, each with a line or two below it."""

import dataclasses
import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.grids import NEUTRAL, PIXELS, Pictures, square

# Inches.
TILE, SPACE, LINES, MARGIN, TITLE, HEAD = 0.80, 0.1, 0.27, 0.1, 0.2, 0.4
ACROSS = 8


@dataclasses.dataclass(frozen=True)
class Tile:
    """One picture.

    Attributes
    ----------
    image : str
        Its id.
    text : str
        What stands below it, at most two short lines.
    """

    image: str
    text: str


@dataclasses.dataclass(frozen=True)
class Block:
    """Pictures that belong together.

    Attributes
    ----------
    title : str
    tiles : sequence of Tile
        At least one.
    """

    title: str
    tiles: Sequence[Tile]


def draw_sheet(title: str, blocks: Sequence[Block], pictures: Pictures) -> Figure:
    """Draw the blocks below each other.

    Parameters
    ----------
    pictures : callable
        As `benchmark.report.grids.draw_grid` takes them; a grey tile with its id stands in for None.

    Raises
    ------
    ValueError
        There is no block.
    """
    if not blocks:
        raise ValueError("no pictures to show")
    across = min(ACROSS, max(len(block.tiles) for block in blocks))
    rows = [math.ceil(len(block.tiles) / across) for block in blocks]
    pitch = TILE + LINES + 0.04
    width = max(2 * MARGIN + across * (TILE + SPACE) - SPACE, 4.4)
    height = HEAD + len(blocks) * TITLE + sum(rows) * pitch + MARGIN
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.text(MARGIN, height - 0.12, title, fontsize=9, va="top")
        top = height - HEAD
        for block, count in zip(blocks, rows, strict=True):
            axes.text(MARGIN, top, block.title, fontsize=8, va="top")
            for i, tile in enumerate(block.tiles):
                row, column = divmod(i, across)
                _draw(axes, MARGIN + column * (TILE + SPACE), top - TITLE - row * pitch, tile, pictures)
            top -= TITLE + count * pitch
        # after the tiles: imshow sets limits and aspect of its own
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def _draw(axes: Axes, x: float, y: float, tile: Tile, pictures: Pictures) -> None:
    pixels = pictures(tile.image)
    axes.imshow(
        NEUTRAL if pixels is None else square(pixels, PIXELS),
        extent=(x, x + TILE, y - TILE, y),
        interpolation="none",
    )
    if pixels is None:
        at = (x + TILE / 2, y - TILE / 2)
        axes.text(*at, tile.image[:8], ha="center", va="center", fontsize=6.5, color="#666666")
    axes.text(x, y - TILE - 0.02, tile.text, ha="left", va="top", fontsize=5.8, linespacing=1.1)
