"""Colour by channel: 3 x 256 bins (Borth et al. 2013)."""

import dataclasses

import numpy as np

from benchmark.data.extractor import Extractor

LEVELS = 256


@dataclasses.dataclass(frozen=True)
class ChannelHistogram(Extractor):
    """Share of each level of R, of G and of B: three histograms, not a joint one as in GCH.

    Attributes
    ----------
    size : int
        Side of the images in pixels, at least 1.
    """

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Describe a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        ndarray of float32, shape (n, 768)
            256 levels of R, then of G, then of B. Each row sums to 1, each channel to a third.
        """
        shares = np.empty((len(pixels), 3, LEVELS), dtype=np.float32)
        for i, image in enumerate(pixels):
            for channel in range(3):
                shares[i, channel] = np.bincount(image[..., channel].ravel(), minlength=LEVELS) / image.size
        return shares.reshape(len(pixels), 3 * LEVELS)
