"""Panels side by side with a line a method: the frame of the figures that compare methods."""

import dataclasses
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.report import drawing

# Inches.
LEFT, PANEL, GAP, RIGHT, HEAD, PITCH = 1.02, 1.85, 0.14, 0.1, 0.36, 0.23
LEGEND_LINE = 0.15


@dataclasses.dataclass(frozen=True)
class Panels:
    """A figure and its axes, one a title."""

    figure: Figure
    axes: tuple[Axes, ...]


def panels(titles: Sequence[str], methods: Sequence[str], limits: tuple[float, float], foot: float) -> Panels:
    """An empty figure: methods from top to bottom, names at the first panel alone.

    Parameters
    ----------
    limits : (float, float)
        Of all panels.
    foot : float
        Inches below the panels, for what stands there.
    """
    width = LEFT + len(titles) * (PANEL + GAP) - GAP + RIGHT
    height = HEAD + len(methods) * PITCH + foot
    figure = drawing.new_figure(width, height)
    found = []
    for i, title in enumerate(titles):
        box = (LEFT + i * (PANEL + GAP), foot, PANEL, len(methods) * PITCH)
        axes = figure.add_axes(
            (box[0] / width, box[1] / height, box[2] / width, box[3] / height), xlim=limits
        )
        axes.set_title(title, fontsize=8)
        _frame(axes, methods, first=i == 0)
        found.append(axes)
    return Panels(figure, tuple(found))


def padded(values: Sequence[float | None], left: float = 0.04, right: float = 0.04) -> tuple[float, float]:
    """Limits that hold all values, with room of that share at each side."""
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    size = max(high - low, 0.05)
    return low - left * size, high + right * size


def legend(figure: Figure, marks: Sequence[tuple[Line2D, str]], note: str = "", columns: int = 2) -> None:
    """Marks and what they mean below the panels, and a sentence under them."""
    handles, texts = zip(*marks, strict=True)
    height = figure.get_figheight()
    figure.legend(
        handles,
        texts,
        loc="lower center",
        bbox_to_anchor=(0.5, (0.05 + (LEGEND_LINE if note else 0)) / height),
        ncols=columns,
        frameon=False,
        fontsize=7,
        handlelength=1.8,
        columnspacing=1.6,
        borderaxespad=0,
    )
    if note:
        figure.text(0.5, 0.05 / height, note, ha="center", va="bottom", fontsize=7, style="italic")


def _frame(axes: Axes, methods: Sequence[str], first: bool) -> None:
    axes.set_ylim(len(methods) - 0.5, -0.5)
    axes.set_yticks(range(len(methods)), methods if first else [""] * len(methods))
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.tick_params(axis="x", labelsize=7, length=2.5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.2f}".replace("0.", ".", 1))
    axes.xaxis.set_major_locator(drawing.ticks(5))
    axes.grid(axis="x", color="#dddddd", linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
