"""A way to run a plan in tests, quietly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmark.data.dataset import Dataset
from benchmark.registry import load_registry
from benchmark.run.config import RunConfig
from benchmark.run.execute import RunResult, execute
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, make_plan


class Silence:
    """Progress that nobody watches; keeps what it was told."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []
        self.done = 0

    def start(self, stage: str, total: int, unit: str) -> None:
        self.stages.append((stage, total))
        self.done = 0

    def advance(self, count: int, note: str = "") -> None:
        self.done += count


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[..., Plan]:
    """Make a plan for the folder ``out`` of the test's temporary folder."""

    def plan(dataset: Dataset, out: str = "run", **settings: Any) -> Plan:
        config = RunConfig(**({"imports": ("toy_methods",), "methods": ("Brightness",)} | settings))
        return make_plan(config, dataset, load_registry(config.imports), RunFolder(tmp_path / out))

    return plan


@pytest.fixture
def run(plan_of: Callable[..., Plan], tmp_path: Path) -> Callable[..., RunResult]:
    """Plan and execute into the folder ``out`` of the test's temporary folder."""

    def go(dataset: Dataset, out: str = "run", **settings: Any) -> RunResult:
        return execute(plan_of(dataset, out, **settings), RunFolder(tmp_path / out), Silence())

    return go
