"""Label files as people keep them: text tables of image names, labels and vote counts.

Byte-order marks, Windows line ends, blank lines and spaces around a value are read over; anything else that
is not as expected is an error that names the file, the line and the value.
"""

import csv
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmark.data.dataset import DatasetError

LABELS = {"1": 1, "positive": 1, "pos": 1, "0": 0, "negative": 0, "neg": 0}
"""Spellings of a label, in any case."""

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
    | {".ppm", ".pgm", ".pnm", ".avif", ".heic"}
)
"""Endings by which a file is taken for an image; what it is in truth its bytes say."""


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a label file.

    Attributes
    ----------
    file : Path
    number : int
        Counted from 1.
    cells : tuple of str
        Without the spaces around them.
    """

    file: Path
    number: int
    cells: tuple[str, ...]

    def error(self, problem: str, remedy: str) -> DatasetError:
        """An error that names this line."""
        return DatasetError(f"{self.file}, line {self.number}: {problem}; {remedy}")

    @property
    def image(self) -> str:
        """The image's file name, without the folders that whoever wrote the file had it in.

        Raises
        ------
        DatasetError
            The name is empty or climbs out of its folder.
        """
        parts = self.cells[0].replace("\\", "/").split("/")
        if ".." in parts:
            raise self.error(
                f"the image name {self.cells[0]!r} leaves its folder", "write the file name alone"
            )
        if not parts[-1] or parts[-1] == ".":
            raise self.error(
                f"no image name in {self.cells[0]!r}", "write name and label, or remove the line"
            )
        return parts[-1]

    def label(self, column: int) -> int:
        """The label in a column: 1 positive, 0 negative.

        Raises
        ------
        DatasetError
            The column is missing or holds no label.
        """
        value = self.cells[column] if column < len(self.cells) else ""
        if value.casefold() not in LABELS:
            raise self.error(f"label {value!r} is unknown", "use 1 or positive, 0 or negative")
        return LABELS[value.casefold()]

    def count(self, column: int, what: str) -> int:
        """The number of votes in a column.

        Raises
        ------
        DatasetError
            The column is missing or holds no whole number from 0 up.
        """
        value = self.cells[column] if column < len(self.cells) else ""
        if not is_count(value):
            raise self.error(f"{what} {value!r} is not a whole number of votes", "write 0, 1, 2, ...")
        return int(float(value))


def is_count(value: str) -> bool:
    """Whether a cell holds a whole number from 0 up (``3.0``, as spreadsheets write it, is one)."""
    try:
        number = float(value)
    except ValueError:
        return False
    return 0 <= number < 1e6 and number.is_integer()


def read_words(path: Path) -> list[Line]:
    """Lines of a text file of names and labels; a name may hold spaces, its label is the last word."""
    lines = []
    for number, text in enumerate(_text(path).splitlines(), start=1):
        if text.strip():
            lines.append(Line(path, number, tuple(text.strip().rsplit(maxsplit=1))))
    return lines


def read_cells(path: Path) -> list[Line]:
    """Lines of a table with commas (semicolons or tabs, if its first line has no comma)."""
    text = _text(path)
    first = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in ",;\t" if mark in first), ",")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    lines = []
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                lines.append(Line(path, reader.line_num, cells))
    except csv.Error as error:
        raise DatasetError(
            f"{path}, line {reader.line_num}: not a table with commas ({error}); save it as CSV, UTF-8"
        ) from None
    return lines


def unique(lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Image names with their lines.

    Raises
    ------
    DatasetError
        An image has a second line.
    """
    seen: dict[str, int] = {}
    for line in lines:
        name = line.image
        if name in seen:
            raise line.error(
                f"{name} was labelled in line {seen[name]} already", "remove one of the two lines"
            )
        seen[name] = line.number
        yield name, line


def looks_like_image(name: str) -> bool:
    """Whether a file name ends as images do."""
    return Path(name).suffix.lower() in IMAGE_SUFFIXES


def locate(names: Sequence[str], folders: Sequence[Path]) -> list[Path]:
    """Path of each image in the first folder that holds it; in the first folder at all if none does."""
    paths = []
    for name in names:
        places = [folder / name for folder in folders]
        paths.append(next((place for place in places if place.is_file()), places[0]))
    return paths


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path}: not UTF-8 text (byte {error.start} is 0x{error.object[error.start]:02x}); "
            "save it as UTF-8"
        ) from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror or error})") from None
