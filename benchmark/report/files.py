"""Where the files of a report lie in a run's folder."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from benchmark.report.cells import csv_bytes


def csv_files(parts: Mapping[str, tuple[tuple[str, ...], Sequence[Any]]]) -> dict[str, bytes]:
    """Tidy tables of records: columns and frozen dataclasses by name; one without records is left out."""
    return {
        f"tables/{name}.csv": csv_bytes(columns, map(dataclasses.astuple, records))
        for name, (columns, records) in parts.items()
        if records
    }


def figure_files(name: str, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one figure, by format."""
    return {f"figures/{name}.{kind}": data for kind, data in pictures.items()}
