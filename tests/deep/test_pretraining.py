"""Networks as artefacts: what is written and recorded, and that a stopped training ends in the same bits."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.imageset import opaque_ids
from benchmark.data.source import GENERATED, Source
from benchmark.method import Artefact, ArtefactTask
from deep.log import read_log
from deep.pretraining import CHECKPOINT, EMOTIONS, LOG, SELECTION, train_network, train_progressive_network
from deep.source_training import NETWORK, Length, SourceTraining
from deep.transferred_network import TransferredNetwork
from deep.weights import CARD, WEIGHTS, load_card, load_weights

FEW = SourceTraining(iterations=6)


@pytest.fixture
def source(make_dataset: Callable[..., Dataset]) -> Source:
    """60 generated images whose weak labels are right."""
    dataset = make_dataset(60, seed=5)
    n = len(dataset)
    return Source(
        name=GENERATED,
        images=dataset.images,
        names=dataset.names,
        concepts=("bright_thing",),
        positive=np.ones((n, 1), dtype=bool),
        judged=np.ones((n, 1), dtype=bool),
        support=("query",),
        sentiment=np.array([1.0]),
        labels=dataset.labels,
        notes=("labelled by a query",),
    )


@pytest.fixture
def task(source: Source, tmp_path: Path) -> ArtefactTask:
    """Train a CNN for six iterations."""
    (tmp_path / "cnn").mkdir()
    return ArtefactTask(source, tmp_path / "cnn", 3, tmp_path / "unfinished", FEW, device="cpu")


@pytest.fixture
def trained(task: ArtefactTask) -> Artefact:
    """That CNN."""
    train_network(task)
    return Artefact("CNN-weights", str(task.folder), "0" * 32)


def test_a_network_is_written_with_all_that_tells_of_it(task: ArtefactTask) -> None:
    told: list[tuple[int, int, str]] = []
    card = train_network(dataclasses.replace(task, tell=lambda *said: told.append(said)))
    assert {path.name for path in task.folder.iterdir()} == {WEIGHTS, CARD, NETWORK, EMOTIONS, LOG}
    summary = card["summary"]
    assert summary["train"] + summary["validation"] == summary["images"] == 60
    assert summary["iterations"] == 6
    assert summary["preset"] == "embedded"
    assert load_card(task.folder).label_rule == "labelled by a query"
    assert read_log(task.folder / LOG)[-1]["step"] == 6
    assert told[-1][:2] == (6, 6)
    assert "images/s" in told[-1][2]
    network = json.loads((task.folder / NETWORK).read_bytes())
    assert network["side"] == 72
    assert network["parameters"] == sum(p.numel() for p in load_weights(task.folder).parameters())
    units = json.loads((task.folder / EMOTIONS).read_bytes())["units"]
    assert len(units) == 24
    known = set(opaque_ids(task.source.images))
    for unit in units:
        assert set(unit["images"]) <= known
        assert unit["responses"] == sorted(unit["responses"], reverse=True)


def test_a_training_that_was_stopped_ends_in_the_same_bits(task: ArtefactTask, tmp_path: Path) -> None:
    def stop(done: int, total: int, note: str) -> None:
        if (tmp_path / "unfinished" / CHECKPOINT).exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_network(dataclasses.replace(task, tell=stop))
    assert not list(task.folder.iterdir())
    train_network(task)
    straight = tmp_path / "straight"
    straight.mkdir()
    train_network(dataclasses.replace(task, folder=straight, unfinished=tmp_path / "none"))
    assert (task.folder / WEIGHTS).read_bytes() == (straight / WEIGHTS).read_bytes()
    assert len(read_log(task.folder / LOG)) == len(read_log(straight / LOG))


def test_progressive_training_starts_from_the_network_and_records_what_it_removed(
    task: ArtefactTask, trained: Artefact, tmp_path: Path
) -> None:
    (tmp_path / "pcnn").mkdir()
    second = dataclasses.replace(
        task,
        folder=tmp_path / "pcnn",
        unfinished=tmp_path / "pcnn-unfinished",
        settings=Length(iterations=2),
        needs={"CNN-weights": trained},
    )
    summary = train_progressive_network(second, "CNN-weights")["summary"]
    with np.load(tmp_path / "pcnn" / SELECTION) as selection:
        removed, ids = selection["removed"], selection["ids"]
        assert set(ids.tolist()) <= set(opaque_ids(task.source.images))
        assert (selection["probability"][removed] > 0).all()
    assert summary["kept"] + summary["removed"] == len(ids)
    assert summary["removed"] == int(removed.sum())
    assert summary["train"] == summary["kept"]
    assert summary["kept_positive"] + summary["kept_negative"] == summary["kept"]
    first, then = load_weights(trained.path).state_dict(), load_weights(tmp_path / "pcnn").state_dict()
    moved = [float((then[name] - first[name]).abs().max()) for name in first]
    assert 0 < max(moved) < 0.02, "two iterations from the trained weights move them a little"


def test_settings_are_checked_when_they_are_given() -> None:
    with pytest.raises(ValueError, match="preset 'big' is unknown; use auto, paper"):
        SourceTraining(preset="big")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="iCONV-jFC"):
        SourceTraining(architecture="ResNet")
    with pytest.raises(ValueError, match=r"passes 1\.0 and iterations 2; give one"):
        Length(passes=1.0, iterations=2)
    with pytest.raises(ValueError, match="learning_rate is -1"):
        Length(learning_rate=-1)


def test_large_sources_get_the_paper_s_schedule(source: Source) -> None:
    class Many:
        name = "flickr"

        def __len__(self) -> int:
            return 500_000

    assert SourceTraining().preset_for(Many()) == "paper"  # type: ignore[arg-type]
    assert SourceTraining().preset_for(source) == "embedded"
    assert SourceTraining().preset_for(dataclasses.replace(source, name="coco")) == "small-source"


def test_untuned_and_fine_tuned_scores(task: ArtefactTask, trained: Artefact) -> None:
    method = TransferredNetwork(weights=trained, device="cpu")
    images, labels = task.source.images, task.source.labels
    before = method.untuned_proba(images)
    method.fit(images, labels)
    assert np.array_equal(method.untuned_proba(images), before)
    assert not np.array_equal(method.predict_proba(images), before)
    assert len(method.details_["trials"]) == 4
    chosen = min(method.details_["trials"], key=lambda trial: trial["log_loss"])
    assert method.details_["fine_tuning"] == chosen["settings"]


def test_a_method_without_weights_says_what_to_give(source: Source) -> None:
    with pytest.raises(ValueError, match="no trained network was given; run it with --source"):
        TransferredNetwork().fit(source.images, source.labels)
    assert TransferredNetwork().extractor is None


def test_a_source_whose_validation_part_has_one_class_is_refused(task: ArtefactTask) -> None:
    labels = np.ones(60, dtype=np.int64)
    labels[:2] = 0
    source = dataclasses.replace(task.source, labels=labels)
    with pytest.raises(
        DatasetError, match=r"the part to validate on has 6 positive and 0 negative; give a larger"
    ):
        train_network(dataclasses.replace(task, source=source))
