"""Measuring all steps at all sizes: pictures drawn once, then a worker a size on one growing store."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmark.data.synthetic.world import ANPS
from benchmark.run.scratch import scratch_folder
from benchmark.speed.growth.clock import StepError
from benchmark.speed.growth.images import Cloth
from benchmark.speed.growth.measured import Measurement
from benchmark.speed.growth.results import GrowthResult
from benchmark.speed.launch import listening
from benchmark.speed.stage import SpeedError

SIZES, QUICK_SIZES = (1000, 4000, 16000), (40, 80)

LEAST = 40
"""Fewest images from which a bank can be learned here."""

SHOWN = 10
"""Images of the smallest size for each adjective-noun pair."""

WORKER = "benchmark.speed.growth.worker"


def parse_sizes(text: str) -> tuple[int, ...]:
    """Sizes from text such as ``1000,4000,16000``, ascending.

    Raises
    ------
    SpeedError
        Not whole numbers, fewer than two, or one below `LEAST`.
    """
    try:
        sizes = tuple(sorted({int(word) for word in text.split(",")}))
    except ValueError:
        raise SpeedError(f"--sizes {text}: give whole numbers, such as 1000,4000,16000") from None
    if len(sizes) < 2 or sizes[0] < LEAST:
        raise SpeedError(f"--sizes {text}: give two sizes or more, each {LEAST} or more, such as 1000,4000")
    return sizes


def cloth_for(sizes: Sequence[int]) -> Cloth:
    """Worlds enough for the largest size, and as few pairs as the smallest can show."""
    pairs = max(2, min(len(ANPS), sizes[0] // SHOWN))
    return Cloth(worlds=max(2 * pairs, min(500, sizes[-1] // 8)), pairs=pairs)


def measure_growth(
    sizes: Sequence[int],
    out: Path,
    quick: bool,
    sample: int | None,
    tell: Callable[[str], None],
    done: Callable[[GrowthResult], None],
) -> GrowthResult:
    """Measure all steps at all sizes.

    Parameters
    ----------
    out : Path
        Where the scratch folder is made, and removed afterwards.
    quick : bool
        Said in the result: sizes too small to judge by.
    sample : int, optional
        Images to describe one by one beyond the smallest size, see `benchmark.speed.growth.steps.Growing`.
    tell : callable
        Told in a few words what is being done.
    done : callable
        Given the result so far whenever a size is done.

    Raises
    ------
    StepError
        A step broke; the sizes before are with ``done`` by then.
    """
    cloth, result = cloth_for(sizes), GrowthResult(quick=quick, sizes=tuple(sizes), sample=sample)
    with scratch_folder(out) as scratch:
        orders = {"folder": str(scratch), "cloth": dataclasses.asdict(cloth)}
        for said in _said(orders | {"task": "draw", "n": sizes[-1]}, scratch, tell):
            result = dataclasses.replace(result, **_taken(said, result))
        for k, n in enumerate(sizes, 1):
            given = orders | {"task": "steps", "n": n, "sizes": list(sizes[:k]), "sample": sample}
            for said in _said(given, scratch, tell):
                result = dataclasses.replace(result, **_taken(said, result))
            done(result)
    return result


def _said(orders: dict[str, Any], scratch: Path, tell: Callable[[str], None]) -> Any:
    """What a worker says, but for what it is doing; ends in an error where the worker does."""
    finished = False
    with (
        (scratch / "log").open("w") as log,
        listening(WORKER, json.dumps(orders), log) as (process, lines),
    ):
        for line in lines:
            for kind, value in json.loads(line).items():
                if kind == "doing":
                    tell(value)
                elif kind == "failed":
                    raise StepError(f"growth, {orders['n']:,} images: {value}")
                elif kind == "done":
                    finished = True
                else:
                    yield kind, value
        code = process.wait()
    if not finished:
        last = (scratch / "log").read_text(errors="replace").strip().splitlines()[-1:]
        said = "".join(f": {line}" for line in last)
        raise StepError(f"growth, {orders['n']:,} images: its process ended with code {code}{said}")


def _taken(said: tuple[str, Any], result: GrowthResult) -> dict[str, Any]:
    """What a message adds to the result."""
    kind, value = said
    if kind == "machine":
        # The load of before the first step; later ones are this command's own.
        return {} if result.machine else {"machine": value}
    if kind == "drawn":
        return {"drawn": value}
    new = Measurement(**value["measured"])
    if value["adds"]:
        former = [one for one in result.measurements if one.step == new.step]
        if former:
            new = _added(former[-1], new)
    return {"measurements": (*result.measurements, new)}


def _added(former: Measurement, new: Measurement) -> Measurement:
    """A step that was taken for the new images alone, as if for all."""
    return dataclasses.replace(
        new,
        wall=former.wall + new.wall,
        cpu=former.cpu + new.cpu,
        peak=max(former.peak, new.peak),
        disk=former.disk + new.disk,
    )
