"""The tables as LaTeX: whole ``table`` environments that need ``\\usepackage{booktabs}`` and nothing else."""

from collections.abc import Sequence

from benchmark.protocol.metrics import METRICS, PRINTED
from benchmark.report import notes
from benchmark.report.aggregate import Line
from benchmark.report.cells import printed_difference, short, signed
from benchmark.report.counts import COUNTS
from benchmark.report.escape import escape
from benchmark.report.evidence import Evidence
from benchmark.report.latex_environment import Tabular, environment, published_figure, stacked
from benchmark.report.tables import index, subsets

TITLES = {
    "five": "Five agree",
    "four": "At least four agree",
    "three": "At least three agree",
    "all": "All images",
}
"""Heads of the subsets' columns, as in the paper."""

CAPTIONS = {
    4: "How the annotators labelled the test images; below each count the published one and the difference.",
    5: (
        "Performance on the test images of models trained on the source images alone (Acc is accuracy). "
        "Below each figure the published one and the difference; the best accuracy is bold."
    ),
    6: (
        "Cross-validated performance on the test images (Acc is accuracy): mean and standard deviation over "
        "folds. Below them the published figure and the difference; the best accuracy is bold."
    ),
}

LONGEST_NAME = 11
"""Characters of a method's name that fit the first column; a longer one gets a line of its own."""

LONGEST_NOTE = 200
"""Characters of a gap's reason that are printed; the CSV files hold it whole."""


def metric_tex(evidence: Evidence, stage: str, lines: Sequence[Line]) -> bytes:
    """Table 5 or 6 in the paper's arrangement.

    In each cell the mean, the standard deviation over folds, the published figure with the letter of its
    certainty, and the difference of the two. The best accuracy of a subset is bold.
    """
    at, shown = index(lines), subsets(lines)
    methods = list(dict.fromkeys(line.method for line in lines))
    best = {s: max((short(at[m, s, "accuracy"].mean) for m in methods), default="") for s in shown}
    body: list[str] = []
    for method in methods:
        cells = [at[method, subset, metric] for subset in shown for metric in PRINTED]
        body += _method_lines(method, cells, best)
    groups = [rf"\multicolumn{{{len(PRINTED)}}}{{c}}{{{TITLES.get(s, escape(s))}}}" for s in shown]
    width = len(PRINTED)
    rules = [rf"\cmidrule(lr){{{2 + width * i}-{1 + width * (i + 1)}}}" for i in range(len(groups))]
    heads = [METRICS[metric].title for _ in shown for metric in PRINTED]
    head = [f" & {' & '.join(groups)} " + r"\\", "".join(rules), f"Method & {' & '.join(heads)} " + r"\\"]
    columns = "l" + "@{\\hspace{5pt}}".join(["c" * width] * len(groups))
    return _environment(evidence, stage, lines, columns, head, body)


def count_tex(evidence: Evidence, lines: Sequence[Line]) -> bytes:
    """Table 4 in the paper's arrangement: counts, and below each the published one with its certainty."""
    at, shown = index(lines), subsets(lines)
    body = []
    for count in COUNTS:
        cells = [at["annotators", subset, count] for subset in shown]
        if count == "total":
            body.append(r"\midrule")
        body += _stack(count.capitalize(), [_mean(line) for line in cells], cells)
    head = [f"Sentiment & {' & '.join(TITLES.get(s, escape(s)) for s in shown)} " + r"\\"]
    return _environment(evidence, "", lines, "l" + "c" * len(shown), head, body)


def _method_lines(method: str, cells: Sequence[Line], best: dict[str, str]) -> list[str]:
    means = []
    for line in cells:
        bold = line.metric == "accuracy" and line.mean is not None and short(line.mean) == best[line.subset]
        means.append(rf"\textbf{{{_mean(line)}}}" if bold else _mean(line))
    if len(method) <= LONGEST_NAME:
        return _stack(escape(method), means, cells)
    return [rf"\multicolumn{{{len(cells) + 1}}}{{l}}{{{escape(method)}}} \\", *_stack("", means, cells)]


def _stack(name: str, means: Sequence[str], cells: Sequence[Line]) -> list[str]:
    """The lines of one row: means, deviations, published figures, differences; empty ones are left out."""
    small = {
        r"$\pm$ std": [_deviation(line) for line in cells],
        "published": [_published(line) for line in cells],
        "difference": [_difference(line) for line in cells],
    }
    return stacked(name, means, small)


def _mean(line: Line) -> str:
    return "--" if line.mean is None else short(line.mean)


def _deviation(line: Line) -> str:
    return "" if line.std is None else short(line.std)


def _published(line: Line) -> str:
    return published_figure(line.published, line.certainty, bool(line.comparable))


def _difference(line: Line) -> str:
    difference = printed_difference(line.mean, line.published)
    return "" if difference is None else f"${signed(difference)}$"


def _environment(
    evidence: Evidence,
    stage: str,
    lines: Sequence[Line],
    columns: str,
    head: Sequence[str],
    body: Sequence[str],
) -> bytes:
    table = lines[0].table
    below = [notes.stage_note(evidence, stage)]
    if stage:
        below += [notes.seeds_note(evidence, stage), notes.separability_note(evidence, stage)]
    below += [notes.certainty_note(lines)]
    remarks = [" ".join(note for note in below if note), *notes.artefact_notes(lines)]
    remarks += notes.comparable_notes(lines)
    remarks += [_cut(note) for note in notes.gap_notes(lines)]
    caption = f"{CAPTIONS[table]} {notes.data_note(evidence)}"
    size = (
        r"\footnotesize\setlength{\tabcolsep}{1.8pt}\renewcommand{\arraystretch}{0.9}" if stage else r"\small"
    )
    return environment(table, caption, size, Tabular(columns, head, body), remarks)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 1]}…"
