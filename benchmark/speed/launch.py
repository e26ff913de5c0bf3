"""Starting a stage in a fresh process with a clean environment, and listening to it."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from benchmark.run.scratch import scratch_folder
from benchmark.speed.machine import clean_environment, describe_machine
from benchmark.speed.results import StageResult, measured_from_json
from benchmark.speed.stage import Settings
from benchmark.speed.timing import Measured

GRACE = 10.0
"""Seconds that a stage gets to end by itself."""


def run_stage(name: str, settings: Settings, done: Callable[[Measured], None]) -> StageResult:
    """Measure a stage in a process of its own.

    Parameters
    ----------
    settings : Settings
        Its ``scratch`` is the folder in which a folder for the stage is made, and removed afterwards.
    done : callable
        Given what came of each case, as soon as it is there.

    Raises
    ------
    KeyboardInterrupt
        As raised; the stage and all that it started are ended first.
    """
    with scratch_folder(settings.scratch) as scratch:
        given = dataclasses.asdict(dataclasses.replace(settings, scratch=scratch, tell=print))
        del given["tell"]
        orders = json.dumps({"stage": name, "settings": given}, default=str)
        result, measured = None, []
        with (
            (scratch / "log").open("w") as log,
            listening("benchmark.speed.worker", orders, log) as (process, lines),
        ):
            for line in lines:
                for kind, value in json.loads(line).items():
                    if kind == "doing":
                        settings.tell(value)
                    elif kind == "case":
                        measured.append(measured_from_json(value))
                        done(measured[-1])
                    else:
                        result = StageResult.from_json(value)
            code = process.wait()
        if result is not None:
            return result
        said = (scratch / "log").read_text(errors="replace").strip().splitlines()[-1:]
        return _died(name, settings, code, said, measured)


@contextlib.contextmanager
def listening(module: str, orders: str, log: Any) -> Iterator[tuple[subprocess.Popen, Iterator[str]]]:
    """A worker (a module that is run) in a process group of its own, and the lines that it says."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(writer), orders],
        stdin=subprocess.PIPE,  # never written to; its end tells the worker that we are gone
        stdout=log,
        stderr=subprocess.STDOUT,
        env=clean_environment(os.environ),
        pass_fds=(writer,),
        start_new_session=True,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as lines:
            yield process, lines
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """End a worker and whatever it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None and number == signal.SIGTERM:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    if process.stdin is not None:
        process.stdin.close()


def _died(name: str, settings: Settings, code: int, said: list[str], measured: list[Measured]) -> StageResult:
    """The result of a stage whose process ended without one."""
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    reason = ": ".join([f"the stage's process {how}", *said])
    machine = describe_machine(settings.device)
    return StageResult(
        name, name, "failed", reason, settings.quick, settings.device, machine, "", 0.0, measured
    )
