"""Running the sides of a case in turn and reading the clock."""

import dataclasses
import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmark.speed.stage import Case, Check, Side


@dataclasses.dataclass(frozen=True)
class Timing:
    """The times of one side.

    Attributes
    ----------
    side, role : str
        Its name; ``product`` or ``peer``.
    items : int
        Items a run.
    seconds : list of float
        Wall time of each round.
    """

    side: str
    role: str
    items: int
    seconds: list[float]

    @property
    def rate(self) -> float:
        """Items a second, by the median round."""
        return self.items / statistics.median(self.seconds)


@dataclasses.dataclass(frozen=True)
class Ratio:
    """How many times faster a product is than a peer, an item.

    Attributes
    ----------
    product, peer : str
        Names of the sides.
    ratio, low, high : float
        Median, least and greatest of the rounds: each round's two times are neighbours, so what slows the
        machine for a while slows both.
    reach : float or None
        The ratio that the product is meant to reach.
    """

    product: str
    peer: str
    ratio: float
    low: float
    high: float
    reach: float | None

    @property
    def reached(self) -> bool | None:
        """Whether the median ratio is what it is meant to be; None where nothing was set."""
        return None if self.reach is None else self.ratio >= self.reach


@dataclasses.dataclass(frozen=True)
class Measured:
    """What came of a case."""

    case: str
    unit: str
    note: str
    timings: list[Timing]
    ratios: list[Ratio]
    checks: list[Check]

    def timing(self, side: str) -> Timing:
        """The times of the side of that name."""
        return next(timing for timing in self.timings if timing.side == side)


def measure(case: Case, rounds: int, tell: Callable[[str], None]) -> Measured:
    """Run a case: every side in each round, in the opposite order every other round.

    Parameters
    ----------
    rounds : int
        Timed runs of each side, at least 1.
    tell : callable
        Told what is being run.
    """
    sides = case.sides
    seconds: list[list[float]] = [[] for _ in sides]
    results: list[Any] = [None for _ in sides]
    if case.warm:
        for side in sides:
            tell(f"{case.name}: {side.name}, to warm up")
            _timed(side)
    for number in range(rounds):
        order = range(len(sides)) if number % 2 == 0 else reversed(range(len(sides)))
        for k in order:
            tell(f"{case.name}: round {number + 1} of {rounds}, {sides[k].name}")
            results[k] = None  # the last round's may be large
            taken, results[k] = _timed(sides[k])
            seconds[k].append(taken)
    ours = len(case.products)
    checks = case.check(tuple(results[:ours]), tuple(results[ours:])) if case.check else []
    timings = [
        Timing(side.name, "product" if k < ours else "peer", side.items, seconds[k])
        for k, side in enumerate(sides)
    ]
    ratios = [
        _ratio(product, timing, peer.reach)
        for product in timings[:ours]
        for timing, peer in zip(timings[ours:], case.peers, strict=True)
    ]
    return Measured(case.name, case.unit, case.note, timings, ratios, checks)


def _timed(side: Side) -> tuple[float, Any]:
    if side.before is not None:
        side.before()
    gc.collect()  # so that neither side pays for the other's litter
    start = time.perf_counter()
    result = side.run()
    return time.perf_counter() - start, result


def _ratio(product: Timing, peer: Timing, reach: float | None) -> Ratio:
    each = [
        (theirs / peer.items) / (ours / product.items)
        for ours, theirs in zip(product.seconds, peer.seconds, strict=True)
    ]
    return Ratio(product.side, peer.side, statistics.median(each), min(each), max(each), reach)
