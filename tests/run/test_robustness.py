"""The robustness study: the run's own fitted methods, corrupted test images, rows that resume."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark.data.corruptions import Corruption, corrupt
from benchmark.data.dataset import Dataset
from benchmark.data.extractor import Pixels
from benchmark.protocol.robustness_row import CLEAN, RobustnessRow, read_robustness_row
from benchmark.protocol.row import RowError, read_rows
from benchmark.registry import load_registry
from benchmark.run.corrupted import corrupted, pixel_sizes
from benchmark.run.execute import RunResult
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.plan import Plan
from benchmark.run.robustness import RobustnessResult, plan_robustness, run_robustness

ROOT = Path(__file__).resolve().parents[2]
SOME = (Corruption("noise", 3), Corruption("brightness", 3))
MakeDataset = Callable[..., Dataset]


class Quiet:
    def start(self, stage: str, total: int, unit: str) -> None: ...

    def advance(self, count: int, note: str = "") -> None: ...


@pytest.fixture
def study(plan_of: Callable[..., Plan], tmp_path: Path) -> Callable[..., RobustnessResult]:
    """Plan and carry out the study of the run in the folder ``run``."""

    def go(dataset: Dataset, corruptions: tuple[Corruption, ...] = SOME, **settings: Any) -> RobustnessResult:
        plan = plan_of(dataset, "run", **({"subsets": ("five",)} | settings))
        planned = plan_robustness(plan, tmp_path / "run", corruptions)
        return run_robustness(planned, RunFolder(tmp_path / "run"), Quiet())

    return go


def test_clean_scores_are_those_of_the_run(
    make_dataset: MakeDataset, run: Callable[..., RunResult], study: Callable[..., Any], tmp_path: Path
) -> None:
    dataset = make_dataset()
    methods = ("Brightness", "GCH")
    run(dataset, "run", methods=methods, subsets=("five",))
    result = study(dataset, methods=methods)
    by_cell = {row.cell: row for row in read_rows(tmp_path / "run" / "rows")}
    assert len(result.rows) == 10
    for row in result.rows:
        of_run = by_cell[row.cell]
        assert row.scores[CLEAN] == of_run.scores
        assert (row.images, row.labels, row.groups) == (of_run.images, of_run.labels, of_run.groups)
        assert set(row.scores) == {CLEAN, "noise 3", "brightness 3"}
        assert row.scores["brightness 3"] != row.scores[CLEAN]


def test_methods_see_the_corrupted_pixels(make_dataset: MakeDataset, tmp_path: Path) -> None:
    images = make_dataset(12).images
    clean = np.asarray(images.features(Pixels(size=256)))
    worse = corrupted(images.sealed(), Corruption("noise", 2), [256], tmp_path / "store")
    seen = np.asarray(worse.features(Pixels(size=256)))
    keys = images._keys.tolist()
    assert np.array_equal(
        seen, [corrupt(c, Corruption("noise", 2), k) for c, k in zip(clean, keys, strict=True)]
    )
    assert np.array_equal(worse.groups, images.groups)
    assert not set(worse._keys.tolist()) & set(keys)


def test_sizes_of_pixels_are_found_behind_features_of_features() -> None:
    registry = load_registry(("toy_methods",))
    assert pixel_sizes(registry["LCH+BoW"], registry["LCH+BoW"].build()) == {256}


def test_the_study_goes_on_where_it_was_and_says_why(
    make_dataset: MakeDataset, study: Callable[..., Any], plan_of: Callable[..., Plan], tmp_path: Path
) -> None:
    dataset = make_dataset(30)
    assert study(dataset).ran == 5
    again = study(dataset)
    assert (again.ran, len(again.rows)) == (0, 5)
    path = next((tmp_path / "run" / "robustness" / "rows").glob("*fold2*"))
    before = path.read_bytes()
    path.write_bytes(before[:50])
    with pytest.raises(RowError, match="not a valid row"):
        read_robustness_row(path)
    assert study(dataset).ran == 1
    kept, now = RobustnessRow.model_validate_json(before), read_robustness_row(path)
    assert now.scores == kept.scores
    plan = plan_of(dataset, "run", subsets=("five",))
    other = plan_robustness(plan, tmp_path / "run", SOME[:1])
    assert {row.why for row in other.to_run} == {"again: corruptions: brightness 3 changed"}
    assert not list((tmp_path / "run" / "robustness").glob("tmp*"))


def test_rows_of_other_methods_must_have_been_studied_in_the_same_way(
    make_dataset: MakeDataset, study: Callable[..., Any], plan_of: Callable[..., Plan], tmp_path: Path
) -> None:
    dataset = make_dataset(30)
    study(dataset, methods=("Brightness",))
    assert study(dataset, methods=("Majority",)).ran == 5
    for settings, corruptions, message in (
        ({"train_on": "all"}, SOME, "studied with protocol other.*give Brightness among --methods"),
        ({"subsets": ("four",)}, SOME, "studied with subset other.*cannot show both; delete"),
        ({}, SOME[:1], "studied with corruptions other.*give Brightness among --methods"),
    ):
        plan = plan_of(dataset, "run", **({"methods": ("Majority",), "subsets": ("five",)} | settings))
        with pytest.raises(FolderError, match=message):
            plan_robustness(plan, tmp_path / "run", corruptions)


def test_rows_with_scores_stay_where_the_source_is_not_given_any_more(
    make_dataset: MakeDataset, study: Callable[..., Any], tmp_path: Path
) -> None:
    dataset = make_dataset(30)
    assert study(dataset, methods=("ToyBank",), sources={"anps": "synthetic:n=60"}).ran == 5
    rows = tmp_path / "run" / "robustness" / "rows"
    before = {path.name: path.read_bytes() for path in rows.iterdir()}
    again = study(dataset, methods=("ToyBank",))
    assert again.ran == 0
    assert {row.status for row in again.rows} == {"ok"}
    assert {path.name: path.read_bytes() for path in rows.iterdir()} == before


def test_the_scratch_of_a_killed_process_goes_with_the_next_run(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from benchmark.run.scratch import scratch_folder\n"
    code += "with scratch_folder(Path(sys.argv[1]) / 'robustness') as folder: os._exit(0)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True, timeout=60)
    assert len(list((tmp_path / "robustness").iterdir())) == 1
    with RunFolder(tmp_path).locked():
        assert not list((tmp_path / "robustness").iterdir())


def test_any_number_of_workers_gives_the_same_scores(
    make_dataset: MakeDataset, study: Callable[..., Any], tmp_path: Path
) -> None:
    dataset = make_dataset(30)
    one = {row.cell: row.scores for row in study(dataset, jobs=1).rows}
    for path in (tmp_path / "run" / "robustness" / "rows").iterdir():
        path.unlink()
    assert {row.cell: row.scores for row in study(dataset, jobs=2).rows} == one


def test_a_method_that_fails_leaves_the_others_alone(
    make_dataset: MakeDataset, study: Callable[..., Any]
) -> None:
    result = study(make_dataset(30), methods=("Brightness", "Failing"))
    status = {(row.cell.method, row.status) for row in result.rows}
    assert status == {("Brightness", "ok"), ("Failing", "failed")}
    assert {row.reason for row in result.failed} == {"ArithmeticError: this method always fails"}
    assert study(make_dataset(30), methods=("Brightness", "Failing")).ran == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scores": {"noise 3": [0.5]}}, "clean"),
        ({"scores": {CLEAN: [0.5, 2.0]}}, "scores from 0 to 1"),
        ({"labels": [0, 2]}, "labels are 0 or 1"),
        ({"groups": [1]}, "one each"),
        ({"reason": "why"}, "a reason exactly where not"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(change: dict, message: str) -> None:
    cell = {
        "stage": "cross-validation",
        "method": "GCH",
        "dataset": "d",
        "subset": "all",
        "fold": 1,
        "seed": 0,
    }
    good = {
        "cell": cell, "family": "low-level", "folds": 5, "protocol": "grouped", "status": "ok", "key": "k",
        "depends": {}, "images": ["a", "b"], "labels": [0, 1], "groups": [0, 1],
        "scores": {CLEAN: [0.2, 0.8]},
    }  # fmt: skip
    RobustnessRow.model_validate(good)
    with pytest.raises(ValueError, match=message):
        RobustnessRow.model_validate(good | change)
