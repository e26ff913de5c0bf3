"""What LaTeX tables are made of: an environment that needs ``\\usepackage{booktabs}`` and nothing else."""

from collections.abc import Mapping, Sequence

from benchmark.report.cells import short
from benchmark.report.escape import escape

LONGEST_NAME = 11
"""Characters of a method's name that fit the first column."""

LONGEST_NOTE = 200
"""Characters of a remark on one gap that are printed; the CSV files hold it whole."""


def environment(
    name: str,
    caption: str,
    columns: str,
    head: Sequence[str],
    body: Sequence[str],
    remarks: Sequence[str] = (),
    size: str = r"\small",
) -> bytes:
    """Put a table together.

    Parameters
    ----------
    name : str
        Such as ``table6``; the label is ``tab:table6``.
    caption, remarks : str, sequence of str
        Plain text, escaped here; a remark is a line below the table.
    columns, size : str
        LaTeX: the column types, and how large the text is.
    head, body : sequence of str
        LaTeX: whole lines, each with its ``\\\\``.
    """
    parts = [
        r"% In the preamble: \usepackage{booktabs}",
        r"\begin{table}[tbp]",
        r"\centering",
        rf"\caption{{{escape(caption)}}}",
        rf"\label{{tab:{name}}}",
        r"\vspace{4pt}",
        size,
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        *head,
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if remarks:
        parts += [
            "",
            r"\smallskip",
            r"\parbox{\linewidth}{\scriptsize\raggedright",
            " \\\\\n".join(escape(remark) for remark in remarks),
            "}",
        ]
    return ("\n".join([*parts, r"\end{table}"]) + "\n").encode()


def named(name: str, cells: Sequence[str]) -> list[str]:
    """The lines of a row: a long name stands on one of its own above the cells."""
    line = " & ".join(cells) + r" \\"
    if len(name) <= LONGEST_NAME:
        return [f"{escape(name)} & {line}"]
    return [rf"\multicolumn{{{len(cells) + 1}}}{{l}}{{{escape(name)}}} \\", f" & {line}"]


def cut(text: str) -> str:
    """A remark on one gap, not longer than is printed."""
    return text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 1]}…"


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
