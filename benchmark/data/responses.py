"""`Responses`: numbers that detectors trained elsewhere gave for images, found by the images' names."""

import dataclasses
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.source_images import some


@dataclasses.dataclass(frozen=True)
class Responses:
    """Numbers of K detectors for n images.

    Attributes
    ----------
    file : str
        Name of the file they were read from, without its folder.
    names : tuple of str
        Of the images, as the file gives them, each once: file names, with folders or without.
    concepts : tuple of str
        Of each column; ``response_0001`` and so on where the file does not say.
    values : ndarray of float32, shape (n, K)
        Finite.
    """

    file: str
    names: tuple[str, ...]
    concepts: tuple[str, ...]
    values: np.ndarray

    @property
    def probabilities(self) -> bool:
        """Whether the numbers can be probabilities: all of them lie in 0 to 1."""
        return bool(self.values.min() >= 0 and self.values.max() <= 1)

    def of(self, names: Sequence[str]) -> np.ndarray:
        """Responses of some images in their order, float32 (m, K).

        An image is found by its file name. Where several bear it, the row that shares most of the folders
        above is taken, so that ``positive/1.jpg`` and ``negative/1.jpg`` are told apart.

        Raises
        ------
        DatasetError
            Images are missing, the first of them named; or two rows fit one image, or two images one row.
        """
        places: dict[str, list[int]] = {}
        for i, name in enumerate(self.names):
            places.setdefault(PurePosixPath(name).name, []).append(i)
        wanted = [plain_name(name) for name in names]
        missing = [name for name in wanted if PurePosixPath(name).name not in places]
        if missing:
            raise DatasetError(
                f"{self.file}: the responses lack {len(missing)} of {len(wanted)} images: {some(missing)}; "
                "only the images of this file have any: run the detectors on these too, or leave them out"
            )
        rows = [self._row(name, places[PurePosixPath(name).name]) for name in wanted]
        claimed: dict[int, str] = {}
        for row, name in zip(rows, wanted, strict=True):
            if claimed.setdefault(row, name) != name:
                raise self._unclear(f"the row {self.names[row]} fits {claimed[row]} and {name}")
        return self.values[rows]

    def _row(self, name: str, candidates: Sequence[int]) -> int:
        shared = [_shared_tail(name, self.names[i]) for i in candidates]
        best = [i for i, length in zip(candidates, shared, strict=True) if length == max(shared)]
        if len(best) > 1:
            raise self._unclear(f"{name} fits the rows {some([self.names[i] for i in best])}")
        return best[0]

    def _unclear(self, what: str) -> DatasetError:
        return DatasetError(
            f"{self.file}: {what}; give every image a row of its own, named with its folder as in the dataset"
        )


def plain_name(name: str) -> str:
    """A path with ``/`` between its parts and nothing superfluous; empty if it names nothing."""
    path = PurePosixPath(name.strip().replace("\\", "/"))
    return path.as_posix() if path.name else ""


def _shared_tail(first: str, second: str) -> int:
    """How many parts at the end two paths have in common."""
    pairs = list(
        zip(reversed(PurePosixPath(first).parts), reversed(PurePosixPath(second).parts), strict=False)
    )
    return next((k for k, (a, b) in enumerate(pairs) if a != b), len(pairs))
