"""How many of their top images two methods share.

The paper observes it of Figure 5: several mistakes are common to the methods that use low-level features, and
several images to SentiBank and Sentribute ("Transfer Learning", last paragraph).
"""

import dataclasses
import itertools

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from benchmark.report import drawing
from benchmark.report.cells import csv_bytes
from benchmark.report.evidence import Evidence
from benchmark.report.toplists import BLOCKS, TOP, top_lists

LENGTHS = (TOP, 20)
"""Lengths of the lists that are compared."""

# Inches and points.
CELL, MARGIN, PANEL, HEADING = 0.36, 0.14, 1.0, 2.75
NAME_SIZE = 7.5
COLUMNS = ("block", "top", "method_a", "method_b", "shared", "shared_wrong", "by_chance", "subset")


@dataclasses.dataclass(frozen=True)
class Overlap:
    """What two methods' lists have in common.

    Attributes
    ----------
    block : str
        ``positive`` or ``negative``.
    top : int
        Length of both lists.
    first, second : str
        The methods.
    shared : int
        Images in both lists, 0 to ``top``.
    shared_wrong : int
        Those of them that both methods predict wrongly.
    by_chance : float
        Images that two independent random lists would share: top^2 / number of images.
    subset : str
        Whose images are ranked.
    """

    block: str
    top: int
    first: str
    second: str
    shared: int
    shared_wrong: int
    by_chance: float
    subset: str


def overlaps(evidence: Evidence, lengths: tuple[int, ...] = LENGTHS) -> list[Overlap]:
    """Compare the lists of every pair of methods; empty below two complete methods.

    A length of more than half the images is left out: such lists must overlap.
    """
    found = []
    for top, block in itertools.product(lengths, BLOCKS):
        tops = top_lists(evidence, top)
        if top > max(tops.size / 2, TOP):
            continue
        for a, b in itertools.combinations(tops.methods, 2):
            first = {t.image: t for t in tops.lists[a, block]}
            second = {t.image: t for t in tops.lists[b, block]}
            common = sorted(first.keys() & second.keys())
            wrong = sum(not first[i].correct and not second[i].correct for i in common)
            n = min(top, tops.size)
            chance = n * n / tops.size
            found.append(Overlap(block, top, a, b, len(common), wrong, chance, tops.subset))
    return found


def overlap_csv(found: list[Overlap]) -> bytes:
    """One pair of methods a line."""
    return csv_bytes(COLUMNS, [dataclasses.astuple(item) for item in found])


def draw_overlap(found: list[Overlap]) -> Figure:
    """A small heat map a block and length, with the counts written in it.

    Raises
    ------
    ValueError
        There is no pair of methods to compare.
    """
    if not found:
        raise ValueError("fewer than two methods have scored every image, so there are no lists to compare")
    methods = list(dict.fromkeys(name for item in found for name in (item.first, item.second)))
    lengths = list(dict.fromkeys(item.top for item in found))
    side = CELL * (len(methods) - 1)
    chances = ", ".join(f"{_by_chance(found, top):.2f} of {top}" for top in lengths)
    title = f"Images that the top lists of two methods share\n(two random lists: {chances})"
    with drawing.style():
        left, foot = MARGIN + _length(methods[1:]), MARGIN + _length(methods[:-1])
        pitch = max(side, PANEL) + 0.16
        width = max(left + pitch + max(side, PANEL) + 0.12, HEADING)
        height = 0.44 + len(lengths) * (0.30 + side) + 0.1 + foot
        figure = drawing.new_figure(width, height)
        figure.text(0.1 / width, 1 - 0.09 / height, title, fontsize=8, va="top", linespacing=1.25)
        for (r, top), (c, block) in itertools.product(enumerate(lengths), enumerate(BLOCKS)):
            x, y = left + c * pitch, height - 0.44 - (r + 1) * (0.30 + side) - r * 0.1
            axes = figure.add_axes((x / width, y / height, side / width, side / height))
            axes.text(
                0, 1 + 0.06 / side, f"top {top} {block}", transform=axes.transAxes, fontsize=7.5, va="bottom"
            )
            _panel(axes, [item for item in found if (item.top, item.block) == (top, block)], methods)
            if c:
                axes.set_yticklabels([])
            if r < len(lengths) - 1:
                axes.set_xticklabels([])
    return figure


def _by_chance(found: list[Overlap], top: int) -> float:
    return next(item.by_chance for item in found if item.top == top)


def overlap_files(found: list[Overlap]) -> dict[str, bytes]:
    """The heat maps as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_overlap(found))


def _length(names: list[str]) -> float:
    """Inches that the longest name takes."""
    return max(float(TextPath((0, 0), name, size=NAME_SIZE).get_extents().width) for name in names) / 72


def _panel(axes: Axes, found: list[Overlap], methods: list[str]) -> None:
    """Lower triangle: a row a second method, a column a first one."""
    n = len(methods) - 1
    share = np.full((n, n), np.nan)
    colours = mpl.colormaps["Blues"]
    for item in found:
        row, column = methods.index(item.second) - 1, methods.index(item.first)
        share[row, column] = item.shared / item.top
        ink = "white" if share[row, column] > 0.55 else drawing.INK
        above = 0.12 if item.shared_wrong else 0.0
        axes.text(column, row - above, str(item.shared), ha="center", va="center", fontsize=7, color=ink)
        if item.shared_wrong:
            wrong = f"{item.shared_wrong} wrong"
            axes.text(column, row + 0.24, wrong, ha="center", va="center", fontsize=5, color=ink)
    axes.imshow(share, cmap=colours, vmin=0, vmax=1, interpolation="nearest")
    axes.set_xticks(range(n), methods[:-1], rotation=90)
    axes.set_yticks(range(n), methods[1:])
    axes.tick_params(length=0, labelsize=NAME_SIZE)
    axes.set_xticks(np.arange(n + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(n + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.2)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
