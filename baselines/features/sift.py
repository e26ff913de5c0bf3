"""SIFT: descriptors of scale-invariant keypoints (Lowe 2004)."""

import dataclasses
from typing import ClassVar

import cv2
import numpy as np

from baselines.features.local import PLACE
from benchmark.data.extractor import Extractor

LENGTH = 128
"""Numbers in a descriptor: 4 x 4 cells of 8 orientations (Lowe 2004, section 6.1)."""


@dataclasses.dataclass(frozen=True)
class Sift(Extractor):
    """Descriptors and places of the keypoints of the grey image, as many as difference of Gaussians finds.

    OpenCV's detector with Lowe's settings (3 scales an octave, sigma 1.6, edge ratio 10). The number of
    keypoints is not capped: 256 x 256 pixels hold some 500, and rarely more than 2,000. The descriptors are
    the original ones: the baselines of 2010 to 2014 do not take their square root (RootSIFT, 2012).
    """

    ragged: ClassVar[bool] = True

    def extract(self, pixels: np.ndarray) -> list[np.ndarray]:
        """Describe the keypoints of each image.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images.

        Returns
        -------
        list of n ndarrays of uint8, shape (k_i, 130)
            128 numbers of the descriptor, of length about 512, exact since OpenCV rounds descriptors to
            integers; x and y in 256ths of the side, rounded down. An image without keypoints, such as one of
            a single colour, gives (0, 130).
        """
        detector = cv2.SIFT.create()
        return [self._describe(detector, image) for image in pixels]

    def _describe(self, detector: cv2.SIFT, image: np.ndarray) -> np.ndarray:
        keypoints, descriptors = detector.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None)
        if not keypoints:  # descriptors are then None, or an empty array since OpenCV 5.1
            return np.empty((0, LENGTH + PLACE), dtype=np.uint8)
        rows = np.empty((len(descriptors), LENGTH + PLACE), dtype=np.uint8)
        rows[:, :LENGTH] = descriptors
        # OpenCV counts from the middle of the first pixel; the place counts from the image's edge.
        points = (np.asarray(cv2.KeyPoint.convert(keypoints), dtype=np.float64) + 0.5) * (256 / self.size)
        rows[:, LENGTH:] = points.clip(0, 255)
        return rows
