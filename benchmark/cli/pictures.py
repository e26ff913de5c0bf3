"""Where the figures get their pictures: by opaque id, from the open dataset."""

from collections.abc import Callable

import numpy as np

from benchmark.data.dataset import Dataset


def picture_source(dataset: Dataset) -> Callable[[str], np.ndarray | None]:
    """A function from an image's id to its pixels, uint8 (256, 256, 3); None for an unknown id."""
    place = {image_id: i for i, image_id in enumerate(dataset.ids)}

    def picture(image_id: str) -> np.ndarray | None:
        return dataset.images.load(place[image_id]) if image_id in place else None

    return picture
