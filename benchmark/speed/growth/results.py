"""What was measured as files: ``growth.json`` with all of it, ``growth.csv`` with a row a step and size."""

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

from benchmark.data.files import write_bytes
from benchmark.speed.growth.measured import Growth, Measurement, growths

CSV, JSON = "growth.csv", "growth.json"


@dataclasses.dataclass(frozen=True)
class GrowthResult:
    """What a measurement gave.

    Attributes
    ----------
    quick : bool
        Sizes too small to judge by.
    sizes : tuple of int
        Asked for.
    sample : int or None
        Images described one by one beyond the smallest size; None for all.
    machine : dict
        See `benchmark.speed.machine.describe_machine`.
    drawn : dict
        Of the pictures: ``images``, ``cpu`` seconds, ``bytes``.
    measurements : tuple of Measurement
        In the order of their making.
    """

    quick: bool
    sizes: tuple[int, ...]
    sample: int | None = None
    machine: dict[str, Any] = dataclasses.field(default_factory=dict)
    drawn: dict[str, Any] = dataclasses.field(default_factory=dict)
    measurements: tuple[Measurement, ...] = ()


def write_growth(result: GrowthResult, out: Path) -> None:
    """Write both files, in place of earlier ones."""
    found = growths(result.measurements)
    content = dataclasses.asdict(result) | {"checks": checks(found, result.quick)}
    write_bytes(out / JSON, json.dumps(content, indent=1, sort_keys=True).encode() + b"\n")
    text = io.StringIO()
    rows = growth_rows(found, result)
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_bytes(out / CSV, text.getvalue().encode())


def growth_rows(found: list[Growth], result: GrowthResult) -> list[dict[str, Any]]:
    """A row a step and size; what is fitted over the sizes stands in each row of the step."""
    return [
        {
            "step": point.step,
            "title": point.title,
            "streams": _yes(point.streams),
            "images": point.images,
            "cpu_seconds": f"{point.cpu:.2f}",
            "wall_seconds": f"{point.wall:.2f}",
            "peak_mib": f"{point.peak:.1f}",
            "disk_mib": f"{point.disk:.2f}",
            "slope": f"{growth.slope:.3f}",
            "end_slope": f"{growth.end_slope:.3f}",
            "memory_slope": f"{growth.memory_slope:.3f}",
            "linear": _yes(growth.linear),
            "flat": "" if growth.flat is None else _yes(growth.flat),
            "under_4_gib": _yes(growth.fits),
            "sample": "all" if result.sample is None else result.sample,
            "quick": _yes(result.quick),
            "processor": result.machine.get("processor", ""),
            "cores": result.machine.get("cores", ""),
            "blas": result.machine.get("blas", ""),
            "load_before": result.machine.get("load_before", ""),
        }
        for growth in found
        for point in growth.points
    ]


def read_growth(out: Path) -> tuple[list[Growth], list[dict[str, str]]]:
    """Steps and rows of ``growth.csv``; none where there is no such file."""
    table = out / CSV
    if not table.exists():
        return [], []
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = [
        Measurement(
            step=row["step"],
            title=row["title"],
            streams=row["streams"] == "yes",
            images=int(row["images"]),
            wall=float(row["wall_seconds"]),
            cpu=float(row["cpu_seconds"]),
            peak=float(row["peak_mib"]),
            disk=float(row["disk_mib"]),
        )
        for row in rows
    ]
    steps = dict.fromkeys(point.step for point in points)
    return [Growth(tuple(p for p in points if p.step == step)) for step in steps], rows


def checks(found: list[Growth], quick: bool) -> list[dict[str, Any]]:
    """The demands, which steps do not meet them, and how; a quick measurement judges nothing."""
    demands = (
        ("linear at worst", [g for g in found if not g.linear], lambda g: f"{_steepest(g):.2f}"),
        (
            "memory flat in what streams",
            [g for g in found if g.flat is False],
            lambda g: f"{g.memory_slope:.2f}",
        ),
        ("under 4 GiB", [g for g in found if not g.fits], lambda g: f"{g.last.peak / 1024:.1f} GiB"),
    )
    return [
        {
            "check": name,
            "ok": None if quick else not failing,
            "not_met": {g.step: said(g) for g in failing},
        }
        for name, failing, said in demands
    ]


def _steepest(growth: Growth) -> float:
    return max(growth.slope, growth.end_slope)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
