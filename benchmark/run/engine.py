"""Where the calls of a run are carried out: here, or by the workers of a cluster. Each in a fresh process."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from benchmark.run import isolated
from benchmark.run.account import Account
from benchmark.run.config import RunConfig


@dataclasses.dataclass(frozen=True)
class Call:
    """A function to be called in a fresh process.

    Attributes
    ----------
    tag : int
        By which the caller knows the outcome again.
    function : callable
        At the top of a module of this project.
    arguments : tuple
    threads : int
        Threads of the numeric libraries.
    listen : callable, optional
        Receives what the function says of its steps; across machines nothing is heard.
    """

    tag: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    threads: int = 1
    listen: Callable[[isolated.Told], None] | None = None


@dataclasses.dataclass(frozen=True)
class Needs:
    """What the calls of a run need where they are carried out.

    Attributes
    ----------
    libraries : tuple of str
        Distributions whose version the scores depend on, besides the usual.
    modules : tuple of str
        Those of them that are here, as modules: imported once, before processes are forked.
    imports : tuple of str
        Modules of the user's that register methods.
    written, read : tuple of Path
        Folders that calls write into (of the run, first; of computed features) and others that they read.
    device : str
        What methods that can choose run on: ``auto`` where the start has no GPU, ``cpu`` or ``cuda``; empty
        where none can.
    """

    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    read: tuple[Path, ...] = ()
    device: str = ""


class Engine(Protocol):
    """Carries out calls."""

    account: Account
    """Where the time goes."""

    def prepare(self, needs: Needs) -> None:
        """Get ready for the calls of a run."""

    def outcomes(self, calls: Iterable[Call]) -> Iterator[tuple[int, isolated.Outcome]]:
        """Carry out calls, some at a time, and give tag and outcome of each as it comes."""

    def stop(self) -> None:
        """End every running call and refuse new ones."""


class Local:
    """This machine: so many calls at a time.

    Parameters
    ----------
    workers : int
    account : Account, optional
    """

    def __init__(self, workers: int, account: Account | None = None) -> None:
        self.workers = workers
        self.account = account or Account()

    def prepare(self, needs: Needs) -> None:
        """Accept calls, and have libraries imported once."""
        isolated.allow_calls()
        isolated.import_first(needs.modules)

    def outcomes(self, calls: Iterable[Call]) -> Iterator[tuple[int, isolated.Outcome]]:
        """Outcomes as they come.

        Raises
        ------
        KeyboardInterrupt
            Calls were stopped meanwhile.
        """
        import joblib

        for outcome in in_parallel(self.workers, (joblib.delayed(_call_here)(call) for call in calls)):
            if isolated.stopping():
                raise KeyboardInterrupt
            yield outcome

    def stop(self) -> None:
        """End every child process."""
        isolated.stop_all()


def _call_here(call: Call) -> tuple[int, isolated.Outcome]:
    return call.tag, isolated.call(call.function, *call.arguments, threads=call.threads, listen=call.listen)


def in_parallel(workers: int, calls: Iterator[Any]) -> Iterator[Any]:
    """Carry out calls of `isolated.call`, some at a time, and give their outcomes as they come."""
    import joblib

    # Threads only wait: each call runs in a process of its own.
    return joblib.Parallel(n_jobs=workers, backend="threading", return_as="generator_unordered")(calls)


@contextlib.contextmanager
def open_engine(config: RunConfig) -> Iterator[Engine]:
    """The engine that a run's settings ask for.

    Raises
    ------
    ConfigError
        A library that it needs is not installed.
    ClusterError
        The scheduler cannot be reached, or has no worker.
    """
    if config.backend == "local":
        yield Local(config.workers)
        return
    from benchmark.run.cluster import connected

    with connected(config.scheduler) as cluster:
        yield cluster
