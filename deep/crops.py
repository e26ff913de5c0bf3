"""Cutting a batch of crops out of decoded images, on the device that holds them."""

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from deep.sampler import Draw


def cut_crops(
    pixels: np.ndarray,
    rows: np.ndarray,
    draw: Draw,
    crop: int,
    columns: int,
    table: np.ndarray | None = None,
) -> np.ndarray:
    """Crops on a CPU, one after the other, so that each is worked on within the cache.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, side, side, 3)
        May be memory-mapped: only the crops are read.
    rows : ndarray of int, shape (k,)
        Where in ``pixels`` the images of ``draw`` are.
    crop, columns : int
        Side of the crops, and the width of their rows in memory; what is added on the right is black.
    table : ndarray, shape (1, 256, 3), optional
        What each value of each colour becomes (`Normalisation.table`).

    Returns
    -------
    ndarray, shape (k, crop, columns, 3)
        uint8, or of the dtype of ``table``.
    """
    dtype = np.dtype(np.uint8) if table is None else table.dtype
    crops = np.empty((len(draw), crop, columns, 3), dtype=dtype)
    one = np.zeros((crop, columns, 3), dtype=np.uint8)
    places = zip(rows.tolist(), draw.top.tolist(), draw.left.tolist(), draw.mirror.tolist(), strict=True)
    for i, (row, top, left, mirror) in enumerate(places):
        block = pixels[row, top : top + crop, left : left + crop]
        if mirror:
            cv2.flip(block, 1, dst=one[:, :crop])
        else:
            one[:, :crop] = block
        if table is None:
            crops[i] = one
        else:
            cv2.LUT(one, table, dst=crops[i])
    return crops


def gather_crops(pixels: Tensor, rows: np.ndarray, draw: Draw, crop: int, columns: int) -> Tensor:
    """The same as one gather, for images that lie on a GPU.

    Parameters
    ----------
    pixels : Tensor of uint8, shape (n, side, side, 3)
    rows : ndarray of int, shape (k,)
        Where in ``pixels`` the images of ``draw`` are.
    crop, columns : int
        As for `cut_crops`.

    Returns
    -------
    Tensor of uint8, shape (k, crop, columns, 3), on the same device
    """
    places = np.stack([rows, draw.top, draw.left, draw.mirror.astype(np.int64)])
    image, top, left, mirror = torch.from_numpy(places).to(pixels.device, non_blocking=True)
    steps = torch.arange(crop, device=pixels.device)
    line = top[:, None] + steps
    column = left[:, None] + torch.where(mirror[:, None] == 1, crop - 1 - steps, steps)
    crops = pixels[image[:, None, None], line[:, :, None], column[:, None, :]]
    return pad(crops, (0, 0, 0, columns - crop))
