"""Figure 2: a network as blocks with their sizes, drawn from its description."""

import dataclasses
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle

from benchmark.report import drawing
from benchmark.report.layers import (
    CONVOLUTION,
    EMOTION_LAYER,
    NORMALISATION,
    POOLING,
    Block,
    Layer,
    NetworkLayers,
)

# Inches.
HEAD, FOOT, MARGIN, GAP = 0.74, 0.92, 0.22, 0.18
TALLEST, SLANT = 1.25, 0.30
COLUMN = 0.86
"""Least width of a column: what its captions take."""

IMAGE, CONVOLVED, POOLED, CONNECTED = "#e9e4d4", "#9cc4de", "#d3e4ef", "#dcdcdc"
FADED = "#666666"


@dataclasses.dataclass(frozen=True)
class Column:
    """One stage of the picture.

    Attributes
    ----------
    shape : tuple of int
        (channels, height, width), or (units,).
    colour : str
        Of its front.
    title : str
        Bold, below it.
    lines : tuple of str
        Below the title.
    units : bool
        Whether each unit is drawn by itself.
    """

    shape: tuple[int, ...]
    colour: str
    title: str
    lines: tuple[str, ...]
    units: bool = False

    def extent(self, size: int) -> tuple[float, float, float]:
        """Width, height and slant in inches; areas shrink as the square root, or the last would vanish."""
        if len(self.shape) == 1:
            return (0.15 if self.units else 0.17), TALLEST, 0.0
        height = max(TALLEST * (self.shape[1] / size) ** 0.5, 0.16)
        return 0.028 * self.shape[0] ** 0.5, height, SLANT * height


def draw_network(network: NetworkLayers, origin: str = "") -> Figure:
    """Draw it from the input to the two outputs.

    Parameters
    ----------
    origin : str
        Which trained network this is, if one.
    """
    columns = list(_columns(network))
    widths = [max(sum(column.extent(network.size)[::2]), COLUMN) for column in columns]
    width = 2 * MARGIN + sum(widths) + GAP * (len(columns) - 1)
    height = HEAD + TALLEST * (1 + SLANT) + FOOT
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        title = f"{network.name} on {network.size} x {network.size} images"
        axes.text(MARGIN - 0.06, height - 0.19, title, fontsize=9.5, fontweight="bold", va="center")
        axes.text(
            MARGIN - 0.06, height - 0.37, f"{network.sums}. {origin}", fontsize=7, va="center", color=FADED
        )
        x, middle = MARGIN, FOOT + TALLEST / 2
        for i, (column, wide) in enumerate(zip(columns, widths, strict=True)):
            right = _stage(axes, x + wide / 2, middle, column, network.size)
            if i + 1 < len(columns):
                following = (
                    x + wide + GAP + (widths[i + 1] - sum(columns[i + 1].extent(network.size)[::2])) / 2
                )
                _arrow(axes, right + 0.06, following - 0.06, middle)
            x += wide + GAP
        axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    return figure


def network_files(network: NetworkLayers, origin: str = "") -> dict[str, bytes]:
    """Figure 2 as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_network(network, origin))


def _columns(network: NetworkLayers) -> Iterator[Column]:
    yield Column((3, network.size, network.size), IMAGE, "input", ("red, green, blue",))
    channels = 3
    for block in network.blocks:
        layer = block.layer
        counted = f"{layer.parameters:,} parameters"
        if layer.kind == CONVOLUTION:
            kernel, _, rest = layer.detail.partition(", ")
            what = (f"{layer.output[0]} kernels {kernel}x{channels}", *rest.split(", "), counted)
            yield Column(layer.output, CONVOLVED, layer.name, what)
            if len(block.output) == 3 and block.has(POOLING):
                yield _pooled(block)
            channels = layer.output[0]
        else:
            yield _connected(layer, counted)


def _pooled(block: Block) -> Column:
    pooling = next(layer for layer in block.then if layer.kind == POOLING)
    what = [*pooling.detail.split(", "), "then ReLU"]
    if block.has(NORMALISATION):
        what[-1] += ", response"
        what.append("normalisation")
    return Column(block.output, POOLED, "max pooling", tuple(what))


def _connected(layer: Layer, counted: str) -> Column:
    units = layer.output[0]
    if layer.name == EMOTION_LAYER:
        said = ("as many as", "Plutchik's emotions;", "no emotion was taught") if units == 24 else ()
        names = (" ".join([f"{units} units,", *said[:1]]).rstrip(","), *said[1:], counted)
        return Column(layer.output, drawing.GREEN, "emotion layer", names, units=units <= 32)
    if units == 2:
        return Column(layer.output, drawing.ORANGE, "output", ("negative, positive", counted), units=True)
    what = (f"{units} units, fully", "connected, ReLU", counted)
    return Column(layer.output, CONNECTED, layer.name, what)


def _stage(axes: Axes, x: float, middle: float, column: Column, size: int) -> float:
    """Draw one column around ``x``; returns its right edge at half height."""
    width, height, slant = column.extent(size)
    left = x - (width + slant) / 2
    if column.units:
        _units(axes, x, middle, column, height)
        left, top, right = x, middle + height / 2, x + 0.06
    elif len(column.shape) == 1:
        box = FancyBboxPatch(
            (left, middle - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.05"
        )
        box.set(facecolor=column.colour, edgecolor=drawing.INK, linewidth=0.6)
        axes.add_patch(box)
        top, right = middle + height / 2, left + width
    else:
        _cuboid(axes, left, middle - height / 2, (width, height, slant), column.colour)
        top, right = middle + height / 2 + slant, left + width + slant
    shape = " x ".join(map(str, column.shape))
    axes.text(x, top + 0.07, shape, fontsize=6.8, ha="center", va="bottom")
    axes.text(x, FOOT - 0.12, column.title, fontsize=7.5, fontweight="bold", ha="center", va="center")
    for i, line in enumerate(column.lines):
        axes.text(x, FOOT - 0.27 - 0.125 * i, line, fontsize=6.2, ha="center", va="center", color=FADED)
    return right


def _cuboid(axes: Axes, x: float, y: float, extent: tuple[float, float, float], colour: str) -> None:
    width, height, slant = extent
    front = Rectangle((x, y), width, height, facecolor=colour)
    top = [
        (x, y + height),
        (x + slant, y + height + slant),
        (x + width + slant, y + height + slant),
        (x + width, y + height),
    ]
    side = [
        (x + width, y),
        (x + width + slant, y + slant),
        (x + width + slant, y + height + slant),
        (x + width, y + height),
    ]
    shades = (front, 1.0), (Polygon(top), 1.06), (Polygon(side), 0.86)
    for patch, light in shades:
        shade = tuple(min(1.0, part * light) for part in to_rgb(colour))
        patch.set(facecolor=shade, edgecolor=drawing.INK, linewidth=0.6, joinstyle="round")
        axes.add_patch(patch)


def _units(axes: Axes, x: float, middle: float, column: Column, height: float) -> None:
    n = column.shape[0]
    step = min(height / n, 0.22)
    for i in range(n):
        y = middle + (i - (n - 1) / 2) * step
        axes.add_patch(
            Circle(
                (x, y),
                min(0.42 * step, 0.06),
                facecolor=column.colour,
                edgecolor=drawing.INK,
                linewidth=0.4,
            )
        )


def _arrow(axes: Axes, start: float, end: float, y: float) -> None:
    axes.annotate(
        "",
        (end, y),
        (start, y),
        arrowprops={"arrowstyle": "-|>,head_length=0.25,head_width=0.13", "linewidth": 0.7, "color": FADED},
    )
