"""From what was measured to 500,000 and 50 million images: hours, disk, memory, what runs where.

The plan: the images are cut into parts as large as the largest size that was measured, each with a store of
its own. Every part is read, described and answered for, on any worker; vocabularies, bank and classifiers are
learned once, from one part.
"""

import dataclasses
import math
from collections.abc import Sequence

from benchmark.speed.growth.measured import ALL, Growth

FUTURE = (500_000, 50_000_000)
"""Images to estimate for."""

LEARNED_ONCE = ("vocabularies", "bank", "GCH", "GCH+BoW", "SentiBank")
"""Steps whose result serves all parts."""

PAIRS = "duplicates"
"""The step that compares every image with every other."""


@dataclasses.dataclass(frozen=True)
class Estimate:
    """One step at a size that was not measured.

    Attributes
    ----------
    step : str
    once : bool
        Done once; otherwise for every part.
    hours : float
        Of one core.
    memory : float
        MiB of the worker that does it.
    disk : float
        MiB.
    """

    step: str
    once: bool
    hours: float
    memory: float
    disk: float


def estimate(growth: Growth, images: int) -> Estimate:
    """One step for so many images, from its measurement at the largest size."""
    last, once = growth.last, growth.step in LEARNED_ONCE
    times = 1.0 if once else images / last.images
    return Estimate(growth.step, once, times * last.cpu / 3600, last.peak, times * last.disk)


def estimates(found: Sequence[Growth], images: int) -> list[Estimate]:
    """All steps; the sum of all is left out."""
    return [estimate(growth, images) for growth in found if growth.step != ALL]


def hours_of_all_pairs(found: Sequence[Growth], images: int) -> float:
    """Core hours of comparing the images of all parts with each other, which grows as their square."""
    for growth in found:
        if growth.step == PAIRS:
            return growth.last.cpu / 3600 * (images / growth.last.images) ** 2
    return math.nan
