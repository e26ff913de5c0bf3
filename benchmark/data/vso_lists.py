"""The word lists of the Visual Sentiment Ontology and of SentiBank (Borth et al. 2013)."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from benchmark.data.dataset import DatasetError
from benchmark.data.labels import read_text, text_lines

ONTOLOGY_FILE = "3244ANPs.txt"
NAMES_FILES = ("1200ANPsv1.1.txt", "1200ANPs.txt", "2089ANPs.txt")

WHERE = (
    "the lists come with the Visual Sentiment Ontology of Columbia University's DVMM Lab "
    f"(https://www.ee.columbia.edu/ln/dvmm/vso/): put {ONTOLOGY_FILE} into a folder and give it as "
    "--vso-lists FOLDER"
)
"""How a user gets the lists."""

_NUMBER = r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)"
_IMAGES = r"([0-9][0-9,]{0,14})"
_ADJECTIVE = re.compile(rf"\s*[0-9]+\.\s*(\S+)\s+\[sentiment:\s*{_NUMBER}\]\s*\[#images:\s*{_IMAGES}\]\s*")
_PAIR = re.compile(rf"\s*([^\s_]+_\S+)\s+\[sentiment:\s*{_NUMBER}\]\s*\[#imgs:\s*{_IMAGES}\]\s*")


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
        No line is an adjective-noun pair, a line after the first list is neither, a pair or adjective
        comes twice, or a value lies outside -2 to 2, of an adjective outside -1 to 1.
    """
    pairs: dict[str, float] = {}
    adjectives: dict[str, float] = {}
    images: dict[str, int] = {}
    for number, line in _lines(path):
        if match := _PAIR.fullmatch(line):
            name = _add(pairs, match, 2, f"{path}, line {number}")
            images[name] = int(match[3].replace(",", ""))
        elif match := _ADJECTIVE.fullmatch(line):
            _add(adjectives, match, 1, f"{path}, line {number}")
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


def _add(known: dict[str, float], match: re.Match[str], most: int, where: str) -> str:
    """Take up the name and the value of a line, each checked; returns the name."""
    name, value = match[1].lower(), float(match[2])
    if name in known:
        raise DatasetError(f"{where}: {name[:60]} came before; remove one of the two lines")
    if not -most <= value <= most:
        raise DatasetError(
            f"{where}: sentiment {value} of {name[:60]} is not in -{most} to {most}; "
            "restore the file as it was released"
        )
    known[name] = value
    return name


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
    lines = text_lines(read_text(path, WHERE))
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
