"""Commands of the benchmark, forked from one process; disturbed where asked: killed, given little disk."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
KILLED = -signal.SIGKILL


class Ended:
    """How a command ended: its exit code (negative: by that signal), seconds, and what it printed.

    ``output`` holds both streams as they came, or standard output alone where ``errors`` was asked for.
    """

    def __init__(self, code: int, seconds: float, output: str, errors: str = "") -> None:
        self.code, self.seconds, self.output, self.errors = code, seconds, output, errors

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.code == KILLED

    def __repr__(self) -> str:
        return f"exit code {self.code} after {self.seconds:.2f} s:\n{self.output}{self.errors}"


class Commands:
    """Starts commands in a forked process each; what a killed one left running is an error."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "faults")])
        environment = {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "COLUMNS": "300", "NO_COLOR": "1"}
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("command_server.py"))],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *error: object) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(timeout=30)

    def __call__(
        self,
        arguments: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        errors: bool = False,
        **disturbance: Any,
    ) -> Ended:
        """Run ``python -m benchmark`` with these arguments and wait for its end.

        Parameters
        ----------
        folder : Path
            Where it runs, with the caches ``cache`` and ``data`` unless ``environment`` says otherwise.
        errors : bool
            Whether standard error is kept apart.
        **disturbance
            ``after``: seconds after which it is sent ``signal`` (SIGKILL), with its children where ``group``
            says so; ``step``: it is killed around the n-th time that it secures or moves a file;
            ``file_size``: largest size of a file in bytes; ``user``: id of the user it runs as; ``shuffle``:
            seed of the order of its cells; ``figures``: whether any are drawn.
        """
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        folders = {"SENTIMENT_CACHE": str(folder / "cache"), "SENTIMENT_DATA": str(folder / "data")}
        output, apart = self._folder / "output.txt", self._folder / "errors.txt"
        order = {
            "arguments": [str(argument) for argument in arguments],
            "folder": str(folder),
            "environment": folders | dict(environment or {}),
            "output": str(output),
            "errors": str(apart if errors else ""),
            **disturbance,
        }
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        said = [path.read_text(errors="replace") for path in (output, apart)[: 1 + errors]]
        ended = Ended(answer["code"], answer["seconds"], *said)
        assert answer["orphans"] == 0, f"children outlived the command: {ended}"
        return ended
