"""Tables 1 and 3 on the screen: networks on the source's own test part."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.protocol.metrics import METRICS
from benchmark.report.aggregate import Line
from benchmark.report.cells import short, signed
from benchmark.report.evidence import Evidence
from benchmark.report.notes import artefact_notes, comparable_notes, gap_notes
from benchmark.report.paired import MEASURED
from benchmark.report.source_notes import exchange_note, tested_note
from benchmark.report.source_tables import CNN, DIFFERENCE, FIGURE_2, SourceLine, source_tables
from benchmark.report.tables import index
from benchmark.stages import CROSS_VALIDATION

TITLES = {1: "architectures on the source's test part", 3: "CNN and PCNN on the source's test part"}


def print_source_tables(evidence: Evidence, console: Console) -> None:
    """Print Table 1, where several architectures were trained, and Table 3; nothing where the rows give none.

    A cell holds the figure and below it, where the paper's target was tested, the published one with its
    certainty; a dagger marks those that are not comparable. It fits 80 columns.
    """
    tables = source_tables(evidence)
    shown = {table: lines for table, lines in tables.items() if table in TITLES}
    if 3 in shown and len({line.method for line in shown.get(1, [])}) < 2:
        shown.pop(1, None)
    for table, lines in shown.items():
        console.print(_table(table, lines))
    for remark in _remarks(evidence, [line for lines in shown.values() for line in lines]):
        console.print(Text(remark, style="dim"))
    for lines in shown.values():
        for note in gap_notes(lines):
            console.print(Text(f"gap: {note}", style="yellow"))


def _remarks(evidence: Evidence, lines: Sequence[SourceLine]) -> list[str]:
    """What to know of the figures; what Table 6 will say of the same networks is left to it."""
    later = set(evidence.methods(CROSS_VALIDATION))
    later |= {DIFFERENCE, *((FIGURE_2,) if CNN in later else ())}
    own = [line for line in lines if line.method not in later]
    found = [tested_note(evidence), exchange_note(lines), *artefact_notes(own), *comparable_notes(own)]
    return [remark for remark in found if lines and remark]


def _table(number: int, lines: list[SourceLine]) -> Table:
    at, subset = index(lines), lines[0].subset
    title = f"Table {number}: {TITLES[number]}, {lines[0].images:,} images"
    table = Table(title=Text(title), title_justify="left")
    table.add_column("Network", overflow="fold")
    for metric in MEASURED:
        table.add_column(METRICS[metric].title, justify="right", no_wrap=True)
    for method in dict.fromkeys(line.method for line in lines):
        cells = [at[method, subset, metric] for metric in MEASURED]
        table.add_row(Text(method), *(_cell(line, method == DIFFERENCE) for line in cells))
    return table


def _cell(line: Line, difference: bool) -> Text:
    if line.mean is None:
        return Text(line.status, style="yellow")
    printed = signed if difference else short
    found = Text(printed(line.mean) or ".000")
    if line.published is not None:
        mark = "†" if line.comparable else ""
        found.append(f"\n{printed(line.published)} {line.certainty}{mark}", style="dim")
    return found
