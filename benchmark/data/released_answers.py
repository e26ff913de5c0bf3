"""What a method knows of released responses: their columns, and the numbers of each image as a feature."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.extractor import Extractor

COLUMNS = "responses.json"


@dataclasses.dataclass(frozen=True)
class ReleasedColumns:
    """The columns of released responses.

    Attributes
    ----------
    concepts : tuple of str
    probabilities : bool
        Whether the numbers are probabilities; margins otherwise.
    """

    concepts: tuple[str, ...]
    probabilities: bool

    def save(self, folder: Path) -> None:
        """Write them into the folder of an artefact."""
        (folder / COLUMNS).write_text(json.dumps(dataclasses.asdict(self), indent=1) + "\n")


def read_columns(folder: Path) -> ReleasedColumns | None:
    """The columns of the released responses in an artefact's folder; None where it holds none.

    Raises
    ------
    DatasetError
        Their file is damaged.
    """
    path = folder / COLUMNS
    if not path.is_file():
        return None
    try:
        stored = json.loads(path.read_bytes())
        columns = ReleasedColumns(tuple(stored["concepts"]), stored["probabilities"])
        if (
            not all(isinstance(name, str) for name in columns.concepts)
            or type(columns.probabilities) is not bool
        ):
            raise ValueError("concepts are names, probabilities is true or false")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DatasetError(f"{path}: cannot be read ({error}); delete {folder} and run again") from None
    return columns


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReleasedAnswers(Extractor):
    """Released responses as a feature: the runner puts them into the store, nothing computes them.

    Attributes
    ----------
    digest : str
        Of the artefact that they are.
    """

    digest: str

    @property
    def source(self) -> tuple[Extractor, ...]:
        """Nothing from which they could be computed."""
        return ()

    def extract(self, pixels: Any) -> np.ndarray:
        """Refuse.

        Raises
        ------
        DatasetError
            Always.
        """
        raise DatasetError(
            "released responses cannot be computed from an image: only images that their file holds have "
            "them; run the detectors on this image too, and give a file that holds all of them"
        )
