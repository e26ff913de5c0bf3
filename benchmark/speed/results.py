"""What stages gave, as files: JSON a stage, and CSV over all stages of a folder."""

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmark.data.files import write_bytes
from benchmark.speed.catalogue import stage_names
from benchmark.speed.stage import Check, SpeedError
from benchmark.speed.timing import Measured, Ratio, Timing

STAGES, RATIOS, TIMINGS, CHECKS = "stages", "ratios.csv", "timings.csv", "checks.csv"


@dataclasses.dataclass(frozen=True)
class StageResult:
    """What came of a stage.

    Attributes
    ----------
    stage, title : str
        Its name, and what it measures in a line.
    status : str
        ``ok``; ``wrong``: a result of the product is; ``failed``: the stage broke.
    reason : str
        Why, if not ok.
    quick : bool
        Measured on small inputs.
    device : str
        ``cpu`` or ``cuda``.
    machine : dict
        See `benchmark.speed.machine.describe_machine`.
    started : str
        ISO 8601, UTC.
    seconds : float
        Wall time of all, the making of inputs included.
    cases : list of Measured
    """

    stage: str
    title: str
    status: str
    reason: str
    quick: bool
    device: str
    machine: dict[str, Any]
    started: str
    seconds: float
    cases: list[Measured]

    @property
    def name(self) -> str:
        """The stage, and the device where that is not the CPU."""
        return self.stage if self.device == "cpu" else f"{self.stage}-{self.device}"

    def to_json(self) -> dict[str, Any]:
        """As JSON-serialisable values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "StageResult":
        """From what `to_json` gave."""
        return cls(**(content | {"cases": [measured_from_json(case) for case in content["cases"]]}))


def measured_from_json(case: dict[str, Any]) -> Measured:
    """One case, from what ``dataclasses.asdict`` gave."""
    parts = {
        "timings": [Timing(**item) for item in case["timings"]],
        "ratios": [Ratio(**item) for item in case["ratios"]],
        "checks": [Check(**item) for item in case["checks"]],
    }
    return Measured(**(case | parts))


def write_stage(result: StageResult, out: Path) -> None:
    """Keep a stage's result, in place of an earlier one, and write the tables of all of them."""
    text = json.dumps(result.to_json(), indent=1, sort_keys=True) + "\n"
    write_bytes(out / STAGES / f"{result.name}.json", text.encode())
    results = read_stages(out)
    for name, rows in ((RATIOS, ratio_rows), (TIMINGS, timing_rows), (CHECKS, check_rows)):
        write_bytes(out / name, _csv(rows(results)))


def read_stages(out: Path) -> list[StageResult]:
    """The results kept in a folder, in the order of the table.

    Raises
    ------
    SpeedError
        A file cannot be read.
    """
    found = []
    for path in sorted((out / STAGES).glob("*.json")):
        try:
            found.append(StageResult.from_json(json.loads(path.read_bytes())))
        except (ValueError, KeyError, TypeError) as error:
            raise SpeedError(f"{path}: cannot be read ({error}); delete it and measure again") from None
    known = stage_names()
    return sorted(
        found, key=lambda r: (known.index(r.stage) if r.stage in known else len(known), r.stage, r.device)
    )


def ratio_rows(results: Sequence[StageResult]) -> list[dict[str, Any]]:
    """A row a comparison: rates, ratio with its spread, what was to be reached, and on what machine."""
    return [
        {
            "stage": result.stage,
            "case": case.case,
            "unit": case.unit,
            "product": ratio.product,
            "product_rate": _number(case.timing(ratio.product).rate),
            "peer": ratio.peer,
            "peer_rate": _number(case.timing(ratio.peer).rate),
            "ratio": _number(ratio.ratio),
            "low": _number(ratio.low),
            "high": _number(ratio.high),
            "reach": "" if ratio.reach is None else _number(ratio.reach),
            "reached": {None: "", True: "yes", False: "no"}[ratio.reached],
            "rounds": len(case.timing(ratio.peer).seconds),
            "product_items": case.timing(ratio.product).items,
            "peer_items": case.timing(ratio.peer).items,
            "checks": "ok" if all(check.ok for check in case.checks) else "wrong",
            "quick": "yes" if result.quick else "no",
            "device": result.machine["accelerator"] or result.device,
            "processor": result.machine["processor"],
            "cores": result.machine["cores"],
            "blas": result.machine["blas"],
            "load_before": result.machine["load_before"],
            "started": result.started,
            "note": case.note,
        }
        for result in results
        for case in result.cases
        for ratio in case.ratios
    ]


def timing_rows(results: Sequence[StageResult]) -> list[dict[str, Any]]:
    """A row a timed run."""
    return [
        {
            "stage": result.stage,
            "case": case.case,
            "device": result.device,
            "role": timing.role,
            "side": timing.side,
            "round": number,
            "seconds": _number(seconds),
            "items": timing.items,
            "unit": case.unit,
            "rate": _number(timing.items / seconds),
        }
        for result in results
        for case in result.cases
        for timing in case.timings
        for number, seconds in enumerate(timing.seconds, start=1)
    ]


def check_rows(results: Sequence[StageResult]) -> list[dict[str, Any]]:
    """A row a demand on a result."""
    return [
        {
            "stage": result.stage,
            "case": case.case,
            "device": result.device,
            "check": check.name,
            "found": check.found,
            "demanded": check.demanded,
            "ok": "yes" if check.ok else "no",
        }
        for result in results
        for case in result.cases
        for check in case.checks
    ]


def _csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()


def _number(value: float) -> str:
    """Four significant digits: more than any clock gives."""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
