"""Published against reproduced, as printed: the accuracies of Tables 5 and 6."""

from collections.abc import Sequence

from benchmark.report.booktabs import environment
from benchmark.report.cells import short
from benchmark.report.escape import escape
from benchmark.report.evidence import Evidence
from benchmark.report.notes import data_note
from benchmark.report.published import CERTAINTY
from benchmark.report.reproduction import ABOVE, BELOW, INCOMPARABLE, VERDICTS, WITHIN, Reproduction, summary

SIGNS = {WITHIN: "$=$", BELOW: "$<$", ABOVE: "$>$", INCOMPARABLE: r"$\circ$"}
METRIC = "accuracy"
HEADS = {"five": "Five agree", "four": "Four agree", "three": "Three agree"}
SIZE = r"\footnotesize\setlength{\tabcolsep}{2pt}"


def reproduction_tex(evidence: Evidence, records: Sequence[Reproduction]) -> bytes:
    """A line a method that has a published accuracy; three columns a subset."""
    shown = [r for r in records if r.metric == METRIC and r.table in (5, 6)]
    body: list[str] = []
    for table in (5, 6):
        of = [r for r in shown if r.table == table]
        if body:
            body.append(r"\midrule")
        title = "before transfer" if table == 5 else "5-fold cross-validation"
        body.append(rf"\multicolumn{{{1 + 3 * len(HEADS)}}}{{l}}{{\emph{{Table {table}, {title}}}}} \\")
        for method in dict.fromkeys(r.method for r in of):
            cells = [_cells(r) for r in of if r.method == method]
            body.append(f"{escape(method)} & {' & '.join(cells)} " + r"\\")
    heads = " & ".join(rf"\multicolumn{{3}}{{c}}{{{name}}}" for name in HEADS.values())
    rules = "".join(rf"\cmidrule(lr){{{2 + 3 * i}-{4 + 3 * i}}}" for i in range(len(HEADS)))
    columns = " & ".join(["paper & ours & 95~\\%"] * len(HEADS))
    meanings = ", ".join(f"{name} ({sign})" for name, sign in _named())
    caption = f"Published accuracies against ours. {data_note(evidence)}"
    letters = sorted({r.certainty for r in shown})
    remarks = [
        f"Signs: {meanings}. {'; '.join(f'{name}: {what}' for name, what in VERDICTS.items())}.",
        f"{summary(records)} {' '.join(f'{letter} = {CERTAINTY[letter]}.' for letter in letters)}",
        *_reasons(shown),
    ]
    head = [f" & {heads} " + r"\\", rules, f"Method & {columns} " + r"\\"]
    return environment("published", caption, "l" + "rrl" * len(HEADS), head, body, remarks, SIZE)


def _cells(r: Reproduction) -> str:
    paper = rf"{short(r.published)}$^{{\mathrm{{{r.certainty}}}}}$"
    if r.ours is None:
        return rf"{paper} & -- & {SIGNS[r.verdict]}"
    interval = "" if r.low is None else rf"{{\scriptsize[{short(r.low)}, {short(r.high)}]}}"
    return f"{paper} & {short(r.ours)} & {interval} {SIGNS[r.verdict]}"


def _named() -> list[tuple[str, str]]:
    return [(WITHIN, "="), (BELOW, "<"), (ABOVE, ">"), (INCOMPARABLE, "circle")]


def _reasons(records: Sequence[Reproduction]) -> list[str]:
    """Why figures are not comparable, a remark a reason."""
    methods: dict[str, list[str]] = {}
    for r in records:
        if r.reason:
            methods.setdefault(r.reason, []).append(f"{r.method} (Table {r.table})")
    return [f"{', '.join(dict.fromkeys(of))}: {reason}." for reason, of in methods.items()]
