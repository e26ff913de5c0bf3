"""Where the figures get their pictures: by opaque id, from the open dataset or source."""

from collections.abc import Callable, Collection, Iterable

import numpy as np

from benchmark.data.dataset import Dataset
from benchmark.data.imageset import ImageSet, opaque_ids
from benchmark.data.source import Source

Picture = Callable[[str], np.ndarray | None]
"""An image's id -> its pixels, uint8 (256, 256, 3); None for an unknown id."""


def picture_source(dataset: Dataset, sources: Iterable[Source] = ()) -> Picture:
    """Pictures of a dataset, and of the sources that something was learned from.

    An id is made of the image's bytes, so that one of the dataset is never another of a source.
    """
    parts = [(dataset.images, {image_id: i for i, image_id in enumerate(dataset.ids)})]
    parts += [(source.images, _places(source)) for source in sources]
    return lambda image_id: _load(parts, image_id)


def picture_by_key(
    source: Source, wanted: Collection[str]
) -> tuple[Callable[[str], np.ndarray | None], set[str]]:
    """A function from the first digits of an image's key to its pixels, and which of the wanted it lacks."""
    digits = max(map(len, wanted), default=0)
    place = {key[:digits]: i for i, key in enumerate(source.keys)}

    def picture(image: str) -> np.ndarray | None:
        return source.images.load(place[image]) if image in place else None

    return picture, set(wanted) - set(place)


def source_pictures(source: Source, wanted: Collection[str]) -> tuple[Picture, set[str]]:
    """Pictures of a source by id, and which of the wanted ids it lacks."""
    places = _places(source)
    lacking = {image for image in wanted if _bytes_of(image) not in places}
    return lambda image_id: _load([(source.images, places)], image_id), lacking


def _places(source: Source) -> dict[str, int]:
    return {image_id: i for i, image_id in enumerate(opaque_ids(source.images))}


def _load(parts: Iterable[tuple[ImageSet, dict[str, int]]], image_id: str) -> np.ndarray | None:
    for images, places in parts:
        for name in (image_id, _bytes_of(image_id)):
            if name in places:
                return images.load(places[name])
    return None


def _bytes_of(image_id: str) -> str:
    """The id without its number of a copy: copies look alike, and a part of a source counts them anew."""
    return image_id.partition("~")[0]
