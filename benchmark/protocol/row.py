"""The row: what is kept of one cell, and the schema of its file.

A *cell* is (stage, method, dataset, subset, fold, seed): one method fitted on one training set and applied to
one test set. Tables, figures and tests are pure functions of rows.
"""

import json
import math
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from benchmark.data.files import write_bytes
from benchmark.stages import CROSS_VALIDATION, Stage

SCHEMA = 1
"""Version of this schema; a row of another version is refused by name."""

SOURCE = "source"
"""The subset of the stage ``source-test``."""

COUNTED = ("images", "train", "validation", "iterations", "batch", "kept", "columns", "mean_ap")
"""What is a number in what a row says of an artefact (``details["artefacts"]``)."""

Status = Literal["ok", "failed", "skipped"]


class RowError(ValueError):
    """A stored row cannot be read; the message names the file and what to do."""


class Cell(BaseModel):
    """What identifies a row.

    Attributes
    ----------
    stage : str
        See `benchmark.stages`.
    method, dataset, subset : str
        Names, as in the tables. In the stage ``source-test`` the subset is ``source``.
    fold : int
        1 to k; 0 where there are no folds.
    seed : int
        Of the fold assignment and of everything random in the method; 0 where there are no folds, since
        nothing is drawn then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Stage
    method: str
    dataset: str
    subset: str
    fold: int
    seed: int

    def __str__(self) -> str:
        if self.stage != CROSS_VALIDATION:
            return f"{self.method} {self.subset} {self.stage}"
        return f"{self.method} {self.subset} fold {self.fold} seed {self.seed}"

    @property
    def file_name(self) -> str:
        """Name of the row's file; characters that are unsafe in file names are escaped."""
        parts = (self.stage, self.dataset, self.method, self.subset, f"fold{self.fold}", f"seed{self.seed}")
        return "_".join(_safe(part) for part in parts) + ".json"


class Row(BaseModel):
    """One cell's outcome, valid on its own.

    Attributes
    ----------
    schema_version : int
        `SCHEMA`.
    cell : Cell
        Which cell.
    family : str
        Of the method.
    folds : int
        k, the number of folds of the protocol.
    protocol, train_on : str
        ``grouped`` or ``campos``; ``subset`` or ``all``.
    status : str
        ``ok``, ``failed`` or ``skipped``.
    reason : str
        Why it failed or was skipped; empty if ok.
    key : str
        Hash of ``depends``.
    depends : dict
        What the scores depend on, each part named.
    images : list of str
        Opaque ids of the test images.
    labels : list of int
        1 positive, 0 negative, joined by the runner after scoring.
    votes : list of (int, int), or None
        Votes for negative and for positive.
    groups : list of int, or None
        Group of each test image: copies of one photograph share a number. None in rows of before it was kept.
    scores : list of float
        P(positive), 0 to 1; empty unless ok.
    predictions : list of int
        1 where the score is at least .5.
    n_train, n_train_positive : int
        Size of the training set and of its positive class.
    details : dict
        What the method reports of itself, such as the C it chose.
    environment : dict
        What it ran on.
    seconds : dict of str to float
        Wall time of each stage.
    peak_memory : float
        Of the process that ran the cell, in MiB.
    published : bool
        Whether the paper's figures are about these images.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_version: int = SCHEMA
    cell: Cell
    family: str
    folds: int
    protocol: str
    train_on: str
    status: Status
    reason: str = ""
    key: str
    depends: dict[str, Any]
    images: list[str]
    labels: list[int]
    votes: list[tuple[int, int]] | None = None
    groups: list[int] | None = None
    scores: list[float] = []
    predictions: list[int] = []
    n_train: int
    n_train_positive: int
    details: dict[str, Any] = {}
    environment: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    peak_memory: float = 0.0
    published: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        n = len(self.images)
        if self.schema_version != SCHEMA:
            raise ValueError(f"schema_version is {self.schema_version}, this version reads {SCHEMA}")
        if len(set(self.images)) != n or len(self.labels) != n:
            raise ValueError(f"{n} images, {len(set(self.images))} different, {len(self.labels)} labels")
        if self.votes is not None and len(self.votes) != n:
            raise ValueError(f"{n} images but {len(self.votes)} votes")
        if self.groups is not None and len(self.groups) != n:
            raise ValueError(f"{n} images but {len(self.groups)} groups")
        if not set(self.labels) <= {0, 1}:
            raise ValueError(f"labels are 0 or 1, not {sorted(set(self.labels) - {0, 1})}")
        if any(min(pair) < 0 for pair in self.votes or ()):
            raise ValueError("votes are counts, at least 0")
        if not 0 <= self.cell.fold <= max(self.folds, 0):
            raise ValueError(f"fold {self.cell.fold} of {self.folds}")
        if not 0 <= self.n_train_positive <= self.n_train:
            raise ValueError(f"n_train: {self.n_train_positive} positive of {self.n_train} images")
        _check_artefacts(self.details.get("artefacts", {}))
        expected = n if self.status == "ok" else 0
        if len(self.scores) != expected or len(self.predictions) != expected:
            raise ValueError(f"status {self.status} needs {expected} scores, has {len(self.scores)}")
        if any(not 0 <= score <= 1 or math.isnan(score) for score in self.scores):
            raise ValueError("scores are probabilities, 0 to 1")
        if [int(score >= 0.5) for score in self.scores] != self.predictions:
            raise ValueError("a prediction is 1 exactly where the score is at least .5")
        if (self.status == "ok") == bool(self.reason):
            raise ValueError("a reason is given exactly where the status is not ok")
        return self

    @property
    def y(self) -> np.ndarray:
        """Labels as an array of int, shape (n,)."""
        return np.asarray(self.labels, dtype=np.int64)

    @property
    def p(self) -> np.ndarray:
        """Scores as an array of float, shape (n,)."""
        return np.asarray(self.scores, dtype=np.float64)


def write_row(row: Row, folder: Path) -> Path:
    """Store a row in ``folder`` under its cell's name, whole or not at all."""
    return write_model(row, folder / row.cell.file_name)


def write_model(model: BaseModel, path: Path) -> Path:
    """Store what `pydantic` checks as JSON: sorted, without blanks, whole or not at all."""
    text = json.dumps(model.model_dump(mode="json"), separators=(",", ":"), allow_nan=False, sort_keys=True)
    write_bytes(path, text.encode() + b"\n")
    return path


def read_row(path: Path) -> Row:
    """Read and check one row.

    Raises
    ------
    RowError
        As `parse_row`.
    """
    return parse_row(path.read_bytes(), path)


def parse_row(data: bytes, path: Path) -> Row:
    """Check the bytes of a row's file.

    Parameters
    ----------
    path : Path
        Where they are from: its last part must be the name of the row's file, and errors name it.

    Raises
    ------
    RowError
        The file is cut off, of another schema, contradicts itself, or has another cell's name.
    """
    try:
        row = Row.model_validate_json(data)
    except (ValidationError, ValueError) as error:
        problem = _problem(error) if isinstance(error, ValidationError) else error
        raise RowError(f"{path}: not a valid row ({problem}); delete the file and run again") from None
    if row.cell.file_name != path.name:
        raise RowError(
            f"{path}: holds the row {row.cell.file_name}; rename it back, or delete it and run again"
        )
    return row


def _problem(error: ValidationError) -> str:
    """The first field that is wrong, its value, and what it should be."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))[:100]
    return f"{place} is {repr(first['input'])[:60]}: {first['msg']}" if place else first["msg"]


def _check_artefacts(artefacts: Any) -> None:
    """What a row says of the artefacts that it used, by their names.

    Raises
    ------
    ValueError
        It is of another form.
    """
    if not isinstance(artefacts, dict):
        raise ValueError(f"details.artefacts is {repr(artefacts)[:60]}, not artefacts by name")
    for name, summary in artefacts.items():
        if not isinstance(summary, dict):
            raise ValueError(f"details.artefacts.{name} is {repr(summary)[:60]}, not values by name")
        for key in COUNTED:
            value = summary.get(key, 0)
            if isinstance(value, bool) or not isinstance(value, int | float | None):
                raise ValueError(f"details.artefacts.{name}.{key} is {repr(value)[:60]}, not a number")


def read_rows(folder: Path) -> list[Row]:
    """Read every row of a folder, in order of their file names."""
    return [read_row(path) for path in sorted(folder.glob("*.json"))]


def _safe(part: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-+.") else f"%{ord(c):02x}" for c in part)
