"""What the paper published beside what these rows say."""

from benchmark.report.cells import printed_difference, short, signed
from benchmark.report.evidence import TABLES
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import Material, Section, group_key, metric_name, subset_name
from benchmark.report.published import CERTAINTY
from benchmark.report.reproduction import (
    ABOVE,
    BELOW,
    INCOMPARABLE,
    NOT_RUN,
    VERDICTS,
    WITHIN,
    Reproduction,
    summary,
)

STYLES = {WITHIN: "good", BELOW: "bad", ABOVE: "warn", INCOMPARABLE: "open"}
COLUMNS = (
    Column("Method"),
    Column("Table", menu=True),
    Column("Subset", menu=True),
    Column("Metric", menu=True),
    Column("Published", number=True),
    Column("How sure", menu=True),
    Column("Ours", number=True),
    Column("Difference", number=True),
    Column("95 % of ours"),
    Column("Verdict", menu=True),
    Column("Why", long=True),
)


def published(material: Material) -> Section | None:
    """A line a published figure; nothing where the images are others than the paper's."""
    if not material.analysis.evidence.published:
        return None
    # those that can be compared first
    records = sorted(material.analysis.reproductions, key=lambda r: r.ours is None)
    verdicts = [el("li", _badge(name), f" {what}.") for name, what in VERDICTS.items()]
    letters = sorted({r.certainty for r in records})
    body = join(
        [
            el("p", summary(records), class_="lead"),
            el("ul", *verdicts, class_="plain"),
            data_table("published", "Published figures beside ours", COLUMNS, [_row(r) for r in records]),
            el("p", " ".join(f"{letter} = {CERTAINTY[letter]}." for letter in letters), class_="note"),
        ]
    )
    return Section("published", "Published", "Published against reproduced", body)


def _row(r: Reproduction) -> list[Cell | str]:
    counted = isinstance(r.published, int)
    metric = "Count" if counted and r.metric not in ("accuracy", "f1") else metric_name(r.metric)
    stage = next((stage for stage, table in TABLES.items() if table == r.table), "")
    where = group_key(stage, r.method, r.subset) if stage and r.ours is not None else ""
    return [
        r.method if not counted else f"{r.method}, {r.metric}",
        f"Table {r.table}",
        subset_name(r.subset),
        metric,
        Cell(short(r.published), float(r.published)),
        r.certainty,
        Cell(short(r.ours), None if r.ours is None else float(r.ours), where, r.metric if where else ""),
        Cell(signed(printed_difference(r.ours, r.published)), r.difference),
        Cell(f"[{short(r.low)}, {short(r.high)}]" if r.low is not None else "", style="nowrap"),
        Cell(_badge(NOT_RUN if r.reason == NOT_RUN else r.verdict), r.verdict),
        "" if r.reason == NOT_RUN else r.reason,
    ]


def _badge(verdict: str) -> Html:
    return el("span", verdict, class_=f"badge {STYLES.get(verdict, 'open')}")
