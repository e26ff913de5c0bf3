"""Where decoded images come from: an array in memory, a memory-mapped file, or the feature store."""

from typing import Protocol

import numpy as np

from benchmark.data.extractor import Pixels
from benchmark.data.imageset import ImageSet


class PixelSource(Protocol):
    """Square images of one size."""

    @property
    def side(self) -> int:
        """Side of the images in pixels."""
        ...

    def __len__(self) -> int: ...

    def read(self, index: np.ndarray) -> np.ndarray:
        """Images at ``index`` (int, shape (k,)), as uint8 RGB of shape (k, side, side, 3)."""
        ...


class ArrayPixels:
    """Images in one array, which may be a `numpy.memmap`.

    Parameters
    ----------
    array : ndarray of uint8, shape (n, side, side, 3)
    """

    def __init__(self, array: np.ndarray) -> None:
        shape = array.shape
        if array.dtype != np.uint8 or len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3:
            raise ValueError(
                f"pixels are uint8 of shape (n, side, side, 3), not {array.dtype} of shape {shape}"
            )
        self.array = array

    @property
    def side(self) -> int:
        """Side of the images in pixels."""
        return int(self.array.shape[1])

    def __len__(self) -> int:
        return len(self.array)

    def read(self, index: np.ndarray) -> np.ndarray:
        """Images at ``index``."""
        return np.asarray(self.array[index])


class StoredPixels:
    """Images of an `ImageSet`, read from the feature store batch by batch: nothing is held in memory.

    Parameters
    ----------
    images : ImageSet
    side : int
        Side in pixels. Images that the store lacks are decoded now.
    """

    def __init__(self, images: ImageSet, side: int = 256) -> None:
        self._images, self._pixels = images, Pixels(size=side)
        images.prepare(self._pixels)

    @property
    def side(self) -> int:
        """Side of the images in pixels."""
        return self._pixels.size

    def __len__(self) -> int:
        return len(self._images)

    def read(self, index: np.ndarray) -> np.ndarray:
        """Images at ``index``."""
        return np.asarray(self._images[np.asarray(index, dtype=np.int64)].features(self._pixels))


def as_pixels(pixels: PixelSource | np.ndarray) -> PixelSource:
    """An array as a source; a source as it is."""
    return ArrayPixels(pixels) if isinstance(pixels, np.ndarray) else pixels
