"""Our side of a claim: the difference of two figures of any stages and subsets, with its intervals."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark.protocol.metrics import METRICS, measure
from benchmark.protocol.row import Row
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.statistics import bca_intervals, paired_resampled_test
from benchmark.protocol.weighted import weighted_measure
from benchmark.report import claims
from benchmark.report.aggregate import fold_sizes
from benchmark.report.claims import Contrast, Side
from benchmark.report.estimates import IMAGES
from benchmark.report.evidence import Evidence
from benchmark.report.outcomes import Outcomes, image_groups
from benchmark.report.pairs import Pair
from benchmark.report.transfer import Gain

Limits = tuple[float | None, float | None, float | None]
"""A difference and the limits of its interval."""


@dataclasses.dataclass(frozen=True)
class Rows:
    """What contrasts are computed from.

    Attributes
    ----------
    evidence : Evidence
    outcomes : mapping of (str, str) to Outcomes
        By stage and subset.
    pairs : sequence of Pair
        Differences of two methods on one subset are taken from here: a difference has one interval.
    gains : sequence of Gain
        Those of a method before and after transfer likewise.
    """

    evidence: Evidence
    outcomes: Mapping[tuple[str, str], Outcomes]
    pairs: Sequence[Pair]
    gains: Sequence[Gain]

    def ran(self, contrast: Contrast) -> bool:
        """Whether both sides have complete rows."""
        return all(self.part(side) is not None for side in (contrast.left, contrast.right))

    def part(self, side: Side) -> Outcomes | None:
        """The scores of one side's stage and subset, if its method is complete there."""
        found = self.outcomes.get((side.stage, side.subset))
        return found if found is not None and side.method in found.scores else None


def over_images(rows: Rows, contrast: Contrast) -> dict[str, Limits]:
    """Difference of the pooled predictions in each metric of the claims, with its BCa interval."""
    left, right = contrast.left, contrast.right
    if left.stage != right.stage:
        return _gains(rows, contrast)
    if left.subset != right.subset:
        return _bootstrap(rows, contrast)
    found: dict[str, Limits] = {}
    for pair in rows.pairs:
        here = (pair.stage, pair.subset, pair.test) == (left.stage, left.subset, IMAGES)
        if (
            here
            and pair.difference is not None
            and {pair.method_a, pair.method_b} == {left.method, right.method}
        ):
            if pair.method_a == left.method:
                found[pair.metric] = (pair.difference, pair.low, pair.high)
            else:
                found[pair.metric] = (-pair.difference, _negative(pair.high), _negative(pair.low))
    return found


def _gains(rows: Rows, contrast: Contrast) -> dict[str, Limits]:
    """What a method gains from the stage on the right to the one on the left."""
    side = contrast.left
    of = [gain for gain in rows.gains if (gain.method, gain.subset) == (side.method, side.subset)]
    return {gain.metric: (gain.gain, gain.low, gain.high) for gain in of if gain.gain is not None}


def over_folds(rows: Rows, contrast: Contrast, metric: str) -> tuple[float | None, float | None]:
    """The corrected resampled t interval; a side without folds is measured on the other side's test parts."""
    if contrast.left.stage == claims.ZERO:
        return None, None
    left, right = (rows.evidence.group(*dataclasses.astuple(s)).rows for s in (contrast.left, contrast.right))
    if contrast.right.stage == claims.ZERO:
        second = {_key(row): _restricted(right[0], row, metric) for row in left}
    else:
        second = {_key(row): _of_row(row, metric) for row in right}
    shared = [row for row in left if _key(row) in second]
    found = [(_of_row(row, metric), second[_key(row)]) for row in shared]
    known = [(a, b) for a, b in found if a is not None and b is not None]
    if len(known) < len(found) or not found:
        return None, None
    sizes = fold_sizes(rows.evidence, shared)
    test = paired_resampled_test([a for a, _ in known], [b for _, b in known], *sizes)
    return (test.low, test.high) if test else (None, None)


def disagreement(rows: Rows, contrast: Contrast) -> float | None:
    """Share of the images of both sides on which one is right and the other is not; of the first seeds."""
    parts = [(rows.part(side), side.method) for side in (contrast.left, contrast.right)]
    right = [
        dict(zip(part.images, part.right(method)[0], strict=True))
        for part, method in parts
        if part is not None
    ]
    if len(right) < 2:
        return None
    shared = right[0].keys() & right[1].keys()
    return float(np.mean([right[0][i] != right[1][i] for i in shared])) if shared else None


def _bootstrap(rows: Rows, contrast: Contrast) -> dict[str, Limits]:
    """Draw the groups of images of both sides again, together."""
    sides = (contrast.left, contrast.right)
    parts = [(part, side.method) for side in sides if (part := rows.part(side)) is not None]
    copies = image_groups(rows.evidence.rows)
    names = dict.fromkeys(copies[image] for part, _ in parts for image in part.images)
    number = {name: i for i, name in enumerate(names)}
    places = [np.array([number[copies[image]] for image in part.images]) for part, _ in parts]

    def statistic(counts: np.ndarray) -> np.ndarray:
        values = []
        for (part, method), place in zip(parts, places, strict=True):
            weights = counts[:, place]
            of_seeds = [
                weighted_measure(part.labels, s, (s >= 0.5).astype(int), weights, claims.METRICS)
                for s in part.scores[method]
            ]
            values.append(np.mean(of_seeds, axis=0))
        return values[0] - values[1]

    once = statistic(np.ones((1, len(names))))[:, 0]
    seed = derive_seed(0, "claim", *(name for side in sides for name in dataclasses.astuple(side)))
    limits = bca_intervals(statistic, len(names), seed)
    return {
        metric: (_known(value), _known(low), _known(high))
        for metric, value, (low, high) in zip(claims.METRICS, once, limits, strict=True)
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _key(row: Row) -> tuple[int, int]:
    return row.cell.seed, row.cell.fold


def _of_row(row: Row, metric: str) -> float | None:
    return measure(row.y, row.p, np.asarray(row.predictions, dtype=np.int64))[metric]


def _restricted(whole: Row, part: Row, metric: str) -> float | None:
    """A metric of one row on the images of another."""
    place = {image: i for i, image in enumerate(whole.images)}
    if not set(part.images) <= place.keys():
        return None
    at = [place[image] for image in part.images]
    scores = whole.p[at]
    return METRICS[metric](whole.y[at], scores, (scores >= 0.5).astype(np.int64))
