"""No source may hold a copy of a target image: what was seen in training cannot be tested on."""

import dataclasses

import numpy as np

from benchmark.data.duplicates import near_duplicates_of
from benchmark.data.imageset import ImageSet
from benchmark.data.likeness import Likeness
from benchmark.data.source import Source
from benchmark.data.source_images import some


def drop_near_duplicates(
    source: Source, target: ImageSet, likeness: Likeness | None = None
) -> tuple[Source, tuple[str, ...]]:
    """Take out of a source what the target holds: the same bytes, or the same picture saved again.

    With an image goes its whole group, since the copies within a source need not all resemble the target's
    version enough to be found by themselves.

    Parameters
    ----------
    source : Source
    target : ImageSet
        All images that anything learned from the source will be tested on.
    likeness : Likeness, optional
        When two images count as the same picture.

    Returns
    -------
    source : Source
        Without them; its notes name the first. The same object if there are none.
    dropped : tuple of str
        Names of all that were taken out, in the order of the source.

    Raises
    ------
    DatasetError
        An image cannot be decoded.
    """
    pairs = near_duplicates_of(source.images, target, source.names, likeness)
    groups = np.unique(source.images.groups[[pair.first for pair in pairs]])
    out = np.isin(source.images.groups, groups)
    if not out.any():
        return source, ()
    dropped = tuple(source.names[i] for i in np.flatnonzero(out))
    kept = source.take(np.flatnonzero(~out))
    note = f"{len(dropped)} images were left out as copies of target images: {some(dropped)}"
    return dataclasses.replace(kept, notes=(*kept.notes, note)), dropped
