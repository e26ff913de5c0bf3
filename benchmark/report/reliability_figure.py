"""Reliability diagrams: the share of positives against the score, a panel a method."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.report import drawing
from benchmark.report.panels import legend
from benchmark.report.reliability import BRIER, ECE, Measure, ReliabilityBin

# Inches.
SIDE, ACROSS, DOWN, LEFT, RIGHT, HEAD, FOOT = 1.32, 0.12, 0.36, 0.46, 0.1, 0.36, 0.68
COLUMNS = 4
SIZE = 90
"""Area of the point that all images would make, in square points."""


def draw_reliability(bins: Sequence[ReliabilityBin], measures: Sequence[Measure]) -> Figure:
    """Draw the diagrams of one stage and subset.

    On the diagonal scores are right; the grey bar of a point holds the share of positives 95 % of the time if
    they are. The larger a point, the more images.

    Raises
    ------
    ValueError
        There is no bin.
    """
    if not bins:
        raise ValueError("no method has scored every image, so there is no calibration to draw")
    methods = list(dict.fromkeys(b.method for b in bins))
    columns = min(COLUMNS, len(methods))
    rows = math.ceil(len(methods) / columns)
    width = max(LEFT + columns * (SIDE + ACROSS) - ACROSS + RIGHT, 4.2)
    height = HEAD + rows * (SIDE + DOWN) - DOWN + FOOT
    values = {(m.method, m.measure): m.value for m in measures}
    images = sum(b.images for b in bins if b.method == methods[0])
    with drawing.style():
        figure = drawing.new_figure(width, height)
        for i, method in enumerate(methods):
            row, column = divmod(i, columns)
            x = LEFT + column * (SIDE + ACROSS)
            y = height - HEAD - SIDE - row * (SIDE + DOWN)
            axes = figure.add_axes((x / width, y / height, SIDE / width, SIDE / height))
            _panel(axes, [b for b in bins if b.method == method], images)
            axes.set_title(_title(method, values), fontsize=7, linespacing=1.15, pad=3)
            last = i + columns >= len(methods)
            axes.set_xticks((0, 0.5, 1), ("0", ".5", "1") if last else ("",) * 3)
            axes.set_yticks((0, 0.5, 1), ("0", ".5", "1") if column == 0 else ("",) * 3)
        middle = (HEAD + rows * (SIDE + DOWN) - DOWN) / 2
        figure.text(
            0.1 / width, 1 - middle / height, "share of positives", rotation=90, va="center", fontsize=7.5
        )
        figure.text(0.5, (FOOT - 0.3) / height, "score, P(positive)", ha="center", fontsize=7.5)
        point = Line2D([], [], marker="o", linestyle="", color=drawing.BLUE, markersize=4)
        bar = Line2D([], [], color="#999999", linewidth=3, alpha=0.6)
        legend(figure, [(point, "images of similar score"), (bar, "where they fall if scores are right")])
    return figure


def reliability_files(bins: Sequence[ReliabilityBin], measures: Sequence[Measure]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_reliability(bins, measures))


def _title(method: str, values: dict[tuple[str, str], float | None]) -> str:
    ece, brier = values.get((method, ECE)), values.get((method, BRIER))
    numbers = [f"{name} {value:.3f}" for name, value in (("ECE", ece), ("Brier", brier)) if value is not None]
    return f"{method}\n{', '.join(numbers)}".replace(" 0.", " .")


def _panel(axes: Axes, bins: Sequence[ReliabilityBin], images: int) -> None:
    axes.plot([0, 1], [0, 1], color="#aaaaaa", linewidth=0.7, zorder=1)
    for b in bins:
        axes.plot(
            [b.score, b.score],
            [b.low, b.high],
            color="#999999",
            linewidth=3,
            alpha=0.6,
            solid_capstyle="butt",
            zorder=2,
        )
    axes.scatter(
        [b.score for b in bins],
        [b.positive for b in bins],
        s=[max(SIZE * b.images / images, 4) for b in bins],
        color=drawing.BLUE,
        edgecolor="white",
        linewidth=0.4,
        zorder=3,
    )
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.tick_params(labelsize=7, length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
