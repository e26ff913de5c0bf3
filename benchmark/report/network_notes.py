"""What ``notes.txt`` says of networks: Tables 1 to 3, what transfer brings, and how small the source is."""

from collections.abc import Mapping, Sequence

from benchmark.report.cells import p_value, signed
from benchmark.report.evidence import Evidence
from benchmark.report.notes import gap_notes
from benchmark.report.source_notes import size_notes, source_remarks
from benchmark.report.source_tables import SourceLine
from benchmark.report.transfer import Gain

TOLD = "accuracy"
"""Metric of the sentences on transfer; the others are in ``transfer.csv``."""


def network_notes(
    evidence: Evidence, tables: Mapping[int, Sequence[SourceLine]], gains: Sequence[Gain]
) -> bytes:
    """Lines to stand behind those of the other tables; empty where no network was used.

    Parameters
    ----------
    tables : mapping of int to sequence of SourceLine
        Tables 1 to 3.
    """
    told: dict[str, list[str]] = {}
    for table, lines in tables.items():
        for remark in source_remarks(evidence, table, lines):
            told.setdefault(remark, []).append(str(table))
    notes = [f"{_tables(numbers)}: {remark}" for remark, numbers in told.items()]
    for table, lines in tables.items():
        notes += [f"Table {table}, gap: {note}" for note in gap_notes(lines)]
    notes += transfer_notes(gains)
    notes += [f"Size of the source: {note}" for note in size_notes(evidence)]
    return "".join(f"{note}\n" for note in notes).encode()


def _tables(numbers: Sequence[str]) -> str:
    return f"Table {numbers[0]}" if len(numbers) == 1 else f"Tables {' and '.join(numbers)}"


def transfer_notes(gains: Sequence[Gain]) -> list[str]:
    """What fine-tuning brings each method, a sentence a method."""
    told: dict[str, list[str]] = {}
    for gain in gains:
        if gain.metric == TOLD:
            told.setdefault(gain.method, []).append(_told(gain))
    notes = [f"Transfer: fine-tuning changes the {TOLD} of {m} by {'; '.join(t)}." for m, t in told.items()]
    if notes:
        notes.append(
            "Transfer: Table 6 less Table 5 (transfer.csv), of all images of a subset at once, so that folds "
            "are not averaged; brackets are 95 % BCa bootstrap intervals over these images, of the networks "
            "fitted here on other images, not of networks trained again."
        )
    return notes


def _told(gain: Gain) -> str:
    if gain.gain is None or gain.mcnemar_p is None:
        return f"an unknown amount on {gain.subset} ({gain.reason})"
    limits = "" if gain.low is None else f" [{signed(gain.low)}, {signed(gain.high)}]"
    return (
        f"{signed(gain.gain) or '.000'}{limits} on {gain.subset} ({gain.won} images set right, {gain.lost} "
        f"wrong, exact McNemar {p_value(gain.mcnemar_p)})"
    )
