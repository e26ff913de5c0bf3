"""Tables 5 and 6: a line a method and subset, a column a metric; every figure opens what it was made from."""

from benchmark.protocol.metrics import METRICS, PRINTED
from benchmark.report import notes
from benchmark.report.aggregate import Line
from benchmark.report.cells import PRINT, number, short
from benchmark.report.evidence import TABLES
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import (
    Material,
    Section,
    group_key,
    metric_name,
    subset_name,
    table_name,
)
from benchmark.report.tables import index, subsets
from benchmark.report.tie_groups import printed_letters

ORDER = ("accuracy", *(m for m in METRICS if m != "accuracy"))
"""Columns: first the metric that the tie groups are of, since on a phone it is the one in sight."""


def results(material: Material) -> Section | None:
    """A table a stage, the last one first."""
    stages = [s for s in reversed(material.analysis.evidence.stages) if material.analysis.lines.get(s)]
    if not stages:
        return None
    intro = el(
        "p",
        "Mean ± standard deviation over the folds; the best of a subset is bold. Choose a figure to see the "
        "rows, parameters and times behind it; choose a head to sort.",
        class_="lead script",
    )
    return Section(
        "results", "Results", "Results", join([intro, *(_stage(material, stage) for stage in stages)])
    )


def _stage(material: Material, stage: str) -> Html:
    evidence, lines = material.analysis.evidence, material.analysis.lines[stage]
    letters = printed_letters(material.analysis.ties)
    families = {r.cell.method: r.family for r in evidence.rows}
    at, shown = index(lines), subsets(lines)
    best = {
        (s, m): max((short(x.mean) for x in lines if (x.subset, x.metric) == (s, m)), default="")
        for s in shown
        for m in METRICS
    }
    tied = any(key[0] == stage for key in letters)
    columns = [
        Column("Method"),
        Column("Subset", menu=True),
        *(Column(metric_name(m), number=True) for m in ORDER),
        *([Column("Tie group")] if tied else []),
        Column("Family", menu=True),
    ]
    rows: list[list[Cell | str]] = []
    for subset in shown:
        for method in dict.fromkeys(line.method for line in lines):
            row: list[Cell | str] = [method, Cell(subset_name(subset), value=shown.index(subset))]
            row += [_figure(at[method, subset, m], best[subset, m]) for m in ORDER]
            row += [letters.get((stage, subset, method), "")] if tied else []
            rows.append([*row, families[method]])
    said = [
        notes.stage_note(evidence, stage),
        notes.seeds_note(evidence, stage),
        notes.separability_note(evidence, stage),
        *notes.comparable_notes(lines),
    ]
    paper = f" Below a figure: the published one of the paper's Table {TABLES[stage]}." * evidence.published
    caption = f"{table_name(stage)}: {evidence.dataset}, {len(METRICS)} metrics.{paper}"
    return join(
        [
            el("h3", table_name(stage)),
            data_table(str(TABLES[stage]), caption, columns, rows),
            el("p", " ".join(note for note in said if note), class_="note"),
        ]
    )


def _figure(line: Line, best: str) -> Cell:
    where = group_key(line.stage, line.method, line.subset)
    if line.mean is None:
        return Cell(line.status, group=where, metric=line.metric, style="gap")
    value = short(line.mean)
    parts = [el("b" if value == best else "span", value)]
    if line.std is not None:
        parts.append(el("small", f" ± {short(line.std)}"))
    if line.published is not None and line.metric in PRINTED:
        mark = " †" if line.comparable else ""
        parts.append(el("small", f"paper {short(line.published)} {line.certainty}{mark}", class_="paper"))
    return Cell(join(parts), float(number(line.mean, PRINT + 3)), where, line.metric)
