"""Colour: joint RGB histograms (Siersdorfer et al. 2010; You et al. 2015, "Low-level Feature-based")."""

import dataclasses
import itertools

import cv2
import numpy as np

from benchmark.data.extractor import Extractor

LARGEST = 4096
"""Side of the largest block: the counts of 2^24 pixels are exact in the floats that OpenCV gives."""


@dataclasses.dataclass(frozen=True)
class RgbHistogram(Extractor):
    """Pixel counts of a joint RGB histogram in each block of a grid.

    Counts add up, so one stored grid also gives every coarser histogram that its blocks tile: see
    `merge_blocks`.

    Attributes
    ----------
    size : int
        Side of the images in pixels.
    bins : int
        Equal intervals of 0 to 255 for each of R, G and B, 1 to 256; 4 make the published 64 bins.
    grid : int
        Blocks along each side, 1 to ``size``.
    """

    bins: int = 4
    grid: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.bins <= 256:
            raise ValueError(f"RgbHistogram: bins is {self.bins}; a channel has 1 to 256 intervals")
        if not 1 <= self.grid <= self.size:
            raise ValueError(
                f"RgbHistogram: grid is {self.grid}; an image {self.size} wide has 1 to {self.size} blocks"
            )
        if self.size > self.grid * LARGEST:
            raise ValueError(
                f"RgbHistogram: size is {self.size} and grid {self.grid}; a block is at most {LARGEST} wide"
            )

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Count pixels by image, block and colour.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of uint32, shape (n, grid * grid * bins ** 3)
            Blocks row by row; within a block, red is the slowest and blue the fastest index.
        """
        edges = [-(-self.size * k // self.grid) for k in range(self.grid + 1)]
        parts = [slice(edges[k], edges[k + 1]) for k in range(self.grid)]
        counts = np.empty((len(pixels), self.grid**2, self.bins**3), dtype=np.uint32)
        for image, blocks in zip(pixels, counts, strict=True):
            for k, (row, column) in enumerate(itertools.product(parts, parts)):
                found = cv2.calcHist([image[row, column]], [0, 1, 2], None, [self.bins] * 3, [0, 256] * 3)
                blocks[k] = found.ravel()
        return counts.reshape(len(pixels), self.grid**2 * self.bins**3)


def merge_blocks(counts: np.ndarray, grid: int, into: int) -> np.ndarray:
    """Add up the histograms of neighbouring blocks.

    Parameters
    ----------
    counts : ndarray, shape (n, grid * grid * colours)
        As from `RgbHistogram`.
    grid : int
        Blocks along each side in ``counts``.
    into : int
        Blocks along each side wanted; divides ``grid``.

    Returns
    -------
    ndarray of int64, shape (n, into * into, colours)
    """
    times = grid // into
    split = counts.reshape(len(counts), into, times, into, times, -1)
    return split.sum(axis=(2, 4), dtype=np.int64).reshape(len(counts), into * into, -1)
