"""Accuracy under every corruption, as a heat map: a line a method."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.robustness import ALL, Kept

METRIC = "accuracy"

# Inches.
CELL, LINE, GAP, LEFT, RIGHT, HEAD, FOOT = 0.36, 0.25, 0.1, 1.05, 0.12, 0.52, 0.34


def draw_robustness(found: Sequence[Kept]) -> Figure:
    """Share of its accuracy that each method keeps; its accuracy on the images as they are at the left.

    Raises
    ------
    ValueError
        No method has been scored on every image.
    """
    shown = [k for k in found if k.metric == METRIC and k.kept is not None]
    if not shown:
        raise ValueError("no method has scored every image of the study, so there is nothing to draw")
    methods = list(dict.fromkeys(k.method for k in shown))
    kinds = [kind for kind in dict.fromkeys(k.corruption for k in shown) if kind != ALL]
    at = {(k.method, k.corruption, k.strength): k for k in shown}
    strengths = {kind: sorted({k.strength for k in shown if k.corruption == kind}) for kind in kinds}
    columns = [("clean", [0]), *strengths.items(), ("mean", [0])]
    width = LEFT + sum(len(s) * CELL + GAP for _, s in columns) - GAP + RIGHT
    height = HEAD + len(methods) * LINE + FOOT
    with drawing.style():
        figure = drawing.new_figure(width, height)
        x = LEFT
        for kind, of in columns:
            size = len(of) * CELL
            box = (x / width, FOOT / height, size / width, len(methods) * LINE / height)
            axes = figure.add_axes(box)
            if kind == "clean":
                _clean(axes, [at[method, ALL, 0].clean or 0.0 for method in methods])
            else:
                name = ALL if kind == "mean" else kind
                _kept(axes, [[at[method, name, s].kept or 0.0 for s in of] for method in methods])
            axes.set_xticks(range(len(of)), [str(s) for s in of] if kind in kinds else [""])
            axes.set_yticks(range(len(methods)), methods if kind == "clean" else [""] * len(methods))
            axes.tick_params(length=0, labelsize=7.5 if kind == "clean" else 7)
            axes.set_title("accuracy" if kind == "clean" else kind, fontsize=7.5, pad=3)
            x += size + GAP
        top = 1 - 0.1 / height
        note = "Share of its accuracy on clean images that a method keeps, by kind and strength of corruption"
        figure.text(0.1 / width, top, note, fontsize=8, va="top")
        figure.text((LEFT + CELL + GAP) / width, 0.06 / height, "strength", fontsize=7, va="bottom")
    return figure


def robustness_files(found: Sequence[Kept]) -> dict[str, bytes]:
    """The figure as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_robustness(found))


def _clean(axes: Axes, values: Sequence[float]) -> None:
    axes.imshow(np.full((len(values), 1), np.nan), aspect="auto")
    for y, value in enumerate(values):
        axes.text(0, y, f"{value:.3f}".replace("0.", ".", 1), ha="center", va="center", fontsize=7)
    _bare(axes)


def _kept(axes: Axes, values: Sequence[Sequence[float]]) -> None:
    shares = np.array(values)
    axes.imshow(
        shares, cmap=mpl.colormaps["Blues"], vmin=0.6, vmax=1.05, interpolation="nearest", aspect="auto"
    )
    for y, x in np.ndindex(shares.shape):
        ink = "white" if shares[y, x] > 0.88 else drawing.INK
        text = f"{100 * shares[y, x]:.0f}"
        axes.text(x, y, text, ha="center", va="center", fontsize=7, color=ink)
    axes.set_xticks(np.arange(shares.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(shares.shape[0] + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1)
    axes.tick_params(which="minor", length=0)
    _bare(axes)


def _bare(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
