"""Self-similarity: how the patch at a point recurs around it (Shechtman & Irani 2007)."""

import dataclasses
import functools
from typing import ClassVar

import cv2
import numpy as np

from benchmark.data.extractor import Extractor

RINGS, SECTORS = 3, 10
LENGTH = RINGS * SECTORS
"""Numbers in a descriptor (Xiao et al. 2010)."""

PATCH = 5
"""Side of a patch in pixels."""

NOISE = PATCH * PATCH * 3 * 36
"""Sum of squared differences put down to noise: 6 levels (of 255) for each of 25 pixels and 3 channels."""

HOMOGENEOUS = 0.9
"""Where even the least similar bin is this similar, the point lies in a flat area."""

LAYERS = (1, 2)
"""Grids over which `PooledSelfSimilarity` averages."""


@dataclasses.dataclass(frozen=True)
class SelfSimilarity(Extractor):
    """Dense self-similarity descriptors, ready to become visual words.

    The 5 x 5 patch at a point is compared with those around it by the sum of squared differences in CIE
    L*a*b* (8 bits a channel), which becomes a similarity ``exp(-ssd / max(noise, variation))``; ``variation``
    is the largest difference to a patch one pixel away. The descriptor is the greatest similarity in each of
    3 rings x 10 sectors, stretched to 0 to 1. Xiao et al. (2010) place one every 5 pixels and quantise them
    to 300 words.

    Not published, and chosen here: the rings are bounded by a geometric series from the patch's half-width,
    2.5 pixels, to the radius; the noise is that of the descriptor's common implementations; flat areas are
    not stretched, which would blow up their noise (the original drops them).

    Attributes
    ----------
    size : int
        Side of the images in pixels; at least ``2 * radius + 5``.
    step : int
        Pixels between points, at least 1. The default makes 324 descriptors of an image of 256 pixels.
    radius : int
        Of the area that a patch is compared with, in pixels, at least 6.
    """

    step: int = 10
    radius: int = 40
    ragged: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_settings(self, self.step, self.radius)

    def extract(self, pixels: np.ndarray) -> list[np.ndarray]:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        list of n ndarrays of uint8, shape (k, 32)
            The descriptor in steps of 1/255: rings from the inner to the outer, within a ring the sectors of
            36 degrees, counter-clockwise from the right. Then x and y of the point in 256ths of the side.
            ``k`` is the same for all images.
        """
        points = _grid(self.size, self.step, self.radius)
        y, x = np.meshgrid(points * 256 // self.size, points * 256 // self.size, indexing="ij")
        places = np.stack([x, y], axis=2).reshape(-1, 2).astype(np.uint8)
        found = []
        for image in pixels:
            similar = correlations(image, points, self.radius).reshape(-1, LENGTH)
            coded = np.rint(similar * np.float32(255)).astype(np.uint8)
            found.append(np.concatenate([coded, places], axis=1))
        return found


@dataclasses.dataclass(frozen=True)
class PooledSelfSimilarity(Extractor):
    """Self-similarity descriptors averaged over the whole image and its quarters.

    A fixed length without a vocabulary.

    Attributes
    ----------
    size, step, radius : int
        As in `SelfSimilarity`; at least two points fit along each side.
    """

    step: int = 10
    radius: int = 40

    def __post_init__(self) -> None:
        _check_settings(self, self.step, self.radius)
        if len(_grid(self.size, self.step, self.radius)) < LAYERS[-1]:
            raise ValueError(
                f"PooledSelfSimilarity: size {self.size}, step {self.step} and radius {self.radius} leave "
                f"room for one point; quarters need two along each side: reduce step or radius"
            )

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of float32, shape (n, 150)
            5 regions of 30 numbers from 0 to 1: the image, its quarters row by row.
        """
        points = _grid(self.size, self.step, self.radius)
        found = np.empty((len(pixels), sum(k * k for k in LAYERS) * LENGTH), dtype=np.float32)
        for i, image in enumerate(pixels):
            similar = correlations(image, points, self.radius)
            found[i] = np.concatenate([_region_means(similar, k).ravel() for k in LAYERS])
        return found


def correlations(image: np.ndarray, points: np.ndarray, radius: int) -> np.ndarray:
    """Descriptors at the crossings of a grid.

    Parameters
    ----------
    image : ndarray of uint8, shape (h, w, 3)
        RGB.
    points : ndarray of int, shape (m,)
        Rows and columns of the grid; at least ``radius + 2`` from every border.
    radius : int
        Of the area that a patch is compared with.

    Returns
    -------
    ndarray of float32, shape (m, m, 30)
        0 to 1: row, column, and the bin as in `SelfSimilarity`.
    """
    lab = [plane.astype(np.float32) for plane in cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2LAB))]
    # |p - q|^2 = |q|^2 - 2 p.q + |p|^2. All terms are integers below 2^24, which single precision holds
    # exactly, so the sums may be taken in any order.
    squares = lab[0] * lab[0] + lab[1] * lab[1] + lab[2] * lab[2]
    norms = cv2.boxFilter(squares, -1, (PATCH, PATCH), normalize=False, borderType=cv2.BORDER_CONSTANT)
    order, starts = _bins(radius)
    half = PATCH // 2
    nearest = np.empty((len(points), len(points), LENGTH), dtype=np.float32)
    variation = np.empty((len(points), len(points), 1), dtype=np.float32)
    for i, y in enumerate(points):
        for j, x in enumerate(points):
            ssd = norms[y - radius : y + radius + 1, x - radius : x + radius + 1] + norms[y, x]
            reach = radius + half
            for plane in lab:
                patch = -2 * plane[y - half : y + half + 1, x - half : x + half + 1]
                window = plane[y - reach : y + reach + 1, x - reach : x + reach + 1]
                product = cv2.filter2D(window, -1, patch, borderType=cv2.BORDER_CONSTANT)
                ssd += product[half:-half, half:-half]
            variation[i, j] = ssd[radius - 1 : radius + 2, radius - 1 : radius + 2].max()
            nearest[i, j] = np.minimum.reduceat(ssd.ravel()[order], starts)
    similar = np.exp(-nearest / np.maximum(variation, np.float32(NOISE)))
    return _stretch(similar)


def _stretch(similar: np.ndarray) -> np.ndarray:
    """Stretch each descriptor to 0 to 1, except where it is flat or constant."""
    low, high = similar.min(axis=-1, keepdims=True), similar.max(axis=-1, keepdims=True)
    span = high - low
    stretch = (low < HOMOGENEOUS) & (span > 0)
    return np.where(stretch, (similar - low) / np.where(stretch, span, 1), similar)


@functools.lru_cache(maxsize=8)
def _bins(radius: int) -> tuple[np.ndarray, np.ndarray]:
    """The displacements of each ring and sector.

    Returns
    -------
    order : ndarray of int64
        Indices into the flattened square of ``2 * radius + 1`` displacements a side, bin after bin.
    starts : ndarray of int64, shape (30,)
        First place of each bin in ``order``.
    """
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    inner = PATCH / 2
    distance = np.hypot(x, y)
    ring = np.ceil(RINGS * np.log(np.maximum(distance, 1e-9) / inner) / np.log(radius / inner)) - 1
    turn = np.arctan2(-y, x) / (2 * np.pi) % 1
    sector = np.floor(turn * SECTORS).astype(np.int64) % SECTORS
    inside = (ring >= 0) & (distance <= radius)
    bin_of = np.where(inside, np.clip(ring, 0, RINGS - 1).astype(np.int64) * SECTORS + sector, LENGTH).ravel()
    order = np.argsort(bin_of, kind="stable")[: int(inside.sum())]
    return order, np.searchsorted(bin_of[order], np.arange(LENGTH))


def _grid(size: int, step: int, radius: int) -> np.ndarray:
    """Coordinates, along one side, of the points whose surroundings lie within the image."""
    margin = radius + PATCH // 2
    first = margin + (size - 1 - 2 * margin) % step // 2
    return np.arange(first, size - margin, step)


def _region_means(similar: np.ndarray, grid: int) -> np.ndarray:
    """Average descriptors in grid x grid regions, shape (grid, grid, 30)."""
    edges = np.arange(grid + 1) * len(similar) // grid
    sums = np.add.reduceat(np.add.reduceat(similar, edges[:-1], axis=0), edges[:-1], axis=1)
    count = np.diff(edges)
    return sums / (count[:, None] * count)[..., None].astype(np.float32)


def _check_settings(extractor: Extractor, step: int, radius: int) -> None:
    name = type(extractor).__name__
    if step < 1:
        raise ValueError(f"{name}: step is {step}; points are at least 1 pixel apart")
    if radius < 6:
        raise ValueError(f"{name}: radius is {radius}; its 30 bins are filled from 6 pixels on")
    if extractor.size < 2 * radius + PATCH:
        raise ValueError(
            f"{name}: size is {extractor.size}; a radius of {radius} needs {2 * radius + PATCH} or more"
        )
