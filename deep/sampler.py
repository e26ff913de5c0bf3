"""Which image comes when, cut where: a pure function of the seed and the number of images drawn so far."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Draw:
    """A batch to be cut out of the images.

    Attributes
    ----------
    index : ndarray of int64, shape (k,)
        Which images.
    top, left : ndarray of int64, shape (k,)
        Corner of the crop in pixels.
    mirror : ndarray of bool, shape (k,)
        Whether left and right are exchanged.
    """

    index: np.ndarray
    top: np.ndarray
    left: np.ndarray
    mirror: np.ndarray

    def __len__(self) -> int:
        return len(self.index)

    def part(self, which: slice) -> "Draw":
        """Some of it."""
        return Draw(self.index[which], self.top[which], self.left[which], self.mirror[which])


class Sampler:
    """An endless sequence of images: every pass is a new permutation, every image gets a new crop.

    The position (images drawn so far) is all of its state, so that training resumes anywhere, and any number
    of processes can share a batch. Batches may reach over the end of a pass.

    Parameters
    ----------
    n : int
        Images; at least 1.
    side, crop : int
        Side of the images and of the crops in pixels.
    seed : int
        Of the order and the crops.
    mirror : bool
        Whether half of the crops are mirrored.
    """

    def __init__(self, n: int, side: int, crop: int, seed: int, mirror: bool = True) -> None:
        if n < 1:
            raise ValueError("no images to draw from; check the labels, or what was removed before")
        if crop > side:
            raise ValueError(f"crops of {crop} pixels from images of {side}; use images of at least {crop}")
        self.n, self.side, self.crop, self.seed, self.mirror = n, side, crop, seed, mirror
        self._pass: tuple[int, Draw] | None = None

    def draw(self, position: int, count: int) -> Draw:
        """The ``count`` images behind the first ``position``."""
        parts = []
        while count > 0:
            number, start = divmod(position, self.n)
            take = min(count, self.n - start)
            parts.append(self._drawn(number).part(slice(start, start + take)))
            position, count = position + take, count - take
        columns = zip(*((p.index, p.top, p.left, p.mirror) for p in parts), strict=True)
        return Draw(*(np.concatenate(column) for column in columns))

    def centre(self, start: int, stop: int) -> Draw:
        """Images ``start`` to ``stop`` in their own order, the middle of each."""
        index = np.arange(start, stop)
        corner = np.full(len(index), (self.side - self.crop) // 2)
        return Draw(index, corner, corner, np.zeros(len(index), dtype=bool))

    def _drawn(self, number: int) -> Draw:
        """The whole of one pass."""
        if self._pass is None or self._pass[0] != number:
            rng = np.random.default_rng([self.seed, number])
            order = rng.permutation(self.n)
            top, left = rng.integers(0, self.side - self.crop + 1, size=(2, self.n))
            mirror = rng.random(self.n) < (0.5 if self.mirror else 0.0)
            self._pass = (number, Draw(order, top, left, mirror))
        return self._pass[1]
