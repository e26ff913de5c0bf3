"""A process that imports everything once and then forks commands, disturbed as it is told; see `disturbed`.

Reads one JSON object a line, answers with one. It never computes anything itself, so that what is forked
from it starts as a fresh process would.
"""

import contextlib
import ctypes
import json
import multiprocessing
import multiprocessing.connection
import multiprocessing.popen_forkserver
import os
import random
import resource
import signal
import socket
import sys
import time
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any, NoReturn

import torch  # noqa: F401

import benchmark.cli.main
import benchmark.cli.opening
import benchmark.report.write
import benchmark.run.execute
import benchmark.run.warm

_libc = ctypes.CDLL(None, use_errno=True)
CHILD_SUBREAPER = 36


def kill_at_step(number: int) -> None:
    """End the command with SIGKILL around the n-th time that it or a child secures or moves a file."""
    main, counter = os.getpid(), multiprocessing.get_context("fork").Value("i", 0)

    def stepping(function: Any) -> Any:
        def step(*arguments: Any, **named: Any) -> Any:
            with counter.get_lock():
                counter.value += 1
                reached = counter.value == number
            if reached and number % 2:
                _end(main)
            result = function(*arguments, **named)
            if reached:
                _end(main)
            return result

        return step

    for name in ("fsync", "replace", "rename"):
        setattr(os, name, stepping(getattr(os, name)))


def _end(main: int) -> NoReturn:
    os.kill(main, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def start_forkserver() -> None:
    """Begin the server that cells are forked from here, from what is imported already.

    `multiprocessing.forkserver` would start a new interpreter and import everything: two seconds a trial.
    """
    resource_tracker.ensure_running()
    address = multiprocessing.connection.arbitrary_address("AF_UNIX")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    alive, held = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(held)
        try:
            forkserver.main(listener.fileno(), alive, [])
        finally:
            os._exit(0)
    os.close(alive)
    listener.close()
    server: Any = forkserver._forkserver
    server._forkserver_address, server._forkserver_alive_fd = address, held
    server._forkserver_pid = process


def shuffle_cells(seed: int) -> None:
    """Have the cells of every plan carried out in another order."""
    from benchmark.run.plan import Plan

    before = Plan.to_run.fget

    def shuffled(plan: Plan) -> list[Any]:
        found = before(plan)  # type: ignore[misc]
        random.Random(seed).shuffle(found)
        return found

    Plan.to_run = property(shuffled)  # type: ignore[assignment]


def command(order: dict[str, Any]) -> NoReturn:
    """Become the command that was ordered."""
    os.setsid()
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    apart = order.get("errors")
    os.dup2(output, 1)
    os.dup2(os.open(apart, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666) if apart else output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    if order.get("step"):
        kill_at_step(order["step"])
    if order.get("shuffle") is not None:
        shuffle_cells(order["shuffle"])
    if order.get("file_size"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], order["file_size"]))
    if order.get("user"):
        os.setgroups([])
        os.setgid(order["user"])
        os.setuid(order["user"])
    if not order.get("figures", True):
        benchmark.report.write.render_figures = lambda *arguments: {}
    start_forkserver()
    sys.argv[1:] = order["arguments"]
    code = 1
    try:
        benchmark.cli.main.main(order["arguments"])
    except SystemExit as end:
        code = int(end.code or 0) if not isinstance(end.code, str) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        for child in multiprocessing.active_children():
            child.join()
        os._exit(code)


def serve() -> None:
    """Answer orders until the input ends."""
    _libc.prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans of a killed command come here, to be counted
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        process = os.fork()
        if process == 0:
            command(order)
        status = _wait(process, order)
        seconds = time.monotonic() - began
        left = _orphans()
        answer = {"code": os.waitstatus_to_exitcode(status), "seconds": seconds, "orphans": left}
        answers.write(json.dumps(answer) + "\n")


def _wait(process: int, order: dict[str, Any]) -> int:
    """Wait for a process; after so many seconds it is sent a signal, or all of its processes are."""
    after, number = order.get("after"), order.get("signal", signal.SIGKILL)
    send = os.killpg if order.get("group") else os.kill
    until = None if after is None else time.monotonic() + after
    while True:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return status
        if until is not None and time.monotonic() >= until:
            send(process, number)
            until = None
        time.sleep(0.002)


def _orphans() -> int:
    """Wait up to 10 s for the children that a command left; how many do not end."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            found, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if not found:
            time.sleep(0.005)
    left = [int(name) for name in Path("/proc/self/task").iterdir() for name in _children(name)]
    for process in left:
        os.kill(process, signal.SIGKILL)
    return len(left)


def _children(task: Path) -> list[str]:
    return (task / "children").read_text().split()


if __name__ == "__main__":
    serve()
