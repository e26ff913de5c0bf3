"""The word lists of the Visual Sentiment Ontology and of SentiBank (Borth et al. 2013)."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from benchmark.data.dataset import DatasetError

ONTOLOGY_FILE = "3244ANPs.txt"
NAMES_FILES = ("1200ANPsv1.1.txt", "1200ANPs.txt", "2089ANPs.txt")

WHERE = (
    "the lists come with the Visual Sentiment Ontology of Columbia University's DVMM Lab "
    f"(https://www.ee.columbia.edu/ln/dvmm/vso/): put {ONTOLOGY_FILE} into a folder and give it as "
    "--vso-lists FOLDER"
)
"""How a user gets the lists."""

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_ADJECTIVE = re.compile(rf"\s*\d+\.\s*(\S+)\s+\[sentiment:\s*{_NUMBER}\]\s*\[#images:\s*([\d,]+)\]\s*")
_PAIR = re.compile(rf"\s*([^\s_]+_\S+)\s+\[sentiment:\s*{_NUMBER}\]\s*\[#imgs:\s*([\d,]+)\]\s*")


@dataclasses.dataclass(frozen=True)
class Ontology:
    """Sentiment of adjective-noun pairs and of their adjectives, as released.

    Attributes
    ----------
    pairs : mapping of str to float
        ``adjective_noun`` to its sentiment, -2 to 2.
    adjectives : mapping of str to float
        Adjective to its sentiment, -1 to 1; empty where the file has no adjective lines.
    images : mapping of str to int
        ``adjective_noun`` to the images that Flickr returned for it in 2013.
    """

    pairs: Mapping[str, float]
    adjectives: Mapping[str, float]
    images: Mapping[str, int]


def find_ontology(folder: Path) -> Path:
    """The ontology's file in a folder, or in one below it.

    Raises
    ------
    DatasetError
        It is in none.
    """
    if folder.is_file():
        return folder
    found = sorted(folder.rglob(ONTOLOGY_FILE), key=lambda path: (len(path.parts), path)) if folder else []
    if not found:
        raise DatasetError(f"{folder}: no {ONTOLOGY_FILE} there; {WHERE}")
    return found[0]


def read_ontology(path: Path) -> Ontology:
    """Read ``3244ANPs.txt``, with or without the text before its first list.

    Lines are ``<adjective>_<noun> [sentiment: <value>] [#imgs: <count>]`` under numbered lines of adjectives,
    ``1. <adjective> [sentiment: <value>] [#images: <count>]``.

    Raises
    ------
    DatasetError
        No line is an adjective-noun pair, a line after the first list is neither, a pair comes twice, or a
        value lies outside -2 to 2.
    """
    pairs: dict[str, float] = {}
    adjectives: dict[str, float] = {}
    images: dict[str, int] = {}
    for number, line in _lines(path):
        if match := _PAIR.fullmatch(line):
            name, value = match[1].lower(), float(match[2])
            if name in pairs:
                raise DatasetError(f"{path}, line {number}: {name} came before; remove one of the two lines")
            if not -2 <= value <= 2:
                raise DatasetError(f"{path}, line {number}: sentiment {value} of {name} is not in -2 to 2")
            pairs[name], images[name] = value, int(match[3].replace(",", ""))
        elif match := _ADJECTIVE.fullmatch(line):
            adjectives[match[1].lower()] = float(match[2])
        elif pairs or adjectives:
            raise DatasetError(
                f"{path}, line {number}: neither an adjective nor a pair: {line.strip()[:60]!r}; "
                "restore the file as it was released"
            )
    if not pairs:
        raise DatasetError(
            f"{path}: no line reads 'adjective_noun [sentiment: 1.00] [#imgs: 10]'; give the released file"
        )
    return Ontology(pairs, adjectives, images)


def read_names(path: Path) -> tuple[str, ...]:
    """Read a list of concepts, one a line (``1200ANPsv1.1.txt``): the order of released responses.

    Raises
    ------
    DatasetError
        The file is empty, or a name comes twice or holds a space.
    """
    first: dict[str, int] = {}
    for number, line in _lines(path):
        name = line.strip()
        if len(name.split()) != 1:
            raise DatasetError(f"{path}, line {number}: {name[:60]!r} is not one name; write adjective_noun")
        if name in first:
            raise DatasetError(f"{path}, line {number}: {name} was in line {first[name]}; remove one of them")
        first[name] = number
    if not first:
        raise DatasetError(f"{path}: the list is empty; write one adjective_noun a line")
    return tuple(first)


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror or error}); {WHERE}") from None
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
