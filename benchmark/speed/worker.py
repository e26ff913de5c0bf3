"""One stage in a process of its own, ``python -m benchmark.speed.worker``: see `benchmark.speed.launch`.

It is given a file descriptor and its orders as JSON. It tells there how far it is, one JSON object a line,
and ends when its input does: when whoever started it is gone.
"""

import dataclasses
import datetime
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from benchmark.speed.catalogue import load_stage
from benchmark.speed.machine import describe_machine
from benchmark.speed.results import StageResult
from benchmark.speed.stage import Settings
from benchmark.speed.timing import Measured, measure

QUICK_ROUNDS = 2
"""Timed runs at most where only small inputs are measured."""


def measure_stage(name: str, settings: Settings, done: Callable[[Measured], None]) -> StageResult:
    """Measure all cases of a stage, one after the other.

    Parameters
    ----------
    done : callable
        Given what came of each case, as soon as it is there.

    Returns
    -------
    StageResult
        Its status is ``wrong`` where the product's result is; ``failed``, with the reason, where the stage
        broke: the cases measured before are kept.
    """
    machine = describe_machine(settings.device)
    began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
    measured: list[Measured] = []
    title, reason, status = name, "", "ok"
    try:
        title, cases = load_stage(name)
        settings.tell("making the input")
        for case in cases(settings):
            rounds = settings.rounds or (min(case.rounds, QUICK_ROUNDS) if settings.quick else case.rounds)
            measured.append(measure(case, rounds, settings.tell))
            done(measured[-1])
            settings.tell("making the input")
    except Exception as error:
        traceback.print_exc()
        reason, status = f"{type(error).__name__}: {error}", "failed"
    if status == "ok" and (reason := wrong_results(measured)):
        status = "wrong"
    return StageResult(
        stage=name,
        title=title,
        status=status,
        reason=reason,
        quick=settings.quick,
        device=settings.device,
        machine=machine,
        started=began.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - start, 2),
        cases=measured,
    )


def wrong_results(measured: list[Measured]) -> str:
    """The demands that the product does not meet, in words; empty where it meets all."""
    return "; ".join(
        f"{case.case}: {check.name} is {check.found}, demanded {check.demanded}"
        for case in measured
        for check in case.checks
        if not check.ok
    )


def main() -> None:
    """Carry out the orders."""
    end_with_starter()
    orders = json.loads(sys.argv[2])
    with os.fdopen(int(sys.argv[1]), "w", buffering=1) as pipe:

        def tell(kind: str, value: Any) -> None:
            pipe.write(json.dumps({kind: value}) + "\n")

        given = orders["settings"]
        places = {name: given[name] and Path(given[name]) for name in ("scratch", "data_dir")}
        settings = Settings(**(given | places), tell=lambda text: tell("doing", text))
        result = measure_stage(orders["stage"], settings, lambda case: tell("case", dataclasses.asdict(case)))
        tell("result", result.to_json())


def end_with_starter() -> None:
    """Have this process, and all that it started, end when its input does or when it is asked to."""
    signal.signal(signal.SIGTERM, _interrupt)
    threading.Thread(target=_end_with_input, daemon=True).start()


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_with_input() -> None:
    # Read past Python's own buffer, whose lock would be held when this process ends.
    while os.read(0, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGTERM)


if __name__ == "__main__":
    main()
