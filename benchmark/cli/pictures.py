"""Where the figures get their pictures: by opaque id, from the open dataset or source."""

from collections.abc import Callable, Collection

import numpy as np

from benchmark.data.dataset import Dataset
from benchmark.data.source import Source


def picture_source(dataset: Dataset) -> Callable[[str], np.ndarray | None]:
    """A function from an image's id to its pixels, uint8 (256, 256, 3); None for an unknown id."""
    place = {image_id: i for i, image_id in enumerate(dataset.ids)}

    def picture(image_id: str) -> np.ndarray | None:
        return dataset.images.load(place[image_id]) if image_id in place else None

    return picture


def picture_by_key(
    source: Source, wanted: Collection[str]
) -> tuple[Callable[[str], np.ndarray | None], set[str]]:
    """A function from the first digits of an image's key to its pixels, and which of the wanted it lacks."""
    digits = max(map(len, wanted), default=0)
    place = {key[:digits]: i for i, key in enumerate(source.keys)}

    def picture(image: str) -> np.ndarray | None:
        return source.images.load(place[image]) if image in place else None

    return picture, set(wanted) - set(place)
