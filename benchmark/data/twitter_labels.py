"""Label files of the Twitter set: from three nested lists, or a table of votes, to the votes of each image.

Published as three lists (five, at least four, at least three of five votes agree), from which the votes of
every image follow: 5:0, 4:1 or 3:2. Many people hold the same labels in other layouts; see `LAYOUTS`.
"""

from collections.abc import Mapping
from pathlib import Path

from benchmark.data.dataset import DatasetError
from benchmark.data.labels import Line, is_count, looks_like_image, read_cells, read_words, unique

AGREEMENT = {"five": 5, "four": 4, "three": 3}
VOTES = 5

LAYOUTS: tuple[tuple[str, str, str], ...] = (
    ("twitter_five_agrees.txt", "twitter_four_agrees.txt", "twitter_three_agrees.txt"),
    ("five_agree.txt", "four_agree.txt", "three_agree.txt"),
    ("5agree.csv", "4agree.csv", "3agree.csv"),
)
"""File names of five, four and three agreeing votes: as published, and variants of it."""

VOTE_TABLE = "amt_result.csv"
"""The other variant: name, number of votes, votes for negative, votes for positive."""

FETCH = "python -m benchmark data fetch twitter"


def label_files(folder: Path) -> list[Path]:
    """Label files in ``folder`` or its ``ground_truth``: a vote table or those of one layout; may be empty.

    A complete layout goes before one that lacks a file.
    """
    layouts = (*LAYOUTS, (VOTE_TABLE,))
    places = (folder, folder / "ground_truth")
    found = [[p / name for name in names if (p / name).is_file()] for p in places for names in layouts]
    complete = [len(names) for _ in places for names in layouts]
    whole = [files for files, n in zip(found, complete, strict=True) if len(files) == n]
    return next(iter([*whole, *(files for files in found if files)]), [])


def recognise(folder: Path) -> bool:
    """Whether a folder holds label files of the Twitter set, complete or not."""
    return bool(label_files(folder))


def read_votes(folder: Path) -> dict[str, tuple[int, int]]:
    """Votes for negative and for positive by image name.

    Raises
    ------
    DatasetError
        A file is missing, a line cannot be read, or the files contradict each other.
    """
    files = label_files(folder)
    if not files:
        raise DatasetError(
            f"{folder}: no label files of the Twitter set ({', '.join(LAYOUTS[0])}); get them: {FETCH}"
        )
    return _vote_table(files[0]) if files[0].name == VOTE_TABLE else _nested(files)


def _vote_table(path: Path) -> dict[str, tuple[int, int]]:
    lines = read_cells(path)
    if (
        lines
        and not any(is_count(cell) for cell in lines[0].cells[1:])
        and not looks_like_image(lines[0].cells[0])
    ):
        lines = lines[1:]
    votes: dict[str, tuple[int, int]] = {}
    for name, line in unique(lines):
        total = line.count(1, "number of votes")
        negative, positive = line.count(2, "negative votes"), line.count(3, "positive votes")
        if total != VOTES or negative + positive != total:
            raise line.error(
                f"{negative} negative and {positive} positive of {total} votes",
                f"each image has {VOTES} votes",
            )
        votes[name] = (negative, positive)
    return votes


def _nested(files: list[Path]) -> dict[str, tuple[int, int]]:
    """Votes from nested lists of images on which five, four or more, three or more of five votes agree."""
    layout = next(names for names in LAYOUTS if files[0].name in names)
    missing = sorted(set(layout) - {path.name for path in files})
    if missing:
        raise DatasetError(
            f"{files[0].parent}: {', '.join(missing)} missing beside {files[0].name}; get them: {FETCH}"
        )
    lists = {subset: _labels(path) for subset, path in zip(AGREEMENT, files, strict=True)}
    votes: dict[str, tuple[int, int]] = {}
    for name, (label, line) in lists["three"].items():
        most = 3
        for subset in ("four", "five"):
            if name not in lists[subset]:
                break
            other, other_line = lists[subset][name]
            if other != label:
                raise other_line.error(
                    f"{name} is {_word(other)} here, {_word(label)} in {line.file.name}, line {line.number}",
                    "correct one of them",
                )
            most = AGREEMENT[subset]
        votes[name] = (VOTES - most, most) if label else (most, VOTES - most)
    _check_nesting(lists, files)
    return votes


def _check_nesting(lists: Mapping[str, Mapping[str, tuple[int, Line]]], files: list[Path]) -> None:
    for inner, outer, path in (("five", "four", files[1]), ("four", "three", files[2])):
        for name, (_, line) in lists[inner].items():
            if name not in lists[outer]:
                raise line.error(
                    f"{name} is not in {path.name}, which must hold every image of this file",
                    f"add it there or remove it here (the published files: {FETCH})",
                )


def _labels(path: Path) -> dict[str, tuple[int, Line]]:
    lines = read_cells(path) if path.suffix == ".csv" else read_words(path)
    if lines and path.suffix == ".csv" and not looks_like_image(lines[0].cells[0]):
        lines = lines[1:]
    return {name: (line.label(1), line) for name, line in unique(lines)}


def _word(label: int) -> str:
    return "positive" if label else "negative"
