"""The rows of another run taken into a run's folder: what is new, what stands there, what contradicts it."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from benchmark.data.files import write_bytes
from benchmark.protocol.robustness_row import FOLDER, RobustnessRow, parse_robustness_row
from benchmark.protocol.row import Row, parse_row
from benchmark.run.archive import ArchiveError
from benchmark.run.folder import RunFolder

Keep = Literal["refuse", "ours", "theirs"]

MEASURED = {"seconds", "peak_memory", "environment"}
"""Parts of a row that may differ between two runs that found the same."""

STUDY_ROWS = f"{FOLDER}/rows/"
"""Where the rows of the robustness study lie in a run's folder."""

NAMED = 5
"""Cells that an error names; the rest are counted."""


@dataclasses.dataclass(frozen=True)
class Merge:
    """What taking in other rows would do.

    Attributes
    ----------
    new : list of Row
        Of cells that the folder has no row of.
    same : list of Row
        Of cells with the same outcome from the same dependencies; the folder's row stays.
    conflicts : list of (Row, Row)
        The folder's and the other row of one cell that differ.
    """

    new: list[Row]
    same: list[Row]
    conflicts: list[tuple[Row, Row]]

    def taken(self, keep: Keep) -> list[Row]:
        """Rows to be written.

        Raises
        ------
        ArchiveError
            There are conflicts, and ``keep`` is ``refuse``.
        """
        if self.conflicts and keep == "refuse":
            named = "; ".join(str(ours.cell) for ours, _ in self.conflicts[:NAMED])
            more = f" and {len(self.conflicts) - NAMED} more" if len(self.conflicts) > NAMED else ""
            raise ArchiveError(
                f"{len(self.conflicts)} rows differ from those that stand here ({named}{more}); "
                "say which to keep: --keep ours or --keep theirs"
            )
        return self.new + ([theirs for _, theirs in self.conflicts] if keep == "theirs" else [])


def plan_merge(ours: list[Row], theirs: list[Row]) -> Merge:
    """Sort other rows by what stands already."""
    known = {row.cell: row for row in ours}
    merge = Merge([], [], [])
    for row in theirs:
        standing = known.get(row.cell)
        if standing is None:
            merge.new.append(row)
        elif standing.model_dump(exclude=MEASURED) == row.model_dump(exclude=MEASURED):
            merge.same.append(row)
        else:
            merge.conflicts.append((standing, row))
    return merge


def rows_of(files: Mapping[str, bytes], archive: Path) -> list[Row]:
    """The rows among an archive's files.

    Raises
    ------
    RowError
        One is not valid, or lies under another cell's name.
    """
    return [parse_row(data, archive / name) for name, data in files.items() if name.startswith("rows/")]


def study_of(files: Mapping[str, bytes], archive: Path) -> list[RobustnessRow]:
    """The rows of the robustness study among an archive's files.

    Raises
    ------
    RowError
        One is not valid, or lies under another cell's name.
    """
    names = [name for name in files if name.startswith(STUDY_ROWS)]
    return [parse_robustness_row(files[name], archive / name) for name in names]


def take_study(folder: RunFolder, study: list[RobustnessRow], files: Mapping[str, bytes]) -> bool:
    """Write the rows of a study where the folder has no others; whether it had none."""
    standing = (folder.path / STUDY_ROWS).glob("*.json")
    if any(files.get(STUDY_ROWS + path.name) != path.read_bytes() for path in standing):
        return False
    for row in study:
        write_bytes(folder.path / STUDY_ROWS / row.cell.file_name, files[STUDY_ROWS + row.cell.file_name])
    return True


def apply_merge(folder: RunFolder, rows: list[Row], files: Mapping[str, bytes]) -> None:
    """Write rows, the cards of banks and networks, and, where there is none, the manifest.

    The caller holds the folder (`RunFolder.locked`).
    """
    for name, data in files.items():
        path = folder.path / name
        if (name.startswith("artefacts/") or name == "manifest.json") and not path.exists():
            write_bytes(path, data)
    for row in rows:
        write_bytes(folder.rows_path / row.cell.file_name, files[f"rows/{row.cell.file_name}"])


def rows_here(folder: RunFolder) -> list[Row]:
    """The folder's rows; none where it is new."""
    return folder.rows() if any(folder.rows_path.glob("*.json")) else []
