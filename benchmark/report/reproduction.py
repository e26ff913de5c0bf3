"""Published against reproduced: every published figure beside ours, and a verdict."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

from benchmark.report.aggregate import Line
from benchmark.report.artefacts import another_source
from benchmark.report.estimates import IMAGES, Estimate
from benchmark.report.evidence import TABLES, Evidence
from benchmark.report.published import FLICKR, figures

WITHIN, BELOW, ABOVE, INCOMPARABLE = "within", "below", "above", "not comparable"

VERDICTS = {
    WITHIN: "the published figure lies in the 95 % interval of ours",
    BELOW: "ours is below the published figure, which lies outside the interval",
    ABOVE: "ours is above the published figure, which lies outside the interval",
    INCOMPARABLE: "the two are figures of different things, or ours was not run; the reason says which",
}
"""What the verdicts mean."""

NOT_RUN = "not run"


@dataclasses.dataclass(frozen=True)
class Reproduction:
    """One published figure; the fields are the columns of ``published.csv``.

    Attributes
    ----------
    table : int
        Of the paper.
    stage, method, subset, metric : str
        Which figure; the stage is empty in Tables 1 to 4.
    published : float or int
        The paper's figure.
    certainty : str
        How sure it is (`benchmark.report.published.CERTAINTY`).
    ours : float, int or None
        As in the table of that number.
    difference : float, int or None
        Ours minus published.
    low, high : float or None
        95 % interval of ours: in Table 6 over folds, of the method's expected value; in Table 5 over images,
        of the one model; of counts there is none.
    of : str
        What it is an interval of.
    verdict : str
        A key of `VERDICTS`.
    reason : str
        Why not comparable.
    """

    table: int
    stage: str
    method: str
    subset: str
    metric: str
    published: float
    certainty: str
    ours: float | None
    difference: float | None
    low: float | None
    high: float | None
    of: str
    verdict: str
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Reproduction))


def reproductions(
    evidence: Evidence, tables: Mapping[int, Sequence[Line]], found: Sequence[Estimate]
) -> list[Reproduction]:
    """Every published figure beside ours.

    Parameters
    ----------
    tables : mapping of int to sequence of Line
        Our tables by the paper's numbers; those that are not there count as not run. Tables 1 to 3 are of
        the source, whichever that was.
    found : sequence of Estimate
        For the intervals.
    """
    lines = {(t, x.method, _subset(t, x), x.metric): x for t, of in tables.items() for x in of}
    over_images = {(TABLES[e.stage], e.method, e.subset, e.metric): e for e in found if e.interval == IMAGES}
    over_folds = {(TABLES[e.stage], e.method, e.subset, e.metric): e for e in found if e.interval != IMAGES}
    records = []
    for key, figure in figures().items():
        line, estimate = lines.get(key), over_folds.get(key)
        if estimate is None or estimate.low is None:
            estimate = over_images.get(key)
        ours = None if line is None else line.mean
        low, high, of = (estimate.low, estimate.high, estimate.of) if estimate else _own(line)
        reason = _reason(evidence, key[0], key[1], line)
        records.append(
            Reproduction(
                table=key[0],
                stage=_stage(key[0]),
                method=key[1],
                subset=key[2],
                metric=key[3],
                published=figure.value,
                certainty=figure.certainty,
                ours=ours,
                difference=None if ours is None else ours - figure.value,
                low=low,
                high=high,
                of=of if low is not None else "",
                verdict=INCOMPARABLE if reason else _verdict(ours, figure.value, low, high),
                reason=reason,
            )
        )
    return records


def summary(records: Sequence[Reproduction]) -> str:
    """How many figures got each verdict, in one sentence."""
    counts = Counter(r.verdict if r.reason != NOT_RUN else NOT_RUN for r in records)
    parts = [f"{counts[verdict]} {verdict}" for verdict in (*VERDICTS, NOT_RUN) if counts[verdict]]
    return f"Of {len(records)} published figures: {', '.join(parts)}."


def _subset(table: int, line: Line) -> str:
    return FLICKR if table in (1, 2, 3) else line.subset


def _own(line: Line | None) -> tuple[float | None, float | None, str]:
    """The interval that stands in the table itself, and what it is of."""
    return (None, None, "") if line is None else (line.low, line.high, getattr(line, "interval", ""))


def _stage(table: int) -> str:
    return next((stage for stage, number in TABLES.items() if number == table), "")


def _reason(evidence: Evidence, table: int, method: str, line: Line | None) -> str:
    if line is None:
        return NOT_RUN
    if line.comparable:
        return line.comparable.removeprefix("no: ")
    if not evidence.published:
        return f"other images: {evidence.dataset}, not those that the paper tested"
    if line.mean is None:
        return NOT_RUN if line.reason == NOT_RUN else f"{line.status}: {line.reason}"
    rows = [r for r in evidence.rows if (TABLES[r.cell.stage], r.cell.method) == (table, method)]
    return another_source(rows, method) if table in TABLES.values() else ""


def _verdict(ours: float | None, published: float, low: float | None, high: float | None) -> str:
    if ours is None:
        return INCOMPARABLE
    low, high = (ours, ours) if low is None or high is None else (low, high)
    return BELOW if high < published else ABOVE if low > published else WITHIN
