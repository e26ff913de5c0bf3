"""Batches for training and scoring: cropped, mirrored and normalised on the device.

`ResidentFeed` has all images on the device; `StreamedFeed` reads batches ahead in a thread, for sets that do
not fit. Both give the same batches; `make_feed` chooses.
"""

import collections
import copy
import dataclasses
import itertools
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import numpy as np
import torch
from torch import Tensor

from benchmark.data.fingerprint import digest
from deep.crops import cut_crops, gather_crops
from deep.network import Network
from deep.normalisation import Normalisation
from deep.pixels import ArrayPixels, PixelSource
from deep.processor import CPU, free_memory
from deep.sampler import Draw, Sampler

AHEAD = 3
"""Batches that a streamed feed prepares in advance."""


@dataclasses.dataclass(frozen=True)
class Batch:
    """What a network is trained on at once.

    Attributes
    ----------
    images : Tensor of float, shape (k, 3, crop, columns)
        Channels-last in memory.
    labels : Tensor of int64, shape (k,)
        1 positive, 0 negative.
    """

    images: Tensor
    labels: Tensor


class Feed:
    """Labelled images as batches; subclasses say how the crops get to the device.

    Parameters
    ----------
    pixels : PixelSource
        Decoded images.
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    crop : int
        Side of the network's input in pixels.
    normalisation : Normalisation
        Of the network.
    columns : int, optional
        Width of the crops in memory (`Architecture.columns`); ``crop`` by default.
    seed : int
        Of order, crops and mirroring.
    mirror : bool
        Whether half of the training crops are mirrored.
    device : torch.device
        Where the batches are wanted.
    """

    def __init__(
        self,
        pixels: PixelSource,
        labels: np.ndarray,
        crop: int,
        normalisation: Normalisation,
        *,
        columns: int | None = None,
        seed: int = 0,
        mirror: bool = True,
        device: torch.device = CPU,
    ) -> None:
        self.labels = np.array(labels, dtype=np.int64)
        if len(pixels) != len(self.labels):
            raise ValueError(f"{len(pixels)} images but {len(self.labels)} labels; give one for each image")
        strange = sorted(set(np.unique(self.labels).tolist()) - {0, 1})
        if strange:
            raise ValueError(f"labels are 1 (positive) or 0 (negative), not {strange}")
        self.pixels, self.normalisation, self.device = pixels, normalisation, device
        self.crop, self.columns = crop, columns or crop
        self.sampler = Sampler(len(pixels), pixels.side, crop, seed, mirror)
        self._rows = np.arange(len(pixels))
        self._labels = torch.from_numpy(self.labels).to(device)
        self._prepare()

    def _prepare(self) -> None:
        """What a subclass does once with all pixels."""

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, index: np.ndarray, seed: int | None = None) -> Self:
        """Some of the images as a feed of their own; the pixels are shared.

        Parameters
        ----------
        index : ndarray of int, shape (k,)
        seed : int, optional
            Of order, crops and mirroring; that of the whole by default.
        """
        part, whole = copy.copy(self), self.sampler
        part.labels = self.labels[index]
        seed = whole.seed if seed is None else seed
        part.sampler = Sampler(len(part.labels), whole.side, whole.crop, seed, whole.mirror)
        part._rows = self._rows[index]
        part._labels = torch.from_numpy(part.labels).to(self.device)
        return part

    def fingerprint(self) -> str:
        """Hash of the labels, the sampling, and the pixels of a few images."""
        few = self.pixels.read(self._rows[np.unique(np.linspace(0, len(self) - 1, 8).astype(np.int64))])
        whole = self.sampler
        sampling = f"{whole.seed} {whole.mirror} {whole.side} {whole.crop}"
        return digest(self.labels.tobytes(), self._rows.tobytes(), sampling, few.tobytes())

    def batches(
        self, position: int, batch: int, dtype: torch.dtype, part: slice = slice(None)
    ) -> Generator[Batch]:
        """Training batches without end.

        Parameters
        ----------
        position : int
            Images drawn before.
        batch : int
            Images a step.
        dtype : torch.dtype
            Of the images.
        part : slice
            Which of each batch's images are wanted here, where several processes share it.
        """
        starts = itertools.count(position, batch)
        return self._load((self.sampler.draw(start, batch).part(part) for start in starts), dtype)

    def centres(self, start: int, stop: int, batch: int, dtype: torch.dtype) -> Generator[Batch]:
        """Centre crops of the images ``start`` to ``stop``, in order, for scoring."""
        starts = range(start, stop, batch)
        return self._load((self.sampler.centre(i, min(i + batch, stop)) for i in starts), dtype)

    def _load(self, draws: Iterable[Draw], dtype: torch.dtype) -> Generator[Batch]:
        raise NotImplementedError(f"{type(self).__name__} must define _load(draws, dtype)")

    def _batch(self, draw: Draw, images: Tensor) -> Batch:
        index = torch.from_numpy(draw.index).to(self.device, non_blocking=True)
        return Batch(images, self._labels[index])

    def _cut(self, pixels: np.ndarray, rows: np.ndarray, draw: Draw, dtype: torch.dtype) -> Tensor:
        """Normalised crops for a CPU."""
        table = self.normalisation.table(dtype)
        crops = torch.from_numpy(cut_crops(pixels, rows, draw, self.crop, self.columns, table))
        return crops.view(dtype).permute(0, 3, 1, 2)


class ResidentFeed(Feed):
    """All images in the memory of a GPU; or on a CPU in one array, which may be a memory-mapped file."""

    def _prepare(self) -> None:
        pixels = self.pixels
        self._array: np.ndarray | None = None
        if self.device.type == "cpu":
            if not isinstance(pixels, ArrayPixels):
                pixels = ArrayPixels(pixels.read(np.arange(len(pixels))))
            self._array = pixels.array
            return
        shape = (len(pixels), pixels.side, pixels.side, 3)
        self._images = torch.empty(shape, dtype=torch.uint8, device=self.device)
        for at in np.array_split(np.arange(len(pixels)), len(pixels) // 1024 + 1):
            self._images[at[0] : at[-1] + 1] = torch.from_numpy(np.ascontiguousarray(pixels.read(at)))

    def _load(self, draws: Iterable[Draw], dtype: torch.dtype) -> Generator[Batch]:
        for draw in draws:
            rows = self._rows[draw.index]
            if self._array is not None:
                yield self._batch(draw, self._cut(self._array, rows, draw, dtype))
            else:
                crops = gather_crops(self._images, rows, draw, self.crop, self.columns)
                yield self._batch(draw, self.normalisation.apply(crops, dtype))


class StreamedFeed(Feed):
    """Images read from their source for each batch, a few batches ahead of the training."""

    def _load(self, draws: Iterable[Draw], dtype: torch.dtype) -> Generator[Batch]:
        waiting: collections.deque[tuple[Draw, Future[Tensor]]] = collections.deque()
        with ThreadPoolExecutor(1, thread_name_prefix="feed") as reader:
            try:
                for draw in draws:
                    waiting.append((draw, reader.submit(self._read, draw, dtype)))
                    if len(waiting) > AHEAD:
                        yield self._received(*waiting.popleft(), dtype)
                while waiting:
                    yield self._received(*waiting.popleft(), dtype)
            finally:
                for _, images in waiting:
                    images.cancel()

    def _read(self, draw: Draw, dtype: torch.dtype) -> Tensor:
        """In the thread: normalised crops for a CPU; for a GPU the smaller bytes, in memory it can fetch."""
        images, rows = self.pixels.read(self._rows[draw.index]), np.arange(len(draw))
        if self.device.type == "cpu":
            return self._cut(images, rows, draw, dtype)
        return torch.from_numpy(cut_crops(images, rows, draw, self.crop, self.columns)).pin_memory()

    def _received(self, draw: Draw, images: Future[Tensor], dtype: torch.dtype) -> Batch:
        crops = images.result()
        if self.device.type != "cpu":
            crops = self.normalisation.apply(crops.to(self.device, non_blocking=True), dtype)
        return self._batch(draw, crops)


def make_feed(
    pixels: PixelSource,
    labels: np.ndarray,
    network: Network,
    *,
    seed: int = 0,
    mirror: bool = True,
    device: torch.device = CPU,
) -> Feed:
    """The feed of a network: resident where the images take at most half of the free memory."""
    size = len(pixels) * pixels.side**2 * 3
    held = device.type == "cpu" and isinstance(pixels, ArrayPixels)
    kind = ResidentFeed if held or size <= free_memory(device) / 2 else StreamedFeed
    architecture = network.architecture
    return kind(
        pixels,
        labels,
        architecture.size,
        network.normalisation,
        columns=architecture.columns,
        seed=seed,
        mirror=mirror,
        device=device,
    )
