"""The best and worst pictures of a detector bank, from its answers for images that were held out."""

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.bank_answers import Answer, BankAnswers, ShownDetector
from benchmark.report.cells import short
from benchmark.report.frames import draw_frame, draw_mark
from benchmark.report.grids import NEUTRAL, Pictures, square

HUMAN_VOTES = "human votes"

HEADS = {
    "highest": "answered highest",
    "alarms": "next false alarms",
    "misses": "missed most",
}
"""What the columns of each list of answers are called."""

# Inches.
TILE, GAP, SCORE, BETWEEN = 0.66, 0.06, 0.13, 0.20
TEXT, MARGIN, HEAD, SECTION, FOOT = 1.72, 0.12, 0.60, 0.32, 0.50
PIXELS = round(TILE * drawing.DPI)
FADED = "#6a6d71"


def draw_bank_pictures(bank: BankAnswers, pictures: Pictures | None = None) -> Figure:
    """Draw a row a detector: its highest answers, and its worst mistakes.

    As in Figure 5, a solid green frame with a tick says that the image's label agrees with the detector, a
    dashed red one with a cross that it does not. Below each picture stands the detector's answer.

    Parameters
    ----------
    pictures : callable, optional
        First digits of an image's key -> uint8 (h, w, 3); where it gives None, or is None, a grey tile stands
        in.
    """
    columns = {what: _most(bank, what) for what in HEADS}
    lefts, x = {}, MARGIN + TEXT
    for what, count in columns.items():
        lefts[what] = x
        x += count * (TILE + GAP) + (BETWEEN if count else 0)
    width = max(x - BETWEEN + MARGIN, 7.5)
    pitch = TILE + SCORE + GAP
    sections = [
        (title, detectors)
        for title, detectors in (
            ("Highest average precision", bank.best),
            ("Lowest average precision among those kept", bank.worst),
        )
        if detectors
    ]
    height = HEAD + FOOT + sum(SECTION + len(detectors) * pitch for _, detectors in sections)
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        _title(axes, bank, height, lefts, columns)
        y = height - HEAD
        for title, detectors in sections:
            axes.text(MARGIN, y - SECTION + 0.08, title, fontsize=9, fontweight="bold", va="bottom")
            y -= SECTION
            for detector in detectors:
                _row(axes, detector, lefts, y, pictures)
                y -= pitch
        _legend(axes, bank)
        # after the tiles: imshow sets limits and aspect of its own
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def _most(bank: BankAnswers, what: str) -> int:
    return max((len(detector.answers[what]) for detector in (*bank.best, *bank.worst)), default=0)


def _title(
    axes: Axes, bank: BankAnswers, height: float, lefts: dict[str, float], columns: dict[str, int]
) -> None:
    said = f"{bank.name}: {bank.kept} detectors learned from {bank.source}; answers for held-out pictures"
    axes.text(MARGIN, height - 0.12, said, fontsize=10, fontweight="bold", va="top")
    for what, head in HEADS.items():
        if columns[what]:
            axes.text(lefts[what], height - HEAD + 0.02, head, fontsize=8, va="bottom", color=drawing.INK)


def _row(
    axes: Axes, detector: ShownDetector, lefts: dict[str, float], top: float, pictures: Pictures | None
) -> None:
    name = textwrap.wrap(detector.concept.replace("_", " "), 19, max_lines=2, placeholder="…")
    axes.text(
        MARGIN, top - 0.02, "\n".join(name), fontsize=8.5, fontweight="bold", va="top", linespacing=1.05
    )
    about = [
        f"AP {short(detector.ap)}, chance {short(detector.chance)}",
        f"{detector.positives:,} images",
        *textwrap.wrap(detector.measured_on, 26),
    ]
    below = top - 0.05 - 0.13 * len(name)
    axes.text(MARGIN, below, "\n".join(about), fontsize=6.8, va="top", color=FADED, linespacing=1.25)
    for what, left in lefts.items():
        for column, answer in enumerate(detector.answers[what]):
            # A missed image was answered low: its label, which names the concept, does not agree.
            agrees = answer.labelled if what != "misses" else not answer.labelled
            _tile(axes, left + column * (TILE + GAP), top - TILE, answer, agrees, pictures)


def _tile(axes: Axes, x: float, y: float, answer: Answer, agrees: bool, pictures: Pictures | None) -> None:
    pixels = pictures(answer.image) if pictures else None
    shown: np.ndarray = NEUTRAL if pixels is None else square(pixels, PIXELS)
    axes.imshow(shown, extent=(x, x + TILE, y, y + TILE), interpolation="none")
    draw_frame(axes, x, y, TILE, agrees)
    draw_mark(axes, x + TILE - 0.115, y + TILE - 0.115, agrees)
    axes.text(x + TILE / 2, y - 0.015, short(answer.score), ha="center", va="top", fontsize=6, color=FADED)


def _legend(axes: Axes, bank: BankAnswers) -> None:
    x, y = MARGIN, 0.30
    for agrees, said in (
        (True, "the image's label agrees with the detector"),
        (False, "it does not: a false alarm where the label lacks the concept, a miss where it names it"),
    ):
        draw_mark(axes, x + 0.08, y, agrees)
        axes.text(x + 0.22, y, said, fontsize=7.5, va="center")
        x += 2.75
    if any(detector.measured_on != HUMAN_VOTES for detector in (*bank.best, *bank.worst)):
        said = "Labels that nobody voted on can be wrong, and often leave out what a picture shows."
        axes.text(MARGIN, 0.12, said, fontsize=7.5, va="center", color=FADED)
