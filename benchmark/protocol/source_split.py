"""The source's own test part: a tenth of its labelled images that nothing is learned from (Tables 1 to 3)."""

import dataclasses

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.source import Source
from benchmark.protocol.seeds import derive_seed

TESTED = 0.1
"""You et al. (2015) take a random tenth of the Flickr images."""


@dataclasses.dataclass(frozen=True)
class SourceSplit:
    """Two parts of a source: to learn from, and to test on."""

    train: Source
    test: Source


def split_source(source: Source, share: float = TESTED, seed: int = 0) -> SourceSplit:
    """Hold out a random part of the images that have a weak label; those without one are left out.

    Duplicates stay together. Which images are held out depends on the images alone: every network is tested
    on the same.

    Raises
    ------
    DatasetError
        A part would hold images of one class only, or none.
    """
    return SourceSplit(*(source.take(part) for part in split_groups(source, share, seed)))


def split_groups(source: Source, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the labelled images to learn from and of those held out, both ascending, groups whole."""
    labelled = np.flatnonzero(source.labels >= 0)
    groups = source.images.groups[labelled]
    order = np.random.default_rng(derive_seed(seed, "source split", share)).permutation(np.unique(groups))
    sizes = np.bincount(np.searchsorted(np.unique(groups), groups), minlength=len(order))
    rank = np.cumsum(sizes[np.searchsorted(np.unique(groups), order)])
    held = order[: int(np.searchsorted(rank, share * len(labelled), side="left")) + 1]
    out = np.isin(groups, held)
    train, test = labelled[~out], labelled[out]
    for name, part in (("to learn from", train), ("held out", test)):
        found = np.bincount(source.labels[part], minlength=2)
        if found.min() == 0:
            raise DatasetError(
                f"source {source.name}: of {len(labelled)} images with a weak label, the part {name} has "
                f"{found[1]} positive and {found[0]} negative; give a larger source"
            )
    return train, test
