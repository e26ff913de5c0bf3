"""Accuracies with their intervals, the published figures and the tie groups, as a figure."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.report import drawing
from benchmark.report.aggregate import Line
from benchmark.report.estimates import FOLDS, IMAGES, Estimate
from benchmark.report.latex import TITLES
from benchmark.report.tie_groups import Tie, printed_letters

METRIC = "accuracy"

# Inches.
LEFT, PANEL, GAP, RIGHT, HEAD, FOOT, PITCH = 1.02, 1.85, 0.14, 0.1, 0.36, 0.74, 0.23


def draw_intervals(found: Sequence[Estimate], lines: Sequence[Line], ties: Sequence[Tie]) -> Figure:
    """A panel a subset, a line a method.

    Parameters
    ----------
    found : sequence of Estimate
        Of one stage.
    lines : sequence of Line
        Of the same stage, for the published figures.
    ties : sequence of Tie
        For the letters.

    Raises
    ------
    ValueError
        No method has an accuracy.
    """
    shown = [e for e in found if e.metric == METRIC and e.value is not None]
    if not shown:
        raise ValueError("no method has an accuracy on all folds, so there is nothing to draw")
    subsets = list(dict.fromkeys(e.subset for e in shown))
    methods = list(dict.fromkeys(e.method for e in shown))
    width = LEFT + len(subsets) * (PANEL + GAP) - GAP + RIGHT
    height = HEAD + len(methods) * PITCH + FOOT
    published = {(x.subset, x.method): x.published for x in lines if x.metric == METRIC}
    letters = printed_letters(ties)
    low, high = _limits(shown, list(published.values()))
    with drawing.style():
        figure = drawing.new_figure(width, height)
        for i, subset in enumerate(subsets):
            box = (LEFT + i * (PANEL + GAP), FOOT, PANEL, len(methods) * PITCH)
            axes = figure.add_axes(
                (box[0] / width, box[1] / height, box[2] / width, box[3] / height), xlim=(low, high)
            )
            axes.set_title(TITLES.get(subset, subset), fontsize=8)
            stage = shown[0].stage
            for y, method in enumerate(methods):
                of = [e for e in shown if (e.subset, e.method) == (subset, method)]
                _method(axes, y, of, published.get((subset, method)))
                at = (1 - 0.02, 1 - (y + 0.5) / len(methods))
                axes.text(*at, letters.get((stage, subset, method), ""), **_RIGHT, transform=axes.transAxes)
            _frame(axes, methods, first=i == 0)
        _legend(figure, any(value is not None for value in published.values()), bool(letters))
    return figure


def interval_files(found: Sequence[Estimate], lines: Sequence[Line], ties: Sequence[Tie]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_intervals(found, lines, ties))


_RIGHT: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 7, "style": "italic"}


def _limits(found: Sequence[Estimate], published: Sequence[float | None]) -> tuple[float, float]:
    values = [v for e in found for v in (e.value, e.low, e.high) if v is not None]
    values += [value for value in published if value is not None]
    low, high = min(values), max(values)
    pad = 0.04 * max(high - low, 0.05)
    return low - pad, high + 4 * pad


def _method(axes: Axes, y: int, found: Sequence[Estimate], published: float | None) -> None:
    for e in found:
        if e.low is None or e.high is None:
            continue
        over_images = e.interval == IMAGES
        axes.plot(
            [e.low, e.high],
            [y, y],
            color=drawing.BLUE,
            linewidth=3.4 if over_images else 1.0,
            alpha=0.45 if over_images else 1.0,
            solid_capstyle="butt",
            zorder=2 if over_images else 3,
        )
    value = next((e.value for e in found if e.interval == FOLDS), None)
    if value is not None:
        axes.plot([value], [y], "o", color=drawing.INK, markersize=3.6, zorder=4)
    if published is not None:
        axes.plot([published], [y], "D", zorder=5, **_PUBLISHED)


_PUBLISHED: dict[str, Any] = {
    "markersize": 4.2,
    "markerfacecolor": "white",
    "markeredgecolor": drawing.ORANGE,
    "markeredgewidth": 1.0,
}


def _frame(axes: Axes, methods: Sequence[str], first: bool) -> None:
    axes.set_ylim(len(methods) - 0.5, -0.5)
    axes.set_yticks(range(len(methods)), methods if first else [""] * len(methods))
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.tick_params(axis="x", labelsize=7, length=2.5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.2f}".lstrip("0"))
    axes.xaxis.set_major_locator(drawing.ticks(5))
    axes.grid(axis="x", color="#dddddd", linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _legend(figure: Figure, published: bool, letters: bool) -> None:
    marks = [
        (
            Line2D([], [], marker="o", color=drawing.INK, linestyle="", markersize=3.6),
            "accuracy, mean of folds",
        ),
        (Line2D([], [], color=drawing.BLUE, linewidth=1.0), "95 %, of the method (over folds)"),
        (
            Line2D([], [], color=drawing.BLUE, linewidth=3.4, alpha=0.45),
            "95 %, of the fitted models (over images)",
        ),
    ]
    if published:
        marks.append((Line2D([], [], marker="D", linestyle="", **_PUBLISHED), "published"))
    handles, texts = zip(*marks, strict=True)
    height = figure.get_figheight()
    figure.legend(
        handles,
        texts,
        loc="lower center",
        bbox_to_anchor=(0.5, (0.19 if letters else 0.06) / height),
        ncols=2,
        frameon=False,
        fontsize=7,
        handlelength=1.8,
        columnspacing=1.6,
        borderaxespad=0,
    )
    if letters:
        figure.text(
            0.5,
            0.05 / height,
            "methods that share a letter are not told apart",
            ha="center",
            va="bottom",
            fontsize=7,
            style="italic",
        )
