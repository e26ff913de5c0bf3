"""What a classifier makes of its concepts, over a whole dataset: the most positive and the most negative."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import spearmanr

from benchmark.report import drawing
from benchmark.report.explanation import AGAINST, FOR

# Inches.
BAR, HEAD, FOOT, PANEL, LEFT, RIGHT, MARGIN = 0.165, 0.72, 0.62, 2.6, 1.75, 0.62, 0.12
FADED = "#6a6d71"


@dataclasses.dataclass(frozen=True)
class ConceptWeights:
    """Weights of a method's concepts.

    Attributes
    ----------
    method, dataset : str
    images : int
        Labelled images that it was fitted on.
    concepts : sequence of str
    weights : ndarray of float64, shape (number of concepts,)
        Added to the log odds of positive for one standard deviation of the concept's response.
    sentiment : ndarray of float64, shape (number of concepts,)
        Sentiment value in the bank's source; NaN where there is none.
    """

    method: str
    dataset: str
    images: int
    concepts: Sequence[str]
    weights: np.ndarray
    sentiment: np.ndarray

    def strongest(self, top: int) -> tuple[list[int], list[int]]:
        """Places of the concepts of greatest and of least weight, the strongest first; zeros are neither."""
        order = np.argsort(-self.weights, kind="stable")
        positive = [int(k) for k in order[:top] if self.weights[k] > 0]
        negative = [int(k) for k in order[::-1][:top] if self.weights[k] < 0]
        return positive, negative

    @property
    def agreement(self) -> str:
        """How the weights go with the sentiment values of the source; empty where there are too few."""
        known = np.isfinite(self.sentiment) & (self.sentiment != 0) & (self.weights != 0)
        if known.sum() < 5:
            return ""
        same = int((np.sign(self.weights[known]) == np.sign(self.sentiment[known])).sum())
        rho = float(spearmanr(self.weights[known], self.sentiment[known]).statistic)
        return (
            f"of {int(known.sum())} concepts with a sentiment value, {same} have a weight of the same sign "
            f"(rank correlation {rho:+.2f})"
        )

    def said(self, k: int) -> str:
        """Name of a concept, for people."""
        return self.concepts[k].replace("_", " ")


def draw_concept_weights(found: Sequence[ConceptWeights], top: int) -> Figure:
    """Draw one panel a method: above, the most positive concepts, below, the most negative ones.

    Beside each bar stands the sentiment value of the concept in the bank's source, where it has one.
    """
    chosen = [one.strongest(top) for one in found]
    bars = max(len(positive) + len(negative) + 1 for positive, negative in chosen)
    pitch = LEFT + PANEL + RIGHT
    width, height = len(found) * pitch + 2 * MARGIN, HEAD + bars * BAR + FOOT
    with drawing.style():
        figure = drawing.new_figure(width, height)
        for i, (one, places) in enumerate(zip(found, chosen, strict=True)):
            box = (MARGIN + i * pitch + LEFT, FOOT, PANEL, bars * BAR)
            axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
            _panel(axes, one, places, bars)
    return figure


def _panel(axes: Axes, one: ConceptWeights, places: tuple[list[int], list[int]], bars: int) -> None:
    positive, negative = places
    rows = [*enumerate(positive), *((len(positive) + 1 + i, k) for i, k in enumerate(reversed(negative)))]
    values = [float(one.weights[k]) for _, k in rows]
    colours = [FOR if value > 0 else AGAINST for value in values]
    axes.barh([row for row, _ in rows], values, height=0.74, color=colours)
    axes.set_yticks([row for row, _ in rows], [_cut(one.said(k)) for _, k in rows], fontsize=7)
    reach = 1.08 * max([abs(value) for value in values], default=1.0)
    axes.set(xlim=(-reach, reach), ylim=(bars - 0.4, -0.6))
    axes.axvline(0, color=drawing.INK, linewidth=0.7)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.set_xlabel(
        "added to the log odds of positive\nby one standard deviation of the response", fontsize=7.5
    )
    title = f"{one.method}, fitted on {one.images:,} images of {one.dataset}"
    axes.set_title(title, fontsize=9, fontweight="bold", loc="left", x=-LEFT / PANEL, pad=22)
    if np.isfinite(one.sentiment).any():
        axes.text(reach * 1.04, -0.9, "sentiment\nof the pair", fontsize=6.5, color=FADED, va="bottom")
        for row, k in rows:
            value = one.sentiment[k]
            said = f"{value:+.2f}" if np.isfinite(value) else "–"
            colour = FOR if value > 0 else AGAINST if value < 0 else FADED
            axes.text(reach * 1.12, row, said, fontsize=7, va="center", color=colour)


def _cut(name: str, longest: int = 27) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
