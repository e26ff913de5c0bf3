"""The plan: which cells, what they depend on, and why each is run or reused."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmark.data.dataset import Dataset
from benchmark.method import ParameterError
from benchmark.registry import UnknownMethodError, load_registry
from benchmark.run import device
from benchmark.run.config import ConfigError, load_config
from benchmark.run.execute import RunResult
from benchmark.run.fingerprint import changes
from benchmark.run.folder import FolderError
from benchmark.run.plan import Plan, PlannedCell, device_parameters

MakeDataset = Callable[..., Dataset]
PlanOf = Callable[..., Plan]
Run = Callable[..., RunResult]


def reasons(plan: Plan) -> set[str]:
    return {planned.why for planned in plan.cells}


def test_a_new_folder_needs_every_cell(make_dataset: MakeDataset, plan_of: PlanOf) -> None:
    plan = plan_of(make_dataset())
    assert len(plan.to_run) == 15
    assert reasons(plan) == {"new: no valid row is stored"}


def test_what_is_stored_is_reused_and_one_more_method_costs_only_itself(
    make_dataset: MakeDataset, plan_of: PlanOf, run: Run
) -> None:
    dataset = make_dataset()
    assert run(dataset).ran == 15
    again = plan_of(dataset, methods=("Brightness", "OrderReader"))
    assert {planned.cell.method for planned in again.to_run} == {"OrderReader"}
    assert run(dataset).reused == 15


def test_changed_parts_are_named(
    make_dataset: MakeDataset, plan_of: PlanOf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset()
    run(dataset, folds=(1,), subsets=("five",))

    def why(data: Dataset, **settings: object) -> str:
        return plan_of(data, folds=(1,), subsets=("five",), **settings).cells[0].why

    assert why(dataset) == "reused: nothing that it depends on changed"
    assert why(dataset, threads=2) == "again: threads changed"
    assert why(dataset, params={"Brightness": {"logisticregression__C": 0.5}}).startswith("again: method: ")
    relabelled = dataclasses.replace(dataset, labels=1 - dataset.labels)
    assert "dataset" in why(relabelled)
    monkeypatch.setattr(
        "benchmark.run.fingerprint.method_sources", lambda spec: {"baselines.features.sift": "0"}
    )
    monkeypatch.setattr("benchmark.run.plan.method_sources", lambda spec: {"baselines.features.sift": "0"})
    assert "baselines.features.sift" in why(dataset)


def test_the_method_s_own_module_and_its_imports_are_sources(
    make_dataset: MakeDataset, plan_of: PlanOf
) -> None:
    sources = plan_of(make_dataset()).cells[0].depends["sources"]
    assert {"toy_methods", "benchmark.data.pixels", "benchmark.data.imageset", "benchmark.run.cell"} <= set(
        sources
    )
    assert not any(name.startswith(("benchmark.report", "benchmark.cli")) for name in sources)


def test_results_of_a_gpu_and_of_a_cpu_share_no_key(
    make_dataset: MakeDataset, plan_of: PlanOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset()

    def first(method: str, **settings: Any) -> PlannedCell:
        return plan_of(dataset, methods=(method,), subsets=("five",), **settings).cells[-1]

    monkeypatch.setattr(device, "has_gpu", lambda: False)
    names = ("CNN", "GCH")
    here, cpu = ({name: first(name, **given).key for name in names} for given in ({}, {"device": "cpu"}))
    assert here["GCH"] == cpu["GCH"], "it has no choice"
    monkeypatch.setattr(device, "has_gpu", lambda: True)
    assert first("GCH").key == here["GCH"]
    assert first("CNN").key not in (here["CNN"], cpu["CNN"])
    assert first("CNN").key == first("CNN", device="cuda").key
    (parameter,) = device_parameters(load_registry()["CNN"])
    own = {"params": {"CNN": {parameter: "cpu"}}}
    assert first("CNN", **own).key == cpu["CNN"], "what the user set for the method holds"
    assert first("CNN", **own, device="cuda").key == first("CNN", device="cuda").key


def test_a_seed_belongs_to_a_component_subset_and_fold(make_dataset: MakeDataset, plan_of: PlanOf) -> None:
    cells = plan_of(make_dataset(), seeds=(0, 1)).cells
    assert len({planned.key for planned in cells}) == len(cells) == 30


def test_resume_failed_runs_failures_only(make_dataset: MakeDataset, plan_of: PlanOf, run: Run) -> None:
    dataset = make_dataset()
    settings = {"subsets": ("five",), "folds": (1, 2)}
    result = run(dataset, methods=("Brightness", "Failing"), **settings)
    assert {row.cell.method for row in result.failed} == {"Failing"}
    plan = plan_of(dataset, methods=("Brightness", "Failing", "OrderReader"), resume="failed", **settings)
    assert {planned.cell.method for planned in plan.to_run} == {"Failing"}
    assert len(plan_of(dataset, resume="never", **settings).to_run) == 2


def test_a_failure_is_never_reused(make_dataset: MakeDataset, plan_of: PlanOf, run: Run) -> None:
    dataset = make_dataset()
    settings = {"methods": ("Failing",), "subsets": ("five",), "folds": (1,)}
    run(dataset, **settings)
    (planned,) = plan_of(dataset, **settings).cells
    assert planned.run
    assert planned.why == "again: failed before (ArithmeticError: this method always fails)"


def test_a_damaged_row_is_computed_again(
    make_dataset: MakeDataset, plan_of: PlanOf, run: Run, tmp_path: Path
) -> None:
    dataset = make_dataset()
    run(dataset, folds=(1,), subsets=("five",))
    (path,) = (tmp_path / "run" / "rows").glob("*.json")
    path.write_bytes(path.read_bytes()[:200])
    assert [planned.why for planned in plan_of(dataset, folds=(1,), subsets=("five",)).cells] == [
        "new: no valid row is stored"
    ]


def test_rows_of_other_data_may_not_stand_beside(
    make_dataset: MakeDataset, plan_of: PlanOf, run: Run
) -> None:
    dataset = make_dataset()
    run(dataset, folds=(1,), subsets=("five",))
    other = dataclasses.replace(dataset, labels=1 - dataset.labels)
    with pytest.raises(FolderError, match="made with another dataset; use another --out"):
        plan_of(other, folds=(2,), subsets=("five",))
    with pytest.raises(FolderError, match="another train-on"):
        plan_of(dataset, folds=(2,), subsets=("five",), train_on="all")


def test_what_does_not_exist_is_refused_by_name(make_dataset: MakeDataset, plan_of: PlanOf) -> None:
    dataset = make_dataset()
    with pytest.raises(UnknownMethodError, match="did you mean 'Brightness'"):
        plan_of(dataset, methods=("Britness",))
    with pytest.raises(
        ConfigError, match="no subset 'six' here; this dataset and protocol have five, four, three"
    ):
        plan_of(dataset, subsets=("six",))
    with pytest.raises(ConfigError, match="no fold 7"):
        plan_of(dataset, folds=(7,))
    with pytest.raises(ParameterError, match=r"has no parameter 'words'; it has: .*logisticregression__C"):
        plan_of(dataset, params={"Brightness": {"words": 5}})


def test_settings_come_from_a_file_and_unknown_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('methods = ["GCH"]\nseeds = [3]\n')
    assert load_config(path, seeds=(4,), data=None).model_dump(include={"methods", "seeds", "data"}) == {
        "methods": ("GCH",),
        "seeds": (4,),
        "data": "auto",
    }
    path.write_text("wordz = 4\n")
    with pytest.raises(ConfigError, match="unknown setting 'wordz'; known: data, methods"):
        load_config(path)
    path.write_text('train_on = "everything"\n')
    with pytest.raises(ConfigError, match="train_on is 'everything'"):
        load_config(path)
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "nowhere.toml")


def test_changes_are_empty_for_equal_records() -> None:
    assert changes({"a": {"b": 1}}, {"a": {"b": 1}}) == []
    assert changes({"a": {"b": 1}, "c": 2}, {"a": {"b": 2, "d": 0}, "c": 2}) == ["a: b, d"]


def test_importing_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownMethodError, match="--import no_such_module"):
        load_registry(("no_such_module",))
