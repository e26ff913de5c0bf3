"""The tables as CSV: tidy, one figure a line; and wide, as printed in the paper."""

import dataclasses
from collections.abc import Sequence

from benchmark.protocol.metrics import PRINTED
from benchmark.report.aggregate import COLUMNS, Line
from benchmark.report.cells import PRINT, Cell, csv_bytes, printed_difference
from benchmark.report.counts import COUNTS
from benchmark.report.evidence import Evidence

FIGURES = ("mean", "std", "published", "certainty", "difference", "comparable")
"""Lines of one method in a wide table: what this run found, then how that compares with the paper."""

Index = dict[tuple[str, str, str], Line]


def index(lines: Sequence[Line]) -> Index:
    """Lines of one table by (method, subset, metric)."""
    return {(line.method, line.subset, line.metric): line for line in lines}


def subsets(lines: Sequence[Line]) -> list[str]:
    """Subsets of one table, in order."""
    return list(dict.fromkeys(line.subset for line in lines))


def tidy_csv(lines: Sequence[Line]) -> bytes:
    """One figure a line, in the columns `COLUMNS`."""
    return csv_bytes(COLUMNS, [dataclasses.astuple(line) for line in lines])


def metric_wide_csv(evidence: Evidence, lines: Sequence[Line]) -> bytes:
    """Table 5 or 6 as printed: a column a subset and metric.

    A method has one line ``mean``, which is the paper's row, and below it lines ``std``, ``published``,
    ``certainty``, ``difference`` (of the printed figures) and ``comparable``, as far as there is something to
    say.
    """
    at = index(lines)
    columns = [(subset, metric) for subset in subsets(lines) for metric in PRINTED]
    records: list[list[Cell]] = []
    for method in dict.fromkeys(line.method for line in lines):
        cells = [at[method, subset, metric] for subset, metric in columns]
        records += block(method, cells, _tail(evidence))
    header = [
        "method",
        "figure",
        *(f"{s} {m}" for s, m in columns),
        "dataset",
        "protocol",
        "train_on",
        "gaps",
    ]
    return csv_bytes(header, records, PRINT)


def count_wide_csv(evidence: Evidence, lines: Sequence[Line]) -> bytes:
    """Table 4 as printed: a line a sentiment, a column a subset, and the published counts below."""
    at, shown = index(lines), subsets(lines)
    records: list[list[Cell]] = []
    for count in COUNTS:
        records += block(count, [at["annotators", subset, count] for subset in shown], _tail(evidence))
    header = ["sentiment", "figure", *shown, "dataset", "protocol", "train_on", "gaps"]
    return csv_bytes(header, records, PRINT)


def block(
    name: str, cells: Sequence[Line], tail: Sequence[Cell], figures: Sequence[str] = FIGURES
) -> list[list[Cell]]:
    """The lines of one row: the first of ``figures``, and those of the others that say something.

    Parameters
    ----------
    tail : sequence of str, int or float
        What every line says behind its figures; the first line ends with the gaps.
    """
    gaps = dict.fromkeys(f"{line.subset}: {line.reason}" for line in cells if line.status != "ok")
    records = []
    for figure in figures:
        values: list[Cell] = [_value(line, figure) for line in cells]
        first = figure == figures[0]
        if first or any(value not in (None, "") for value in values):
            records.append([name, figure, *values, *tail, "; ".join(gaps) if first else ""])
    return records


def _value(line: Line, figure: str) -> Cell:
    if figure == "difference":
        # of what is printed; a line that has none is not to be compared
        return None if line.difference is None else printed_difference(line.mean, line.published)
    if figure == "comparable":
        return "no" if line.comparable else ""
    value: Cell = getattr(line, figure)
    return value


def _tail(evidence: Evidence) -> list[Cell]:
    return [evidence.dataset, evidence.protocol, evidence.train_on]
