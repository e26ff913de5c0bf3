"""One figure as a file that the user names: .png or .pdf."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from benchmark.data.files import write_bytes
from benchmark.report import drawing

FORMATS = ("png", "pdf")


class FigureFileError(ValueError):
    """The file's name says no format that figures have."""


def check_format(path: Path) -> str:
    """The format that a file name asks for.

    Raises
    ------
    FigureFileError
        Its ending is none of `FORMATS`.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise FigureFileError(f"{path}: a figure is a .png or a .pdf file; give it one of these endings")
    return kind


def save_figure(draw: Callable[[], Figure], path: Path) -> None:
    """Draw and write a figure, whole or not at all; the same bytes for the same figure.

    Raises
    ------
    FigureFileError
        The file's name ends neither in .png nor in .pdf.
    """
    kind = check_format(path)
    with drawing.style():
        write_bytes(path, drawing.picture_bytes(draw())[kind])
