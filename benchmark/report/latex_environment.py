"""What every LaTeX table of the report is made of: a ``table`` environment, and rows of several lines."""

import dataclasses
from collections.abc import Mapping, Sequence

from benchmark.report.cells import short
from benchmark.report.escape import escape


@dataclasses.dataclass(frozen=True)
class Tabular:
    """The inside of a table.

    Attributes
    ----------
    columns : str
        Their alignment.
    head, body : sequence of str
        Lines, with their ends.
    """

    columns: str
    head: Sequence[str]
    body: Sequence[str]


def environment(table: int, caption: str, size: str, tabular: Tabular, remarks: Sequence[str]) -> bytes:
    """A whole ``table`` environment; it needs ``\\usepackage{booktabs}`` and nothing else.

    Parameters
    ----------
    table : int
        The paper's number.
    caption : str
        Plain text.
    size : str
        Commands before the tabular.
    remarks : sequence of str
        Plain text below it, one a line.
    """
    parts = [
        rf"% Table {table}. In the preamble: \usepackage{{booktabs}}",
        r"\begin{table}[tbp]",
        r"\centering",
        rf"\caption{{{escape(caption)}}}",
        rf"\label{{tab:table{table}}}",
        r"\vspace{4pt}",
        size,
        rf"\begin{{tabular}}{{{tabular.columns}}}",
        r"\toprule",
        *tabular.head,
        r"\midrule",
        *tabular.body,
        r"\bottomrule",
        r"\end{tabular}",
        "",
        r"\smallskip",
        r"\parbox{\linewidth}{\scriptsize\raggedright",
        " \\\\\n".join(escape(remark) for remark in remarks),
        "}",
        r"\end{table}",
    ]
    return ("\n".join(parts) + "\n").encode()


def stacked(name: str, values: Sequence[str], small: Mapping[str, Sequence[str]]) -> list[str]:
    """The lines of one row: values, and below them small ones by what they are; empty ones are left out."""
    lines = [f"{name} & {' & '.join(values)}"]
    for what, below in small.items():
        if any(below):
            cells = " & ".join(rf"{{\scriptsize {value}}}" if value else "" for value in below)
            lines.append(rf"{{\scriptsize\quad {what}}} & {cells}")
    return [*(rf"{line} \\" for line in lines[:-1]), rf"{lines[-1]} \\[2pt]"]


def published_figure(value: float | None, certainty: str, incomparable: bool) -> str:
    """A published figure with the letter of its certainty, and a dagger where ours is of another source."""
    if value is None:
        return ""
    dagger = r"\dagger" if incomparable else ""
    return rf"{short(value)}$^{{\mathrm{{{certainty}}}{dagger}}}$"
