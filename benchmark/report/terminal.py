"""The end of a run on the screen: accuracies beside the paper's."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.protocol.row import Row
from benchmark.report import notes
from benchmark.report.aggregate import Line
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.cells import printed_difference, short, signed
from benchmark.report.claims_page import claims_lines
from benchmark.report.evidence import TABLES
from benchmark.report.judgement import verdicts
from benchmark.report.reproduction import summary
from benchmark.report.source_terminal import print_source_tables
from benchmark.report.tables import index, subsets
from benchmark.report.tie_groups import printed_letters
from benchmark.stages import CROSS_VALIDATION, ZERO_TRANSFER

METRIC = "accuracy"
LETTERS = 3
"""Places that the letters of a tie group take."""


def print_tables(rows: Iterable[Row] | Analysis, console: Console) -> None:
    """Print what the rows give: networks on their source (Tables 1 and 3), Table 5, and Table 6 last.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    analysis = analysis_of(rows)
    stages = analysis.evidence.stages
    print_source_tables(analysis.evidence, console)
    if ZERO_TRANSFER in stages:
        print_table(analysis, console, ZERO_TRANSFER, brief=CROSS_VALIDATION in stages)
    if CROSS_VALIDATION in stages:
        print_table(analysis, console)


def print_table(
    rows: Iterable[Row] | Analysis, console: Console, stage: str = CROSS_VALIDATION, brief: bool = False
) -> None:
    """Print accuracies, method x subset, and what to know of them.

    A cell holds the mean and the standard deviation over folds; below them, where the paper tested these
    images, the published figure with its certainty and the difference. It fits 80 columns.

    Parameters
    ----------
    rows : iterable of Row, or Analysis
        Of one run.
    stage : str
        ``cross-validation`` (Table 6) or ``zero-transfer`` (Table 5); of one without rows, the notes alone.
    brief : bool
        Leave out what the next table will say again: the data, the networks, the letters.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    analysis = analysis_of(rows)
    evidence, ties = analysis.evidence, analysis.ties
    lines = [line for line in analysis.lines.get(stage, []) if line.metric == METRIC]
    at, columns = index(lines), subsets(lines)
    letters = printed_letters(ties)
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
        tied = {subset: letters.get((stage, subset, method), "") for subset in columns}
        table.add_row(Text(method), *(_cell(x, best[x.subset], tied[x.subset]) for x in shown))
    if lines:
        console.print(table)
    about = [notes.stage_note(evidence, stage)]
    if not brief:
        about = [notes.data_note(evidence), *about, notes.separability_note(evidence, stage)]
        about += [notes.letters_note() if letters else "", notes.certainty_note(lines)]
        about += [*notes.artefact_notes(lines), *notes.comparable_notes(lines)]
    for note in filter(None, about):
        console.print(Text(note, style="dim"))
    for note in notes.gap_notes(lines):
        console.print(Text(f"gap: {note}", style="yellow"))


def print_paper(analysis: Analysis, console: Console) -> None:
    """Print how the paper's figures and claims fare; nothing where the images are others than the paper's."""
    if not analysis.evidence.published:
        return
    console.print(Text(summary(analysis.reproductions)))
    console.print(Text("The paper's claims, judged:"))
    for line in claims_lines(verdicts(analysis.judgements)):
        console.print(Text(line, style="dim" if line.startswith(" ") else ""))


def _cell(line: Line, best: str, letters: str) -> Text:
    """Mean, deviation, tie group; below them, where there are such, published figure and difference."""
    if line.mean is None:
        found = Text(line.status, style="yellow")
    else:
        value = short(line.mean)
        found = Text(value, style="bold" if value == best else "")
        found.append("" if line.std is None else f" ±{short(line.std)}", style="not bold")
        found.append(f" {letters:<{LETTERS}}" if letters else "", style="not bold italic")
    if line.published is not None:
        difference = signed(printed_difference(line.mean, line.published)).rjust(5)
        letters = f"{line.certainty}{'†' if line.comparable else ''}"
        found.append(f"\n{short(line.published)} {letters} {difference}", style="not bold dim")
    return found
