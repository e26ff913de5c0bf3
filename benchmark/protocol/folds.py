"""Fold assignments: which images train and which test in each fold.

``grouped``, this project's own: one assignment over all images, stratified by label and agreement,
duplicates in one fold; each subset inherits it, so an image held out in one subset is held out in all.
``campos``: the published files of Campos, Jou & Giro-i-Nieto (2017), drawn independently for each subset,
which split duplicates. It is here to compare with later work and is exempt, by name, from both guards.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.fingerprint import value_hash
from benchmark.data.labels import read_words
from benchmark.protocol.seeds import derive_seed

PROTOCOLS = ("grouped", "campos")
TrainOn = Literal["subset", "all"]


@dataclasses.dataclass(frozen=True)
class FoldAssignment:
    """Folds of every subset of one dataset.

    Attributes
    ----------
    protocol : str
        ``grouped`` or ``campos``.
    k : int
        Number of folds.
    folds : mapping of str to ndarray of int64, shape (n,)
        For each subset, the fold (1 to k) that tests each image; 0 for images that are not used.
    pool : ndarray of int64, shape (n,), or None
        The assignment over all images where there is one: what ``train_on="all"`` trains on.
    """

    protocol: str
    k: int
    folds: Mapping[str, np.ndarray]
    pool: np.ndarray | None

    @property
    def digest(self) -> str:
        """Hash of the whole assignment."""
        return value_hash([self.protocol, self.k, {name: np.asarray(f) for name, f in self.folds.items()}])

    def test(self, subset: str, fold: int) -> np.ndarray:
        """Indices of the test images, ascending."""
        return np.flatnonzero(self.folds[subset] == fold)

    def train(self, subset: str, fold: int, train_on: TrainOn = "subset") -> np.ndarray:
        """Indices of the training images, ascending.

        Parameters
        ----------
        train_on : str
            ``subset``: the subset's images of the other folds. ``all``: all images of the other folds
            ("four fifth of the 1269 images").

        Raises
        ------
        ValueError
            ``all`` under a protocol whose subsets have folds of their own.
        """
        if train_on == "all":
            if self.pool is None:
                raise ValueError(
                    f"--train-on all needs one assignment over all images; {self.protocol!r} has one "
                    "a subset: training on all would train on test images. Use --protocol grouped"
                )
            return np.flatnonzero((self.pool != fold) & (self.pool > 0))
        used = self.folds[subset]
        return np.flatnonzero((used != fold) & (used > 0))


def grouped_folds(dataset: Dataset, k: int = 5, seed: int = 0) -> FoldAssignment:
    """Draw the folds once over all images.

    Raises
    ------
    DatasetError
        Too few images or groups of a class for k folds.
    """
    for label, name in ((1, "positive"), (0, "negative")):
        groups = len(np.unique(dataset.images.groups[dataset.labels == label]))
        if groups < k:
            raise DatasetError(
                f"dataset {dataset.name}: {groups} independent {name} images, fewer than {k} folds; "
                f"add {name} images (duplicates count once)"
            )
    strata = dataset.labels * 10 + dataset.agreement
    splitter = StratifiedGroupKFold(k, shuffle=True, random_state=derive_seed(seed, "folds", "grouped", k))
    fold = np.zeros(len(dataset), dtype=np.int64)
    for number, (_, test) in enumerate(_quiet_split(splitter, strata, dataset.images.groups), start=1):
        fold[test] = number
    folds = {name: np.where(mask, fold, 0) for name, mask in dataset.subsets.items()}
    _check_both_classes(dataset, folds, k)
    return FoldAssignment("grouped", k, folds, fold)


def _quiet_split(splitter: StratifiedGroupKFold, strata: np.ndarray, groups: np.ndarray) -> list:
    """Split without the warning that a rare stratum (3:2 negatives, say) has fewer members than folds."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        counts = np.bincount(strata)
        rare = np.flatnonzero((counts > 0) & (counts < splitter.n_splits))
        merged = np.where(np.isin(strata, rare), strata // 10 * 10, strata)
        return list(splitter.split(np.zeros(len(strata)), merged, groups))


def _check_both_classes(dataset: Dataset, folds: Mapping[str, np.ndarray], k: int) -> None:
    for name, fold in folds.items():
        for number in range(1, k + 1):
            test = dataset.labels[fold == number]
            if len(np.unique(test)) < 2:
                raise DatasetError(
                    f"dataset {dataset.name}: fold {number} of subset {name!r} holds "
                    f"{len(test)} images of {len(np.unique(test))} class(es); too small a set for {k} folds"
                )


CAMPOS_SUBSETS = {"five": "five_agrees", "four": "four_agrees", "three": "three_agrees"}


def campos_folds(dataset: Dataset, folder: Path | None = None) -> FoldAssignment:
    """Read the folds published by Campos et al. (2017).

    Parameters
    ----------
    folder : Path, optional
        Holds ``{five,four,three}_agrees/test{1..5}/{train,test}.txt``; by default ``campos_folds`` in the
        dataset's folder or beside it.

    Raises
    ------
    DatasetError
        Files are missing, name an image that the dataset lacks, or overlap.
    """
    folder = folder or _find_campos(dataset)
    place = {Path(name).name: i for i, name in enumerate(dataset.names)}
    folds = {}
    for subset, directory in CAMPOS_SUBSETS.items():
        if subset not in dataset.subsets:
            raise DatasetError(
                f"protocol campos needs the subset {subset!r}, dataset {dataset.name} has none"
            )
        fold = np.zeros(len(dataset), dtype=np.int64)
        for number in range(1, 6):
            path = folder / directory / f"test{number}" / "test.txt"
            for i in _read_campos(path, place, dataset.labels):
                if fold[i]:
                    raise DatasetError(
                        f"{path}: {dataset.names[i]} is in test folds {fold[i]} and {number}; "
                        "remove one of the two lines"
                    )
                fold[i] = number
        folds[subset] = fold
    return FoldAssignment("campos", 5, folds, None)


def _find_campos(dataset: Dataset) -> Path:
    roots = [] if dataset.root is None else [dataset.root, dataset.root.parent]
    for root in roots:
        if (root / "campos_folds").is_dir():
            return root / "campos_folds"
    where = " or ".join(str(root / "campos_folds") for root in roots) or "campos_folds"
    raise DatasetError(
        f"protocol campos needs the published fold files; put them at {where}, or use --protocol grouped"
    )


def _read_campos(path: Path, place: Mapping[str, int], labels: np.ndarray) -> list[int]:
    if not path.exists():
        raise DatasetError(f"{path}: missing; the published folds have one test.txt and train.txt a fold")
    found = []
    for line in read_words(path):
        name = line.image
        if name not in place:
            raise line.error(f"image {name!r} is not in the dataset", "fetch it: data fetch twitter")
        known = int(labels[place[name]])
        if line.label(1) != known:
            raise line.error(
                f"{name} has label {line.cells[1]} here, {known} in the dataset", "correct one of them"
            )
        found.append(place[name])
    return found


def draw_folds(dataset: Dataset, protocol: str = "grouped", seed: int = 0) -> FoldAssignment:
    """The fold assignment of a protocol by its name.

    Raises
    ------
    ValueError
        Unknown protocol, or ``campos`` with a seed other than 0 (its folds are files).
    """
    if protocol == "grouped":
        return grouped_folds(dataset, seed=seed)
    if protocol == "campos":
        return campos_folds(dataset)
    raise ValueError(f"protocol {protocol!r} is unknown; use one of {', '.join(PROTOCOLS)}")
