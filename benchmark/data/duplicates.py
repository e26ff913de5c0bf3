"""Copies of images: the same bytes, or the same picture saved again.

A copy in the training part of a fold would hand over the answer to its twin in the test part, so copies share
a group and groups are never split. Nothing here sees a label.
"""

import dataclasses
import errno
import hashlib
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmark.data.dataset import DatasetError
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.data.likeness import DuplicatePair, Likeness, alike
from benchmark.data.perceptual import PerceptualHash
from benchmark.data.pixels import ImageError

NAMED = 10
"""Files named in an error before the rest is only counted."""

MAX_BYTES = 500_000_000
"""A larger file is refused: no photograph, and more than should be held in memory."""


def hash_files(paths: Sequence[Path], names: Sequence[str]) -> list[str]:
    """SHA-256 of each file's bytes, as hexadecimal digits.

    Raises
    ------
    DatasetError
        Files are missing, empty, larger than `MAX_BYTES`, no files or cannot be read: the first ten are
        named, the others counted.
    """
    keys, problems = [], []
    for path, name in zip(paths, names, strict=True):
        try:
            data = _whole(path)
        except FileNotFoundError:
            problems.append(f"{name}: no such file ({path})")
        except OSError as error:
            problems.append(f"{name}: cannot be read ({error.strerror or error})")
        else:
            if not data:
                problems.append(f"{name}: the file is empty (0 bytes)")
            keys.append(hashlib.sha256(data).hexdigest())
    if problems:
        raise DatasetError(
            f"{len(problems)} of {len(names)} image files cannot be used:\n{name_some(problems)}\n"
            "put the files there (or fetch them again), or remove their lines from the label files"
        )
    return keys


def _whole(path: Path) -> bytes:
    """The bytes of a file; what is no file is not waited for, what is too large is not read."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "not a file")
    if state.st_size > MAX_BYTES:
        raise OSError(errno.EFBIG, f"{state.st_size:,} bytes, more than {MAX_BYTES:,}; scale it down first")
    return path.read_bytes()


def duplicate_groups(
    images: ImageSet,
    names: Sequence[str],
    given: Sequence[int] | np.ndarray | None = None,
    likeness: Likeness | None = None,
) -> np.ndarray:
    """Number the groups of images that show the same picture.

    Every image is decoded (once: its pixels stay in the store), so that all damaged files are known at once.

    Parameters
    ----------
    images : ImageSet
        With its files.
    names : sequence of str
        How errors call the images.
    given : array-like of int, shape (n,), optional
        Groups known beforehand; a group found that touches several of them joins them.

    Returns
    -------
    ndarray of int64, shape (n,)
        Groups numbered from 0 in the order in which their first image comes.

    Raises
    ------
    DatasetError
        Images cannot be decoded: each is named with the reason.
    """
    pairs = duplicate_pairs(images, names, likeness)
    first = [pair.first for pair in pairs]
    second = [pair.second for pair in pairs]
    if given is not None:
        if len(given) != len(images):
            raise DatasetError(f"{len(images)} images but {len(given)} given groups; give one group an image")
        for a, b in _consecutive(np.asarray(given).tolist()):
            first.append(a)
            second.append(b)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(len(images), len(images)))
    _, component = connected_components(graph, directed=False)
    _, start, which = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(start))[which].astype(np.int64)


def duplicate_pairs(
    images: ImageSet, names: Sequence[str] | None = None, likeness: Likeness | None = None
) -> list[DuplicatePair]:
    """Pairs of images of one set that show the same picture, in image order.

    Of files with the same bytes only neighbours in image order are paired, and only the first of them with
    other images: enough to join them all.

    Raises
    ------
    DatasetError
        Images cannot be decoded: each is named with the reason.
    """
    keys = images._keys.tolist()
    hashes = _hashes(images, names)
    pairs = [DuplicatePair(a, b, True, 0, 0.0) for a, b in _consecutive(keys)]
    unique = np.array(sorted({key: i for i, key in reversed(list(enumerate(keys)))}.values()), dtype=np.int64)
    few = images[unique]
    for pair in alike(few, few, hashes[unique], hashes[unique], likeness or Likeness(), same=True):
        pairs.append(
            dataclasses.replace(pair, first=int(unique[pair.first]), second=int(unique[pair.second]))
        )
    return sorted(pairs, key=lambda pair: (pair.first, pair.second))


def near_duplicates_of(
    images: ImageSet, others: ImageSet, names: Sequence[str] | None = None, likeness: Likeness | None = None
) -> list[DuplicatePair]:
    """Pairs of one image of ``images`` and one of ``others`` that show the same picture (exact copies too).

    A training source is checked against a target in this way: what `first` names has to be dropped from it.

    Raises
    ------
    DatasetError
        Images cannot be decoded: each is named with the reason.
    """
    mine, theirs = _hashes(images, names), _hashes(others, None)
    keys, other_keys = images._keys, others._keys
    pairs = []
    for pair in alike(images, others, mine, theirs, likeness or Likeness(), same=False):
        pairs.append(dataclasses.replace(pair, exact=bool(keys[pair.first] == other_keys[pair.second])))
    return pairs


def name_some(problems: Sequence[str], most: int = NAMED) -> str:
    """The first problems, one a line, and how many more there are."""
    lines = [f"  {problem}" for problem in problems[:most]]
    if len(problems) > most:
        lines.append(f"  and {len(problems) - most} more")
    return "\n".join(lines)


def undecodable(images: ImageSet, names: Sequence[str] | None = None) -> dict[int, str]:
    """Decode every image; say what is wrong with those that cannot be.

    Returns
    -------
    dict of int to str
        Place of each such image to the reason, which names it.
    """
    extractor = PerceptualHash()
    problems = {}
    for start in range(0, len(images), BATCH):
        try:
            images[start : start + BATCH].prepare(extractor)
        except (ImageError, OSError):
            for i in range(start, min(start + BATCH, len(images))):
                try:
                    images.load(i, extractor.size)
                except (ImageError, OSError) as error:
                    reason = str(error)
                    if names is not None:
                        reason = f"{names[i]}: {reason.removeprefix(Path(names[i]).name + ': ')}"
                    problems[i] = reason
    return problems


def _hashes(images: ImageSet, names: Sequence[str] | None) -> np.ndarray:
    """Perceptual hashes, uint64 (n,); every image that cannot be decoded is named in one error."""
    extractor = PerceptualHash()
    try:
        return np.asarray(images.features(extractor)).astype(np.uint64).reshape(-1)
    except (ImageError, OSError):
        problems = undecodable(images, names)
    if problems:
        raise DatasetError(
            f"{len(problems)} of {len(images)} images cannot be decoded:\n"
            f"{name_some(list(problems.values()), len(problems))}\n"
            "replace these files (or fetch them again), or remove their lines from the label files"
        )
    return np.asarray(images.features(extractor)).astype(np.uint64).reshape(-1)


def _consecutive(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Places of each value and of its last occurrence before."""
    last: dict[object, int] = {}
    for i, value in enumerate(values):
        if value in last:
            yield last[value], i
        last[value] = i
