"""Where the time of a run goes, kept while it runs: by stage, and by feature, artefact, method in it."""

import contextlib
import dataclasses
import time
from collections.abc import Iterator

from benchmark.protocol.profile import ProfileLine
from benchmark.run import isolated


@dataclasses.dataclass
class _Spent:
    """What an item or a stage has cost so far."""

    wall: float = 0.0
    cpu: float | None = None
    count: int = 0
    unit: str = ""
    peak: float = 0.0

    def add(self, wall: float, cpu: float | None, count: int, peak: float) -> None:
        self.wall += wall
        self.cpu = self.cpu if cpu is None else (self.cpu or 0.0) + cpu
        self.count += count
        self.peak = max(self.peak, peak)


class Account:
    """Adds up seconds. Times of processes that run side by side are summed; of stages the clock counts."""

    def __init__(self) -> None:
        self._stages: dict[str, _Spent] = {}
        self._items: dict[tuple[str, str, str], _Spent] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the block as a stage's; its calls' processor time is added to it."""
        spent = self._stages.setdefault(name, _Spent())
        start, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            spent.add(time.perf_counter() - start, time.process_time() - cpu, 0, isolated.peak_memory())

    def call(self, stage: str, outcome: isolated.Outcome) -> None:
        """Add a call's processor time and peak memory to its stage."""
        self._stages.setdefault(stage, _Spent()).add(0.0, outcome.cpu_seconds, 0, outcome.peak_memory)

    def add(
        self,
        stage: str,
        item: str,
        wall: float,
        cpu: float | None = None,
        *,
        part: str = "",
        count: int = 0,
        unit: str = "",
        peak: float = 0.0,
    ) -> None:
        """Add to an item of a stage, or to a part of it (``fit``).

        Parameters
        ----------
        wall, cpu : float
            Seconds inside a process; ``cpu`` None where it is not known by itself.
        count, unit : int, str
            How many images, cells, ... these seconds were for.
        peak : float
            Most memory of the process, in MiB.
        """
        spent = self._items.setdefault((stage, item, part), _Spent(unit=unit))
        spent.add(wall, cpu, count, peak)

    def lines(self) -> list[ProfileLine]:
        """Each stage followed by its items, the most costly first, each followed by its parts."""
        lines = []
        for stage, whole in self._stages.items():
            lines.append(_line(stage, "", "", whole))
            items = {key[1]: spent for key, spent in self._items.items() if key[0] == stage and not key[2]}
            for item in sorted(items, key=lambda name: -items[name].wall):
                of = [(key[2], spent) for key, spent in self._items.items() if key[:2] == (stage, item)]
                lines += [
                    _line(stage, item, part, spent) for part, spent in sorted(of, key=lambda p: p[0] != "")
                ]
        return lines


def _line(stage: str, item: str, part: str, spent: _Spent) -> ProfileLine:
    return ProfileLine(
        stage=stage,
        item=item,
        part=part,
        wall_seconds=round(spent.wall, 3),
        cpu_seconds=None if spent.cpu is None else round(spent.cpu, 3),
        count=spent.count or None,
        unit=spent.unit,
        peak_memory=round(spent.peak, 1) or None,
    )
