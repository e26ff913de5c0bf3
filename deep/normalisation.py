"""What is done to pixels before a network sees them: a mean colour is subtracted."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from deep.pixels import PixelSource

MOST = 2048
"""Images that the mean colour is taken from, evenly spaced, where there are more."""


@dataclasses.dataclass(frozen=True)
class Normalisation:
    """(pixel - mean) * scale.

    Attributes
    ----------
    mean : tuple of int
        Of R, G and B, 0 to 255. Whole numbers: these, and so the differences, are exact in every dtype.
    scale : float
        1 in Caffe (values -255 to 255); 1/64 gives about unit variance.
    """

    mean: tuple[int, int, int] = (0, 0, 0)
    scale: float = 1.0

    @classmethod
    def measured(cls, pixels: "PixelSource", scale: float) -> "Normalisation":
        """The mean colour of training images."""
        at = np.unique(np.linspace(0, len(pixels) - 1, min(len(pixels), MOST)).round().astype(np.int64))
        total = np.zeros(3)
        for part in np.array_split(at, max(1, len(at) // 64)):
            total += pixels.read(part).mean(axis=(1, 2), dtype=np.float64).sum(axis=0)
        red, green, blue = (int(value) for value in np.round(total / len(at)))
        return cls((red, green, blue), scale)

    def table(self, dtype: torch.dtype) -> np.ndarray:
        """What each of the 256 values of each colour becomes: one look-up a value on a CPU.

        Returns
        -------
        ndarray, shape (1, 256, 3)
            float32; or for bfloat16, which NumPy lacks, its bits as uint16.
        """
        values = (torch.arange(256.0)[:, None] - torch.tensor(self.mean)) * self.scale
        if dtype == torch.bfloat16:
            return values.to(dtype).view(torch.uint16).numpy()[None]
        return values.numpy()[None]

    def apply(self, pixels: Tensor, dtype: torch.dtype) -> Tensor:
        """Normalise a batch on any device.

        Parameters
        ----------
        pixels : Tensor of uint8, shape (n, height, width, 3)

        Returns
        -------
        Tensor of ``dtype``, shape (n, 3, height, width), channels-last in memory
        """
        mean = torch.tensor(self.mean, dtype=dtype, device=pixels.device)
        return pixels.to(dtype).sub_(mean).mul_(self.scale).permute(0, 3, 1, 2)


RAW = Normalisation()
"""Pixels as they are."""
