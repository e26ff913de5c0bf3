"""Tables 1 to 3: networks on the source's own test part, and what they were trained on.

The labels there are weak: an image's is that of the words it was found or posted with, not a person's
judgement of the image.
"""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from benchmark.data.twitter import NAME as TWITTER
from benchmark.protocol.row import SOURCE, Row
from benchmark.report.aggregate import Line
from benchmark.report.artefacts import artefacts_text, incomparable
from benchmark.report.evidence import Evidence
from benchmark.report.network_facts import NetworkFacts, facts_of
from benchmark.report.outcomes import image_groups
from benchmark.report.paired import MEASURED, Scored, exchange, intervals
from benchmark.report.published import FLICKR, Published, lookup
from benchmark.report.resampling import Interval
from benchmark.stages import SOURCE_TEST

CNN, PCNN = "CNN", "PCNN"
DIFFERENCE = f"{PCNN} - {CNN}"
FIGURE_2 = "2CONV-4FC"
"""The CNN's own architecture, its row in Table 1."""

SIZES = ("train", "test", "iterations")
"""What the paper's Table 2 says."""

EXCHANGED = ("won", "lost", "mcnemar_p")
"""What Table 3 says besides: images that PCNN alone has right, that CNN alone has, and the exact test."""

FURTHER = ("validation", "batch")
CLASSES = ("", "_positive", "_negative")
SELECTED = tuple(
    f"{what}{of}" for of in CLASSES for what in ("kept", "kept_share", "removed", "removed_share")
)
"""What Table 2 says here besides of a progressively trained network: in all, and by weak label."""

OF_MODEL = "this trained network on other images of its source (weak labels)"
OF_DIFFERENCE = "the difference of these two trained networks on other images of their source (weak labels)"
"""What the intervals of Tables 1 and 3 are intervals of; not of networks trained again."""


@dataclasses.dataclass(frozen=True)
class SourceLine(Line):
    """One figure of Tables 1 to 3: the columns of every tidy table, and what its interval is of.

    Attributes
    ----------
    images : int
        Tested, of the source.
    interval : str
        Empty where there is none.
    """

    images: int
    interval: str


SOURCE_COLUMNS = tuple(field.name for field in dataclasses.fields(SourceLine))


def source_tables(evidence: Evidence) -> dict[int, list[SourceLine]]:
    """Lines of Tables 1, 2 and 3 by number, those that the rows give."""
    rows = {row.cell.method: row for row in evidence.source}
    if not rows:
        return {}
    scored = _scored(evidence.source)
    pairs = [(PCNN, CNN)] if {CNN, PCNN} <= scored.scores.keys() else []
    measured = intervals(scored, pairs, SOURCE_TEST)
    single = [row for row in evidence.source if not _progressive(row)]
    found = {
        1: [line for row in single for line in _metrics(evidence, 1, row, measured)],
        2: [line for row in evidence.source for line in _sizes(evidence, row)],
        3: [line for m in (CNN, PCNN) if m in rows for line in _metrics(evidence, 3, rows[m], measured)],
    }
    if CNN in rows and PCNN in rows:
        found[3] += _difference(evidence, rows[CNN], rows[PCNN], measured)
        found[3] += _exchanged(evidence, rows[CNN], rows[PCNN], scored)
    elif PCNN not in rows:
        del found[3]
    return {table: lines for table, lines in found.items() if lines}


def majority_share(evidence: Evidence) -> tuple[str, float, int] | None:
    """The larger class of the source's test part, its share, and how many images that has."""
    tested = next((row for row in evidence.source if row.images), None)
    if tested is None:
        return None
    share = float(np.mean(tested.labels))
    larger = ("positive", share) if share >= 0.5 else ("negative", 1 - share)
    return *larger, len(tested.labels)


def row_name(row: Row) -> str:
    """How Table 1 calls a row: by the method, the CNN by its architecture."""
    if row.cell.method != CNN:
        return row.cell.method
    facts = facts_of(row)
    name = facts.architecture if facts else FIGURE_2
    return name if name == FIGURE_2 else f"{name} ({CNN})"


def _progressive(row: Row) -> bool:
    facts = facts_of(row)
    return bool(facts.selection) if facts else row.cell.method == PCNN


def _scored(rows: Sequence[Row]) -> Scored:
    """What the networks that were tested said of the images, which `gather` has checked to be the same."""
    tested = [row for row in rows if row.status == "ok"]
    if not tested:
        return Scored((), np.empty(0, np.int64), {})
    images = tuple(sorted(tested[0].images))
    labels = dict(zip(tested[0].images, tested[0].labels, strict=True))
    scores = {}
    for row in tested:
        said = dict(zip(row.images, row.scores, strict=True))
        scores[row.cell.method] = np.array([[said[image] for image in images]])
    known = np.array([labels[image] for image in images], dtype=np.int64)
    return Scored(images, known, scores, image_groups(tested))


def _metrics(
    evidence: Evidence, table: int, row: Row, measured: dict[tuple[str, str], Interval]
) -> Iterator[SourceLine]:
    method = row_name(row) if table == 1 else row.cell.method
    for metric in MEASURED:
        found = measured.get((row.cell.method, metric), Interval(None, None, None, _why(row)))
        yield _line(evidence, table, method, metric, [row], found, OF_MODEL)


def _difference(
    evidence: Evidence, first: Row, second: Row, measured: dict[tuple[str, str], Interval]
) -> Iterator[SourceLine]:
    broken = [row for row in (first, second) if row.status != "ok"]
    why = "; ".join(f"{row.cell.method} {_why(row)}" for row in broken)
    for metric in MEASURED:
        found = measured.get((DIFFERENCE, metric), Interval(None, None, None, why))
        yield _line(evidence, 3, DIFFERENCE, metric, [first, second], found, OF_DIFFERENCE)


def _exchanged(evidence: Evidence, first: Row, second: Row, scored: Scored) -> Iterator[SourceLine]:
    if {CNN, PCNN} <= scored.scores.keys():
        found = exchange(scored, PCNN, CNN)
        for metric, value in zip(EXCHANGED, (found.won, found.lost, found.p), strict=True):
            interval = Interval(value, None, None)
            yield _line(evidence, 3, DIFFERENCE, metric, [first, second], interval, "")


def _sizes(evidence: Evidence, row: Row) -> Iterator[SourceLine]:
    facts = facts_of(row)
    method = row.cell.method
    for name in SIZES + FURTHER:
        yield _count(evidence, row, method, name, _size(facts, row, name) if facts else None)
    for name in SELECTED if facts and facts.selection else ():
        yield _count(evidence, row, method, name, _selected(facts, name))


def _size(facts: NetworkFacts, row: Row, name: str) -> int:
    return len(row.images) if name == "test" else int(getattr(facts, name))


def _selected(facts: NetworkFacts | None, name: str) -> float | None:
    if facts is None:
        return None
    if name.startswith("removed_share"):
        kept = facts.selection.get(name.replace("removed", "kept", 1))
        return None if kept is None else 1 - kept
    return facts.selection.get(name)


def _count(evidence: Evidence, row: Row, method: str, name: str, value: float | None) -> SourceLine:
    reason = "" if value is not None else _why(row) or "not said by its artefact"
    return _line(evidence, 2, method, name, [row], Interval(value, None, None, reason), "")


def _line(
    evidence: Evidence, table: int, method: str, metric: str, rows: Sequence[Row], found: Interval, of: str
) -> SourceLine:
    # published figures stand in the tables of the paper's target alone, as in Tables 4 to 6
    figure = _published(table, method, metric) if evidence.dataset == TWITTER else None
    comparable = incomparable(rows, CNN) if figure else ""
    known = found.value is not None
    broken = next((row.status for row in rows if row.status != "ok"), "")
    gap = found.value - figure.value if figure and found.value is not None and not comparable else None
    return SourceLine(
        table=table,
        stage=SOURCE_TEST,
        method=method,
        subset=SOURCE,
        metric=metric,
        mean=found.value,
        std=None,
        low=found.low,
        high=found.high,
        published=figure.value if figure else None,
        certainty=figure.certainty if figure else "",
        difference=gap,
        folds=sum(row.status == "ok" for row in rows),
        status="ok" if known else broken or "undefined",
        reason="" if known else found.reason,
        artefacts=artefacts_text(rows) if len(rows) == 1 else "",
        comparable=comparable,
        images=max(len(row.images) for row in rows),
        interval=of if found.low is not None else "",
    )


def _published(table: int, method: str, metric: str) -> Published | None:
    """The paper's figure; of the difference of its two networks, the difference of its figures."""
    if method != DIFFERENCE:
        return lookup(table, method, FLICKR, metric)
    first, second = (lookup(table, one, FLICKR, metric) for one in (PCNN, CNN))
    if first is None or second is None:
        return None
    return Published(round(first.value - second.value, 3), first.certainty)


def _why(row: Row) -> str:
    return "" if row.status == "ok" else f"{row.status}: {' '.join(row.reason.split())}"
