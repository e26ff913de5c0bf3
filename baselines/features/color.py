"""Colour: joint RGB histograms (Siersdorfer et al. 2010; You et al. 2015, "Low-level Feature-based")."""

import dataclasses

import numpy as np

from benchmark.data.extractor import Extractor


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
        level = np.arange(256) * self.bins // 256
        red, green, blue = level * self.bins**2, level * self.bins, level
        colors, blocks = self.bins**3, self.grid**2
        row = np.arange(self.size) * self.grid // self.size
        first = (row[:, None] * self.grid + row) * colors
        counts = np.empty((len(pixels), blocks * colors), dtype=np.uint32)
        for image, count in zip(
            pixels, counts, strict=True
        ):  # one by one: what an image needs fits the cache
            cell = first + red[image[..., 0]]
            cell += green[image[..., 1]]
            cell += blue[image[..., 2]]
            count[:] = np.bincount(cell.ravel(), minlength=blocks * colors)
        return counts


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
