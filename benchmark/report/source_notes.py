"""What a reader must know of Tables 1 to 3, in sentences: the source, its weak labels, the intervals."""

from collections.abc import Sequence

from benchmark.report.cells import p_value, short
from benchmark.report.evidence import Evidence
from benchmark.report.network_facts import NetworkFacts, networks_of
from benchmark.report.notes import artefact_notes, comparable_notes
from benchmark.report.published import TABLE_2
from benchmark.report.source_tables import CNN, DIFFERENCE, PCNN, SourceLine, majority_share

WEAK = (
    "its labels are weak, those of the words that an image was found or posted with, and not a person's "
    "judgement of the image"
)

FEW = 20
"""Images that change sides below which the bootstrap of a difference is not to be trusted."""


def source_remarks(evidence: Evidence, table: int, lines: Sequence[SourceLine]) -> list[str]:
    """The remarks below one of the tables."""
    own = {
        1: [tested_note(evidence), _intervals()],
        2: _selected(evidence),
        3: [tested_note(evidence), _intervals()],
    }
    remarks = [*own[table], exchange_note(lines) if table == 3 else ""]
    return [remark for remark in (*remarks, *artefact_notes(lines), *comparable_notes(lines)) if remark]


def size_notes(evidence: Evidence) -> list[str]:
    """How much smaller the source is than the paper's, of networks that were trained from the start."""
    sizes: dict[tuple[str, int], list[str]] = {}
    for facts in networks_of((*evidence.source, *evidence.rows)):
        if not facts.selection:
            sizes.setdefault((facts.source, facts.train), []).append(facts.artefact)
    published = TABLE_2[CNN]["train"]
    return [
        f"{', '.join(dict.fromkeys(names))} learned from {train:,} images of {source}; the published "
        f"networks from {published:,} Flickr photographs, {published / train:,.1f} times as many."
        for (source, train), names in sizes.items()
        if train < published
    ]


def tested_note(evidence: Evidence) -> str:
    """Which images Tables 1 and 3 are about, and how far their labels can be trusted."""
    majority, facts = majority_share(evidence), _first(evidence)
    if majority is None or facts is None:
        return ""
    larger, share, tested = majority
    return (
        f"Tested on {tested:,} images of the source {facts.source}, a tenth of its "
        f"{facts.images + tested:,} labelled images, from which nothing was learned; {WEAK}. Answering "
        f"{larger} to all of them is right for {short(share)}."
    )


def _intervals() -> str:
    return (
        "Brackets and low, high: 95 % BCa bootstrap intervals over the tested images, of these trained "
        "networks on other images of their source, not of networks trained again."
    )


def exchange_note(lines: Sequence[SourceLine]) -> str:
    """How many images CNN and PCNN tell differently, of Table 3; empty where one was not tested."""
    found = {line.metric: line.mean for line in lines if line.method == DIFFERENCE}
    won, lost, p = (found.get(name) for name in ("won", "lost", "mcnemar_p"))
    if won is None or lost is None or p is None:
        return ""
    note = (
        f"{DIFFERENCE} is paired, on the same images: {PCNN} alone is right on {won} of them, {CNN} alone on "
        f"{lost} (exact McNemar {p_value(p)})"
    )
    few = "; where so few change sides the test counts, the interval is too short"
    return f"{note}{few if won + lost < FEW else ''}."


def _selected(evidence: Evidence) -> list[str]:
    facts = next((f for f in networks_of(evidence.source) if f.selection), None)
    notes = [
        "Train: images learned from; validation: a tenth of what may be learned from, to choose by; test: a "
        f"tenth of the source, from which nothing was learned. In all of it {WEAK}."
    ]
    if facts is not None:
        everything = int(facts.selection["kept"] + facts.selection["removed"])
        notes.append(
            f"{PCNN}: of {everything:,} images {int(facts.selection['removed']):,} were removed, each with "
            f"the probability max(0, 2 - exp|s1 - s2|) of its two scores (Eq. 3); labels play no part."
        )
    return notes


def _first(evidence: Evidence) -> NetworkFacts | None:
    return next(iter(networks_of(evidence.source)), None)
