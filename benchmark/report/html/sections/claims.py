"""The paper's claims, judged by our rows and by what its figures alone can support."""

from benchmark.report.cells import signed
from benchmark.report.claims import CLAIMS
from benchmark.report.claims_page import NAMES, RULE
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.section import Material, Section, metric_name, subset_name
from benchmark.report.judgement import (
    CONTRADICTED,
    NOT_RUN,
    OPEN,
    SUPPORTED,
    VERDICTS,
    Judgement,
    Verdict,
    verdicts,
)

STYLES = {SUPPORTED: "good", CONTRADICTED: "bad", OPEN: "open", NOT_RUN: "open"}
COLUMNS = (
    Column("Claim", long=True),
    Column("Metric", menu=True, chosen="accuracy"),
    Column("Our rows", menu=True),
    Column("of the differences hold"),
    Column("Our smallest difference, 95 %", long=True),
    Column("Published figures alone", menu=True),
    Column("hold by them"),
    Column("To know", long=True),
)
CONTRASTS = (
    Column("Larger, it is claimed"),
    Column("than"),
    Column("Claim", menu=True),
    Column("Subset", menu=True),
    Column("Metric", menu=True, chosen="Accuracy"),
    Column("Ours", number=True),
    Column("95 %"),
    Column("Our rows", menu=True),
    Column("Published", number=True),
    Column("95 % of it"),
    Column("Published alone", menu=True),
)


def claims(material: Material) -> Section | None:
    """A line a claim and metric, and all differences that they are made of."""
    found = material.analysis.judgements
    if not found:
        return None
    rows = [_row(v) for v in verdicts(found)]
    texts = {claim.name: claim.text for claim in CLAIMS}
    contrasts = data_table(
        "contrasts", "Every difference of every claim", CONTRASTS, [_contrast(j, texts) for j in found]
    )
    body = join(
        [
            el("ul", *(el("li", _badge(n), f" {what}.") for n, what in VERDICTS.items()), class_="plain"),
            data_table("claims", "The claims of the paper", COLUMNS, rows),
            el("p", RULE, class_="note"),
            el(
                "details",
                el("summary", f"All {len(found)} differences that the claims are made of"),
                contrasts,
            ),
        ]
    )
    return Section("claims", "Claims", "The paper's claims, judged", body)


def _row(v: Verdict) -> list[Cell | str]:
    smallest = "" if v.difference is None else f"{v.weakest}: {_with(v.difference, v.low, v.high)}"
    return [
        f"{v.text} ({v.where})",
        NAMES[v.metric],
        Cell(_badge(v.verdict), v.verdict),
        f"{v.supported} of {v.differences}",
        smallest,
        Cell(_badge(v.published_verdict), v.published_verdict),
        f"{v.published_supported} of {v.differences}",
        v.remark,
    ]


def _contrast(j: Judgement, texts: dict[str, str]) -> list[Cell | str]:
    return [
        j.left,
        j.right,
        texts[j.claim],
        subset_name(j.subset),
        metric_name(j.metric),
        Cell(signed(j.difference), j.difference),
        Cell(_ends(j.low, j.high), style="nowrap"),
        Cell(_badge(j.verdict), j.verdict),
        Cell(signed(j.published), j.published),
        Cell(_ends(j.published_low, j.published_high), style="nowrap"),
        Cell(_badge(j.published_verdict), j.published_verdict),
    ]


def _with(value: float, low: float | None, high: float | None) -> str:
    return f"{signed(value)} {_ends(low, high)}".strip()


def _ends(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"[{signed(low)}, {signed(high)}]"


def _badge(verdict: str) -> Html:
    return el("span", verdict, class_=f"badge {STYLES[verdict]}")
