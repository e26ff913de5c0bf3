"""Colour histograms of regions: a stand-in for those of geometric classes (Xiao et al. 2010)."""

import dataclasses

import cv2
import numpy as np

from benchmark.data.extractor import Extractor

COLORS = 4 * 14 * 14
"""Bins of a joint CIE L*a*b* histogram: 4 of L*, 14 of a* and of b* (Xiao et al. 2010)."""


@dataclasses.dataclass(frozen=True)
class RegionHistograms(Extractor):
    """Joint L*a*b* histograms of horizontal bands: sky, middle, ground.

    **A stand-in.** The published feature weights each pixel by its probability of being ground, vertical,
    porous or sky, as the surface layout of Hoiem, Efros & Hebert (2007) gives it. That layout comes from a
    trained model which this project does not have. Here a pixel's height in the image takes its place: three
    bands of equal height, where sky, upright things and ground most often are. A tilted, indoor or close-up
    picture does not follow that layout, and the feature cannot know.

    Attributes
    ----------
    size : int
        Side of the images in pixels, at least ``bands``.
    bands : int
        Number of bands, from top to bottom; 1 gives the plain colour histogram of Xiao et al.
    """

    bands: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.bands <= self.size:
            raise ValueError(
                f"RegionHistograms: bands is {self.bands}; an image {self.size} high has 1 to {self.size}"
            )

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of float32, shape (n, bands * 784)
            Bands from top to bottom, each summing to 1; within a band L* is the slowest and b* the fastest
            index.
        """
        band = np.arange(self.size) * self.bands // self.size
        heights = np.bincount(band, minlength=self.bands)
        shares = np.empty((len(pixels), self.bands, COLORS), dtype=np.float32)
        for i, image in enumerate(pixels):
            place = band[:, None] * COLORS + lab_bins(image)
            counts = np.bincount(place.ravel(), minlength=self.bands * COLORS)
            shares[i] = counts.reshape(self.bands, COLORS) / (heights[:, None] * self.size)
        return shares.reshape(len(pixels), self.bands * COLORS)


def lab_bins(image: np.ndarray) -> np.ndarray:
    """Bin of each pixel's colour.

    L* is cut into quarters of 0 to 100. The a* and b* of sRGB lie within -112 to 112 (-86 to 98 and -108 to
    94), which 14 intervals of 16 cover; greys are in interval 7, 0 to 16.

    Parameters
    ----------
    image : ndarray of uint8, shape (h, w, 3)
        RGB.

    Returns
    -------
    ndarray of int64, shape (h, w)
        0 to 783.
    """
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.int64)
    # OpenCV stores L* * 255 / 100, a* + 128 and b* + 128.
    lightness, red_green, yellow_blue = lab[..., 0] // 64, lab[..., 1] // 16 - 1, lab[..., 2] // 16 - 1
    return (lightness * 14 + red_green) * 14 + yellow_blue
