"""The tables as LaTeX: whole ``table`` environments that need ``\\usepackage{booktabs}`` and nothing else."""

from collections.abc import Mapping, Sequence

from benchmark.protocol.metrics import METRICS, PRINTED
from benchmark.report import notes
from benchmark.report.aggregate import Line
from benchmark.report.booktabs import LONGEST_NAME, cut, environment, published_figure, stacked
from benchmark.report.cells import printed_difference, short, signed
from benchmark.report.counts import COUNTS
from benchmark.report.escape import escape
from benchmark.report.evidence import Evidence
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

DENSE = r"\footnotesize\setlength{\tabcolsep}{1.4pt}\renewcommand{\arraystretch}{0.9}"
"""The size of a table that has a column a subset and metric."""


def metric_tex(
    evidence: Evidence, stage: str, lines: Sequence[Line], letters: Mapping[tuple[str, str, str], str]
) -> bytes:
    """Table 5 or 6 in the paper's arrangement.

    In each cell the mean, the standard deviation over folds, the published figure with the letter of its
    certainty, and the difference of the two. The best accuracy of a subset is bold; accuracies carry the
    letters of their tie groups.

    Parameters
    ----------
    letters : mapping of (str, str, str) to str
        From `benchmark.report.tie_groups.printed_letters`.
    """
    at, shown = index(lines), subsets(lines)
    methods = list(dict.fromkeys(line.method for line in lines))
    best = {s: max((short(at[m, s, "accuracy"].mean) for m in methods), default="") for s in shown}
    body: list[str] = []
    for method in methods:
        cells = [at[method, subset, metric] for subset in shown for metric in PRINTED]
        tied = {subset: letters.get((stage, subset, method), "") for subset in shown}
        body += _method_lines(method, cells, best, tied)
    groups = [rf"\multicolumn{{{len(PRINTED)}}}{{c}}{{{TITLES.get(s, escape(s))}}}" for s in shown]
    width = len(PRINTED)
    rules = [rf"\cmidrule(lr){{{2 + width * i}-{1 + width * (i + 1)}}}" for i in range(len(groups))]
    heads = [METRICS[metric].title for _ in shown for metric in PRINTED]
    head = [f" & {' & '.join(groups)} " + r"\\", "".join(rules), f"Method & {' & '.join(heads)} " + r"\\"]
    columns = "l" + "@{\\hspace{9pt}}".join(["c" * width] * len(groups))
    below = notes.letters_note() if any(key[0] == stage for key in letters) else ""
    return _environment(evidence, stage, lines, columns, head, body, below)


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


def _method_lines(
    method: str, cells: Sequence[Line], best: dict[str, str], tied: dict[str, str]
) -> list[str]:
    means = []
    for line in cells:
        mean = _mean(line)
        if line.metric == "accuracy" and line.mean is not None:
            mean = rf"\textbf{{{mean}}}" if mean == best[line.subset] else mean
            # of no width, so that the figures stay below each other
            mean += rf"\rlap{{$^{{\scriptscriptstyle {tied[line.subset]}}}$}}" if tied[line.subset] else ""
        means.append(mean)
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
    letters: str = "",
) -> bytes:
    below = [notes.stage_note(evidence, stage)]
    if stage:
        below += [notes.seeds_note(evidence, stage), notes.separability_note(evidence, stage)]
    below += [letters, notes.certainty_note(lines)]
    table = lines[0].table
    remarks = [" ".join(note for note in below if note), *notes.artefact_notes(lines)]
    remarks += [*notes.comparable_notes(lines), *(cut(note) for note in notes.gap_notes(lines))]
    return environment(
        f"table{table}",
        f"{CAPTIONS[table]} {notes.data_note(evidence)}",
        columns,
        head,
        body,
        remarks,
        DENSE if stage else r"\small",
    )
