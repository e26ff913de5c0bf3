"""What is kept of one cell of a study, one seed at one level of label noise: its tables are made of these.

As a row (`benchmark.protocol.row`), but of several models that learned from the same images.
"""

import json
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from benchmark.data.files import write_bytes

SCHEMA = 1
"""Version of this schema; a file of another version is not read."""


class StudyCellError(ValueError):
    """A stored cell cannot be read; the message names the file and what to do."""


class Images(BaseModel):
    """The images of a part of the source.

    Attributes
    ----------
    ids : list of str
        Opaque.
    groups : list of int
        Copies of one photograph share a number.
    weak : list of int
        Weak labels as the source gives them: 1 positive, 0 negative.
    true : list of int
        Known labels or people's judgement; -1 unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: list[str]
    groups: list[int]
    weak: list[int]
    true: list[int]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        n = len(self.ids)
        if not n == len(self.groups) == len(self.weak) == len(self.true):
            raise ValueError(f"{n} ids; give a group, a weak and a true label for each")
        if not set(self.weak) <= {0, 1} or not set(self.true) <= {-1, 0, 1}:
            raise ValueError("weak labels are 0 or 1, true labels 0, 1 or -1")
        return self

    def __len__(self) -> int:
        return len(self.ids)


class ArmRecord(BaseModel):
    """One of the models that are compared.

    Attributes
    ----------
    scores : list of float
        P(positive) of the test images.
    learned : list of bool
        Which images of the training part its last training saw.
    iterations : int
        Of its training in all.
    details : dict
        What it reports of itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    scores: list[float]
    learned: list[bool]
    iterations: int
    details: dict[str, Any] = {}


class StudyCell(BaseModel):
    """One cell's outcome, valid on its own.

    Attributes
    ----------
    schema_version : int
        `SCHEMA`.
    study, source : str
        Names.
    seed : int
        Of the exchanged labels and of all trainings.
    noise : float
        Share of the training part's weak labels that were exchanged, 0 to 1.
    status, reason : str
        ``ok``, or ``failed`` and why.
    key, depends
        What the outcome depends on, each part named, and the hash of that.
    train, test : Images
        Parts of the source.
    learned_labels : list of int
        The weak labels of the training part as they were learned.
    arms : dict of str to ArmRecord
        By name; empty unless ok.
    environment : dict
        What it ran on.
    seconds, peak_memory : float
        Wall time, and MiB of the process.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_version: int = SCHEMA
    study: str
    source: str
    seed: int
    noise: float
    status: Literal["ok", "failed"]
    reason: str = ""
    key: str
    depends: dict[str, Any]
    train: Images
    test: Images
    learned_labels: list[int]
    arms: dict[str, ArmRecord] = {}
    environment: dict[str, Any] = {}
    seconds: float = 0.0
    peak_memory: float = 0.0

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.schema_version != SCHEMA:
            raise ValueError(f"schema_version is {self.schema_version}, this version reads {SCHEMA}")
        if (self.status == "ok") == bool(self.reason) or (self.status == "ok") != bool(self.arms):
            raise ValueError("a reason is given exactly where the status is not ok, arms where it is")
        if len(self.learned_labels) != len(self.train):
            raise ValueError(f"{len(self.learned_labels)} learned labels of {len(self.train)} images")
        for name, arm in self.arms.items():
            if len(arm.scores) != len(self.test) or len(arm.learned) != len(self.train):
                raise ValueError(
                    f"{name}: {len(arm.scores)} scores of {len(self.test)} tested images, "
                    f"{len(arm.learned)} marks of {len(self.train)} training images"
                )
            if any(not 0 <= score <= 1 for score in arm.scores):
                raise ValueError(f"{name}: scores are probabilities, 0 to 1")
        return self

    def __str__(self) -> str:
        return f"seed {self.seed} noise {self.noise:g}"

    def scores(self, arm: str) -> np.ndarray:
        """P(positive) of the test images by one arm, float64 (m,)."""
        return np.asarray(self.arms[arm].scores, dtype=np.float64)

    def learned(self, arm: str) -> np.ndarray:
        """Training images that one arm's last training saw, bool (n,)."""
        return np.asarray(self.arms[arm].learned, dtype=bool)


def file_name(seed: int, noise: float) -> str:
    """Name of a cell's file."""
    return f"seed{seed}_noise{noise:g}.json"


def write_study_cell(cell: StudyCell, folder: Path) -> None:
    """Store a cell in ``folder``, whole or not at all."""
    text = json.dumps(cell.model_dump(mode="json"), separators=(",", ":"), allow_nan=False, sort_keys=True)
    write_bytes(folder / file_name(cell.seed, cell.noise), text.encode() + b"\n")


def read_study_cell(path: Path) -> StudyCell:
    """Read and check a cell.

    Raises
    ------
    StudyCellError
        The file is cut off, of another schema, or contradicts itself.
    """
    try:
        return StudyCell.model_validate_json(path.read_bytes())
    except (ValidationError, ValueError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise StudyCellError(
            f"{path}: not a valid cell of a study ({problem}); delete the file and run again"
        ) from None
