"""Partition files of the SentiBank images: which of them train and test which detector."""

import dataclasses
from collections.abc import Collection, Mapping
from pathlib import Path

from benchmark.data.dataset import DatasetError
from benchmark.data.labels import Line, read_words

SIGNS = {"1": True, "+1": True, "0": False, "-1": False}


@dataclasses.dataclass(frozen=True)
class Partition:
    """What partition files say.

    Attributes
    ----------
    images : frozenset of str, or None
        The images to use, as ``adjective_noun/file.jpg``; None for all.
    judged : mapping of str to mapping of str to bool
        For an adjective-noun pair with a file of its own: its images, and whether each is a positive.
    """

    images: frozenset[str] | None
    judged: Mapping[str, Mapping[str, bool]]


def read_partition(path: Path, anps: Collection[str]) -> Partition:
    """Read a partition file, or a folder of them.

    A line is an image, ``adjective_noun/file.jpg``, and where given 1 (positive) or 0 or -1 (negative). A
    file whose name begins with a pair (``happy_dog.txt``, ``happy_dog_train.txt``) says which images that
    pair's detector sees: unlabelled lines are positives where they lie in the pair's folder, and a name
    without folder lies there. Any other file (``train.txt``) lists images to use.

    Raises
    ------
    DatasetError
        No file is there, or a line names no image of a known pair, has an unknown label, or
        contradicts one before.
    """
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise DatasetError(f"{path}: no partition file there; give a .txt file or a folder of them")
    listed: set[str] = set()
    judged: dict[str, dict[str, bool]] = {}
    for file in files:
        anp = _anp_of(file.stem, anps)
        for line in read_words(file):
            image, positive = _read(line, anp, anps)
            if anp is None:
                listed.add(image)
            elif judged.setdefault(anp, {}).setdefault(image, positive) != positive:
                raise line.error(
                    f"{image} is a {_word(positive)} here, a {_word(not positive)} of {anp} in a line before",
                    "correct one of them",
                )
    if not judged:
        return Partition(frozenset(listed), {})
    if listed:
        return Partition(
            frozenset(listed | {image for images in judged.values() for image in images}), judged
        )
    return Partition(None, judged)


def _word(positive: bool) -> str:
    return "positive" if positive else "negative"


def _anp_of(stem: str, anps: Collection[str]) -> str | None:
    parts = stem.split("_")
    name = "_".join(parts[:2])
    return name if name in anps else None


def _read(line: Line, anp: str | None, anps: Collection[str]) -> tuple[str, bool]:
    text, label = line.cells[0], line.cells[1] if len(line.cells) > 1 else ""
    if label and label not in SIGNS:
        raise line.error(f"label {label!r} is unknown", "use 1 for a positive, 0 or -1 for a negative")
    parts = text.replace("\\", "/").split("/")
    folder = parts[-2] if len(parts) > 1 else anp
    if folder not in anps or not parts[-1]:
        raise line.error(f"{text!r} lies in no folder of a pair", "write adjective_noun/file.jpg")
    return f"{folder}/{parts[-1]}", SIGNS[label] if label else folder == anp
