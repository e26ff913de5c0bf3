"""Calling a function in a fresh process, so that nothing survives from one cell to the next.

Each call runs in a child forked from a clean server that has imported the libraries and done nothing else.
A method therefore cannot carry labels from one fold to another in memory, a crash costs one cell, and peak
memory is the cell's own.
"""

import contextlib
import dataclasses
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from benchmark.run.socket_folder import announce_folder

OPENMP = "OMP_NUM_THREADS"

_children: dict[Any, str] = {}
_stopping = threading.Event()
_first = ["benchmark.run.warm"]
_sender: Any = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a call.

    Attributes
    ----------
    value : object
        What the function returned; None if it failed.
    error : str
        Empty, or the exception's type and message, or how the process died.
    skipped : bool
        The function said that it cannot run here (`benchmark.method.NotAvailable`).
    traceback : str
        Of the error; empty otherwise.
    seconds : float
        Wall time.
    peak_memory : float
        Of the process, in MiB.
    cpu_seconds : float
        Processor time of the process and of those that it started and waited for.
    """

    value: Any = None
    error: str = ""
    skipped: bool = False
    traceback: str = ""
    seconds: float = 0.0
    peak_memory: float = 0.0
    cpu_seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class Told:
    """What a running call said with `tell`: ``done`` of ``total`` steps, and a note."""

    done: int
    total: int
    note: str


def tell(done: int, total: int, note: str = "") -> None:
    """Inside a call: say how far it is to whoever made it."""
    if _sender is not None:
        with contextlib.suppress(BrokenPipeError):
            _sender.send(Told(done, total, note))


def import_first(modules: Iterable[str]) -> None:
    """Have these modules imported once, before processes are forked; too late after the first call."""
    _first.extend(name for name in modules if name not in _first)


def call(
    function: Callable[..., Any],
    *arguments: Any,
    threads: int = 1,
    listen: Callable[[Told], None] | None = None,
    owner: str = "",
) -> Outcome:
    """Call ``function(*arguments)`` in a fresh process and wait for it.

    Parameters
    ----------
    function : callable
        At the top of a module; it and its arguments travel pickled between our own processes.
    threads : int
        Threads that BLAS, OpenMP, OpenCV and PyTorch may use.
    listen : callable, optional
        Receives what the function says with `tell`.
    owner : str
        Whose call it is, where several runs share this process: see `stop_calls_of`.
    """
    if _stopping.is_set():
        return Outcome(error="interrupted before it started")
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, threads, function, arguments))
    process.start()
    sender.close()
    _children[process] = owner
    try:
        outcome = receiver.recv()
        while isinstance(outcome, Told):
            if listen is not None:
                listen(outcome)
            outcome = receiver.recv()
    except EOFError:
        process.join()
        outcome = Outcome(error=_cause_of_death(process.exitcode))
    except BaseException:  # interrupted while waiting: nobody will take the answer
        process.terminate()
        raise
    finally:
        receiver.close()
        process.join()
        _children.pop(process, None)
    return outcome


def stop_all() -> None:
    """End every running call and refuse new ones: what Ctrl-C does."""
    _stopping.set()
    _end(list(_children))


def stop_calls_of(owner: str) -> None:
    """End the running calls of one owner; others go on and new ones are taken."""
    _end([process for process, whose in list(_children.items()) if whose == owner])


def _end(processes: Iterable[Any]) -> None:
    for process in processes:
        with contextlib.suppress(ValueError, OSError):
            process.terminate()


def stopping() -> bool:
    """Whether `stop_all` was called since the last `allow_calls`."""
    return _stopping.is_set()


def allow_calls() -> None:
    """Accept calls again after `stop_all`."""
    _stopping.clear()


def _context() -> Any:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_first)
    announce_folder()
    return context


def _child(sender: Any, threads: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    global _sender
    _sender = sender
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    threading.Thread(target=_die_with_parent, daemon=True).start()
    start, before = time.perf_counter(), cpu_seconds()
    value, error, skipped, trace = None, "", False, ""
    try:
        with limited_threads(threads):
            value = function(*arguments)
    except BaseException as problem:  # reported to the parent whatever it is
        from benchmark.method import NotAvailable

        skipped = isinstance(problem, NotAvailable)
        error = str(problem) if skipped else f"{type(problem).__name__}: {problem}"
        trace = traceback.format_exc()
    seconds, cpu = time.perf_counter() - start, cpu_seconds() - before
    with contextlib.suppress(BrokenPipeError):
        sender.send(Outcome(value, error, skipped, trace, seconds, peak_memory(), cpu))


def cpu_seconds() -> float:
    """Processor time that this process and those that it waited for have used."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_memory() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


@contextlib.contextmanager
def limited_threads(threads: int) -> Any:
    """Let the numeric libraries use this many threads inside the block."""
    import cv2
    import threadpoolctl

    before, environment = cv2.getNumThreads(), os.environ.get(OPENMP)
    cv2.setNumThreads(threads)
    os.environ[OPENMP] = str(threads)  # of what is imported inside the block
    torch = sys.modules.get("torch")
    torch_before = torch.get_num_threads() if torch else 0
    if torch:
        torch.set_num_threads(threads)
    try:
        with threadpoolctl.threadpool_limits(threads):
            yield
    finally:
        cv2.setNumThreads(before)
        if environment is None:
            del os.environ[OPENMP]
        else:
            os.environ[OPENMP] = environment
        if torch:
            torch.set_num_threads(torch_before)


def _die_with_parent() -> None:
    """End this process when the one that asked for it is gone, even by ``kill -9``."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _cause_of_death(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        hint = "; out of memory is the usual cause: use fewer --jobs" if name == "SIGKILL" else ""
        return f"the process was ended by {name}{hint}"
    return f"the process ended with code {code} and no result"
