"""The Twitter set of You et al. 2015: 1,269 image tweets, each judged by five people."""

import csv
import dataclasses
import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import numpy as np

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset, DatasetError, vote_subsets
from benchmark.data.labels import locate
from benchmark.data.store import FeatureStore
from benchmark.data.twitter_labels import FETCH, read_votes, recognise

__all__ = [
    "NAME",
    "TABLE4",
    "Published",
    "differences_from_table4",
    "image_paths",
    "load",
    "manifest",
    "overlaps",
    "recognise",
]

NAME = "twitter"

TABLE4: Mapping[str, tuple[int, int]] = {"five": (581, 301), "four": (689, 427), "three": (769, 500)}
"""Positive and negative images of each subset (You et al. 2015, Table 4)."""

IMAGE_FOLDERS = ("images", "Agg_AMT_Candidates", ".")


@dataclasses.dataclass(frozen=True)
class Published:
    """One image of the published set: SHA-256 of its bytes, and its votes."""

    name: str
    sha256: str
    negative: int
    positive: int


@functools.cache
def manifest() -> tuple[Published, ...]:
    """The published images by name: facts kept with the code, without the images themselves."""
    text = resources.files("benchmark.data").joinpath("twitter_manifest.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Published(row["name"], row["sha256"], int(row["votes_negative"]), int(row["votes_positive"]))
        for row in rows
    )


@functools.cache
def overlaps() -> tuple[tuple[str, str], ...]:
    """Pairs of published images of which one holds a part of the other, or was edited from it.

    Cropped, collaged or scaled in one direction only, they are too far apart for a perceptual hash. They were
    found by matching SIFT descriptors of all images (a similarity transform with 15 or more inliers) and
    confirmed by eye.
    """
    text = resources.files("benchmark.data").joinpath("twitter_overlaps.csv").read_text("utf-8")
    return tuple((row["first"], row["second"]) for row in csv.DictReader(text.splitlines()))


def image_paths(folder: Path, names: list[str]) -> list[Path]:
    """Where each image lies: in ``images/``, or beside the label files."""
    folders = [folder / name for name in IMAGE_FOLDERS if (folder / name).is_dir()]
    if folder.name == "ground_truth":
        folders.append(folder.parent / IMAGE_FOLDERS[0])
    return locate(names, folders or [folder])


def load(folder: Path, store: FeatureStore) -> Dataset:
    """Read the Twitter set from a folder.

    Raises
    ------
    DatasetError
        Labels contradict each other, or images are missing or damaged: all of them are named.
    """
    votes = read_votes(folder)
    names = sorted(votes)
    counts = np.array([votes[name] for name in names], dtype=np.int64).reshape(len(names), 2)
    labels = (counts[:, 1] > counts[:, 0]).astype(np.int64)
    subsets = vote_subsets(counts)
    differences = differences_from_table4(labels, subsets)
    try:
        dataset = build_dataset(
            NAME,
            image_paths(folder, names),
            names,
            labels,
            store,
            votes=counts,
            subsets=subsets,
            groups=_known_groups(names),
            published=not differences,
            root=folder,
        )
    except DatasetError as error:
        raise DatasetError(f"{folder}: {error}\nThe published images: {FETCH}") from None
    notes = [*differences, *_other_bytes(dataset)]
    return dataclasses.replace(dataset, notes=tuple(notes))


def differences_from_table4(labels: np.ndarray, subsets: Mapping[str, np.ndarray]) -> list[str]:
    """What differs from the counts of Table 4, one sentence a subset; empty if nothing does."""
    notes = []
    for subset, (positive, negative) in TABLE4.items():
        chosen = labels[subsets[subset]]
        found = int(chosen.sum()), int((chosen == 0).sum())
        if found != (positive, negative):
            notes.append(
                f"{subset} agree holds {found[0]}/{found[1]} positive/negative images, "
                f"the paper's Table 4 {positive}/{negative}: not the published set"
            )
    return notes


def _known_groups(names: list[str]) -> np.ndarray:
    """Groups that join the two images of each known overlap."""
    place = {name: i for i, name in enumerate(names)}
    groups = np.arange(len(names))
    for first, second in overlaps():
        if first in place and second in place:
            groups[place[second]] = groups[place[first]]
    return groups


def _other_bytes(dataset: Dataset) -> list[str]:
    """A note if images of the published set are here with other bytes, such as scaled or saved again."""
    published = {image.name: image.sha256[:16] for image in manifest()}
    known = [
        (published[name], key)
        for name, key in zip(dataset.names, dataset.ids, strict=True)
        if name in published
    ]
    other = sum(expected != key[:16] for expected, key in known)
    if not other:
        return []
    return [
        f"{other} of {len(known)} images differ from the published files (scaled or saved again?): {FETCH}"
    ]
