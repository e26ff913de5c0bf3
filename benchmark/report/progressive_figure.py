"""Figure 3: the progressive scheme, with the numbers of the run."""

import dataclasses
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from benchmark.report import drawing

# Inches.
MARGIN, ARROW, BOX, LINE = 0.18, 0.45, 1.62, 0.155
ABOVE = 0.72
"""From the boxes' upper edge to that of the picture."""

FLOOR = 0.38
"""Lower edge of the boxes."""

HEIGHT = FLOOR + BOX + ABOVE

SOURCE, MODEL, SELECTION, TARGET = "#f1eee3", "#dbe8f2", "#ffffff", "#e4f0e8"
KEPT, REMOVED, FADED = drawing.BLUE, "#d9d9d9", "#666666"


@dataclasses.dataclass(frozen=True)
class Share:
    """How many images stayed, of all or of one class.

    Attributes
    ----------
    name : str
        ``all``, ``positive``, ``negative``.
    kept, removed : int
        Images.
    """

    name: str
    kept: int
    removed: int

    @property
    def share(self) -> float:
        """Kept of all; 0 where there was none."""
        return self.kept / (self.kept + self.removed) if self.kept + self.removed else 0.0


@dataclasses.dataclass(frozen=True)
class Scheme:
    """What the figure says, box by box: a title and lines of text.

    Attributes
    ----------
    source, cnn, pcnn, transfer : tuple of str
        Lines of each box, the first one bold.
    selection : tuple of Share
        All images and each class.
    origin : str
        Which artefacts the numbers are of.
    """

    source: tuple[str, ...]
    cnn: tuple[str, ...]
    selection: tuple[Share, ...]
    pcnn: tuple[str, ...]
    transfer: tuple[str, ...]
    origin: str


def draw_scheme(scheme: Scheme) -> Figure:
    """Source, CNN, selection, PCNN, transfer, from left to right."""
    widths = (1.62, 1.38, 2.78, 1.38, 2.05)
    width = 2 * MARGIN + sum(widths) + ARROW * (len(widths) - 1)
    with drawing.style():
        figure = drawing.new_figure(width, HEIGHT)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        lefts = [MARGIN + sum(widths[:i]) + ARROW * i for i in range(len(widths))]
        texts = (scheme.source, scheme.cnn, (), scheme.pcnn, scheme.transfer)
        colours = (SOURCE, MODEL, SELECTION, MODEL, TARGET)
        for x, wide, lines, colour in zip(lefts, widths, texts, colours, strict=True):
            _box(axes, x, wide, colour, lines)
        _selection(axes, lefts[2], widths[2], scheme.selection)
        labels = ("train", "score", "fine-tune", "transfer")
        for i, label in enumerate(labels):
            _arrow(axes, lefts[i] + widths[i], lefts[i + 1], label)
        _over(axes, lefts[1] + widths[1] / 2, lefts[3] + widths[3] / 2)
        axes.text(MARGIN, HEIGHT - 0.16, "Progressive training", fontsize=9.5, fontweight="bold", va="center")
        for i, line in enumerate(scheme.origin.split("\n")):
            axes.text(MARGIN, FLOOR - 0.18 - LINE * i, line, fontsize=6.5, va="center", color=FADED)
        axes.set(xlim=(0, width), ylim=(0, HEIGHT), aspect="equal")
    return figure


def scheme_files(scheme: Scheme) -> dict[str, bytes]:
    """Figure 3 as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_scheme(scheme))


def _box(axes: Axes, x: float, width: float, colour: str, lines: Sequence[str]) -> None:
    box = FancyBboxPatch((x, FLOOR), width, BOX, boxstyle="round,pad=0,rounding_size=0.07")
    box.set(facecolor=colour, edgecolor=drawing.INK, linewidth=0.7)
    axes.add_patch(box)
    for i, line in enumerate(lines):
        axes.text(
            x + 0.09,
            FLOOR + BOX - 0.17 - LINE * i - (0.05 if i else 0),
            line,
            fontsize=6.7 if i else 8.5,
            fontweight="normal" if i else "bold",
            va="center",
        )


def _selection(axes: Axes, x: float, width: float, shares: Sequence[Share]) -> None:
    top = FLOOR + BOX
    axes.text(x + 0.09, top - 0.17, "Selection", fontsize=8.5, fontweight="bold", va="center")
    rule = "delete image i with probability (Eq. 3)"
    axes.text(x + 0.09, top - 0.37, rule, fontsize=6.7, va="center")
    formula = "p = max(0, 2 − exp |s₁ − s₂|)"
    axes.text(x + width / 2, top - 0.56, formula, fontsize=7.5, va="center", ha="center")
    axes.text(x + 0.09, top - 0.75, "s: CNN's scores; labels play no part", fontsize=6.7, va="center")
    axes.text(x + 0.09, top - 0.93, "kept of all, and of each weak label:", fontsize=6.7, va="center")
    left, full = x + 0.58, width - 1.75
    for i, share in enumerate(shares):
        y = top - 1.12 - 0.17 * i
        axes.text(left - 0.06, y, share.name, fontsize=6.7, va="center", ha="right")
        for length, colour in ((full, REMOVED), (full * share.share, KEPT)):
            axes.add_patch(Rectangle((left, y - 0.055), length, 0.11, facecolor=colour, edgecolor="none"))
        said = f"{share.kept:,} of {share.kept + share.removed:,} ({share.share:.1%})"
        axes.text(left + full + 0.06, y, said, fontsize=6.2, va="center")


def _arrow(axes: Axes, start: float, end: float, label: str) -> None:
    y = FLOOR + BOX / 2
    style = {"arrowstyle": "-|>,head_length=0.3,head_width=0.15", "linewidth": 0.9, "color": drawing.INK}
    axes.annotate("", (end, y), (start, y), arrowprops={**style, "shrinkA": 1, "shrinkB": 1})
    axes.text((start + end) / 2, y + 0.09, label, fontsize=5.8, ha="center", va="bottom")


def _over(axes: Axes, start: float, end: float) -> None:
    """The weights go past the selection: PCNN starts as CNN."""
    top, high = FLOOR + BOX, FLOOR + BOX + 0.24
    axes.plot([start, start, end], [top, high, high], color=drawing.INK, linewidth=0.9)
    style = {"arrowstyle": "-|>,head_length=0.3,head_width=0.15", "linewidth": 0.9, "color": drawing.INK}
    axes.annotate("", (end, top), (end, high), arrowprops={**style, "shrinkA": 0, "shrinkB": 1})
    said = "weights: PCNN starts as CNN"
    axes.text((start + end) / 2, high + 0.03, said, fontsize=6.2, ha="center", va="bottom")
