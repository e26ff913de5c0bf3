"""The tables of the study as CSV: every value of every cell, and the summary."""

import math
from collections.abc import Iterator, Sequence

from benchmark.protocol.study_cell import StudyCell
from benchmark.protocol.trainings import Difference, Limits
from benchmark.report.cells import csv_bytes
from benchmark.report.progressive.measures import measure
from benchmark.report.progressive.summary import MEAN, Line, order

RESULTS = ("noise", "seed", "arm", "metric", "labels", "value", "images", "status", "reason")
SUMMARY = (
    "noise",
    "what",
    "metric",
    "labels",
    "mean",
    "std",
    "seeds",
    "images",
    "seeds_low",
    "seeds_high",
    "images_low",
    "images_high",
    "both_low",
    "both_high",
    "finding",
    "reason",
)


def results_csv(cells: Sequence[StudyCell]) -> bytes:
    """Every value of every cell, one a line; a cell that failed says why."""
    measures = measure(cells)

    def records() -> Iterator[tuple[str | int | float | None, ...]]:
        for cell in cells:
            if cell.status != "ok":
                yield f"{cell.noise:g}", cell.seed, "", "", "", None, None, cell.status, cell.reason
            for quantity in sorted(measures, key=order):
                found = measures[quantity].get((cell.noise, cell.seed))
                if found is not None:
                    value = None if math.isnan(found.value) else found.value
                    yield f"{cell.noise:g}", cell.seed, *quantity, value, found.images, cell.status, ""

    return csv_bytes(RESULTS, records())


def summary_csv(lines: Sequence[Line]) -> bytes:
    """One line a mean; ``seeds_low`` to ``both_high`` are limits of the intervals of `Difference`."""
    return csv_bytes(
        SUMMARY,
        [
            (
                MEAN if line.noise is None else f"{line.noise:g}",
                line.what,
                line.metric,
                line.labels,
                line.mean,
                line.std,
                line.seeds,
                line.images,
                *_limits(line.found),
                line.finding,
                line.reason,
            )
            for line in lines
        ],
    )


def _limits(found: Difference | None) -> list[float | None]:
    intervals: list[Limits | None] = (
        [None] * 3 if found is None else [found.over_seeds, found.over_images, found.over_both]
    )
    return [limit for interval in intervals for limit in (interval or (None, None))]
