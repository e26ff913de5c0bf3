"""Growth as a figure: processor time and peak memory of each step against the number of images."""

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter, NullLocator

from benchmark.data.files import write_bytes
from benchmark.report.drawing import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, new_figure, picture_bytes, style
from benchmark.speed.growth.measured import ALL, LIMIT, Growth, Measurement

CHART = "growth"

COLORS, MARKERS = (BLUE, ORANGE, GREEN, PURPLE, SKY), "osD^v"
GREY = "#bbbbbb"
MEMORY_TICKS = (0.25, 0.5, 1, 2, 4, 8, 16, 32)


def save_chart(found: Sequence[Growth], out: Path, note: str) -> None:
    """Draw ``growth.png`` and ``growth.pdf``; nothing where no step has two sizes.

    Parameters
    ----------
    note : str
        Above the figure: the machine.
    """
    found = [growth for growth in found if len(growth.points) > 1]
    if not found:
        return
    with style():
        figure = new_figure(7.2, 4.9)
        left, right = figure.subplots(1, 2)
        _draw(left, found, lambda point: point.cpu)
        _draw(right, [growth for growth in found if growth.step != ALL], lambda point: point.peak / 1024)
        _guide(left, found)
        left.set_ylabel("processor time, seconds")
        right.set_ylabel("peak memory, GiB")
        right.axhline(LIMIT / 1024, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        right.set_ylim(top=max(right.get_ylim()[1], 1.5 * LIMIT / 1024))
        first = found[0].points[0].images
        right.text(first, LIMIT / 1024 * 1.04, f"{LIMIT / 1024:.0f} GiB", fontsize=7, va="bottom", color=INK)
        low, high = right.get_ylim()
        right.set_yticks([tick for tick in MEMORY_TICKS if low <= tick <= high])
        for axes in (left, right):
            _dress(axes, [point.images for point in found[0].points])
        figure.suptitle(note, fontsize=7, x=0.01, ha="left", color=INK)
        figure.legend(handles=_legend(found), loc="lower center", ncols=5, frameon=False, fontsize=7)
        figure.tight_layout(rect=(0, 0.15, 1, 0.98))
        for kind, content in picture_bytes(figure).items():
            write_bytes(out / f"{CHART}.{kind}", content)


def _draw(axes: Axes, found: Sequence[Growth], value: Callable[[Measurement], float]) -> None:
    for growth in found:
        axes.plot(
            [point.images for point in growth.points],
            [max(value(point), 1e-3) for point in growth.points],
            **_look(growth, found),
        )
    axes.set_xscale("log")
    axes.set_yscale("log")


def _look(growth: Growth, found: Sequence[Growth]) -> dict:
    """Lines of what streams are whole, the others broken: told apart without colour, too."""
    if growth.step == ALL:
        return {"color": INK, "linewidth": 1.8, "marker": "o", "markersize": 4}
    alike = [other.step for other in found if other.last.streams == growth.last.streams and other.step != ALL]
    place = alike.index(growth.step)
    return {
        "color": COLORS[place % len(COLORS)],
        "marker": MARKERS[(place + place // len(COLORS)) % len(MARKERS)],
        "markersize": 4,
        "linewidth": 1.0,
        "linestyle": "-" if growth.last.streams else (0, (3, 2)),
        "markerfacecolor": COLORS[place % len(COLORS)] if growth.last.streams else "white",
    }


def _guide(axes: Axes, found: Sequence[Growth]) -> None:
    """What linear growth looks like."""
    whole = max((growth.points for growth in found), key=len)
    ends = (whole[0].images, whole[-1].images)
    low = min(max(g.points[0].cpu, 1e-3) for g in found)
    axes.plot(
        ends, [0.6 * low, 0.6 * low * ends[1] / ends[0]], color=GREY, linewidth=1.0, linestyle=":", zorder=0
    )
    axes.annotate(
        "linear",
        (ends[1], 0.6 * low * ends[1] / ends[0]),
        xytext=(-4, -3),
        textcoords="offset points",
        fontsize=7,
        color="#777777",
        ha="right",
        va="top",
    )


def _dress(axes: Axes, sizes: Sequence[int]) -> None:
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("images")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _legend(found: Sequence[Growth]) -> list[Line2D]:
    return [Line2D([], [], label=growth.step, **_look(growth, found)) for growth in found]
