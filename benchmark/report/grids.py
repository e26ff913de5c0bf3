"""Figure 5: the top images of every method, one column a method, positive block above negative block."""

import textwrap
from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from benchmark.report import drawing
from benchmark.report.frames import INSET, draw_frame, draw_mark
from benchmark.report.toplists import BLOCKS, TopImage, TopLists

Pictures = Callable[[str], np.ndarray | None]
"""Image id -> uint8 (h, w, 3), or None where the image may not or cannot be shown."""

# Inches.
TILE, GAP, BLOCK_GAP = 0.80, 0.075, 0.22
LEFT, RIGHT, HEAD, FOOT = 0.30, 0.08, 0.36, 0.40
LEGEND = 2.3
PIXELS = round(TILE * drawing.DPI)
NEUTRAL = np.full((PIXELS, PIXELS, 3), 226, dtype=np.uint8)


def draw_grid(tops: TopLists, pictures: Pictures | None = None) -> Figure:
    """Draw the figure.

    A solid green box with a tick says that the method's prediction agrees with the human label, a dashed red
    box with a cross that it does not.

    Parameters
    ----------
    tops : TopLists
        With at least one method.
    pictures : callable, optional
        Gives the picture of an image id; where it gives None, or is None, a grey tile with the first digits
        of the id stands in.

    Raises
    ------
    ValueError
        No method is complete, so there is nothing to draw.
    """
    if not tops.methods:
        raise ValueError(
            "no method has scored every image, so there is nothing to rank; see the gaps of Table 6"
        )
    rows = max(len(images) for images in tops.lists.values())
    columns = len(tops.methods) * (TILE + GAP) - GAP
    width = max(LEFT + columns + RIGHT, LEGEND)
    left = LEFT + (width - LEFT - columns - RIGHT) / 2
    block = rows * (TILE + GAP) - GAP
    height = HEAD + FOOT + 2 * block + BLOCK_GAP
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        for column, method in enumerate(tops.methods):
            x = left + column * (TILE + GAP)
            _head(axes, x + TILE / 2, height - HEAD + 0.06, method)
            for b, name in enumerate(BLOCKS):
                top = height - HEAD - b * (block + BLOCK_GAP)
                for i, image in enumerate(tops.lists[method, name]):
                    _tile(axes, x, top - (i + 1) * TILE - i * GAP, image, pictures)
        for b, name in enumerate(BLOCKS):
            top = height - HEAD - b * (block + BLOCK_GAP)
            text = f"{name} examples"
            axes.text(left - 0.11, top - block / 2, text, rotation=90, ha="center", va="center", fontsize=9)
        _legend(axes, width)
        # after the tiles: imshow sets limits and aspect of its own
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def grid_files(tops: TopLists, pictures: Pictures | None = None) -> dict[str, bytes]:
    """Figure 5 as ``png`` and ``pdf``; the same bytes for the same lists and pictures."""
    with drawing.style():
        return drawing.picture_bytes(draw_grid(tops, pictures))


def _head(axes: Axes, x: float, y: float, method: str) -> None:
    lines = textwrap.wrap(method, 13, max_lines=2, placeholder="…", break_on_hyphens=True) or [method]
    size = 8.5 if max(map(len, lines)) <= 11 and len(lines) == 1 else 6.8
    axes.text(
        x, y, "\n".join(lines), ha="center", va="bottom", fontsize=size, fontweight="bold", linespacing=1.0
    )


def _tile(axes: Axes, x: float, y: float, image: TopImage, pictures: Pictures | None) -> None:
    pixels = pictures(image.image) if pictures else None
    shown = NEUTRAL if pixels is None else square(pixels)
    axes.imshow(shown, extent=(x, x + TILE, y, y + TILE), interpolation="none")
    if pixels is None:
        axes.text(
            x + TILE / 2,
            y + TILE / 2,
            image.image[:8],
            ha="center",
            va="center",
            fontsize=6.5,
            color="#666666",
        )
    draw_frame(axes, x, y, TILE, image.correct)
    draw_mark(axes, x + TILE - 0.115, y + TILE - 0.115, image.correct)


def _legend(axes: Axes, width: float) -> None:
    side, gap, y = 0.15, 0.06, 0.085
    entries = ((True, "prediction agrees with the human label", 2.16), (False, "it does not", 0.62))
    if width < 4.5:
        entries = ((True, "agrees", 0.42), (False, "differs", 0.42))
    symbols = 2 * side + 2 * gap + 0.06
    x = (width - sum(symbols + length for *_, length in entries) - 0.25) / 2
    for correct, text, length in entries:
        draw_frame(axes, x, y, side + 2 * INSET, correct, side + 2 * INSET)
        draw_mark(axes, x + side + 2 * INSET + gap + 0.05, y + side / 2 + INSET, correct)
        axes.text(x + symbols, y + side / 2 + INSET, text, ha="left", va="center", fontsize=7.5)
        x += symbols + length + 0.25


def square(pixels: np.ndarray, side: int = PIXELS) -> np.ndarray:
    """The centre square of a picture, scaled.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (h, w, 3)
        RGB.

    Returns
    -------
    ndarray of uint8, shape (side, side, 3)

    Raises
    ------
    ValueError
        Another shape or type.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        raise ValueError(f"a picture is uint8 (h, w, 3), not {pixels.dtype} {pixels.shape}")
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    crop = Image.fromarray(np.ascontiguousarray(pixels[top : top + short, left : left + short]))
    return np.asarray(crop.resize((side, side), Image.Resampling.LANCZOS))
