"""HOG 2x2: histograms of oriented gradients as a scene feature (Xiao et al. 2010)."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from benchmark.data.extractor import Extractor

CELL = 8
"""Side of a cell in pixels."""

CHANNELS = 31
"""Numbers in a cell: 18 signed and 9 unsigned orientations, 4 texture energies (Felzenszwalb et al. 2010)."""

ORIENTATIONS = 18
STACKED = 4 * CHANNELS
"""Numbers in a descriptor: 2 x 2 cells."""

STEPS = 300
"""What is 1 in a cell is 300 in a descriptor's bytes: the largest possible, .2357 * 18 * .2, is then 255."""

LAYERS = (1, 2, 4)
"""Grids over which `PooledHog` averages."""

_LIMIT, _EPSILON, _TEXTURE = 0.2, 1e-4, 0.2357


@dataclasses.dataclass(frozen=True)
class Hog2x2(Extractor):
    """Dense descriptors of 2 x 2 stacked cells, ready to become visual words.

    Xiao et al. place one at every cell (8 pixels) and quantise them to 300 words in a spatial pyramid.

    Attributes
    ----------
    size : int
        Side of the images in pixels: a multiple of 8, at least 32.
    step : int
        Cells between descriptors, at least 1. The default takes every other cell: 225 descriptors of an
        image of 256 pixels rather than 841 that share three quarters of their cells.
    """

    step: int = 2
    ragged: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check_size(self)
        if self.step < 1:
            raise ValueError(f"Hog2x2: step is {self.step}; descriptors are at least 1 cell apart")

    def extract(self, pixels: np.ndarray) -> list[np.ndarray]:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        list of n ndarrays of uint8, shape (k, 126)
            The descriptor, in steps of 1/300: upper left, upper right, lower left and lower right cell. Then
            x and y of its centre in 256ths of the side. ``k`` is the same for all images.
        """
        return [self._describe(gradient_cells(image)) for image in pixels]

    def _describe(self, cells: np.ndarray) -> np.ndarray:
        coded = np.rint(cells * np.float32(STEPS)).astype(np.uint8)
        corners = (coded[:-1, :-1], coded[:-1, 1:], coded[1:, :-1], coded[1:, 1:])
        stacked = np.concatenate([corner[:: self.step, :: self.step] for corner in corners], axis=2)
        # The first cell described is the second of the image, so a descriptor's centre is two cells in.
        centre = (np.arange(0, len(cells) - 1, self.step) + 2) * CELL * 256 // self.size
        y, x = np.meshgrid(centre, centre, indexing="ij")
        rows = np.concatenate([stacked, x[..., None], y[..., None]], axis=2)
        return rows.reshape(-1, STACKED + 2).astype(np.uint8)


@dataclasses.dataclass(frozen=True)
class PooledHog(Extractor):
    """Cells averaged over the whole image, its quarters and its sixteenths.

    A fixed length without a vocabulary. It pools the cells rather than the stacked descriptors: an average
    over positions would make the four cells of a stack all but the same numbers.

    Attributes
    ----------
    size : int
        Side of the images in pixels: a multiple of 8, at least 48.
    """

    def __post_init__(self) -> None:
        _check_size(self)
        if self.size // CELL - 2 < LAYERS[-1]:
            raise ValueError(f"PooledHog: size is {self.size}; a grid of 4 x 4 needs at least 48 pixels")

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of float32, shape (n, 651)
            21 regions of 31 numbers from 0 to .85: the image, its quarters row by row, its sixteenths.
        """
        found = np.empty((len(pixels), sum(k * k for k in LAYERS) * CHANNELS), dtype=np.float32)
        for i, image in enumerate(pixels):
            cells = gradient_cells(image)
            found[i] = np.concatenate([_region_means(cells, k).ravel() for k in LAYERS])
        return found


def gradient_cells(image: np.ndarray) -> np.ndarray:
    """Normalised orientation histograms of the cells of an image, as in ``features.cc`` of voc-release.

    Parameters
    ----------
    image : ndarray of uint8, shape (h, w, 3)
        RGB; sides are multiples of 8, at least 24.

    Returns
    -------
    ndarray of float32, shape (h / 8 - 2, w / 8 - 2, 31)
        Cells on the border have no complete neighbourhood to be normalised by and are left out. Channel ``o``
        of the first 18 is the gradient (dark to bright) at ``20 o`` degrees, clockwise from the right; then 9
        without sign, and the energies with regard to the lower right, upper right, lower left and upper left
        neighbours.
    """
    histograms = _cell_histograms(image)
    unsigned = histograms[..., :9] + histograms[..., 9:]
    energy = np.einsum("ijk,ijk->ij", unsigned, unsigned)
    block = energy[:-1, :-1] + energy[1:, :-1] + energy[:-1, 1:] + energy[1:, 1:]
    scale = 1 / np.sqrt(block + np.float32(_EPSILON))
    inner = np.concatenate([histograms, unsigned], axis=2)[1:-1, 1:-1]
    cells = np.zeros((*inner.shape[:2], CHANNELS), dtype=np.float32)
    around = (scale[1:, 1:], scale[:-1, 1:], scale[1:, :-1], scale[:-1, :-1])
    for place, factor in enumerate(around):
        part = np.minimum(inner * factor[..., None], np.float32(_LIMIT))
        cells[..., :27] += part
        cells[..., 27 + place] = np.float32(_TEXTURE) * part[..., :ORIENTATIONS].sum(axis=2)
    cells[..., :27] *= np.float32(0.5)
    return cells


def _cell_histograms(image: np.ndarray) -> np.ndarray:
    """Gradient magnitude by cell and signed orientation, float32, shape (h / 8, w / 8, 18)."""
    strength, orientation = _gradient(image)
    cells, shares = _cell_shares(*image.shape[:2])
    rows, columns = image.shape[0] // CELL + 2, image.shape[1] // CELL + 2
    total = np.zeros(rows * columns * ORIENTATIONS)
    for cell, share in zip(cells, shares, strict=True):
        total += np.bincount((cell + orientation).ravel(), (share * strength).ravel(), minlength=len(total))
    return total.reshape(rows, columns, ORIENTATIONS)[1:-1, 1:-1].astype(np.float32)


def _gradient(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Magnitude and orientation (0 to 17) of the strongest channel's gradient at each inner pixel."""
    planes = np.ascontiguousarray(image.transpose(2, 0, 1)).astype(np.int32)
    across = planes[:, 1:-1, 2:] - planes[:, 1:-1, :-2]
    down = planes[:, 2:, 1:-1] - planes[:, :-2, 1:-1]
    squares = across * across + down * down
    best, dx, dy = squares[0], across[0], down[0]
    for channel in (1, 2):
        stronger = squares[channel] > best
        best = np.where(stronger, squares[channel], best)
        dx = np.where(stronger, across[channel], dx)
        dy = np.where(stronger, down[channel], dy)
    return np.sqrt(best, dtype=np.float64), _orientation_table()[dy + 255, dx + 255]


@functools.lru_cache(maxsize=1)
def _orientation_table() -> np.ndarray:
    """Nearest of 18 directions for each gradient, uint8, shape (511, 511): by dy + 255 and dx + 255."""
    steps = np.arange(-255, 256)
    turns = np.arctan2(steps[:, None], steps) / (2 * np.pi)
    # Straight up and down lie halfway between two directions; like the original, take the first of the two.
    nearest = np.ceil(turns * ORIENTATIONS - 0.5).astype(np.int64)
    return (nearest % ORIENTATIONS).astype(np.uint8)


@functools.lru_cache(maxsize=4)
def _cell_shares(height: int, width: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The four cells nearest to each inner pixel and its bilinear share in each.

    Returns
    -------
    list of 4 ndarrays of int64, shape (h - 2, w - 2)
        First bin of the cell, in a grid with one more cell on every side to receive what falls outside.
    list of 4 ndarrays of float64, shape (h - 2, w - 2)
    """
    y, x = ((np.arange(1, side - 1) + 0.5) / CELL - 0.5 for side in (height, width))
    first_row, first_column = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
    cells, shares = [], []
    for down in (0, 1):
        for right in (0, 1):
            row, column = first_row + down + 1, first_column + right + 1
            cells.append((row[:, None] * (width // CELL + 2) + column) * ORIENTATIONS)
            along_y, along_x = np.abs(1 - down - (y - first_row)), np.abs(1 - right - (x - first_column))
            shares.append(along_y[:, None] * along_x)
    return cells, shares


def _region_means(cells: np.ndarray, grid: int) -> np.ndarray:
    """Average cells in grid x grid regions, shape (grid, grid, 31)."""
    edges = np.arange(grid + 1) * len(cells) // grid
    sums = np.add.reduceat(np.add.reduceat(cells, edges[:-1], axis=0), edges[:-1], axis=1)
    area = np.diff(edges)
    return sums / (area[:, None] * area)[..., None].astype(np.float32)


def _check_size(extractor: Extractor) -> None:
    if extractor.size < 4 * CELL or extractor.size % CELL:
        raise ValueError(
            f"{type(extractor).__name__}: size is {extractor.size}; use a multiple of 8, at least 32"
        )
