"""The units of the emotion layer, each with the images that excite it most."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report import drawing
from benchmark.report.grids import NEUTRAL, Pictures, square
from benchmark.report.trained_network import EmotionUnit

# Inches.
TILE, GAP = 0.62, 0.05
LEFT, MARGIN, HEAD, LINE = 1.15, 0.14, 0.58, 0.14
LETTERS = 19
"""Of the remarks, to an inch."""
FADED = "#666666"


def draw_emotions(
    units: Sequence[EmotionUnit], title: str, origin: str, pictures: Pictures | None = None
) -> Figure:
    """Draw a row a unit, those that speak loudest for positive above; silent units are named below.

    Parameters
    ----------
    title, origin : str
        Which network, and which artefact.
    pictures : callable, optional
        Gives the picture of an image id; where it gives None, or is None, a grey tile with the first digits
        of the id stands in.

    Raises
    ------
    ValueError
        There is no unit.
    """
    if not units:
        raise ValueError(f"{origin} has no emotion units to draw")
    ranked = sorted(enumerate(units, start=1), key=lambda item: -item[1].weight)
    speaking = [(number, unit) for number, unit in ranked if unit.images]
    most = max(max(len(unit.images) for unit in units), 4)
    width = LEFT + most * (TILE + GAP) - GAP + MARGIN
    lines = textwrap.wrap(_remark(units), round(LETTERS * (width - 2 * MARGIN)))
    foot = LINE * (len(lines) + 1)
    height = HEAD + len(speaking) * (TILE + GAP) + foot
    with drawing.style():
        figure = drawing.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.text(MARGIN, height - 0.18, title, fontsize=9.5, fontweight="bold", va="center")
        axes.text(MARGIN, height - 0.37, origin, fontsize=6.5, va="center", color=FADED)
        for i, (number, unit) in enumerate(speaking):
            _unit(axes, number, unit, height - HEAD - i * (TILE + GAP), pictures)
        for i, line in enumerate(lines):
            axes.text(MARGIN, foot - LINE * (i + 1), line, fontsize=6.5, va="center")
        # after the tiles: imshow sets limits and aspect of its own
        axes.set(xlim=(0, width), ylim=(0, height), aspect="auto")
    return figure


def emotion_files(
    units: Sequence[EmotionUnit], title: str, origin: str, pictures: Pictures | None = None
) -> dict[str, bytes]:
    """The rows as ``png`` and ``pdf``."""
    with drawing.style():
        return drawing.picture_bytes(draw_emotions(units, title, origin, pictures))


def _unit(axes: Axes, number: int, unit: EmotionUnit, top: float, pictures: Pictures | None) -> None:
    towards = "positive" if unit.weight > 0 else "negative"
    colour = drawing.GREEN if unit.weight > 0 else drawing.ORANGE
    middle = top - TILE / 2
    axes.text(MARGIN, middle + 0.17, f"unit {number}", fontsize=7.5, fontweight="bold", va="center")
    axes.text(MARGIN, middle, f"{towards} {unit.weight:+.2f}", fontsize=7, va="center", color=colour)
    axes.text(MARGIN, middle - 0.16, _answers(unit), fontsize=6.5, va="center", color=FADED)
    for i, (image, response) in enumerate(zip(unit.images, unit.responses, strict=True)):
        x = LEFT + i * (TILE + GAP)
        _tile(axes, x, top - TILE, image, pictures)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
        axes.text(
            x + 0.04,
            top - TILE + 0.05,
            f"{response:.{1 if response >= 0.995 else 2}f}",
            fontsize=5,
            va="bottom",
            bbox=box,
        )


def _answers(unit: EmotionUnit) -> str:
    return f"answers {unit.alive:.0%}" if unit.alive >= 0.005 else "answers < 1%"


def _tile(axes: Axes, x: float, y: float, image: str, pictures: Pictures | None) -> None:
    pixels = pictures(image) if pictures else None
    shown = NEUTRAL if pixels is None else square(pixels)
    axes.imshow(shown, extent=(x, x + TILE, y, y + TILE), interpolation="none")
    if pixels is None:
        axes.text(x + TILE / 2, y + TILE / 2, image[:8], fontsize=5.5, ha="center", va="center", color=FADED)


def _remark(units: Sequence[EmotionUnit]) -> str:
    silent = [str(number) for number, unit in enumerate(units, start=1) if not unit.images]
    parts = [
        "Images of the source's training part, the most exciting first, with the response to each; beside "
        "the unit its weight for positive against negative, and the share of those images that it answers "
        "to.",
        "No unit was taught an emotion.",
    ]
    if silent:
        parts.append(
            f"Silent, since no image excites them: unit{'s' if len(silent) > 1 else ''} {', '.join(silent)} "
            f"({len(silent)} of {len(units)})."
        )
    return " ".join(parts)
