"""All steps at one size in a process of its own, ``python -m benchmark.speed.growth.worker``.

Given a file descriptor and orders as JSON, as `benchmark.speed.worker` is. The work of each step is done in
fresh processes again; this one only calls them, as ``run`` does.
"""

import dataclasses
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmark.run import isolated
from benchmark.speed.growth.clock import Clock, StepError
from benchmark.speed.growth.images import Cloth, draw_quilts
from benchmark.speed.growth.steps import STEPS, Growing
from benchmark.speed.machine import describe_machine
from benchmark.speed.worker import end_with_starter

Tell = Callable[[str, Any], None]


def draw(orders: dict[str, Any], tell: Tell) -> None:
    """Draw the pictures of the largest size."""
    cloth, clock = Cloth(**orders["cloth"]), Clock()
    folder = Path(orders["folder"]) / "images"
    draw_quilts(folder, 0, orders["n"], cloth, lambda text: tell("doing", text))
    tell("drawn", {"images": orders["n"], "cpu": clock.cpu, "bytes": disk_bytes(folder)})


def take_steps(orders: dict[str, Any], tell: Tell) -> None:
    """Take all steps at one size."""
    # What the steps need is imported once, so that none of them pays for it.
    importlib.import_module("benchmark.run.warm")
    isolated.import_first(["benchmark.speed.growth.steps"])
    folder, n = Path(orders["folder"]), orders["n"]
    growing = Growing(folder, tuple(orders["sizes"]), orders["cloth"]["pairs"], orders["sample"])
    for step in STEPS:
        tell("doing", f"{n:,} images: {step.name}")
        left, clock = disk_bytes(folder), Clock()
        try:
            step.run(growing, clock)
        except StepError as error:
            raise StepError(f"{step.name}: {error}") from error
        measured = {
            "step": step.name,
            "title": step.title,
            "streams": step.streams,
            "images": n,
            "wall": clock.wall,
            "cpu": clock.cpu,
            "peak": clock.peak,
            "disk": (disk_bytes(folder) - left) / 2**20,
        }
        tell("measured", {"measured": measured, "adds": step.adds})


def disk_bytes(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Carry out the orders."""
    end_with_starter()
    orders = json.loads(sys.argv[2])
    with os.fdopen(int(sys.argv[1]), "w", buffering=1) as pipe:

        def tell(kind: str, value: Any) -> None:
            pipe.write(json.dumps({kind: value}) + "\n")

        tell("machine", describe_machine("cpu"))
        try:
            (draw if orders["task"] == "draw" else take_steps)(orders, tell)
        except StepError as error:
            tell("failed", str(error))
        except Exception as error:
            traceback.print_exc()
            tell("failed", f"{type(error).__name__}: {error}")
        else:
            tell("done", dataclasses.asdict(Cloth(**orders["cloth"])))


if __name__ == "__main__":
    main()
