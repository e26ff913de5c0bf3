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
from benchmark.report.panels import LEGEND_LINE, legend, padded, panels
from benchmark.report.tie_groups import Tie, printed_letters

METRIC = "accuracy"
FOOT = 0.74

PUBLISHED: dict[str, Any] = {
    "markersize": 4.2,
    "markerfacecolor": "white",
    "markeredgecolor": drawing.ORANGE,
    "markeredgewidth": 1.0,
}
"""How a published figure is marked."""

OTHER = PUBLISHED | {"markeredgewidth": 0.6, "markersize": 3.2}
"""How one is that was learned from another source."""

THIN: dict[str, Any] = {"color": drawing.BLUE, "linewidth": 1.0}
THICK: dict[str, Any] = {"color": drawing.BLUE, "linewidth": 3.4, "alpha": 0.45}
DOT: dict[str, Any] = {"marker": "o", "linestyle": "", "color": drawing.INK, "markersize": 3.6}


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
    published = {(x.subset, x.method): x.published for x in lines if x.metric == METRIC}
    other = {x.method for x in lines if x.comparable}
    letters = printed_letters(ties)
    values = [v for e in shown for v in (e.value, e.low, e.high)]
    limits = padded([*values, *published.values()], right=0.16)
    with drawing.style():
        foot = FOOT + (LEGEND_LINE if other else 0)
        frame = panels([TITLES.get(subset, subset) for subset in subsets], methods, limits, foot)
        for subset, axes in zip(subsets, frame.axes, strict=True):
            for y, method in enumerate(methods):
                of = [e for e in shown if (e.subset, e.method) == (subset, method)]
                _method(axes, y, of, published.get((subset, method)), OTHER if method in other else PUBLISHED)
                text = letters.get((shown[0].stage, subset, method), "")
                _letters(axes, 1 - (y + 0.5) / len(methods), text)
        marks = [
            (Line2D([], [], **DOT), "accuracy, mean of folds"),
            (Line2D([], [], **THIN), "95 %, of the method (over folds)"),
            (Line2D([], [], **THICK), "95 %, of the fitted models (over images)"),
        ]
        if any(value is not None for value in published.values()):
            marks.append((Line2D([], [], marker="D", linestyle="", **PUBLISHED), "published"))
        if other:
            mark = Line2D([], [], marker="D", linestyle="", **OTHER)
            marks.append((mark, "published, with another training source (not comparable)"))
        legend(frame.figure, marks, "methods that share a letter are not told apart" if letters else "")
    return frame.figure


def interval_files(found: Sequence[Estimate], lines: Sequence[Line], ties: Sequence[Tie]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_intervals(found, lines, ties))


def _method(
    axes: Axes, y: int, found: Sequence[Estimate], published: float | None, look_of: dict[str, Any]
) -> None:
    for e in found:
        if e.low is not None and e.high is not None:
            look = THICK if e.interval == IMAGES else THIN
            axes.plot([e.low, e.high], [y, y], solid_capstyle="butt", zorder=2 + (look is THIN), **look)
    value = next((e.value for e in found if e.interval == FOLDS), None)
    if value is not None:
        axes.plot([value], [y], zorder=4, **DOT)
    if published is not None:
        axes.plot([published], [y], "D", zorder=5, **look_of)


def _letters(axes: Axes, y: float, text: str) -> None:
    axes.text(0.98, y, text, ha="right", va="center", fontsize=7, style="italic", transform=axes.transAxes)
