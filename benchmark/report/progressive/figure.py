"""The study in one figure: what is removed, what is kept, how good the arms are, and how they differ."""

import itertools
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.protocol.study_cell import StudyCell
from benchmark.report import drawing
from benchmark.report.progressive.measures import (
    ARMS,
    AUC,
    KEPT,
    KEPT_NEGATIVE,
    KEPT_POSITIVE,
    LEARNED,
    TRUE,
    WEAK,
    WRONG,
    WRONG_KEPT,
    WRONG_REMOVED,
    Measures,
    Quantity,
    measure,
)
from benchmark.report.progressive.summary import AGAINST, Line, summarise
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM

WIDTH, HEIGHT = 7.2, 5.6
"""Inches."""

COLOURS = {CNN: "#222222", PCNN: "#d55e00", RANDOM: "#0072b2", NO_REMOVAL: "#009e73"}
MARKERS = {CNN: "o", PCNN: "s", RANDOM: "^", NO_REMOVAL: "D"}
GREY = "#777777"


def draw_progressive(cells: Sequence[StudyCell]) -> Figure:
    """Four panels over the share of exchanged labels; small marks are single seeds, lines their means.

    Raises
    ------
    ValueError
        No cell came to anything.
    """
    measures, lines = measure(cells), summarise(cells)
    if not measures:
        raise ValueError("every cell of the study failed; there is nothing to draw")
    labels = TRUE if Quantity(CNN, AUC, TRUE) in measures else WEAK
    with drawing.style():
        figure = drawing.new_figure(WIDTH, HEIGHT)
        grid = figure.subplots(2, 2)
        _wrong(grid[0, 0], measures)
        _kept(grid[0, 1], measures)
        _quality(grid[1, 0], measures, labels)
        _differences(grid[1, 1], lines, labels)
        levels = sorted({cell.noise for cell in cells})
        margin = 0.3 * _step(levels)
        for axes in grid.flat:
            axes.set_xticks(levels, [f"{level:g}" for level in levels])
            axes.set_xlim(levels[0] - margin, levels[-1] + margin)
            axes.set_xlabel("share of training labels exchanged")
            axes.grid(axis="y", color="#e5e5e5", linewidth=0.5)
            axes.set_axisbelow(True)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        figure.tight_layout(h_pad=1.6, w_pad=1.6)
    return figure


def progressive_files(cells: Sequence[StudyCell]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_progressive(cells))


def _step(levels: Sequence[float]) -> float:
    """The least distance of two levels."""
    return min((b - a for a, b in itertools.pairwise(levels)), default=0.1)


def _curve(
    axes: Axes, measures: Measures, quantity: Quantity, name: str, colour: str, marker: str, dash: str = "-"
) -> None:
    """Every seed a small mark, a line through the means."""
    found = measures.get(quantity, {})
    seeds: dict[float, list[float]] = {}
    for (level, _), measured in sorted(found.items()):
        if measured.value == measured.value:
            seeds.setdefault(level, []).append(measured.value)
    if not seeds:
        return
    for level, values in seeds.items():
        axes.plot([level] * len(values), values, marker, color=colour, markersize=2.2, alpha=0.45)
    means = [sum(values) / len(values) for values in seeds.values()]
    axes.plot(list(seeds), means, dash, marker=marker, color=colour, markersize=4, linewidth=1.2, label=name)


def _wrong(axes: Axes, measures: Measures) -> None:
    axes.set_title("Wrong labels among the images that Eq. 3 …", fontsize=8, loc="left")
    for metric, name, colour, marker in (
        (WRONG_REMOVED, "removes", COLOURS[PCNN], "s"),
        (WRONG_KEPT, "keeps", COLOURS[RANDOM], "o"),
    ):
        _curve(axes, measures, Quantity(PCNN, metric, TRUE), name, colour, marker)
    _curve(axes, measures, Quantity(PCNN, WRONG, TRUE), "all it was shown", GREY, "_", "--")
    axes.set_ylabel("share wrong")
    axes.set_ylim(bottom=0)
    if axes.lines:
        axes.legend(fontsize=7, frameon=False, loc="upper left")
    else:
        axes.text(0.5, 0.5, "no label is known to be true or not", ha="center", transform=axes.transAxes)


def _kept(axes: Axes, measures: Measures) -> None:
    axes.set_title("Share of the training images that Eq. 3 keeps", fontsize=8, loc="left")
    for metric, name, colour, marker in (
        (KEPT, "all", COLOURS[CNN], "o"),
        (KEPT_POSITIVE, "labelled positive", drawing.AGREES, "^"),
        (KEPT_NEGATIVE, "labelled negative", drawing.DIFFERS, "v"),
    ):
        _curve(axes, measures, Quantity(PCNN, metric, LEARNED), name, colour, marker)
    axes.set_ylabel("share kept")
    axes.set_ylim(0, 1.02)
    axes.legend(fontsize=7, frameon=False, loc="best")


def _quality(axes: Axes, measures: Measures, labels: str) -> None:
    axes.set_title(f"On the source's test part, {labels} labels", fontsize=8, loc="left")
    for arm in ARMS:
        dash = "-" if arm in (CNN, PCNN) else ":"
        _curve(axes, measures, Quantity(arm, AUC, labels), arm, COLOURS[arm], MARKERS[arm], dash)
    axes.set_ylabel("AUC")
    axes.legend(fontsize=7, frameon=False, loc="best")


def _differences(axes: Axes, lines: Sequence[Line], labels: str) -> None:
    """Intervals over seeds and images, side by side for each level."""
    axes.set_title("PCNN minus …, 95 % intervals (trainings and images)", fontsize=8, loc="left")
    axes.axhline(0, color=GREY, linewidth=0.8)
    levels = sorted({line.noise for line in lines if line.noise is not None})
    step = _step(levels)
    for place, other in enumerate(AGAINST):
        name: str | None = other
        for line in lines:
            if (line.what, line.metric, line.labels) != (f"{PCNN} - {other}", AUC, labels):
                continue
            if line.noise is None or line.mean is None:
                continue
            x = line.noise + (place - 1) * 0.18 * step
            limits = None if line.found is None else line.found.over_both
            if limits is not None:
                axes.plot([x, x], limits, "-", color=COLOURS[other], linewidth=1.1)
            axes.plot(x, line.mean, MARKERS[other], color=COLOURS[other], markersize=4, label=name)
            name = None
    axes.set_ylabel("difference of AUC")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=7, frameon=False, loc="best")
