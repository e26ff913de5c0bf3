"""Tables 1 to 3 in LaTeX."""

from collections.abc import Sequence

from benchmark.protocol.metrics import METRICS
from benchmark.report.aggregate import Line
from benchmark.report.booktabs import environment, published_figure, stacked
from benchmark.report.cells import number, printed_difference, short, signed
from benchmark.report.escape import escape
from benchmark.report.evidence import Evidence
from benchmark.report.network_facts import networks_of
from benchmark.report.notes import certainty_note, gap_notes
from benchmark.report.paired import MEASURED
from benchmark.report.source_notes import source_remarks
from benchmark.report.source_tables import DIFFERENCE, FURTHER, SELECTED, SIZES, SourceLine
from benchmark.report.tables import index

CAPTIONS = {
    1: "Architectures on the source's own test part, with weak labels (Acc is accuracy).",
    2: "What the networks were trained on, and what progressive training kept and removed.",
    3: "CNN and PCNN on the source's own test part, with weak labels (Acc is accuracy).",
}
BELOW = {
    1: " Below each figure its interval; the best accuracy is bold.",
    2: "",
    3: " Below each figure its interval; the last row is the paired difference.",
}
PUBLISHED = " Below them the published figure."
PARTS = {"": "all images", "_positive": "labelled positive", "_negative": "labelled negative"}


def metric_tex(evidence: Evidence, table: int, lines: Sequence[SourceLine]) -> bytes:
    """Table 1 or 3: a line a network, a column a metric."""
    at, subset = index(lines), lines[0].subset
    methods = list(dict.fromkeys(line.method for line in lines))
    best = max((short(at[m, subset, "accuracy"].mean) for m in methods if m != DIFFERENCE), default="")
    body: list[str] = []
    for method in methods:
        cells = [at[method, subset, metric] for metric in MEASURED]
        printed = signed if method == DIFFERENCE else short
        values = [printed(line.mean) if line.mean is not None else "--" for line in cells]
        if method == DIFFERENCE:
            body.append(r"\midrule")
            values = [
                f"${value}$" if line.mean is not None else value
                for line, value in zip(cells, values, strict=True)
            ]
        elif table == 1 and values[MEASURED.index("accuracy")] == best:
            values[MEASURED.index("accuracy")] = rf"\textbf{{{best}}}"
        body += stacked(escape(method), values, _small(cells))
    titles = [METRICS[metric].title for metric in MEASURED]
    head = [f"Architecture & {' & '.join(titles)} " + r"\\"]
    if table == 3:
        head = [f"Algorithm & {' & '.join(titles)} " + r"\\"]
    return _environment(evidence, table, lines, "l" + "c" * len(MEASURED), head, body)


def size_tex(evidence: Evidence, lines: Sequence[SourceLine]) -> bytes:
    """Table 2: images and iterations of each network; below, what the progressive one kept, by weak label."""
    at, subset = index(lines), lines[0].subset
    columns = (*SIZES, *FURTHER)
    body: list[str] = []
    for method in dict.fromkeys(line.method for line in lines):
        cells = [at[method, subset, name] for name in columns]
        values = ["--" if line.mean is None else number(line.mean, 0) for line in cells]
        body += stacked(
            escape(method), values, {"published": [_published(line, counts=True) for line in cells]}
        )
    for method in dict.fromkeys(line.method for line in lines if line.metric in SELECTED):
        body += [r"\midrule", rf"{escape(method)}, kept & share & kept & removed & & \\", r"\midrule"]
        for part, title in PARTS.items():
            share, kept, removed = (
                at[method, subset, f"{what}{part}"] for what in ("kept_share", "kept", "removed")
            )
            values = [short(share.mean), number(kept.mean, 0), number(removed.mean, 0), "", ""]
            published = [_published(line, counts=False) for line in (share, kept, removed)]
            body += stacked(title, values, {"published": [*published, "", ""]})
    head = [f"Algorithm & {' & '.join(columns)} " + r"\\"]
    return _environment(evidence, 2, lines, "l" + "r" * len(columns), head, body)


def _small(cells: Sequence[Line]) -> dict[str, list[str]]:
    def bracket(line: Line) -> str:
        if line.low is None or line.high is None:
            return ""
        printed = signed if line.method == DIFFERENCE else short
        return f"[${printed(line.low)}$, ${printed(line.high)}$]"

    differences = [
        signed(None if line.difference is None else printed_difference(line.mean, line.published))
        for line in cells
    ]
    return {
        r"95 \%": [bracket(line) for line in cells],
        "published": [_published(line, counts=False) for line in cells],
        "difference": [f"${value}$" if value else "" for value in differences],
    }


def _published(line: Line, counts: bool) -> str:
    text = published_figure(line.published, line.certainty, bool(line.comparable))
    printed = number(line.published, 0) if counts else short(line.published)
    if line.method == DIFFERENCE:
        printed = signed(line.published)
    return text.replace(short(line.published), printed, 1) if text else ""


def _environment(
    evidence: Evidence,
    table: int,
    lines: Sequence[SourceLine],
    columns: str,
    head: Sequence[str],
    body: Sequence[str],
) -> bytes:
    remarks = [*source_remarks(evidence, table, lines), certainty_note(lines), *gap_notes(lines)]
    names = " and ".join(dict.fromkeys(facts.source for facts in networks_of(evidence.source)))
    caption = f"{CAPTIONS[table]}{BELOW[table]}"
    caption += PUBLISHED if any(line.published is not None for line in lines) else ""
    caption += f" Source: {names}." if names else ""
    said = [remark for remark in remarks if remark]
    return environment(f"table{table}", caption, columns, head, body, said)
