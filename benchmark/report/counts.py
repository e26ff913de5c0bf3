"""Table 4: the labels and votes of the images, counted."""

from collections.abc import Sequence

from benchmark.report.aggregate import Line
from benchmark.report.evidence import Evidence, fold_numbers
from benchmark.report.published import lookup

COUNTS = ("positive", "negative", "total")
"""Metrics of Table 4."""


def count_lines(evidence: Evidence) -> list[Line]:
    """Table 4: positive and negative labels of each subset, united over the folds."""
    lines = []
    for subset in evidence.subsets():
        tested, folds, reason = tested_images(evidence, subset)
        positive = sum(row_label for row_label, _ in tested.values())
        counts = {"positive": positive, "negative": len(tested) - positive, "total": len(tested)}
        for name, count in counts.items():
            figure = lookup(4, "annotators", subset, name) if evidence.published else None
            lines.append(
                Line(
                    table=4,
                    stage="",
                    method="annotators",
                    subset=subset,
                    metric=name,
                    mean=None if reason else count,
                    std=None,
                    low=None,
                    high=None,
                    published=figure.value if figure else None,
                    certainty=figure.certainty if figure else "",
                    difference=count - figure.value if figure and not reason else None,
                    folds=folds,
                    status="incomplete" if reason else "ok",
                    reason=reason,
                    artefacts="",
                    comparable="",
                )
            )
    return lines


Tested = dict[str, tuple[int, tuple[int, int] | None]]
"""Label and votes (negative, positive; None if unknown) of each image."""


def tested_images(evidence: Evidence, subset: str) -> tuple[Tested, int, str]:
    """The images of a subset, united over the folds of the first seed that has them all.

    Returns
    -------
    dict
        Label and votes by image id. A failed cell counts: its images are known.
    int
        Number of folds that were found.
    str
        Which folds are missing; empty where none is.
    """
    best: tuple[Tested, int, str] = ({}, 0, "no fold of the subset was run")
    for stage in reversed(evidence.stages):
        wanted = fold_numbers(stage, evidence.folds)
        for seed in evidence.seeds(stage, subset=subset):
            tested: Tested = {}
            found = set()
            for row in evidence.rows:
                if (row.cell.stage, row.cell.subset, row.cell.seed) == (stage, subset, seed) and row.images:
                    votes: Sequence[tuple[int, int] | None] = row.votes or [None] * len(row.images)
                    tested.update({i: (y, v) for i, y, v in zip(row.images, row.labels, votes, strict=True)})
                    found.add(row.cell.fold)
            missing = [str(fold) for fold in wanted if fold not in found]
            reason = (
                f"no method has tested fold{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
                if missing
                else ""
            )
            if not reason:
                return tested, len(found), reason
            if len(found) > best[1]:
                best = (tested, len(found), reason)
    return best


def vote_records(evidence: Evidence) -> list[tuple]:
    """How the annotators voted: (votes such as ``5:0``, positive, negative, total), the clearest first.

    Empty where votes are not known or the widest subset is incomplete. An image is counted by its label: 4:1
    under positive means four votes for positive.
    """
    counts: dict[tuple[int, int], list[int]] = {}
    complete = [
        tested for tested, _, reason in (tested_images(evidence, s) for s in evidence.subsets()) if not reason
    ]
    for label, votes in max(complete, key=len, default={}).values():
        if votes is None:
            return []
        counts.setdefault((max(votes), min(votes)), [0, 0])[label] += 1
    return [(f"{k[0]}:{k[1]}", n[1], n[0], sum(n)) for k, n in sorted(counts.items(), reverse=True)]
