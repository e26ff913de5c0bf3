"""LBP: uniform local binary patterns (Ojala, Pietikäinen & Mäenpää 2002)."""

import dataclasses

import cv2
import numpy as np

from benchmark.data.extractor import Extractor

NEIGHBOURS = ((0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1))
"""Row and column steps to the 8 neighbours: counter-clockwise from the right."""

LABELS = 59
"""58 uniform patterns of 8 neighbours, 8 * 7 + 2, and one label for all others."""

FLAT, OTHER = 57, 58
"""Labels of a pixel that no neighbour is darker than, and of a pattern that is not uniform."""

# The diagonal neighbours lie on the unit circle, at .70711 of a pixel along each axis. Bilinear interpolation
# between centre c, row and column neighbours r, s and diagonal d gives, with a = .70711,
#     (1 - a)^2 c + a (1 - a) (r + s) + a^2 d >= c   <=>   (1 - a) (r + s) + a d >= (2 - a) c,
# which integers decide without rounding, ties included.
_AXIS, _DIAGONAL = 29289, 70711


@dataclasses.dataclass(frozen=True)
class LocalBinaryPatterns(Extractor):
    """Histogram of the uniform patterns of 8 neighbours at radius 1, on the grey image.

    A bit of the pattern tells whether a neighbour is at least as bright as the pixel; a pattern is uniform if
    its bits change at most twice around the circle. Rotated patterns count apart, with the labels that
    scikit-image gives for ``method="nri_uniform"``. Pixels on the border of the image, which lack neighbours,
    are left out.

    SentiBank's LBP is said to have 53 numbers (Borth et al. 2013, recalled). No number P of neighbours has
    53 uniform patterns, since P (P - 1) + 3 is 45 for 7 and 59 for 8: this is the usual 59.

    Attributes
    ----------
    size : int
        Side of the images in pixels, at least 3.
    """

    def __post_init__(self) -> None:
        if self.size < 3:
            raise ValueError(f"LocalBinaryPatterns: size is {self.size}; a pixel with 8 neighbours needs 3")

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of float32, shape (n, 59)
            Share of each label; rows sum to 1. 0: all neighbours darker; 1 to 56: 1 to 7 brighter neighbours
            in a row, 8 directions each; 57: none darker, as in flat areas; 58: not uniform.
        """
        shares = np.empty((len(pixels), LABELS), dtype=np.float32)
        for i, image in enumerate(pixels):
            labels = pattern_labels(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
            shares[i] = np.bincount(labels.ravel(), minlength=LABELS) / labels.size
        return shares


def pattern_labels(grey: np.ndarray) -> np.ndarray:
    """Label of the pattern around each pixel that has 8 neighbours.

    Parameters
    ----------
    grey : ndarray of uint8, shape (h, w)
        At least 3 x 3.

    Returns
    -------
    ndarray of uint8, shape (h - 2, w - 2)
        0 to 58, as in `LocalBinaryPatterns`.
    """
    height, width = grey.shape
    wide = grey.astype(np.int32)

    def around(image: np.ndarray, step: tuple[int, int]) -> np.ndarray:
        row, column = 1 + step[0], 1 + step[1]
        return image[row : height - 2 + row, column : width - 2 + column]

    centre = around(grey, (0, 0))
    threshold = (2 * _AXIS + _DIAGONAL) * around(wide, (0, 0))
    bits = np.zeros(centre.shape, dtype=np.uint8)
    for place, (row, column) in enumerate(NEIGHBOURS):
        if row and column:
            value = around(wide, (row, 0)) + around(wide, (0, column))
            value *= _AXIS
            value += _DIAGONAL * around(wide, (row, column))
            brighter = value >= threshold
        else:
            brighter = around(grey, (row, column)) >= centre
        bits |= brighter.view(np.uint8) << place
    return _LABEL_OF[bits]


def _label_table() -> np.ndarray:
    """Label of each of the 256 patterns; bit i belongs to neighbour i."""
    label = np.full(256, OTHER, dtype=np.uint8)
    label[0], label[255] = 0, FLAT
    for ones in range(1, 8):
        for start in range(8):
            pattern = sum(1 << (start + k) % 8 for k in range(ones))
            label[pattern] = 1 + (ones - 1) * 8 + (-start) % 8
    return label


_LABEL_OF = _label_table()
