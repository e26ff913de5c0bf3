"""The ratios as a figure: a bar a comparison, its spread, and what it is meant to reach."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from benchmark.data.files import write_bytes
from benchmark.report.drawing import INK, new_figure, picture_bytes, style
from benchmark.speed.results import StageResult, ratio_rows

CHART = "speed"

# Okabe & Ito (2008): blue and vermilion are told apart by every kind of colour vision; hatching helps print.
_REACHED, _MISSED, _FREE = "#0072B2", "#D55E00", "#999999"


def save_chart(results: Sequence[StageResult], out: Path) -> None:
    """Draw the ratios of all stages as ``speed.png`` and ``speed.pdf``; nothing where there is none."""
    rows = ratio_rows(results)
    if not rows:
        return
    with style():
        figure = new_figure(7.2, 1.1 + 0.42 * len(rows))
        axes = figure.add_subplot()
        for place, row in enumerate(rows):
            _bar(axes, place, row)
        _dress(axes, rows)
        figure.tight_layout(rect=(0, 0.22 / figure.get_figheight(), 1, 1))
        for kind, content in picture_bytes(figure).items():
            write_bytes(out / f"{CHART}.{kind}", content)


def _bar(axes: Axes, place: int, row: dict[str, Any]) -> None:
    ratio, low, high = (float(row[name]) for name in ("ratio", "low", "high"))
    color = {"yes": _REACHED, "no": _MISSED, "": _FREE}[row["reached"]]
    left, width = min(ratio, 1.0), abs(ratio - 1.0)
    axes.barh(
        place,
        width,
        left=left,
        height=0.62,
        color=color if row["reached"] != "no" else "white",
        edgecolor=color,
        hatch="////" if row["reached"] == "no" else None,
        linewidth=0.8,
    )
    if row["rounds"] > 1:
        _whisker(axes, place, low, high)
    if row["reach"]:
        axes.vlines(float(row["reach"]), place - 0.42, place + 0.42, color=INK, linewidth=2.4, zorder=5)
    wrong = row["checks"] != "ok"
    axes.text(
        1.01,
        place,
        f"{ratio:.3g} ×" + ("\nwrong result" if wrong else ""),
        transform=axes.get_yaxis_transform(),
        va="center",
        color=INK,
        fontweight="bold",
    )


def _whisker(axes: Axes, place: int, low: float, high: float) -> None:
    for color, width, order in (("white", 3.0, 3), (INK, 1.1, 4)):  # a white rim: seen on any bar
        axes.hlines(place, low, high, color=color, linewidth=width, zorder=order)
        axes.vlines([low, high], place - 0.13, place + 0.13, color=color, linewidth=width, zorder=order)


def _dress(axes: Axes, rows: Sequence[dict[str, Any]]) -> None:
    axes.set_xscale("log")
    ends = [float(row[name]) for row in rows for name in ("low", "high", "reach", "ratio") if row[name]]
    axes.set_xlim(min(0.8, 0.8 * min(ends)), 1.3 * max(1.5, *ends))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), [_label(row) for row in rows])
    axes.tick_params(axis="y", length=0, labelsize=6)
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if axes.get_xlim()[0] <= t]
    axes.set_xticks([t for t in ticks if t <= axes.get_xlim()[1]])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.minorticks_off()
    axes.set_xlabel("times the peer's speed (median of the rounds; whisker: least to greatest)")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    quick = "; quick: inputs too small to judge speed by" if any(r["quick"] == "yes" for r in rows) else ""
    machines = sorted({f"{row['processor']}, {row['cores']} cores" for row in rows})
    axes.set_title("; ".join(machines) + quick, fontsize=7, loc="left", color=INK)
    legend = [
        Patch(facecolor=_REACHED, edgecolor=_REACHED, label="reached"),
        Patch(facecolor="white", edgecolor=_MISSED, hatch="////", label="not reached"),
        Patch(facecolor=_FREE, edgecolor=_FREE, label="no mark set"),
        Line2D(
            [], [], color=INK, linewidth=2.4, marker="|", linestyle="none", markersize=9, label="to reach"
        ),
    ]
    axes.figure.legend(handles=legend, loc="lower center", ncols=4, frameon=False, fontsize=7)


def _label(row: dict[str, Any]) -> str:
    return f"{row['stage']}: {row['case']}\n{row['product']}\nagainst {row['peer']}"
