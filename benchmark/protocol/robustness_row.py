"""The row of the robustness study: a method fitted in one fold, and its scores of images made worse."""

import math
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from benchmark.protocol.row import Cell, RowError, Status, write_model

FOLDER = "robustness"
"""Of the study, in the folder of the run."""

SCHEMA = 1
CLEAN = "clean"
"""Name of the images as they are."""


class RobustnessRow(BaseModel):
    """One fitted method's scores under every corruption, valid on its own.

    Attributes
    ----------
    schema_version : int
        `SCHEMA`.
    cell : Cell
        Which method, subset, fold and seed; of the stage ``cross-validation``.
    family : str
        Of the method.
    folds : int
        k, the number of folds of the protocol.
    protocol : str
        ``grouped`` or ``campos``.
    status, reason : str
        ``ok``, or ``failed`` or ``skipped`` and why.
    key : str
        Hash of ``depends``.
    depends : dict
        What the scores depend on: all that the cell of the run does, and the corruptions.
    images : list of str
        Opaque ids of the test images.
    labels : list of int
        1 positive, 0 negative.
    groups : list of int
        Copies of one photograph share a number.
    scores : dict of str to list of float
        P(positive) by corruption, such as ``blur 2``, and of the images as they are, ``clean``; empty unless
        ok.
    details, environment, seconds : dict
        What the method reports of itself, what it ran on, wall times.
    published : bool
        Whether the images are the paper's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_version: int = SCHEMA
    cell: Cell
    family: str
    folds: int
    protocol: str
    status: Status
    reason: str = ""
    key: str
    depends: dict[str, Any]
    images: list[str]
    labels: list[int]
    groups: list[int]
    scores: dict[str, list[float]] = {}
    details: dict[str, Any] = {}
    environment: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    published: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        n = len(self.images)
        if self.schema_version != SCHEMA:
            raise ValueError(f"schema_version is {self.schema_version}, this version reads {SCHEMA}")
        if len(set(self.images)) != n or len(self.labels) != n or len(self.groups) != n:
            raise ValueError(f"{n} images, {len(self.labels)} labels, {len(self.groups)} groups: one each")
        if not set(self.labels) <= {0, 1}:
            raise ValueError(f"labels are 0 or 1, not {sorted(set(self.labels) - {0, 1})}")
        if (self.status == "ok") == bool(self.reason) or (self.status == "ok") != bool(self.scores):
            raise ValueError("scores are there exactly where the status is ok, a reason exactly where not")
        if self.scores and CLEAN not in self.scores:
            raise ValueError(f"scores of the images as they are ({CLEAN}) are missing")
        for name, scores in self.scores.items():
            if len(scores) != n or any(not 0 <= s <= 1 or math.isnan(s) for s in scores):
                raise ValueError(f"{name}: {n} scores from 0 to 1 are needed")
        return self


def write_robustness_row(row: RobustnessRow, folder: Path) -> Path:
    """Store a row in ``folder`` under its cell's name, whole or not at all."""
    return write_model(row, folder / row.cell.file_name)


def read_robustness_row(path: Path) -> RobustnessRow:
    """Read and check one row.

    Raises
    ------
    RowError
        The file is cut off, of another schema, or contradicts itself.
    """
    return parse_robustness_row(path.read_bytes(), path)


def parse_robustness_row(data: bytes, path: Path) -> RobustnessRow:
    """Check the bytes of a row's file; its name must be that of the row, and errors name it.

    Raises
    ------
    RowError
        As of `read_robustness_row`.
    """
    try:
        row = RobustnessRow.model_validate_json(data)
    except (ValidationError, ValueError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise RowError(
            f"{path}: not a valid row ({problem}); delete the file and run the study again"
        ) from None
    if row.cell.file_name != path.name:
        raise RowError(f"{path}: holds the row {row.cell.file_name}; rename it back, or delete it")
    return row
