"""Processor time and memory of work done as a run does it: in fresh processes, one after the other."""

import contextlib
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmark.run import isolated


class StepError(RuntimeError):
    """A step broke; the message says which, on how many images, and why."""


class Clock:
    """Makes calls in fresh processes of one thread and adds up what they take.

    A process that was forked from a clean server has no memory of former steps, so its peak is its own. The
    time that it takes on the processor does not depend on who else wants it, as wall time does.

    Attributes
    ----------
    cpu : float
        Seconds on the processor: of the calls, and of this process since the clock was made.
    wall : float
        Seconds since then.
    factor : float
        What both are multiplied by: above 1 where a sample was measured for all.
    """

    def __init__(self) -> None:
        self._began, self._own = time.perf_counter(), time.process_time()
        self._called, self._greatest = 0.0, 0.0
        self.factor = 1.0

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function (at the top of a module) in a fresh process; returns what it returns.

        Raises
        ------
        StepError
            It failed.
        """
        outcome = isolated.call(clocked, function, arguments, threads=1)
        self._greatest = max(self._greatest, outcome.peak_memory)
        if outcome.error:
            raise StepError(f"{outcome.error}\n{outcome.traceback}")
        value, taken = outcome.value
        self._called += taken
        return value

    @contextlib.contextmanager
    def stopped(self) -> Iterator["Clock"]:
        """Calls of another clock, of which this one takes no notice."""
        began, own = time.perf_counter(), time.process_time()
        yield Clock()
        self._began += time.perf_counter() - began
        self._own += time.process_time() - own

    @property
    def cpu(self) -> float:
        """Seconds on the processor."""
        return self.factor * (self._called + time.process_time() - self._own)

    @property
    def wall(self) -> float:
        """Seconds on the wall."""
        return self.factor * (time.perf_counter() - self._began)

    @property
    def peak(self) -> float:
        """Greatest memory in MiB: of this process and of the largest that was called, together.

        An upper bound of what both hold at a time: what they share counts twice.
        """
        return self._greatest + own_peak()


def clocked(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, float]:
    """In a process that does nothing else: what a function returns, and the processor time of it all."""
    value = function(*arguments)
    return value, time.process_time()


def own_peak() -> float:
    """Greatest memory of this process so far, MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says may be that of the process that started this one
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
