"""Released responses of a target's images as an artefact, in the place of a learned detector bank."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.fingerprint import value_hash
from benchmark.data.released_answers import ReleasedColumns
from benchmark.data.responses import Responses

VALUES = "responses.npz"

ROUNDING = 0.01
"""Share of a column's standard deviation by which the responses to equal files may differ."""

UNGUARDED = (
    "what these detectors were trained on is not known here: that it holds no image of the target, nor a "
    "copy of one, was not checked and is yours to answer for"
)


@dataclasses.dataclass(frozen=True)
class TargetResponses:
    """A file of responses, and what it says of the target's images.

    Attributes
    ----------
    responses : Responses
        The whole file.
    values : ndarray of float32, shape (n, K)
        Of the target's images, in their order.
    """

    responses: Responses
    values: np.ndarray

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.responses.file

    @property
    def columns(self) -> ReleasedColumns:
        """What a method is told of them."""
        return ReleasedColumns(self.responses.concepts, self.responses.probabilities)

    @property
    def digest(self) -> str:
        """Hash of what a method can see. The file's name and its rows for other images do not count."""
        return value_hash([self.columns, self.values])

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the artefact's files, without names or hashes of images; returns what its card should say."""
        np.savez(folder / VALUES, values=self.values)
        self.columns.save(folder)
        n, width = self.values.shape
        read_as = "probabilities" if self.columns.probabilities else "margins"
        return {
            "source": {"name": self.name, "images": n, "notes": [UNGUARDED]},
            "summary": {
                "source": "released responses",
                "file": self.name,
                "columns": width,
                "read as": read_as,
            },
        }


def target_responses(responses: Responses, target: Dataset) -> TargetResponses:
    """Find the responses of a dataset's images.

    Raises
    ------
    DatasetError
        Images are missing, or files that are equal byte for byte have different responses.
    """
    values = responses.of(target.names)
    allowed = ROUNDING * values.std(axis=0)
    first: dict[str, int] = {}
    for i, identity in enumerate(target.ids):
        twin = first.setdefault(identity.partition("~")[0], i)
        apart = np.flatnonzero(np.abs(values[i] - values[twin]) > allowed)
        if len(apart):
            k = int(apart[0])
            raise DatasetError(
                f"{responses.file}: {target.names[twin]} and {target.names[i]} are the same file, yet "
                f"{responses.concepts[k]} is {values[twin, k]:g} and {values[i, k]:g}; "
                "run the detectors on both again, or leave one of them out of the dataset"
            )
    return TargetResponses(responses, values)


def read_values(folder: Path) -> np.ndarray:
    """The responses in an artefact's folder, float32 (n, K).

    Raises
    ------
    DatasetError
        Their file is missing or damaged.
    """
    path = folder / VALUES
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return np.asarray(arrays["values"])
    except Exception as error:  # given damaged bytes, the reader may raise anything
        raise DatasetError(
            f"{path}: cannot be read ({str(error)[:200]}); delete {folder} and run again"
        ) from None
