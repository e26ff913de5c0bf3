"""``profile.csv``: where the time of one run went. Times are no result: no table is made from them."""

import csv
import io
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from benchmark.data.files import write_bytes

NAME = "profile.csv"
"""Of the file, in a run's folder."""


class ProfileError(ValueError):
    """A stored profile cannot be read; the message names the file, the line and what to do."""


class ProfileLine(BaseModel):
    """What a stage of a run, or an item or a part of it, cost.

    Attributes
    ----------
    stage : str
        ``opening``, ``artefacts``, ``features``, ``cells`` or ``report``.
    item : str
        A feature, an artefact or a method; empty for the stage as a whole.
    part : str
        ``fit`` or ``score`` of a method's cells; empty for the item as a whole.
    wall_seconds : float
        Of a stage: by the clock. Of an item or part: inside its processes, summed, where several may have run
        side by side.
    cpu_seconds : float or None
        Processor time of all processes that took part; None where it is not known apart.
    count : int or None
        How many ``unit`` these seconds were for.
    unit : str
        ``images``, ``artefacts`` or ``cells``.
    peak_memory : float or None
        The most that one of the processes held, in MiB.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    stage: str = Field(min_length=1)
    item: str = ""
    part: str = ""
    wall_seconds: float = Field(ge=0)
    cpu_seconds: float | None = Field(default=None, ge=0)
    count: int | None = Field(default=None, ge=0)
    unit: str = ""
    peak_memory: float | None = Field(default=None, ge=0)

    @property
    def per_second(self) -> float | None:
        """Units in a second of ``wall_seconds``; None where there was but one."""
        many = self.count is not None and self.count > 1 and self.wall_seconds > 0
        return self.count / self.wall_seconds if many else None  # type: ignore[operator]

    @property
    def done(self) -> str:
        """``1,269 images``; empty where nothing is counted."""
        if self.count is None:
            return ""
        return f"{self.count:,} {self.unit if self.count != 1 else self.unit.removesuffix('s')}"


COLUMNS = tuple(ProfileLine.model_fields)


def write_profile(lines: list[ProfileLine], folder: Path) -> Path:
    """Write ``profile.csv`` into a run's folder, whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(line.model_dump() for line in lines)
    write_bytes(folder / NAME, text.getvalue().encode())
    return folder / NAME


def read_profile(folder: Path) -> tuple[ProfileLine, ...]:
    """The lines of a run folder's profile; none where there is no such file.

    Raises
    ------
    ProfileError
        It is not a profile.
    """
    path = folder / NAME
    if not path.is_file():
        return ()
    remedy = "delete it, or write it anew: python -m benchmark run --profile"
    try:
        table = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProfileError(f"{path}: not a table ({error}); {remedy}") from None
    if not table or tuple(table[0]) != COLUMNS:
        found = ",".join(table[0]) if table else ""
        raise ProfileError(f"{path}, line 1: columns are {found!r}, not {','.join(COLUMNS)}; {remedy}")
    lines = []
    for number, cells in enumerate(table[1:], start=2):
        given: dict[str, Any] = {k: v for k, v in zip(COLUMNS, cells, strict=False) if v != ""}
        try:
            if len(cells) != len(COLUMNS):
                raise ProfileError(f"{path}, line {number}: {len(cells)} cells; {remedy}")
            lines.append(ProfileLine.model_validate(given))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ProfileError(
                f"{path}, line {number}: {where} is {first['input']!r} ({first['msg']}); {remedy}"
            ) from None
    return tuple(lines)
