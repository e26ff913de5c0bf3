"""Artefacts: learned once from a source without target images, whole or absent, part of every row's key."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.data.dataset import Dataset
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source
from benchmark.protocol.row import read_rows
from benchmark.registry import load_registry
from benchmark.run import train_artefacts
from benchmark.run.artefacts import ArtefactError, ArtefactStore
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.execute import RunResult
from benchmark.run.plan import Plan

MakeDataset = Callable[..., Dataset]
PlanOf = Callable[..., Plan]
Run = Callable[..., RunResult]
TOY = {"methods": ("ToyBank",), "subsets": ("five",), "sources": {"anps": "generated"}}


@pytest.fixture
def source_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make ``--source anps=...`` open a given dataset as a source."""

    def use(dataset: Dataset, name: str = "generated", twins: Dataset | None = None) -> None:
        data = dataset.images
        images = ImageSet(data._keys, data._store, data.groups, data._paths)
        names = dataset.names
        if twins is not None:
            taken = twins.images[:3]
            images = ImageSet(
                np.concatenate([images._keys, taken._keys]),
                data._store,
                np.arange(len(images) + 3),
                np.concatenate([images._paths, taken._paths]),
            )
            names = (*names, *(f"copy-of-{name}" for name in twins.names[:3]))
        n = len(names)
        source = Source(
            name=name,
            images=images,
            names=names,
            concepts=("bright_thing",),
            positive=np.ones((n, 1), dtype=bool),
            judged=np.ones((n, 1), dtype=bool),
            support=("query",),
            sentiment=np.array([1.0]),
            labels=np.resize(dataset.labels, n),
        )
        monkeypatch.setattr(train_artefacts, "open_source", lambda *arguments: source)

    return use


def test_an_artefact_is_learned_once_and_named_in_every_row(
    make_dataset: MakeDataset, source_of: Callable[..., None], run: Run, plan_of: PlanOf, tmp_path: Path
) -> None:
    dataset = make_dataset()
    source_of(make_dataset(40, seed=9))
    assert run(dataset, **TOY).failed == []
    (folder,) = (tmp_path / "run" / "artefacts").iterdir()
    card = json.loads((folder / "card.json").read_text())
    assert card["source"]["images"] == 40
    for row in read_rows(tmp_path / "run" / "rows"):
        assert row.status == "ok"
        assert row.details["artefacts"]["toy-bank"]["colours"] == 1
        assert card["key"] in json.dumps(row.depends["method"])
    made = folder.stat().st_mtime_ns
    assert run(dataset, **TOY).reused == 5
    assert run(dataset, **(TOY | {"subsets": ("four",)})).ran == 5
    assert folder.stat().st_mtime_ns == made


def test_another_source_is_another_key(
    make_dataset: MakeDataset, source_of: Callable[..., None], run: Run, plan_of: PlanOf
) -> None:
    dataset = make_dataset()
    source_of(make_dataset(40, seed=9))
    run(dataset, **TOY)
    source_of(make_dataset(40, seed=10))
    assert {planned.why for planned in plan_of(dataset, **TOY).cells} == {
        "again: method: sklearn.pipeline.Pipeline changed"
    }


def test_copies_of_target_images_are_left_out_of_the_source_and_named(
    make_dataset: MakeDataset, source_of: Callable[..., None], plan_of: PlanOf
) -> None:
    dataset = make_dataset()
    source_of(make_dataset(40, seed=9), twins=dataset)
    planned = plan_of(dataset, **TOY).artefacts["toy-bank"]
    assert len(planned.source) == 40
    assert not set(planned.source.images._keys) & set(dataset.images._keys)
    assert f"copy-of-{dataset.names[0]}" in planned.source.notes[-1]


def test_without_a_source_the_cells_are_skipped_and_say_what_to_give(
    make_dataset: MakeDataset, run: Run, tmp_path: Path
) -> None:
    result = run(make_dataset(), methods=("Brightness", "ToyBank"), subsets=("five",))
    assert len(result.skipped) == 5
    assert "needs the artefact toy-bank" in result.skipped[0].reason
    assert "--source anps=FOLDER+FOLDER" in result.skipped[0].reason
    assert sum(row.status == "ok" for row in read_rows(tmp_path / "run" / "rows")) == 5


def test_rows_with_scores_stay_where_the_source_is_not_given_any_more(
    make_dataset: MakeDataset, source_of: Callable[..., None], plan_of: PlanOf, run: Run, tmp_path: Path
) -> None:
    dataset = make_dataset()
    source_of(make_dataset(40, seed=9))
    run(dataset, **TOY)
    before = {path.name: path.read_bytes() for path in (tmp_path / "run" / "rows").iterdir()}
    without = {key: value for key, value in TOY.items() if key != "sources"}
    for resume in ("only-missing", "never", "failed"):
        plan = plan_of(dataset, **without, resume=resume)
        assert len(plan.kept) == len(plan.cells)
        assert plan.cells[0].why.startswith("kept as stored: needs the artefact toy-bank")
        result = run(dataset, **without, resume=resume)
        assert (result.ran, result.skipped) == (0, [])
    assert {path.name: path.read_bytes() for path in (tmp_path / "run" / "rows").iterdir()} == before


def test_rows_of_other_images_do_not_stay(
    make_dataset: MakeDataset, source_of: Callable[..., None], plan_of: PlanOf, run: Run
) -> None:
    source_of(make_dataset(40, seed=9))
    run(make_dataset(40, seed=3), **TOY)
    without = {key: value for key, value in TOY.items() if key != "sources"}
    plan = plan_of(make_dataset(44, seed=4, name="generated"), **without)
    assert not plan.kept
    assert {planned.why.partition(":")[0] for planned in plan.cells} == {"skipped"}


def test_only_what_failed_writes_no_rows_of_methods_that_were_not_run(
    make_dataset: MakeDataset, run: Run, tmp_path: Path
) -> None:
    dataset = make_dataset()
    run(dataset, methods=("Brightness",), subsets=("five",))
    result = run(dataset, methods=("Brightness", "ToyBank"), subsets=("five",), resume="failed")
    assert (result.ran, result.reused) == (0, 5)
    assert len(read_rows(tmp_path / "run" / "rows")) == 5


def test_an_artefact_that_cannot_be_learned_fails_its_cells_and_leaves_nothing(
    make_dataset: MakeDataset, source_of: Callable[..., None], run: Run, tmp_path: Path
) -> None:
    source_of(make_dataset(40, seed=9), name="broken")
    result = run(make_dataset(), **TOY)
    assert len(result.failed) == 5
    assert result.failed[0].reason == (
        "artefact toy-bank: ArithmeticError: this source cannot be learned from"
    )
    assert not list((tmp_path / "run").glob("artefacts/*"))
    assert not list((tmp_path / "run").rglob("*.part"))


def test_a_kind_of_source_that_nothing_needs_is_refused(make_dataset: MakeDataset, plan_of: PlanOf) -> None:
    with pytest.raises(ConfigError, match=r"--source anp=\.\.\.: no such kind of source; known: .*anps"):
        plan_of(make_dataset(), **(TOY | {"sources": {"anp": "x"}}))


def test_a_changed_file_of_an_artefact_is_refused(tmp_path: Path) -> None:
    def make(folder: Path) -> dict[str, int]:
        (folder / "weights.txt").write_text("1 2 3")
        return {"size": 3}

    store = ArtefactStore(tmp_path)
    made = store.get_or_make("bank", {"a": 1}, "0123456789abcdef0", make)
    assert store.read("bank", "0123456789abcdef0") == made
    (made.path / "weights.txt").write_text("1 2 4")
    with pytest.raises(ArtefactError, match=r"weights\.txt changed since it was made; delete"):
        store.read("bank", "0123456789abcdef0")


def test_what_fails_while_it_is_made_is_not_there(tmp_path: Path) -> None:
    def make(folder: Path) -> dict[str, int]:
        (folder / "half").write_text("")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        ArtefactStore(tmp_path).get_or_make("bank", {}, "0" * 32, make)
    assert list(tmp_path.iterdir()) == []


def test_sources_are_settings(tmp_path: Path) -> None:
    config = RunConfig(sources={"anps": "coco+mvsa"})
    assert config.model_dump()["sources"] == {"anps": "coco+mvsa"}
    assert dataclasses.is_dataclass(load_registry(("toy_methods",)).artefacts["toy-bank"])
