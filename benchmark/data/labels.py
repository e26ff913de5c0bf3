"""Label files as people keep them: text tables of image names, labels and vote counts.

Byte-order marks, line ends of any system, blank lines and spaces around a value are read over; anything else
that is not as expected is an error that names the file, the line and the value.
"""

import csv
import dataclasses
import io
import re
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

LONGEST_PART, LONGEST_NAME = 255, 2000
"""Bytes of a file's name, and of a path, that a table may give: no usual file system has longer ones."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_COUNT = re.compile(r"[0-9]{1,6}(\.0*)?")


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
        parts = self.path_name(0).split("/")
        if ".." in parts:
            raise self.error(
                f"the image name {self.cells[0]!r} leaves its folder", "write the file name alone"
            )
        if not parts[-1] or parts[-1] == ".":
            raise self.error(
                f"no image name in {self.cells[0]!r}", "write name and label, or remove the line"
            )
        return parts[-1]

    def path_name(self, column: int) -> str:
        """The path in a column with ``/`` between its parts; empty where there is none.

        Raises
        ------
        DatasetError
            It is longer than any file's.
        """
        name = self.cells[column].replace("\\", "/") if column < len(self.cells) else ""
        longest = max(len(part.encode()) for part in name.split("/"))
        if longest > LONGEST_PART or len(name.encode()) > LONGEST_NAME:
            raise self.error(
                f"an image name of {len(name)} characters, {name[:40]!r}...", "write the name of a file"
            )
        return name

    def check_width(self, columns: int) -> None:
        """Refuse cells to the right of the last column, unless they are empty.

        Raises
        ------
        DatasetError
            There are some: a name or text with a comma in it moved all that follow.
        """
        if any(self.cells[columns:]):
            raise self.error(
                f"{len(self.cells)} cells under {columns} columns",
                'put a name or text with commas into "quotes"',
            )

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
    return _COUNT.fullmatch(value) is not None


def read_words(path: Path) -> list[Line]:
    """Lines of a text file of names and labels; a name may hold spaces, its label is the last word."""
    lines = []
    for number, text in enumerate(text_lines(read_text(path)), start=1):
        if text.strip():
            lines.append(Line(path, number, tuple(text.strip().rsplit(maxsplit=1))))
    return lines


def read_cells(path: Path) -> list[Line]:
    """Lines of a table with commas (semicolons or tabs, if its first line has no comma)."""
    text = read_text(path)
    first = next((line for line in text_lines(text) if line.strip()), "")
    delimiter = next((mark for mark in ",;\t" if mark in first), ",")
    # strict: a quotation mark that is not closed would take all further lines for one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                lines.append(Line(path, reader.line_num, cells))
    except csv.Error as error:
        raise DatasetError(
            f"{path}, line {reader.line_num}: not a table with commas ({error}); save it as CSV, UTF-8, "
            "with a quotation mark inside a cell doubled"
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


def text_lines(text: str) -> list[str]:
    """Lines without their ends, which are those of Unix, Windows or old Macs and no other character.

    Python's own ``splitlines`` would also split at U+2028 and others, which posts of people hold.
    """
    return _LINE_END.split(text)


def read_text(path: Path, remedy: str = "give a text file") -> str:
    """A text file in UTF-8, with or without a byte-order mark.

    Raises
    ------
    DatasetError
        It cannot be read (then ``remedy`` says what to do), is in another encoding, or holds a byte 0.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path}: not UTF-8 text (byte {error.start} is 0x{error.object[error.start]:02x}); "
            "save it as UTF-8"
        ) from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror or error}); {remedy}") from None
    if "\0" in text:
        number = len(text_lines(text.partition("\0")[0]))
        raise DatasetError(
            f"{path}, line {number}: a byte 0, so this is UTF-16, no text, or damaged; save it as UTF-8"
        )
    return text
