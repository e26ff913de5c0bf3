"""A user's own images: folders ``positive/`` and ``negative/``, or a table of images and labels.

The table is a CSV file with a first line that names its columns: ``image,label``, and where known
``votes_positive,votes_negative`` and ``group`` (images of one group, such as frames of one film, are never
split between training and test).
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset, DatasetError, vote_subsets
from benchmark.data.labels import Line, looks_like_image, read_cells
from benchmark.data.store import FeatureStore

CLASSES = {"positive": 1, "negative": 0}
TABLE = "labels.csv"
"""The table that is read where a folder holds several."""

REQUIRED, VOTES, GROUP = ("image", "label"), ("votes_positive", "votes_negative"), "group"
RESERVED = frozenset({"auto", "twitter", "synthetic"})
LAYOUT = (
    "put images into positive/ and negative/, or write a labels.csv whose first line is "
    "image,label[,votes_positive,votes_negative][,group]"
)


@dataclasses.dataclass(frozen=True)
class Listing:
    """What a folder or table says of its images, one entry an image.

    Attributes
    ----------
    names : list of str
        Relative to ``root`` where they lie under it.
    paths : list of Path
    labels : list of int
        1 positive, 0 negative.
    votes : ndarray of int64, shape (n, 2), or None
        Votes for negative and for positive.
    groups : ndarray of int64, shape (n,), or None
    notes : tuple of str
    """

    names: list[str]
    paths: list[Path]
    labels: list[int]
    votes: np.ndarray | None = None
    groups: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    @property
    def subsets(self) -> dict[str, np.ndarray]:
        """``five``, ``four``, ``three`` (those with images) if every image has five votes; else ``all``."""
        if self.votes is None or (self.votes.sum(axis=1) != 5).any():
            return {"all": np.ones(len(self.names), dtype=bool)}
        return {name: mask for name, mask in vote_subsets(self.votes).items() if mask.any()}


def load(path: Path, store: FeatureStore) -> Dataset:
    """Read a folder of images, or a CSV file that lists them.

    Raises
    ------
    DatasetError
        The layout is unknown, a line cannot be read, a class is empty, or images are missing or damaged.
    """
    listing = list_images(path)
    for label, word in ((1, "positive"), (0, "negative")):
        if label not in listing.labels:
            raise DatasetError(
                f"{path}: no {word} image among {len(listing.labels)}; both classes are needed"
            )
    return build_dataset(
        dataset_name(path),
        listing.paths,
        listing.names,
        listing.labels,
        store,
        votes=listing.votes,
        subsets=listing.subsets,
        groups=listing.groups,
        notes=listing.notes,
        root=path if path.is_dir() else path.parent,
    )


def dataset_name(path: Path) -> str:
    """The folder's name (of a table, its own unless it is labels.csv) in characters safe everywhere."""
    path = path.absolute()
    stem = (
        path.stem if path.is_file() and path.name != TABLE else (path.parent if path.is_file() else path).name
    )
    name = re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "images"
    return f"{name}-folder" if name in RESERVED else name


def list_images(path: Path) -> Listing:
    """Read which images there are, with their labels, without opening any.

    Raises
    ------
    DatasetError
        The layout is unknown or a line cannot be read.
    """
    if path.is_file():
        return _from_table(path)
    table = _find_table(path)
    folders = {child.name.casefold(): child for child in sorted(path.iterdir()) if child.is_dir()}
    if table is None and not set(CLASSES) <= set(folders):
        found = ", ".join(sorted(child.name for child in path.iterdir())[:8]) or "nothing"
        raise DatasetError(f"{path}: not a layout of labelled images (found: {found}); {LAYOUT}")
    return _from_folders(path, folders) if table is None else _from_table(table)


def _find_table(folder: Path) -> Path | None:
    if (folder / TABLE).is_file():
        return folder / TABLE
    tables = []
    for path in sorted(folder.glob("*.csv")):
        lines = read_cells(path)
        if lines and set(REQUIRED) <= {cell.casefold() for cell in lines[0].cells}:
            tables.append(path)
    if len(tables) > 1:
        names = ", ".join(path.name for path in tables)
        raise DatasetError(f"{folder}: several tables of labels ({names}); give the path of one of them")
    return tables[0] if tables else None


def _from_folders(root: Path, folders: Mapping[str, Path]) -> Listing:
    names, paths, labels, others = [], [], [], []
    for word, label in CLASSES.items():
        for path in sorted(folders[word].rglob("*")):
            relative = path.relative_to(root)
            if path.is_dir() or any(part.startswith(".") for part in relative.parts):
                continue
            if not looks_like_image(path.name):
                others.append(str(relative))
                continue
            names.append(relative.as_posix())
            paths.append(path)
            labels.append(label)
    if not names:
        raise DatasetError(f"{root}: positive/ and negative/ hold no image; {LAYOUT}")
    notes = (
        [f"{len(others)} files are no images by their names and stay out: {', '.join(others[:5])}"]
        if others
        else []
    )
    return Listing(names, paths, labels, notes=tuple(notes))


def _from_table(path: Path) -> Listing:
    lines = read_cells(path)
    if not lines:
        raise DatasetError(f"{path}: the table is empty; {LAYOUT}")
    header = lines[0]
    columns = _columns(header)
    rows = lines[1:]
    if not rows:
        raise DatasetError(f"{path}: the table names columns and no image; add a line an image")
    names, paths, labels = [], [], []
    first: dict[Path, int] = {}
    for line in rows:
        line.check_width(len(header.cells))
        name = line.path_name(columns["image"])
        if not name:
            raise line.error("no image is named", "write its file name, or remove the line")
        place = _place(path.parent, name)
        if place in first:
            raise line.error(
                f"{name} was listed in line {first[place]} already", "remove one of the two lines"
            )
        first[place] = line.number
        names.append(name)
        paths.append(place)
        labels.append(line.label(columns["label"]))
    votes = _votes(rows, columns, labels) if VOTES[0] in columns else None
    groups = _groups(rows, columns[GROUP]) if GROUP in columns else None
    return Listing(names, paths, labels, votes, groups)


def _columns(header: Line) -> dict[str, int]:
    known = (*REQUIRED, *VOTES, GROUP)
    given = [cell.casefold() for cell in header.cells]
    columns = {cell: i for i, cell in enumerate(given) if cell in known}
    twice = [name for name in columns if given.count(name) > 1]
    if twice:
        raise header.error(f"the column {twice[0]} comes twice", "keep one of them")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise header.error(
            f"no column {' and '.join(missing)} among {', '.join(header.cells)}",
            "the first line must be image,label[,votes_positive,votes_negative][,group]",
        )
    if (VOTES[0] in columns) != (VOTES[1] in columns):
        raise header.error("one column of votes without the other", f"name both {VOTES[0]} and {VOTES[1]}")
    return columns


def _place(folder: Path, name: str) -> Path:
    """The image's path: as written, from the table's folder, or from ``images/`` there."""
    places = [folder / name, folder / "images" / name]
    return next((place for place in places if place.is_file()), places[0])


def _votes(rows: Sequence[Line], columns: Mapping[str, int], labels: Sequence[int]) -> np.ndarray:
    votes = []
    for line, label in zip(rows, labels, strict=True):
        positive = line.count(columns[VOTES[0]], VOTES[0])
        negative = line.count(columns[VOTES[1]], VOTES[1])
        if (positive > negative and not label) or (negative > positive and label):
            raise line.error(
                f"label {label} against {positive} positive and {negative} negative votes",
                "the label is what most votes say",
            )
        if not positive + negative:
            raise line.error("no votes at all", "give the votes, or leave both columns out of the table")
        votes.append((negative, positive))
    return np.array(votes, dtype=np.int64)


def _groups(rows: Sequence[Line], column: int) -> np.ndarray:
    """Numbers of the groups; an image whose cell is empty has a group of its own."""
    keys = []
    for line in rows:
        given = line.cells[column] if column < len(line.cells) else ""
        keys.append((given, 0 if given else line.number))
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)
