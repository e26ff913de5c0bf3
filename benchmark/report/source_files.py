"""Tables 1 to 3 as files: tidy, wide as printed in the paper, and LaTeX."""

import dataclasses
from collections.abc import Sequence

from benchmark.report.aggregate import Line
from benchmark.report.cells import PRINT, Cell, csv_bytes
from benchmark.report.evidence import Evidence
from benchmark.report.paired import MEASURED
from benchmark.report.source_latex import metric_tex, size_tex
from benchmark.report.source_tables import (
    EXCHANGED,
    FURTHER,
    SELECTED,
    SIZES,
    SOURCE_COLUMNS,
    SourceLine,
)
from benchmark.report.tables import block, index

FIGURES = ("mean", "low", "high", "published", "certainty", "difference", "comparable")
"""Lines of one row in a wide table."""


def source_files(evidence: Evidence, tables: dict[int, list[SourceLine]]) -> dict[str, bytes]:
    """Every file of the tables, by path relative to the run's folder."""
    files = {}
    for table, lines in tables.items():
        name = f"tables/table{table}"
        records = [dataclasses.astuple(line) for line in lines]
        files[f"{name}.csv"] = csv_bytes(SOURCE_COLUMNS, records)
        files[f"{name}_wide.csv"] = wide_csv(evidence, table, lines)
        tex = size_tex(evidence, lines) if table == 2 else metric_tex(evidence, table, lines)
        files[f"{name}.tex"] = tex
    return files


def wide_csv(evidence: Evidence, table: int, lines: Sequence[SourceLine]) -> bytes:
    """A line a method and figure, a column a metric; behind what the paper prints stands what it does not."""
    columns = {1: MEASURED, 2: (*SIZES, *FURTHER, *SELECTED), 3: (*MEASURED, *EXCHANGED)}[table]
    at = index(lines)
    records: list[list[Cell]] = []
    for method in dict.fromkeys(line.method for line in lines):
        first = next(line for line in lines if line.method == method)
        cells = [at.get((method, first.subset, metric), _nothing(first, metric)) for metric in columns]
        records += block(method, cells, [first.images, "weak", first.artefacts, evidence.dataset], FIGURES)
    header = ["method", "figure", *columns, "tested", "labels", "artefacts", "dataset", "gaps"]
    return csv_bytes(header, records, PRINT)


def _nothing(line: SourceLine, metric: str) -> Line:
    """An empty cell: the method has no such metric."""
    return dataclasses.replace(
        line,
        metric=metric,
        mean=None,
        low=None,
        high=None,
        published=None,
        certainty="",
        difference=None,
        comparable="",
        status="ok",
        reason="",
    )
