"""Accuracy by how the annotators voted, beside the majority class and the label-noise ceiling."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.report import drawing
from benchmark.report.by_votes import ByVotes
from benchmark.report.interval_figure import DOT, THICK
from benchmark.report.panels import legend, padded, panels

METRIC = "accuracy"
FOOT = 0.6
MAJORITY: dict[str, Any] = {"color": "#666666", "linewidth": 0.9, "linestyle": (0, (2, 1.5))}
CEILING: dict[str, Any] = {"color": drawing.ORANGE, "linewidth": 1.2}


def draw_by_votes(found: Sequence[ByVotes]) -> Figure:
    """A panel a kind of votes, a line a method.

    Parameters
    ----------
    found : sequence of ByVotes
        Of one stage.

    Raises
    ------
    ValueError
        No method has an accuracy.
    """
    shown = [line for line in found if line.metric == METRIC and line.value is not None]
    if not shown:
        raise ValueError(
            "no method has scored every image whose votes are known, so there is nothing to draw"
        )
    kinds = list(dict.fromkeys(line.votes for line in shown))
    methods = list(dict.fromkeys(line.method for line in shown))
    of_kind = {line.votes: line for line in shown}
    titles = [f"votes {kind} ({of_kind[kind].images} images)" for kind in kinds]
    values = [v for line in shown for v in (line.value, line.low, line.high, line.majority, line.ceiling)]
    with drawing.style():
        frame = panels(titles, methods, padded(values, right=0.06), FOOT)
        for kind, axes in zip(kinds, frame.axes, strict=True):
            axes.axvline(of_kind[kind].majority, zorder=1, **MAJORITY)
            ceiling = of_kind[kind].ceiling
            if ceiling is not None:
                axes.axvline(ceiling, zorder=1, **CEILING)
            for line in (line for line in shown if line.votes == kind):
                y = methods.index(line.method)
                if line.low is not None and line.high is not None:
                    axes.plot([line.low, line.high], [y, y], solid_capstyle="butt", zorder=2, **THICK)
                axes.plot([line.value or 0.0], [y], zorder=3, **DOT)
        marks = [
            (Line2D([], [], **DOT), "accuracy"),
            (Line2D([], [], **THICK), "95 %, of the fitted models"),
            (Line2D([], [], **MAJORITY), "commoner class of these images"),
        ]
        if any(line.ceiling is not None for line in shown):
            marks.append((Line2D([], [], **CEILING), "ceiling: label noise"))
        legend(frame.figure, marks)
    return frame.figure


def by_votes_files(found: Sequence[ByVotes]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_by_votes(found))
