"""The log of a training: one CSV, and what is told while it runs."""

import csv
import dataclasses
import math
import os
from pathlib import Path

from benchmark.data.files import write_bytes

COLUMNS = (
    "step",
    "pass",
    "loss",
    "learning_rate",
    "images_per_second",
    "validation_log_loss",
    "validation_auc",
    "validation_accuracy",
)
COMMAS = len(COLUMNS) - 1


@dataclasses.dataclass(frozen=True)
class Status:
    """Where a training is.

    Attributes
    ----------
    step, steps : int
        Iterations done and in all.
    passes : float
        Over the images, done.
    loss : float
        Mean since the last line.
    learning_rate : float
        Of the last iteration.
    images_per_second : float
        Since the last line, of all processes; the time of validation is not in it.
    seconds_left : float
        At this speed.
    validation : dict, or None
        Scores on the validation part, where a pass has just ended.
    """

    step: int
    steps: int
    passes: float
    loss: float
    learning_rate: float
    images_per_second: float
    seconds_left: float
    validation: dict[str, float] | None = None

    def row(self) -> list[str]:
        """As a line of the CSV."""
        scores = self.validation or {}
        values = [scores.get(name) for name in ("log_loss", "auc", "accuracy")]
        return [
            str(self.step),
            f"{self.passes:.4f}",
            repr(self.loss),
            repr(self.learning_rate),
            f"{self.images_per_second:.1f}",
            *("" if value is None else repr(value) for value in values),
        ]


class TrainingLog:
    """A CSV of `COLUMNS`, a line each time a training reports; nothing where there is no path.

    Parameters
    ----------
    path : Path or None
        The file. Lines of an earlier run up to ``step`` stay, later ones are dropped: they will come again.
        So are lines that are not whole: they show how a training went, and nothing is computed from them.
    step : int
        Iterations that are already done.
    """

    def __init__(self, path: Path | None, step: int = 0) -> None:
        self._path = path
        if path is None:
            return
        lines = [",".join(COLUMNS)]
        if step > 0 and path.exists():
            earlier = path.read_text(errors="replace").split("\n")[1:-1]
            lines += [line for line in earlier if line.count(",") == COMMAS and _step(line) <= step]
        write_bytes(path, "".join(f"{line}\n" for line in lines).encode())

    def write(self, status: Status) -> None:
        """Add a line."""
        if self._path is not None:
            with self._path.open("a", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(status.row())
                file.flush()
                os.fsync(file.fileno())  # before a checkpoint that counts on it


def _step(line: str) -> float:
    """The step that a line is of; infinite where a damaged line does not say."""
    number = line.partition(",")[0]
    return int(number) if number.isascii() and number.isdecimal() else math.inf


def read_log(path: Path) -> list[dict[str, float]]:
    """Lines of a log, numbers by column; a value that was not measured is missing."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: float(value) for name, value in row.items() if value} for row in rows]
