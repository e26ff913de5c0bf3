"""The findings of the study in words, computed from the summary alone."""

from collections.abc import Iterator, Sequence

from benchmark.protocol.study_cell import StudyCell
from benchmark.protocol.trainings import OVER_BOTH
from benchmark.report.cells import short, signed
from benchmark.report.progressive.measures import (
    ACCURACY,
    ARMS,
    AUC,
    KEPT,
    KEPT_NEGATIVE,
    KEPT_POSITIVE,
    LEARNED,
    TRUE,
    WEAK,
    WRONG,
    WRONG_KEPT,
    WRONG_REMOVED,
)
from benchmark.report.progressive.summary import (
    AGAINST,
    FEWER_WRONG,
    HELPS,
    HURTS,
    LABEL_ERROR,
    MEAN,
    MORE_WRONG,
    NO_INTERVAL,
    OPEN,
    REMOVED_KEPT,
    Line,
)
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM

Find = dict[tuple[float | None, str, str, str], Line]

MARKS = {HELPS: "+", HURTS: "-", MORE_WRONG: "+", FEWER_WRONG: "-", OPEN: "=", NO_INTERVAL: "?"}
"""Behind an interval: above 0, below 0, around 0, none."""

SHARES = (
    ("kept", KEPT, LEARNED),
    ("positive", KEPT_POSITIVE, LEARNED),
    ("negative", KEPT_NEGATIVE, LEARNED),
    ("wrong", WRONG, TRUE),
    ("of kept", WRONG_KEPT, TRUE),
    ("of removed", WRONG_REMOVED, TRUE),
)
"""Columns of the table of what was removed: heading, metric, labels."""

FOOT = f"""\
Intervals: 95 %, of {OVER_BOTH}; + above 0, - below 0, = around 0 (not separable),
? none. Those of trainings alone (Student's t over seeds) and of images alone (paired bootstrap, copies
together) stand in summary.csv. Levels share their images and seeds; one interval in twenty errs.
Exchanged labels come on top of the source's own errors. {CNN}: trained on all. {PCNN}: {CNN} fine-tuned on
what Eq. 3 keeps. {RANDOM}: {CNN} fine-tuned equally long on equally many images, chosen at random.
{NO_REMOVAL}: {CNN} fine-tuned equally long on all: as many iterations in all as {CNN} and {PCNN} together."""


def findings(cells: Sequence[StudyCell], lines: Sequence[Line], notes: Sequence[str]) -> str:
    """The text of ``findings.txt``: both answers, then what they are made of, level by level."""
    found: Find = {(line.noise, line.what, line.metric, line.labels): line for line in lines}
    levels = sorted({cell.noise for cell in cells})
    rows: list[float | None] = [*levels, None] if len(levels) > 1 else [*levels]
    parts = [_head(cells, levels, notes), _removal_answer(found, rows), _quality_answer(found, rows)]
    parts.append("\n".join(_removal(found, rows)))
    parts += [
        "\n".join(_quality(found, rows, metric, labels))
        for metric in (AUC, ACCURACY)
        for labels in (TRUE, WEAK)
        if any(key[1:] == (CNN, metric, labels) for key in found)
    ]
    return "\n\n".join([*parts, FOOT]) + "\n"


def _head(cells: Sequence[StudyCell], levels: Sequence[float], notes: Sequence[str]) -> str:
    train, test = cells[0].train, cells[0].test
    known = [sum(label >= 0 for label in part.true) for part in (train, test)]
    seeds = ", ".join(str(seed) for seed in sorted({cell.seed for cell in cells}))
    return "\n".join(
        [
            "Progressive training (You et al. 2015, Algorithm 1)",
            f"Source {cells[0].source}: {len(train)} images to learn from, {len(test)} to test on; "
            f"known or human labels: {known[0]} and {known[1]}.",
            f"Seeds {seeds}; shares of exchanged labels {', '.join(f'{level:g}' for level in levels)}.",
            *(f"note: {note}" for note in notes),
            *(f"failed: {cell}: {cell.reason}" for cell in cells if cell.status != "ok"),
        ]
    )


def _removal_answer(found: Find, rows: Sequence[float | None]) -> str:
    about = (f"{PCNN}: {REMOVED_KEPT}", LABEL_ERROR, TRUE)
    noise = _answered(found, rows, about)
    head = f"Does Eq. 3 remove wrongly labelled images? Removed minus kept, {_where(noise)}"
    line = found.get((noise, *about))
    if line is None:
        return f"{head}\n  no answer: of no training image is it known whether its label is wrong"
    if line.mean is None:
        return f"{head}\n  no answer: {line.reason}"
    removed, kept = (found.get((noise, PCNN, metric, TRUE)) for metric in (WRONG_REMOVED, WRONG_KEPT))
    told = [
        head,
        f"  wrong labels: {_mean(removed)} of the removed images, {_mean(kept)} of the kept",
        f"  Eq. 3:     {_points(line)} points: {line.finding}",
    ]
    chance = found.get((noise, f"{RANDOM}: {REMOVED_KEPT}", LABEL_ERROR, TRUE))
    if chance is not None and chance.mean is not None:
        told.append(f"  at random: {_points(chance)} points: {chance.finding}")
    return "\n".join(told)


def _quality_answer(found: Find, rows: Sequence[float | None]) -> str:
    labels = TRUE if any(key[1:] == (CNN, AUC, TRUE) for key in found) else WEAK
    noise = _answered(found, rows, (f"{PCNN} - {CNN}", AUC, labels))
    head = f"Does PCNN beat CNN? AUC on the test part, {labels} labels, {_where(noise)}"
    against = {other: found.get((noise, f"{PCNN} - {other}", AUC, labels)) for other in AGAINST}
    shown = {other: line for other, line in against.items() if line is not None and line.mean is not None}
    if len(shown) < len(against):
        reasons = [line.reason for line in against.values() if line is not None]
        return f"{head}\n  no answer: {next(iter(reasons), 'nothing was measured')}"
    told = [f"  {line.what:<22} {_interval(line)}: {line.finding}" for line in shown.values()]
    reading = _reading({other: line.finding for other, line in shown.items()})
    return "\n".join([head, *told, f"  {reading}"])


def _reading(finding: dict[str, str]) -> str:
    """What the three comparisons mean together."""
    if NO_INTERVAL in finding.values():
        return "no finding without intervals: give two or more seeds and a larger source"
    gain = {HELPS: "PCNN beats CNN", HURTS: "CNN beats PCNN", OPEN: "PCNN and CNN cannot be told apart"}
    choice = {HELPS: "better than", HURTS: "worse than", OPEN: "not told from"}
    return (
        f"{gain[finding[CNN]]}; removal by Eq. 3 is {choice[finding[RANDOM]]} removal at random and "
        f"{choice[finding[NO_REMOVAL]]} no removal"
    )


def _removal(found: Find, rows: Sequence[float | None]) -> Iterator[str]:
    """Table 2, and the errors on either side."""
    yield "What Eq. 3 keeps, in all and by class, and the share of wrong labels (difference in points)"
    yield " noise " + " ".join(f"{name:>10}" for name, _, _ in SHARES) + "   removed - kept"
    for noise in rows:
        shares = (_mean(found.get((noise, PCNN, metric, labels))) for _, metric, labels in SHARES)
        line = found.get((noise, f"{PCNN}: {REMOVED_KEPT}", LABEL_ERROR, TRUE))
        told = "-" if line is None else line.reason or f"{_points(line)} {MARKS[line.finding]}"
        yield f"{_level(noise)} " + " ".join(f"{share:>10}" for share in shares) + f"   {told}"


def _quality(found: Find, rows: Sequence[float | None], metric: str, labels: str) -> Iterator[str]:
    """How good each arm is, and PCNN minus the others."""
    name = "AUC" if metric == AUC else "Accuracy"
    yield f"{name} on the test part, {labels} labels"
    yield " noise " + " ".join(f"{arm:>14}" for arm in ARMS)
    for noise in rows:
        yield f"{_level(noise)} " + " ".join(
            f"{_mean(found.get((noise, arm, metric, labels))):>14}" for arm in ARMS
        )
    yield " noise " + " ".join(f"{f'{PCNN} - {other}':>25}" for other in AGAINST)
    for noise in rows:
        lines = (found.get((noise, f"{PCNN} - {other}", metric, labels)) for other in AGAINST)
        yield f"{_level(noise)} " + " ".join(f"{_marked(line):>25}" for line in lines)


def _marked(line: Line | None) -> str:
    return "-" if line is None or line.mean is None else f"{_interval(line)} {MARKS[line.finding]}"


def _interval(line: Line) -> str:
    limits = None if line.found is None else line.found.over_both
    return f"{_signed(line.mean)}" + (
        "" if limits is None else f" [{_signed(limits[0])}, {_signed(limits[1])}]"
    )


def _points(line: Line) -> str:
    """A difference of shares in points of percent."""
    limits = None if line.found is None else line.found.over_both
    of = "" if limits is None else f" [{100 * limits[0]:+.1f}, {100 * limits[1]:+.1f}]"
    return "-" if line.mean is None else f"{100 * line.mean:+.1f}{of}"


def _signed(value: float | None) -> str:
    """Three decimals that line up; more where they would hide on which side of 0 a limit lies."""
    hidden = value is not None and 0 < abs(value) < 0.0005
    return signed(value, 5) if hidden else f"{signed(value):>5}"


def _mean(line: Line | None) -> str:
    return "-" if line is None or line.mean is None else short(line.mean)


def _level(noise: float | None) -> str:
    return f"{MEAN if noise is None else format(noise, 'g'):>6}"


def _answered(found: Find, rows: Sequence[float | None], about: tuple[str, str, str]) -> float | None:
    """Where the answer is taken from: the mean over all levels, or the first level that is complete."""
    lines = {row: found.get((row, *about)) for row in (rows[-1], *rows)}
    return next((row for row, line in lines.items() if line and line.mean is not None), rows[-1])


def _where(noise: float | None) -> str:
    return "mean over the levels of noise" if noise is None else f"at a share of {noise:g} exchanged"
