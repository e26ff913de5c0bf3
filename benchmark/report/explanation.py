"""Explanations: the concepts that spoke for and against a sentiment, as text and as a figure."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from benchmark.report import drawing

FOR, AGAINST = "#009E73", "#D55E00"
"""Colours of concepts that speak for positive and for negative (Okabe & Ito, safe for colour blindness)."""


@dataclasses.dataclass(frozen=True)
class Explanation:
    """Why an image got its score.

    Attributes
    ----------
    name : str
        Of the image.
    picture : ndarray of uint8, shape (h, w, 3)
    score : float
        P(positive).
    concepts : sequence of str
    parts : ndarray of float, shape (number of concepts,)
        What each adds to the log odds of positive.
    seen : ndarray of bool, shape (number of concepts,)
        Whether it is seen more than in an average image; the others are named with a ``no``.
    """

    name: str
    picture: np.ndarray
    score: float
    concepts: Sequence[str]
    parts: np.ndarray
    seen: np.ndarray

    def strongest(self, top: int) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """The concepts that speak most for positive and for negative, the strongest first."""
        order = np.argsort(-self.parts, kind="stable")
        ranked = [(self._said(k), float(self.parts[k])) for k in order]
        return (
            [item for item in ranked[:top] if item[1] > 0],
            [item for item in reversed(ranked[-top:]) if item[1] < 0],
        )

    def _said(self, k: int) -> str:
        name = self.concepts[k].replace("_", " ")
        return name if self.seen[k] else f"no {name}"

    def text(self, top: int) -> str:
        """A few lines for the terminal."""
        speaks_for, against = self.strongest(top)
        word = "positive" if self.score >= 0.5 else "negative"
        lines = [f"{self.name}: {word}, P(positive) {self.score:.3f}"]
        for title, items in (("for positive", speaks_for), ("for negative", against)):
            said = ", ".join(f"{name} {value:+.2f}" for name, value in items)
            lines.append(f"  {title}: {said or 'none'}")
        return "\n".join(lines)


def draw_explanations(explanations: Sequence[Explanation], top: int) -> Figure:
    """Draw one row an image: the picture, and bars of the concepts that spoke loudest."""
    figure = drawing.new_figure(8, 2.6 * len(explanations))
    figure.set_layout_engine("constrained")
    axes = figure.subplots(len(explanations), 2, squeeze=False, width_ratios=(1, 1.7))
    for (left, right), explanation in zip(axes, explanations, strict=True):
        left.imshow(explanation.picture)
        left.set_axis_off()
        left.set_title(f"P(positive) = {explanation.score:.2f}", fontsize=10)
        speaks_for, against = explanation.strongest(top)
        bars = [*speaks_for, *reversed(against)]
        right.barh(
            range(len(bars)),
            [value for _, value in bars],
            color=[FOR if value > 0 else AGAINST for _, value in bars],
        )
        right.set_yticks(range(len(bars)), [name for name, _ in bars], fontsize=8)
        right.invert_yaxis()
        right.axvline(0, color="black", linewidth=0.8)
        right.spines[["top", "right", "left"]].set_visible(False)
        right.tick_params(axis="y", length=0)
    axes[-1][1].set_xlabel("added to the log odds of positive", fontsize=9)
    return figure
