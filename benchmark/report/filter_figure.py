"""Figure 4: the kernels of the first layer, CNN beside PCNN."""

import dataclasses
import math
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.cells import short

TILE, GAP, BETWEEN = 0.27, 0.03, 0.30
MARGIN, HEAD, LINE = 0.16, 0.56, 0.15
LETTERS = 20
"""Of the remarks, to an inch."""
ACROSS = 12
"""Kernels a row, if there are that many: 96 are 12 x 8."""

BRIGHTEST = 99.9
"""Percentile of |weight| that is drawn as full light; the few beyond it are cut, or one would dim all."""


@dataclasses.dataclass(frozen=True)
class Filters:
    """The kernels of a network's first layer.

    Attributes
    ----------
    title, label : str
        Such as ``CNN``, ``CNN-weights f4b4c1608deac38e``.
    kernels : ndarray of float32, shape (n, 3, height, width)
    """

    title: str
    label: str
    kernels: np.ndarray


def mosaic(kernels: np.ndarray, scale: float) -> np.ndarray:
    """All kernels as one picture, `ACROSS` a row with white between them.

    Returns
    -------
    ndarray of float, shape (height, width, 3)
        0 to 1.
    """
    n, _, high, wide = kernels.shape
    gap = max(round(GAP / TILE * wide), 1)
    down = math.ceil(n / ACROSS)
    found = np.ones((down * (high + gap) - gap, ACROSS * (wide + gap) - gap, 3))
    for i, kernel in enumerate(kernels):
        top, left = i // ACROSS * (high + gap), i % ACROSS * (wide + gap)
        found[top : top + high, left : left + wide] = kernel_picture(kernel, scale)
    return found


def common_scale(sets: Sequence[Filters]) -> float:
    """|weight| that is drawn as full light or full dark, the same for all kernels of all networks."""
    scale = float(np.percentile(np.concatenate([np.abs(one.kernels).ravel() for one in sets]), BRIGHTEST))
    return scale if scale > 0 else 1.0


def kernel_picture(kernel: np.ndarray, scale: float) -> np.ndarray:
    """A kernel as a picture: 0 is mid-grey, ``scale`` full light, ``-scale`` full dark in each colour.

    Parameters
    ----------
    kernel : ndarray of float, shape (3, height, width)
        For red, green and blue.

    Returns
    -------
    ndarray of float, shape (height, width, 3)
        0 to 1.
    """
    return np.clip(0.5 + kernel.transpose(1, 2, 0) / (2 * scale), 0.0, 1.0)


def relative_change(first: np.ndarray, second: np.ndarray) -> float | None:
    """How far the second kernels are from the first: the norm of the difference by that of the first.

    None where they are not of one shape, or the first are all 0.
    """
    size = float(np.linalg.norm(first))
    if first.shape != second.shape or size == 0:
        return None
    return float(np.linalg.norm(second - first)) / size


def neighbour_correlation(kernels: np.ndarray) -> float | None:
    """Correlation of weights that lie side by side: about 0 of noise, near 1 of edges and blobs.

    None where all weights are the same.
    """
    along = [(kernels[..., :-1], kernels[..., 1:]), (kernels[..., :-1, :], kernels[..., 1:, :])]
    first, second = (np.concatenate([pair[i].ravel() for pair in along]) for i in (0, 1))
    if first.std() == 0 or second.std() == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def draw_filters(sets: Sequence[Filters], remark: str = "") -> Figure:
    """Draw the kernels of one or more networks side by side, in the order of their channels.

    Raises
    ------
    ValueError
        There is no network.
    """
    if not sets:
        raise ValueError("no network to draw; train one: python -m benchmark run --methods CNN,PCNN")
    scale = common_scale(sets)
    down = max(math.ceil(len(one.kernels) / ACROSS) for one in sets)
    side = ACROSS * (TILE + GAP) - GAP
    width = 2 * MARGIN + len(sets) * (side + BETWEEN) - BETWEEN
    remarks = [_scale_remark(scale), _noise_remark(sets), remark]
    lines = [line for text in remarks for line in textwrap.wrap(text, round(LETTERS * (width - 2 * MARGIN)))]
    foot = LINE * (len(lines) + 1)
    height = HEAD + down * (TILE + GAP) - GAP + foot
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        for s, one in enumerate(sets):
            x = MARGIN + s * (side + BETWEEN)
            n, _, high, wide = one.kernels.shape
            axes.text(x, height - 0.17, one.title, fontsize=10, fontweight="bold", va="center")
            about = f"{n} kernels of {high} x {wide} x 3; {one.label}"
            axes.text(x, height - 0.37, about, fontsize=6.8, va="center", color="#555555")
            shown = mosaic(one.kernels, scale)
            extent = (x, x + side, height - HEAD - shown.shape[0] / shown.shape[1] * side, height - HEAD)
            axes.imshow(shown, extent=extent, interpolation="nearest")
        for i, line in enumerate(lines):
            axes.text(MARGIN, foot - LINE * (i + 1), line, fontsize=6.8, va="center")
        # after the pictures: imshow sets limits and aspect of its own
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def _scale_remark(scale: float) -> str:
    return (
        f"One scale for all: mid-grey is 0, full light and dark are ±{scale:.3g}, the {BRIGHTEST:g} % point "
        f"of |weight|; the few beyond are cut."
    )


def _noise_remark(sets: Sequence[Filters]) -> str:
    found = {one.title: neighbour_correlation(one.kernels) for one in sets}
    said = ", ".join(f"{title} {short(value, 2)}" for title, value in found.items() if value is not None)
    return (
        f"Correlation of neighbouring weights: {said} (0: noise, as drawn at the start; edges and blobs: "
        f"near 1)."
    )


def filter_files(sets: Sequence[Filters], remark: str = "") -> dict[str, bytes]:
    """Figure 4 as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_filters(sets, remark))
