"""Where the time goes: what a run keeps of it."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.data.dataset import Dataset
from benchmark.data.extractor import Pixels
from benchmark.protocol.profile import ProfileLine
from benchmark.run.account import Account
from benchmark.run.engine import Local
from benchmark.run.execute import execute
from benchmark.run.features import compute_features, feature_batches
from benchmark.run.folder import RunFolder
from benchmark.run.isolated import Outcome
from benchmark.run.plan import Plan

PlanOf = Callable[..., Plan]


class Silence:
    def start(self, stage: str, total: int, unit: str) -> None: ...

    def advance(self, count: int, note: str = "") -> None: ...


def profile_of(plan: Plan, folder: Path) -> list[ProfileLine]:
    engine = Local(1)
    execute(plan, RunFolder(folder), Silence(), engine)
    return engine.account.lines()


def test_a_plan_without_places_keeps_all_in_the_run_s_folder(
    make_dataset: Callable[..., Dataset], plan_of: PlanOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    plan_of(make_dataset(), methods=("ToyBank",), sources={"anps": "synthetic:n=60"})
    assert list(elsewhere.iterdir()) == []
    assert list((tmp_path / "run" / "data" / "synthetic").iterdir())


def test_a_run_names_its_features_artefacts_and_methods(
    make_dataset: Callable[..., Dataset], plan_of: PlanOf, tmp_path: Path
) -> None:
    settings = {"methods": ("Brightness", "ToyBank"), "sources": {"anps": "synthetic:n=60"}}
    plan = plan_of(make_dataset(), subsets=("five",), folds=(1, 2), **settings)
    lines = {(line.stage, line.item, line.part): line for line in profile_of(plan, tmp_path / "run")}
    images = len(plan.dataset)
    assert lines["features", "MeanColor", ""].count in (images, images + 60)
    assert lines["features", "Pixels(size=32)", ""].count == lines["features", "MeanColor", ""].count
    assert lines["features", "Likeness", ""].count == images
    assert lines["artefacts", "toy-bank", ""].count == 1
    for method in ("Brightness", "ToyBank"):
        whole, fit, score = (lines["cells", method, part] for part in ("", "fit", "score"))
        assert (whole.count, fit.count, score.count) == (2, 2, 2)
        assert whole.wall_seconds >= fit.wall_seconds + score.wall_seconds
        assert whole.peak_memory is not None
        assert whole.cpu_seconds is not None
    again = plan_of(plan.dataset, subsets=("five",), folds=(1, 2), **settings)
    assert profile_of(again, tmp_path / "run") == []


def test_a_feature_and_what_it_is_made_from_are_counted_apart(
    make_dataset: Callable[..., Dataset],
) -> None:
    from toy_methods import MeanColor

    images = make_dataset(10).images
    images[[0, 1]].prepare(Pixels(size=32))
    images[[0]].prepare(MeanColor())
    (batch,) = feature_batches(images, [MeanColor()])
    assert {cost.feature: cost.images for cost in compute_features(*batch)} == {
        "Pixels(size=32)": 8,
        "MeanColor": 9,
    }
    assert feature_batches(images, [MeanColor()]) == []


def test_times_of_one_item_add_up_and_peaks_do_not() -> None:
    account = Account()
    with account.stage("cells"):
        time.sleep(0.02)
    account.call("cells", Outcome(cpu_seconds=4.0, peak_memory=5e6))
    account.add("cells", "Quick", 0.5, 0.25, count=1, unit="cells", peak=10)
    for peak in (30, 20):
        account.add("cells", "Slow", 2.0, 1.5, count=1, unit="cells", peak=peak)
    account.add("cells", "Slow", 1.0, part="fit", count=1, unit="cells")
    stage, slow, fit, quick = account.lines()
    assert stage.wall_seconds >= 0.02
    assert stage.cpu_seconds is not None
    assert 4 <= stage.cpu_seconds < 5
    assert stage.peak_memory == 5e6
    assert (slow.item, slow.wall_seconds, slow.cpu_seconds, slow.count) == ("Slow", 4.0, 3.0, 2)
    assert slow.peak_memory == 30
    assert (fit.part, fit.cpu_seconds) == ("fit", None)
    assert quick.item == "Quick"


def test_a_stage_that_fails_is_counted_up_to_there() -> None:
    account = Account()
    with pytest.raises(ArithmeticError), account.stage("features"):
        raise ArithmeticError
    assert [line.stage for line in account.lines()] == ["features"]
