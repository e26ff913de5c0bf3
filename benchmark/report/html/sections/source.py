"""Tables 1 to 3: the networks on the held-out tenth of the source that they were learned from."""

from collections.abc import Mapping, Sequence

from benchmark.report.cells import PRINT, number, short, signed
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import Material, Section, group_key, metric_name
from benchmark.report.paired import MEASURED
from benchmark.report.source_notes import source_remarks
from benchmark.report.source_tables import (
    DIFFERENCE,
    FURTHER,
    SELECTED,
    SIZES,
    SourceLine,
    row_name,
    source_tables,
)
from benchmark.stages import SOURCE_TEST

TITLES = {
    1: "Table 1, architectures",
    2: "Table 2, what the networks were trained on",
    3: "Table 3, CNN and PCNN",
}
KEPT = {"": "all images", "_positive": "labelled positive", "_negative": "labelled negative"}


def source(material: Material) -> Section | None:
    """The tables that the rows give."""
    evidence = material.analysis.evidence
    tables = source_tables(evidence)
    if not tables:
        return None
    methods = {row_name(row): row.cell.method for row in evidence.source}
    parts: list[Html] = []
    for number_of, lines in sorted(tables.items()):
        parts.append(el("h3", TITLES[number_of]))
        parts += _sizes(lines) if number_of == 2 else [_metrics(number_of, lines, methods)]
        remarks = source_remarks(evidence, number_of, lines)
        parts.append(el("p", " ".join(remarks), class_="note"))
    return Section("source", "Source", "On the source's own test part", join(parts))


def _metrics(table: int, lines: Sequence[SourceLine], methods: Mapping[str, str]) -> Html:
    at, subset = _index(lines), lines[0].subset
    names = list(dict.fromkeys(line.method for line in lines))
    best = max((short(at[n, subset, "accuracy"].mean) for n in names if n != DIFFERENCE), default="")
    columns = [
        Column("Architecture" if table == 1 else "Algorithm"),
        *(Column(metric_name(metric), number=True) for metric in MEASURED),
    ]
    rows: list[list[Cell | str]] = []
    for name in names:
        figures = [at[name, subset, metric] for metric in MEASURED]
        rows.append([name, *(_figure(line, best, methods.get(name, name)) for line in figures)])
    caption = f"{TITLES[table]}: {lines[0].images:,} held-out images of the source, weak labels."
    return data_table(str(table), caption, columns, rows)


def _figure(line: SourceLine, best: str, method: str) -> Cell:
    """Value, interval, published figure; one of a network opens what it was made from."""
    where = "" if line.method == DIFFERENCE else group_key(SOURCE_TEST, method, line.subset)
    if line.mean is None:
        return Cell(line.status, group=where, metric=line.metric, style="gap")
    printed = signed if line.method == DIFFERENCE else short
    value = printed(line.mean)
    bold = line.metric == "accuracy" and value == best
    parts = [el("b" if bold else "span", value)]
    if line.low is not None and line.high is not None:
        parts.append(el("small", f" [{printed(line.low)}, {printed(line.high)}]"))
    if line.published is not None:
        mark = " †" if line.comparable else ""
        parts.append(el("small", f"paper {printed(line.published)} {line.certainty}{mark}", class_="paper"))
    return Cell(join(parts), float(number(line.mean, PRINT + 3)), where, line.metric)


def _sizes(lines: Sequence[SourceLine]) -> list[Html]:
    at, subset = _index(lines), lines[0].subset
    names = list(dict.fromkeys(line.method for line in lines))
    columns = [
        Column("Algorithm"),
        *(Column(name.capitalize(), number=True) for name in (*SIZES, *FURTHER)),
    ]
    rows: list[list[Cell | str]] = [
        [name, *(_count(at[name, subset, part]) for part in (*SIZES, *FURTHER))] for name in names
    ]
    tables = [data_table("2", f"{TITLES[2]}: images, iterations, images a batch.", columns, rows)]
    selected = [name for name in names if (name, subset, SELECTED[0]) in at]
    if selected:
        heads = [Column("Algorithm"), Column("Weak label", menu=True)]
        heads += [Column(title, number=True) for title in ("Kept", "Share kept", "Removed")]
        kept: list[list[Cell | str]] = [
            [
                name,
                title,
                *(_count(at[name, subset, what + part]) for what in ("kept", "kept_share", "removed")),
            ]
            for name in selected
            for part, title in KEPT.items()
        ]
        tables.append(data_table("2-kept", "What Eq. 3 kept and removed, by weak label.", heads, kept))
    return tables


def _index(lines: Sequence[SourceLine]) -> dict[tuple[str, str, str], SourceLine]:
    return {(line.method, line.subset, line.metric): line for line in lines}


def _count(line: SourceLine) -> Cell:
    if line.mean is None:
        return Cell(line.status, style="gap")
    printed = short if "share" in line.metric else lambda value: f"{value:,.0f}"
    parts = [el("span", printed(line.mean))]
    if line.published is not None:
        mark = " †" if line.comparable else ""
        parts.append(el("small", f"paper {printed(line.published)} {line.certainty}{mark}", class_="paper"))
    return Cell(join(parts), float(line.mean))
