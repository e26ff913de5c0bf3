"""What the rows were made on, with which artefacts, and how long it took."""

import json
from collections.abc import Sequence

from benchmark.protocol.row import Row
from benchmark.report.artefacts import artefacts_text
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import STAGE_NAMES, Material, Section

TIMES = (
    Column("Method"),
    Column("Stage", menu=True),
    Column("Rows", number=True),
    Column("Fit, s a row", number=True),
    Column("Score, s a row", number=True),
    Column("In all, s", number=True),
    Column("Peak memory, MiB", number=True),
    Column("Learned before: artefacts", long=True),
)


def conditions(material: Material) -> Section | None:
    """Times a method and stage, and every environment that the rows name."""
    evidence = material.analysis.evidence
    rows = (*evidence.rows, *evidence.source)
    return Section(
        "conditions",
        "Time",
        "What it ran on, and how long it took",
        join(
            [
                el(
                    "p",
                    "Wall time of each row's own process; features that depend on one image alone are stored "
                    "and shared, so they are not in it.",
                    class_="lead",
                ),
                data_table("times", "Time and memory of each method", TIMES, _times(rows)),
                _environments(rows),
            ]
        ),
    )


def _times(rows: Sequence[Row]) -> list[list[Cell | str]]:
    by_method: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.status == "ok":
            by_method.setdefault((row.cell.stage, row.cell.method), []).append(row)
    return [
        [
            method,
            STAGE_NAMES.get(stage, stage),
            Cell(str(len(of)), float(len(of))),
            *(_seconds(_mean([r.seconds.get(part) for r in of])) for part in ("fit", "score")),
            _seconds(sum(r.seconds.get("total", 0.0) for r in of)),
            _rounded(max(r.peak_memory for r in of)),
            artefacts_text(of),
        ]
        for (stage, method), of in by_method.items()
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _seconds(value: float | None) -> Cell:
    return Cell("" if value is None else f"{value:.2f}" if value < 100 else f"{value:,.0f}", value)


def _rounded(value: float) -> Cell:
    return Cell(f"{value:,.0f}" if value else "", value or None)


def _environments(rows: Sequence[Row]) -> Html:
    """Each environment once; which methods ran there is said where there are several."""
    by_text: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.environment:
            written = json.dumps(row.environment, indent=1, sort_keys=True)
            by_text.setdefault(written, {})[row.cell.method] = None
    parts = []
    for written, methods in by_text.items():
        of = f" ({', '.join(methods)})" if len(by_text) > 1 else ""
        parts.append(el("details", el("summary", f"Environment{of}"), el("pre", written)))
    return join(parts)
