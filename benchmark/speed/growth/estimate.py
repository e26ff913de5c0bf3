"""From what was measured to 500,000 and 50 million images: hours, disk, memory, what runs where."""

import dataclasses
from collections.abc import Sequence

from benchmark.speed.growth.measured import ALL, STEEPEST, Growth, Measurement

FUTURE = (500_000, 50_000_000)
"""Images to estimate for."""

CORES = 16
"""Of one machine, where hours are told."""

MACHINE = 64 * 1024.0
"""MiB of memory of one machine: what needs more is learned from fewer images."""

LEARNED_ONCE = ("bank",)
"""Steps whose result serves any number of images: they are not repeated for more."""


@dataclasses.dataclass(frozen=True)
class Estimate:
    """One step at a size that was not measured.

    Attributes
    ----------
    step : str
    images : int
    hours : float
        Of one core.
    memory : float
        MiB.
    disk : float
        MiB.
    """

    step: str
    images: int
    hours: float
    memory: float
    disk: float

    @property
    def fits(self) -> bool:
        """Whether one machine's memory holds it."""
        return self.memory < MACHINE


def estimate(growth: Growth, images: int) -> Estimate:
    """One step for so many images.

    Between the two largest sizes that were measured time, memory and disk are taken for straight lines, and
    the lines are followed; where time grows faster than the images, its power is followed. What is learned
    once stays as it was measured.
    """
    last, before = growth.points[-1], growth.points[-2]
    if growth.step in LEARNED_ONCE:
        return Estimate(growth.step, last.images, last.cpu / 3600, last.peak, last.disk)
    seconds = _line(before, last, "cpu", images)
    if growth.end_slope > STEEPEST:
        seconds = last.cpu * (images / last.images) ** growth.end_slope
    memory, disk = _line(before, last, "peak", images), _line(before, last, "disk", images)
    return Estimate(growth.step, images, seconds / 3600, memory, disk)


def estimates(found: Sequence[Growth], images: int) -> list[Estimate]:
    """All steps; the sum of all is left out. Empty where fewer than two sizes were measured."""
    return [estimate(growth, images) for growth in found if growth.step != ALL and len(growth.points) > 1]


def _line(before: Measurement, last: Measurement, name: str, images: int) -> float:
    """The value on the line through two measurements, no less than the last."""
    low, high = getattr(before, name), getattr(last, name)
    rise = max(0.0, (high - low) / (last.images - before.images))
    return float(high + rise * (images - last.images))
