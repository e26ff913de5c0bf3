"""The folder of a run: rows, manifest, log; one run at a time."""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from benchmark.data.files import remove_partial, write_bytes
from benchmark.protocol.row import Cell, Row, RowError, read_row, read_rows


class FolderError(ValueError):
    """The run folder cannot be used; the message says why and what to do."""


class RunFolder:
    """Where a run keeps what it computed.

    Parameters
    ----------
    path : Path
        Made when first written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows_path = path / "rows"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run; a second one is refused.

        Raises
        ------
        FolderError
            Another run holds it, or it cannot be written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / ".lock")
            lock.acquire(timeout=0)
        except Timeout:
            raise FolderError(
                f"{self.path}: another run is writing here; wait for it or use another --out"
            ) from None
        except OSError as error:
            raise FolderError(
                f"{self.path}: cannot be written to ({error.strerror}); use another --out"
            ) from None
        try:
            remove_partial(self.path)
            self._remove_finished()
            yield
        finally:
            # In this order: released first, the file could be another run's by the time it is removed, and a
            # third run would find none and start beside it.
            (self.path / ".lock").unlink(missing_ok=True)
            lock.release()

    def _remove_finished(self) -> None:
        """Remove what learning an artefact kept to go on from, where it was killed just after the end."""
        for left in (self.path / "artefacts").glob(".*.unfinished"):
            if left.with_name(left.name[1:].removesuffix(".unfinished")).is_dir():
                shutil.rmtree(left)

    def row(self, cell: Cell) -> Row | None:
        """The stored row of a cell; None where there is none or it is not valid."""
        path = self.rows_path / cell.file_name
        if not path.exists():
            return None
        try:
            return read_row(path)
        except RowError:
            return None

    def rows(self) -> list[Row]:
        """Every stored row.

        Raises
        ------
        FolderError
            There is none.
        RowError
            One of them is not valid.
        """
        rows = read_rows(self.rows_path)
        if not rows:
            raise FolderError(
                f"{self.path}: no rows here; make some: python -m benchmark run --all --out {self.path}"
            )
        return rows

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Keep what is needed to run again: ``run --config manifest.json``."""
        write_bytes(
            self.path / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
        )

    def manifest(self) -> dict[str, Any]:
        """The manifest of the last run here; empty where there is none.

        Raises
        ------
        FolderError
            It is cut off or damaged.
        """
        path = self.path / "manifest.json"
        if not path.exists():
            return {}
        try:
            return dict(json.loads(path.read_bytes()))
        except (ValueError, TypeError) as error:
            raise FolderError(
                f"{path}: cannot be read ({error}); the command that made it writes it again: "
                f"python -m benchmark run ... --out {self.path}"
            ) from None

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to ``log.jsonl``: every run here is on record, so choosing among runs would show."""
        path = self.path / "log.jsonl"
        before = path.read_bytes() if path.exists() else b""
        if before and not before.endswith(b"\n"):  # cut off: what is left stays a line of its own
            before += b"\n"
        write_bytes(path, before + json.dumps(entry, sort_keys=True).encode() + b"\n")
