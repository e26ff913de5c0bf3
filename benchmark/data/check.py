"""``data check``: what a set of images holds, what is missing or damaged, and the paper's counts beside."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmark.data import folder, twitter
from benchmark.data.dataset import Dataset, vote_subsets
from benchmark.data.duplicates import duplicate_pairs, hash_files, undecodable
from benchmark.data.imageset import ImageSet
from benchmark.data.labels import looks_like_image
from benchmark.data.oddities import oddities
from benchmark.data.open import AUTO, SYNTHETIC, locate_dataset, open_dataset
from benchmark.data.store import FeatureStore
from benchmark.data.twitter_labels import read_votes


@dataclasses.dataclass(frozen=True)
class Twins:
    """Two images that show the same picture.

    Attributes
    ----------
    first, second : str
        Their names.
    exact : bool
        The files hold the same bytes.
    conflict : bool
        Their labels are opposite.
    distance : int
        Differing bits of the perceptual hashes.
    """

    first: str
    second: str
    exact: bool
    conflict: bool
    distance: int


@dataclasses.dataclass(frozen=True)
class Check:
    """What was found in a set of labelled images.

    Attributes
    ----------
    name : str
    where : Path
    size : int
        Images that the labels name.
    counts : mapping of str to (int, int)
        Positive and negative images of each subset, missing ones included.
    table4 : mapping of str to (int, int)
        The paper's counts; empty unless this is the Twitter set.
    missing : tuple of str
        Names without a file, or with an empty one.
    damaged : tuple of str
        Reasons, each naming its image.
    twins : tuple of Twins
        Copies among the images that can be decoded.
    odd : mapping of str to tuple of str
        What is unusual (but handled) to the images of which it is true.
    unlabelled : tuple of str
        Images beside the labelled ones that no label names.
    notes : tuple of str
    """

    name: str
    where: Path
    size: int
    counts: Mapping[str, tuple[int, int]]
    table4: Mapping[str, tuple[int, int]]
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    twins: tuple[Twins, ...]
    odd: Mapping[str, tuple[str, ...]]
    unlabelled: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the set can be used as it is."""
        return not self.missing and not self.damaged


@dataclasses.dataclass(frozen=True)
class _Listed:
    """A set as its labels describe it, before any image is opened."""

    name: str
    where: Path
    names: Sequence[str]
    paths: Sequence[Path]
    labels: np.ndarray
    subsets: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()


def check(spec: str, data_dir: Path, store: FeatureStore) -> Check:
    """Look at every file of a dataset.

    Parameters
    ----------
    spec, data_dir, store
        As for `benchmark.data.open.open_dataset`; but damaged and missing images are reported, not refused.

    Raises
    ------
    DatasetError
        The labels themselves cannot be read.
    """
    listed = _list(spec, data_dir, store)
    present = [i for i, path in enumerate(listed.paths) if path.is_file() and path.stat().st_size]
    absent = sorted(set(range(len(listed.names))) - set(present))
    keys = hash_files([listed.paths[i] for i in present], [listed.names[i] for i in present])
    images = ImageSet(keys, store, paths=[listed.paths[i] for i in present])
    broken = undecodable(images, [listed.names[i] for i in present])
    sound = np.array([i for i in range(len(present)) if i not in broken], dtype=np.int64)
    names = [listed.names[present[i]] for i in sound]
    labels = listed.labels[[present[i] for i in sound]]
    return Check(
        name=listed.name,
        where=listed.where,
        size=len(listed.names),
        counts={key: _count(listed.labels[mask]) for key, mask in listed.subsets.items()},
        table4=twitter.TABLE4 if listed.name == twitter.NAME else {},
        missing=tuple(listed.names[i] for i in absent),
        damaged=tuple(broken.values()),
        twins=tuple(
            Twins(
                names[p.first],
                names[p.second],
                p.exact,
                bool(labels[p.first] != labels[p.second]),
                p.distance,
            )
            for p in duplicate_pairs(images[sound], names)
        ),
        odd=oddities([listed.paths[present[i]] for i in sound], names),
        unlabelled=_unlabelled(listed),
        notes=listed.notes,
    )


def _list(spec: str, data_dir: Path, store: FeatureStore) -> _Listed:
    """Read the labels of whichever dataset ``spec`` names."""
    place = locate_dataset(spec, data_dir)
    if place is None:
        dataset = open_dataset(SYNTHETIC if spec.strip() == AUTO else spec, data_dir, store)
        root = dataset.root or data_dir
        paths = [Path(path) for path in _files(dataset)]
        return _Listed(
            dataset.name, root, dataset.names, paths, dataset.labels, dataset.subsets, dataset.notes
        )
    if place.is_dir() and twitter.recognise(place):
        votes = read_votes(place)
        names = sorted(votes)
        counts = np.array([votes[name] for name in names], dtype=np.int64).reshape(-1, 2)
        labels, subsets = (counts[:, 1] > counts[:, 0]).astype(np.int64), vote_subsets(counts)
        notes = [*twitter.differences_from_table4(labels, subsets)]
        known = sum(first in votes and second in votes for first, second in twitter.overlaps())
        if known:
            notes.append(f"{known} more pairs are crops, collages or edits of one picture (kept in one fold)")
        paths = twitter.image_paths(place, names)
        return _Listed(twitter.NAME, place, names, paths, labels, subsets, tuple(notes))
    listing = folder.list_images(place)
    labels = np.array(listing.labels, dtype=np.int64)
    return _Listed(
        folder.dataset_name(place),
        place,
        listing.names,
        listing.paths,
        labels,
        listing.subsets,
        listing.notes,
    )


def _files(dataset: Dataset) -> Sequence[str]:
    """Files of an open dataset, in its order."""
    paths = dataset.images._paths
    return [] if paths is None else paths.tolist()


def _count(labels: np.ndarray) -> tuple[int, int]:
    return int((labels == 1).sum()), int((labels == 0).sum())


def _unlabelled(listed: _Listed) -> tuple[str, ...]:
    """Images in the folders of the labelled ones that no label names."""
    known = {path.absolute() for path in listed.paths}
    folders = {path.parent for path in known if path.parent.is_dir()}
    found = (path for place in folders for path in place.iterdir() if looks_like_image(path.name))
    return tuple(sorted(path.name for path in found if path not in known))
