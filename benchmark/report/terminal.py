"""The end of a run on the screen: accuracies beside the paper's."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.protocol.row import Row
from benchmark.report import notes
from benchmark.report.aggregate import Line, metric_lines
from benchmark.report.cells import printed_difference, short, signed
from benchmark.report.evidence import TABLES, gather
from benchmark.report.source_terminal import print_source_tables
from benchmark.report.tables import index, subsets
from benchmark.stages import CROSS_VALIDATION, ZERO_TRANSFER

METRIC = "accuracy"


def print_tables(rows: Iterable[Row], console: Console) -> None:
    """Print what the rows give: networks on their source (Tables 1 and 3), Table 5, and Table 6 last.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    kept = list(rows)
    evidence = gather(kept)
    print_source_tables(evidence, console)
    if ZERO_TRANSFER in evidence.stages:
        print_table(kept, console, ZERO_TRANSFER, brief=CROSS_VALIDATION in evidence.stages)
    if CROSS_VALIDATION in evidence.stages:
        print_table(kept, console)


def print_table(
    rows: Iterable[Row], console: Console, stage: str = CROSS_VALIDATION, brief: bool = False
) -> None:
    """Print accuracies, method x subset, and what to know of them.

    A cell holds the mean and the standard deviation over folds; below them, where the paper tested these
    images, the published figure with its certainty and the difference. It fits 80 columns.

    Parameters
    ----------
    stage : str
        ``cross-validation`` (Table 6) or ``zero-transfer`` (Table 5); of one without rows, the notes alone.
    brief : bool
        Leave out what the next table will say again: the data, the networks, the letters.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    evidence = gather(rows)
    lines = [line for line in metric_lines(evidence, stage) if line.metric == METRIC]
    at, columns = index(lines), subsets(lines)
    title = f"Table {TABLES[stage]}: accuracy on {evidence.dataset}, protocol {evidence.protocol}"
    table = Table(title=Text(title), title_justify="left", show_lines=evidence.published)
    table.add_column("Method", overflow="fold")
    for subset in columns:
        head = Text(f"{subset}\nmean ±std" if stage == CROSS_VALIDATION else subset)
        if evidence.published:
            head.append("\npaper  diff.", style="dim")
        table.add_column(head, justify="right", no_wrap=True, min_width=12)
    methods = list(dict.fromkeys(line.method for line in lines))
    best = {s: max((short(at[m, s, METRIC].mean) for m in methods), default="") for s in columns}
    for method in methods:
        shown = [at[method, subset, METRIC] for subset in columns]
        table.add_row(Text(method), *(_cell(line, best[line.subset]) for line in shown))
    if lines:
        console.print(table)
    about = [notes.stage_note(evidence, stage)]
    if not brief:
        about = [notes.data_note(evidence), *about, notes.separability_note(evidence, stage)]
        about.append(notes.certainty_note(lines))
        about += [*notes.artefact_notes(lines), *notes.comparable_notes(lines)]
    for note in filter(None, about):
        console.print(Text(note, style="dim"))
    for note in notes.gap_notes(lines):
        console.print(Text(f"gap: {note}", style="yellow"))


def _cell(line: Line, best: str) -> Text:
    """Mean and deviation; below them, where there are such, the published figure and the difference."""
    if line.mean is None:
        found = Text(line.status, style="yellow")
    else:
        value = short(line.mean)
        found = Text(value, style="bold" if value == best else "")
        found.append("" if line.std is None else f" ±{short(line.std)}", style="not bold")
    if line.published is not None:
        difference = signed(printed_difference(line.mean, line.published)).rjust(5)
        letters = f"{line.certainty}{'†' if line.comparable else ''}"
        found.append(f"\n{short(line.published)} {letters} {difference}", style="not bold dim")
    return found
