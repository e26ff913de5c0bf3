"""Where every figure comes from: the rows behind it and all that they depend on, for the page's script."""

import json
from collections.abc import Sequence
from typing import Any

from benchmark.protocol.metrics import METRICS
from benchmark.protocol.row import SOURCE, Row
from benchmark.report.aggregate import Line
from benchmark.report.cells import TIDY, number, short
from benchmark.report.estimates import Estimate
from benchmark.report.evidence import Group
from benchmark.report.html.element import Html
from benchmark.report.html.json_block import json_block
from benchmark.report.html.section import Material, group_key, metric_name, subset_name, table_name
from benchmark.report.pairs import measure_row
from benchmark.report.source_tables import SourceLine, row_name, source_tables
from benchmark.stages import SOURCE_TEST

BLOCK = "provenance"
TEXTS = "texts"
"""Names of the blocks of data: what is behind each figure, and long texts that several share."""

PARTS = {
    "method": "Parameters of the method",
    "details": "What the method says of itself",
    "artefacts": "Artefacts: learned before the target was seen",
    "libraries": "Libraries",
    "processor": "Processor",
    "sources": "Source files and their hashes",
    "environment": "Environment",
}
"""Texts of a row in the order in which they are shown."""


def provenance_blocks(material: Material) -> Html:
    """The blocks of data."""
    texts: dict[str, int] = {}
    evidence, analysis = material.analysis.evidence, material.analysis
    groups = {}
    tested = source_tables(evidence)
    for stage, lines in analysis.lines.items():
        for method, subset in dict.fromkeys((line.method, line.subset) for line in lines):
            key = group_key(stage, method, subset)
            of = [line for line in lines if (line.method, line.subset) == (method, subset)]
            intervals = [
                e for e in analysis.estimates if (e.stage, e.method, e.subset) == (stage, method, subset)
            ]
            group = evidence.group(stage, method, subset)
            groups[key] = _group(group, table_name(stage), of, intervals, texts)
    for row in evidence.source:
        group = Group(SOURCE_TEST, row.cell.method, SOURCE, (row,) if row.status == "ok" else (), ())
        own = [line for lines in tested.values() for line in lines if line.method in _names(row)]
        groups[group_key(SOURCE_TEST, row.cell.method, SOURCE)] = _group(
            group, "Tables 1 to 3, the source's test part", own, (), texts
        )
    head = {"metrics": {m: metric_name(m) for m in METRICS}, "parts": PARTS}
    numbered = {str(i): text for text, i in texts.items()}
    return Html(json_block(BLOCK, head | groups) + json_block(TEXTS, numbered))


def _names(row: Row) -> set[str]:
    """How the tables of the source call a row's network."""
    return {row.cell.method, row_name(row)}


def _group(
    group: Group, table: str, lines: Sequence[Line], intervals: Sequence[Estimate], texts: dict[str, int]
) -> dict[str, Any]:
    return {
        "title": f"{group.method}, {subset_name(group.subset)}",
        "table": table,
        "rows": [_row(row, texts) for row in group.rows],
        "gaps": group.reason,
        "figures": {line.metric: _figure(line, intervals) for line in lines},
    }


def _figure(line: Line, intervals: Sequence[Estimate]) -> dict[str, Any]:
    """What is said above the rows: the mean, its intervals, the published figure."""
    said = []
    if line.mean is not None:
        spread = "" if line.std is None else f" ± {short(line.std, TIDY)} over {line.folds} rows"
        said.append(f"{short(line.mean, TIDY)}{spread}")
    else:
        said.append(f"{line.status}: {line.reason}")
    for e in intervals:
        if e.metric == line.metric and e.low is not None and e.high is not None:
            said.append(f"95 % [{short(e.low)}, {short(e.high)}] of the {e.of} ({e.interval}, n = {e.n})")
    if isinstance(line, SourceLine) and line.low is not None and line.high is not None:
        said.append(f"95 % [{short(line.low)}, {short(line.high)}] of {line.interval}, n = {line.images:,}")
    if line.published is not None:
        against = line.comparable.removeprefix("no: ")
        why = f"; not comparable: {against}" if against else ""
        said.append(f"The paper: {short(line.published)} (certainty {line.certainty}{why})")
    return {"said": said}


def _row(row: Row, texts: dict[str, int]) -> dict[str, Any]:
    depends, details = dict(row.depends), dict(row.details)
    parts = {
        "method": depends.get("method"),
        "details": {k: v for k, v in details.items() if k != "artefacts"},
        "artefacts": details.get("artefacts"),
        "libraries": depends.get("libraries"),
        "processor": depends.get("processor"),
        "sources": depends.get("sources"),
        "environment": row.environment,
    }
    rest = {k: v for k, v in depends.items() if k not in (*parts, "cell")}
    return {
        "file": f"rows/{row.cell.file_name}",
        "key": row.key,
        "fold": row.cell.fold,
        "seed": row.cell.seed,
        "train": f"{row.n_train:,} ({row.n_train_positive:,} positive)",
        "test": len(row.images),
        "seconds": number(row.seconds.get("total"), 2),
        "memory": f"{row.peak_memory:,.0f}",
        "values": {m: short(v, TIDY) for m, v in measure_row(row).items()},
        "depends": json.dumps(rest, sort_keys=True),
        "parts": {name: _place(part, texts) for name, part in parts.items() if part},
    }


def _place(part: Any, texts: dict[str, int]) -> int:
    written = json.dumps(part, indent=1, sort_keys=True, ensure_ascii=False)
    return texts.setdefault(written, len(texts))
