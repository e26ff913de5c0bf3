"""What an image looks like in few numbers, for finding copies of it: a 64-bit hash and a thumbnail."""

import dataclasses

import numpy as np
from scipy.fft import dctn

from benchmark.data.extractor import Extractor

GREY = np.array([0.299, 0.587, 0.114])
"""Luma weights of ITU-R BT.601."""


@dataclasses.dataclass(frozen=True)
class PerceptualHash(Extractor):
    """64-bit perceptual hash of the low frequencies of an image.

    The grey image is averaged to ``side`` x ``side``; of its two-dimensional DCT the ``bits`` x ``bits``
    lowest frequencies are compared with their median (Zauner, "Implementation and Benchmarking of Perceptual
    Image Hash Functions", 2010, section 3.2.1; with the horizontal and vertical frequencies kept). The
    constant term is left out: the bit it would fill is always 0.

    Attributes
    ----------
    side : int
        Side of the grey image in pixels; divides ``size``.
    bits : int
        Frequencies in each direction, at most 8.
    """

    side: int = 32
    bits: int = 8

    def __post_init__(self) -> None:
        if self.size % self.side or not 2 <= self.bits <= min(8, self.side):
            raise ValueError(
                f"side {self.side} must divide size {self.size}, bits {self.bits} lie in 2 to 8: use 32, 8"
            )

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Hash images.

        Returns
        -------
        ndarray of uint64, shape (n, 1)
        """
        grey = _averages(pixels, self.side) @ GREY
        low = dctn(grey, axes=(1, 2), norm="ortho")[:, : self.bits, : self.bits].reshape(len(pixels), -1)
        low = np.round(low, 3)  # so that the rounding errors of a flat image are no pattern
        low[:, 0] = -np.inf
        above = low > np.median(low[:, 1:], axis=1, keepdims=True)
        weights = np.uint64(1) << np.arange(self.bits**2, dtype=np.uint64)
        return (above * weights).sum(axis=1, dtype=np.uint64)[:, None]


@dataclasses.dataclass(frozen=True)
class Thumbnail(Extractor):
    """A small colour image, each pixel the mean of a block.

    Attributes
    ----------
    side : int
        Side in pixels; divides ``size``.
    """

    side: int = 16

    def __post_init__(self) -> None:
        if self.size % self.side:
            raise ValueError(f"side {self.side} must divide size {self.size}; use 16")

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Scale images down.

        Returns
        -------
        ndarray of uint8, shape (n, side, side, 3)
            RGB, 0 to 255.
        """
        return np.round(_averages(pixels, self.side)).astype(np.uint8)


def _averages(pixels: np.ndarray, side: int) -> np.ndarray:
    """Means of blocks: (n, size, size, 3) uint8 to (n, side, side, 3) float."""
    n, size = pixels.shape[:2]
    block = size // side
    sums = pixels.reshape(n, side, block, side, block, 3).sum(axis=(2, 4), dtype=np.uint32)
    return sums / block**2
