"""How far a run is: a bar on a terminal, a line now and then in a log."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

LINE_EVERY = 15.0
"""Seconds between two lines where the output is not a terminal."""


class StageProgress:
    """Shows stages one after the other: done, total, rate and time left."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = Progress(
            TextColumn("{task.description:>9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[note]}"),
            console=console,
            transient=False,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._stage, self._unit, self._total, self._done = "", "", 0, 0
        self._started = self._said = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def start(self, stage: str, total: int, unit: str) -> None:
        """Begin a stage of ``total`` units."""
        if self._task is not None:
            self._bar.update(self._task, note="")
        self._stage, self._total, self._unit, self._done = stage, total, unit, 0
        self._started = self._said = time.monotonic()
        self._task = self._bar.add_task(stage, total=total, rate="", note="")

    def advance(self, count: int, note: str = "") -> None:
        """Count units done; ``note`` says what came last."""
        self._done += count
        rate = self._done / max(1e-9, time.monotonic() - self._started)
        speed = f"{rate:.3g} {self._unit}/s"
        if self._task is not None:
            self._bar.update(self._task, advance=count, rate=speed, note=note[:60])
        if self.console.is_terminal:
            return
        if time.monotonic() - self._said > LINE_EVERY or self._done == self._total:
            self._said = time.monotonic()
            left = (self._total - self._done) / rate
            self.console.print(
                f"{self._stage}: {self._done} of {self._total} {self._unit}, {speed}, {left:.0f} s left"
                + (f"; {note}" if note else ""),
                highlight=False,
            )
