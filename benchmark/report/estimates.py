"""Every metric with its two intervals: over folds, of the method; over images, of the models fitted here."""

import dataclasses
from collections.abc import Sequence

from benchmark.protocol.statistics import bootstrap, folds
from benchmark.report.aggregate import Line
from benchmark.report.outcomes import Outcomes
from benchmark.report.resampling import Resampled

FOLDS, IMAGES = "corrected resampled t", "BCa bootstrap"
"""The two kinds of interval: over folds, and over images."""

OF = {FOLDS: folds.OF, IMAGES: bootstrap.OF}
"""What each is an interval of."""

ONE_FOLD = "one test part: there are no folds to compare"


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A metric with one 95 % interval; the fields are the columns of ``intervals.csv``.

    Attributes
    ----------
    stage, method, subset, metric : str
        What was measured.
    interval : str
        `FOLDS` or `IMAGES`.
    value : float or None
        Over folds the mean of the folds' values; over images the value of the pooled predictions.
    low, high : float or None
        Limits.
    n : int
        Folds, or images (copies counted once).
    of : str
        What it is an interval of.
    reason : str
        Why something is missing.
    """

    stage: str
    method: str
    subset: str
    metric: str
    interval: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    of: str
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Estimate))


def estimates(lines: Sequence[Line], outcomes: Outcomes, resampled: Resampled) -> list[Estimate]:
    """Both intervals of every metric of one stage and subset.

    Parameters
    ----------
    lines : sequence of Line
        Of the table of the stage; those of other subsets are left aside.
    """
    found = []
    for line in lines:
        if line.subset != outcomes.subset:
            continue
        head = (line.stage, line.method, line.subset, line.metric)
        why = line.reason or (ONE_FOLD if line.mean is not None and line.low is None else "")
        found.append(Estimate(*head, FOLDS, line.mean, line.low, line.high, line.folds, OF[FOLDS], why))
        over = resampled.metrics.get((line.method, line.metric))
        if over is None:
            found.append(Estimate(*head, IMAGES, None, None, None, 0, OF[IMAGES], line.reason))
        else:
            limits = (over.value, over.low, over.high)
            found.append(Estimate(*head, IMAGES, *limits, outcomes.size, OF[IMAGES], over.reason))
    return found
