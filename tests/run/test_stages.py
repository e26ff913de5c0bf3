"""Networks of a source: a held-out source part, artefacts that start from artefacts, and untuned stages."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.source import Source
from benchmark.method import ParameterError
from benchmark.protocol.row import read_rows
from benchmark.protocol.source_split import split_source
from benchmark.run import train_artefacts
from benchmark.run.config import RunConfig
from benchmark.run.execute import RunResult, execute
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan

MakeDataset = Callable[..., Dataset]
Run = Callable[..., RunResult]
PlanOf = Callable[..., Plan]
TOY = {"methods": ("ToyCNN", "ToyPCNN"), "sources": {"anps": "generated"}}


def as_source(dataset: Dataset, name: str = "generated") -> Source:
    n = len(dataset)
    return Source(
        name=name,
        images=dataset.images,
        names=dataset.names,
        concepts=("bright_thing",),
        positive=np.ones((n, 1), dtype=bool),
        judged=np.ones((n, 1), dtype=bool),
        support=("query",),
        sentiment=np.array([1.0]),
        labels=np.where(np.arange(n) % 7 == 0, -1, dataset.labels),
    )


@pytest.fixture
def source(make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch) -> Source:
    """60 images, most of them with a weak label, opened by ``--source anps=...``."""
    made = as_source(make_dataset(60, seed=9))
    monkeypatch.setattr(train_artefacts, "open_source", lambda *arguments: made)
    return made


def test_a_tenth_of_the_labelled_images_is_held_out_with_whole_groups(make_dataset: MakeDataset) -> None:
    source = as_source(make_dataset(200, seed=3))
    source.images.groups[:] = np.arange(200) // 3
    split = split_source(source)
    labelled = int((source.labels >= 0).sum())
    assert len(split.train) + len(split.test) == labelled
    assert abs(len(split.test) - 0.1 * labelled) <= 3
    assert not set(split.train.images.groups) & set(split.test.images.groups)
    assert (split.train.labels >= 0).all()
    assert split_source(source).test.names == split.test.names


def test_a_source_of_one_class_cannot_be_split(make_dataset: MakeDataset) -> None:
    source = as_source(make_dataset(60))
    source.labels[:] = 1
    with pytest.raises(DatasetError, match=r"images with a weak label.*give a larger source"):
        split_source(source)


def test_each_stage_tests_its_own_images(
    make_dataset: MakeDataset, source: Source, run: Run, tmp_path: Path
) -> None:
    dataset = make_dataset()
    result = run(dataset, **TOY)
    assert not result.failed, result.failed[0].reason
    rows = {(row.cell.stage, row.cell.method, row.cell.subset, row.cell.fold): row for row in _rows(tmp_path)}
    assert len(rows) == 1 + 3 + 15 + 1
    split = split_source(source)
    tested = rows["source-test", "ToyCNN", "source", 0]
    assert tested.labels == split.test.labels.tolist()
    assert tested.n_train == 0
    assert tested.images == rows["source-test", "ToyPCNN", "source", 0].images
    assert not set(tested.images) & set(dataset.ids)
    used = tested.details["artefacts"]["toy-network"]
    assert used["learned_from"] == len(split.train)
    for subset, mask in dataset.subsets.items():
        row = rows["zero-transfer", "ToyCNN", subset, 0]
        assert len(row.images) == mask.sum()
        assert row.n_train == 0
    assert run(dataset, **TOY).ran == 0


def test_what_an_artefact_starts_from_is_learned_though_no_method_asks(
    make_dataset: MakeDataset, source: Source, run: Run, tmp_path: Path
) -> None:
    run(make_dataset(), **(TOY | {"methods": ("ToyPCNN",)}))
    found = sorted(path.name.rpartition("-")[0] for path in (tmp_path / "run" / "artefacts").iterdir())
    assert found == ["toy-network", "toy-progressive"]


def test_another_setting_of_the_first_is_another_key_of_the_second(
    make_dataset: MakeDataset, source: Source, plan_of: PlanOf
) -> None:
    plans = [
        plan_of(make_dataset(), **TOY, params={"toy-network": {"depth": depth}}).artefacts for depth in (1, 2)
    ]
    for name in ("toy-network", "toy-progressive"):
        assert plans[0][name].artefact.digest != plans[1][name].artefact.digest


@pytest.mark.parametrize(
    ("given", "message"),
    [({"width": 2}, "has no setting 'width'; it has: depth"), ({"depth": 0}, "depth is 0; use 1 or more")],
)
def test_a_wrong_setting_of_an_artefact_is_refused(
    make_dataset: MakeDataset, source: Source, plan_of: PlanOf, given: dict[str, int], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        plan_of(make_dataset(), **TOY, params={"toy-network": given})


@pytest.mark.parametrize("name", ["fatal", "full"])
def test_a_training_that_was_killed_or_lacked_disk_goes_on_from_what_it_left(
    make_dataset: MakeDataset, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    fatal = as_source(make_dataset(60, seed=9), name=name)
    monkeypatch.setattr(train_artefacts, "open_source", lambda *arguments: fatal)
    dataset, only = make_dataset(), {"methods": ("ToyCNN",), "subsets": ("five",)}
    first = run(dataset, **(TOY | only))
    assert len(first.failed) == first.ran
    assert list((tmp_path / "run" / "artefacts").glob(".toy-network-*.unfinished"))
    with RunFolder(tmp_path / "run").locked():
        second = run(dataset, **(TOY | only))
    assert not second.failed
    assert {row.details["artefacts"]["toy-network"]["resumed"] for row in _rows(tmp_path)} == {True}
    assert not list((tmp_path / "run" / "artefacts").glob(".*"))


def test_progress_of_a_training_is_told_in_its_own_steps(
    make_dataset: MakeDataset, source: Source, plan_of: PlanOf, tmp_path: Path
) -> None:
    stages: list[tuple[str, int, str]] = []
    notes: list[str] = []

    class Listener:
        def start(self, stage: str, total: int, unit: str) -> None:
            stages.append((stage, total, unit))

        def advance(self, count: int, note: str = "") -> None:
            notes.append(note)

    plan = plan_of(make_dataset(), methods=("ToyCNN",), sources={"anps": "generated"})
    execute(plan, RunFolder(tmp_path / "run"), Listener())
    assert ("learning toy-network", 2, "steps") in stages
    assert {"half", "done"} <= set(notes)


def test_learning_has_as_many_threads_whatever_the_number_of_workers() -> None:
    assert RunConfig(jobs=1).learning_threads == RunConfig(jobs=7).learning_threads
    assert RunConfig(training_threads=3).learning_threads == 3


def _rows(folder: Path) -> list:
    return read_rows(folder / "run" / "rows")


def test_a_training_that_came_to_nothing_leaves_nothing_to_go_on_from(
    make_dataset: MakeDataset, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hopeless = as_source(make_dataset(60, seed=9), name="hopeless")
    monkeypatch.setattr(train_artefacts, "open_source", lambda *arguments: hopeless)
    result = run(make_dataset(), **(TOY | {"methods": ("ToyCNN",), "subsets": ("five",)}))
    assert "nothing comes of it" in result.failed[0].reason
    assert not list((tmp_path / "run" / "artefacts").glob(".*"))
