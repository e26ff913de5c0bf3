"""What was measured of each step at each size, and how it grows."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

ALL = "all"
"""Name of the sum of all steps."""

STEEPEST = 1.1
"""Slope of processor time in log-log that counts as linear: 1, and what a busy machine's caches add."""

FLATTEST = 0.1
"""Slope of peak memory that counts as flat: sixteen times the images, a third more memory at most."""

LIMIT = 4096.0
"""MiB that no step may exceed at the largest size."""


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One step at one size.

    Attributes
    ----------
    step, title : str
    streams : bool
        See `benchmark.speed.growth.steps.Step`.
    images : int
        The size.
    wall, cpu : float
        Seconds for all images; where a step has to do with new images alone, those of the smaller sizes
        are added.
    peak : float
        MiB, of the calling process and the largest called.
    disk : float
        MiB that the step has left on disk by then.
    """

    step: str
    title: str
    streams: bool
    images: int
    wall: float
    cpu: float
    peak: float
    disk: float


@dataclasses.dataclass(frozen=True)
class Growth:
    """How a step grows.

    Attributes
    ----------
    points : tuple of Measurement
        By size, at least one.
    """

    points: tuple[Measurement, ...]

    @property
    def step(self) -> str:
        """Its name."""
        return self.points[0].step

    @property
    def last(self) -> Measurement:
        """At the largest size."""
        return self.points[-1]

    @property
    def slope(self) -> float:
        """Of processor time over images in log-log, by least squares; 1 is linear."""
        return slope([p.images for p in self.points], [p.cpu for p in self.points])

    @property
    def end_slope(self) -> float:
        """The same between the two largest sizes, where fixed costs no longer hide it."""
        return slope([p.images for p in self.points[-2:]], [p.cpu for p in self.points[-2:]])

    @property
    def memory_slope(self) -> float:
        """Of peak memory over images in log-log, by least squares; 0 is flat."""
        return slope([p.images for p in self.points], [p.peak for p in self.points])

    @property
    def linear(self) -> bool:
        """Whether its time grows no faster than the images."""
        return not max(self.slope, self.end_slope) > STEEPEST

    @property
    def flat(self) -> bool | None:
        """Whether its memory does not grow with the images; None where it need not be so."""
        return not self.memory_slope > FLATTEST if self.last.streams else None

    @property
    def fits(self) -> bool:
        """Whether its memory stays under the limit."""
        return self.last.peak < LIMIT

    @property
    def faults(self) -> list[str]:
        """The demands that it does not meet, in words."""
        return [
            *([] if self.linear else [f"time grows as n^{max(self.slope, self.end_slope):.2f}"]),
            *(["memory grows with the images"] if self.flat is False else []),
            *([] if self.fits else [f"{self.last.peak / 1024:.1f} GiB, above {LIMIT / 1024:.0f}"]),
        ]


def slope(images: Sequence[float], values: Sequence[float]) -> float:
    """Exponent b of values ~ images ** b, by least squares in log-log; NaN from fewer than two sizes."""
    if len(set(images)) < 2:
        return math.nan
    floor = 1e-9
    x, y = np.log(images), np.log(np.maximum(values, floor))
    return float(np.polyfit(x, y, 1)[0])


def growths(measurements: Sequence[Measurement]) -> list[Growth]:
    """One a step, in their order, and last the sum of all at each size at which every step was measured."""
    by_step: dict[str, list[Measurement]] = {}
    for one in measurements:
        by_step.setdefault(one.step, []).append(one)
    found = [Growth(tuple(sorted(points, key=lambda p: p.images))) for points in by_step.values()]
    sizes = sorted({one.images for one in measurements})
    whole = []
    for size in sizes:
        there = [one for one in measurements if one.images == size]
        if len(there) == len(by_step):
            whole.append(_sum(there))
    return [*found, Growth(tuple(whole))] if whole else found


def _sum(parts: Sequence[Measurement]) -> Measurement:
    """All steps, one after the other."""
    return Measurement(
        step=ALL,
        title="one after the other",
        streams=False,
        images=parts[0].images,
        wall=sum(p.wall for p in parts),
        cpu=sum(p.cpu for p in parts),
        peak=max(p.peak for p in parts),
        disk=sum(p.disk for p in parts),
    )
