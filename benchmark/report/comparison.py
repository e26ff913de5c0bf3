"""Two methods of a run, or two runs, on the same images: who is better, and which images changed sides."""

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from benchmark.protocol.row import Row
from benchmark.report.by_votes import split_names
from benchmark.report.cells import csv_bytes
from benchmark.report.evidence import TABLES, EvidenceError, gather
from benchmark.report.outcomes import Outcomes, gather_outcomes
from benchmark.report.pairs import COLUMNS as PAIR_COLUMNS
from benchmark.report.pairs import Pair, adjust_pairs, compare_pairs
from benchmark.report.resampling import resample


class ComparisonError(ValueError):
    """Two things cannot be compared; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Changed:
    """An image that one gets right and the other wrong; the fields are the columns of ``changed.csv``.

    Attributes
    ----------
    stage, subset, first, second : str
        Of which comparison.
    image : str
        Opaque id.
    label : int
        1 positive, 0 negative.
    votes : str
        Such as ``4:1``; empty where not known.
    right : str
        The one that is right, as it is called.
    score_first, score_second : float
        P(positive).
    """

    stage: str
    subset: str
    first: str
    second: str
    image: str
    label: int
    votes: str
    right: str
    score_first: float
    score_second: float


CHANGED_COLUMNS = tuple(field.name for field in dataclasses.fields(Changed))


@dataclasses.dataclass(frozen=True)
class Contest:
    """One against another on one subset.

    Attributes
    ----------
    name : str
        What is compared: ``GCH - LCH``, or the method that both runs have.
    stage, subset : str
        Where.
    first, second : str
        As they are called.
    accuracy : (float, float)
        Share of all out-of-fold predictions that are right, mean over seeds.
    pairs : list of Pair
        First less second, every metric and test; p-values adjusted over all contests of the comparison that
        share stage and subset.
    changed : list of Changed
        By the first seed that both were run with; the widest apart first.
    """

    name: str
    stage: str
    subset: str
    first: str
    second: str
    accuracy: tuple[float, float]
    pairs: list[Pair]
    changed: list[Changed]

    def pair(self, metric: str, test: str) -> Pair:
        """One of its tests."""
        return next(pair for pair in self.pairs if (pair.metric, pair.test) == (metric, test))


def compare_methods(rows: Iterable[Row], first: str, second: str) -> list[Contest]:
    """Two methods of one run, on every stage and subset that both have whole.

    Raises
    ------
    ComparisonError
        One has no rows, or they share no subset that both have whole.
    """
    everything = list(rows)
    for name in (first, second):
        if not any(row.cell.method == name for row in everything):
            known = ", ".join(dict.fromkeys(row.cell.method for row in everything))
            raise ComparisonError(f"{name}: no rows of such a method here; there are {known}")
    if first == second:
        raise ComparisonError(f"{first}: compare it with another method")
    return _held(_contests(f"{first} - {second}", everything, first, second), f"{first} and {second}")


def compare_runs(first: Iterable[Row], second: Iterable[Row], names: tuple[str, str]) -> list[Contest]:
    """Every method of one run with the same method of another.

    Parameters
    ----------
    names : (str, str)
        How the runs are called; a method's two are ``GCH (name)``.

    Raises
    ------
    ComparisonError
        They have no method in common, or were made on other images, folds or under another protocol.
    """
    runs = (list(first), list(second))
    methods = [dict.fromkeys(row.cell.method for row in rows) for rows in runs]
    common = [method for method in methods[0] if method in methods[1]]
    if not common:
        raise ComparisonError(
            f"no method is in both runs: {names[0]} has {', '.join(methods[0])}, "
            f"{names[1]} has {', '.join(methods[1])}"
        )
    found: list[Contest] = []
    for method in common:
        called = (f"{method} ({names[0]})", f"{method} ({names[1]})")
        renamed = [
            row.model_copy(update={"cell": row.cell.model_copy(update={"method": name})})
            for rows, name in zip(runs, called, strict=True)
            for row in rows
            if row.cell.method == method
        ]
        found += _contests(method, renamed, *called)
    return _adjusted(_held(found, " and ".join(names)))


def comparison_files(contests: Sequence[Contest]) -> dict[str, bytes]:
    """``pairs.csv`` and ``changed.csv``."""
    pairs = [dataclasses.astuple(pair) for contest in contests for pair in contest.pairs]
    changed = [dataclasses.astuple(image) for contest in contests for image in contest.changed]
    return {"pairs.csv": csv_bytes(PAIR_COLUMNS, pairs), "changed.csv": csv_bytes(CHANGED_COLUMNS, changed)}


def _held(contests: list[Contest], what: str) -> list[Contest]:
    if not contests:
        raise ComparisonError(f"{what}: no subset is scored whole by both; finish their runs first")
    return contests


def _contests(name: str, rows: Sequence[Row], first: str, second: str) -> list[Contest]:
    pair = [row for row in rows if row.cell.method in (first, second) and row.cell.stage in TABLES]
    if len({row.cell.method for row in pair}) < 2:
        return []
    try:
        evidence = gather(pair)
        found = []
        for stage in evidence.stages:
            for subset in evidence.subsets(stage):
                seen = gather_outcomes(evidence, stage, subset)
                if len(seen.methods) == 2:
                    ordered = {method: seen.scores[method] for method in (first, second)}
                    seen = dataclasses.replace(seen, scores=ordered)
                    pairs = compare_pairs(evidence, seen, resample(seen))
                    found.append(_contest(name, seen, pairs))
    except EvidenceError as error:
        raise ComparisonError(f"{first} and {second} cannot be compared: {error}") from None
    return found


def _contest(name: str, seen: Outcomes, pairs: list[Pair]) -> Contest:
    first, second = seen.methods
    accuracy = (float(seen.right(first).mean()), float(seen.right(second).mean()))
    changed = _changed(seen, first, second)
    return Contest(name, seen.stage, seen.subset, first, second, accuracy, pairs, changed)


def _changed(seen: Outcomes, first: str, second: str) -> list[Changed]:
    seed = seen.first_common_seed(first, second)
    if seed is None:
        return []
    scores = [seen.of_seed(method, seed) for method in (first, second)]
    right = [(score >= 0.5) == (seen.labels == 1) for score in scores]
    votes: Any = [""] * len(seen.labels) if seen.votes is None else split_names(seen.votes)
    order = sorted((right[0] != right[1]).nonzero()[0], key=lambda i: (-abs(scores[0][i] - scores[1][i]), i))
    return [
        Changed(
            seen.stage,
            seen.subset,
            first,
            second,
            seen.images[i],
            int(seen.labels[i]),
            str(votes[i]),
            first if right[0][i] else second,
            float(scores[0][i]),
            float(scores[1][i]),
        )
        for i in order
    ]


def _adjusted(contests: list[Contest]) -> list[Contest]:
    """Adjust the p-values of many contests together, those of a stage and subset."""
    found = dict(enumerate(contests))
    places = sorted(found, key=lambda i: (contests[i].stage, contests[i].subset))
    for _, group in itertools.groupby(places, lambda i: (contests[i].stage, contests[i].subset)):
        together = list(group)
        pairs = iter(adjust_pairs([pair for i in together for pair in contests[i].pairs]))
        for i in together:
            own = [next(pairs) for _ in contests[i].pairs]
            found[i] = dataclasses.replace(contests[i], pairs=own)
    return [found[i] for i in range(len(contests))]
