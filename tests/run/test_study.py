"""A study carried out: what arms are shown, what is kept, what is computed again and why."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from toy_study import STUDY, Toy

from benchmark.data.dataset import Dataset
from benchmark.data.source import Source
from benchmark.method import ParameterError
from benchmark.protocol.label_noise import flip_labels
from benchmark.protocol.source_split import split_source
from benchmark.run.isolated import Told
from benchmark.run.study import Board, StudyResult, run_study
from benchmark.run.study_plan import CELLS, StudyConfig, StudyPlan, plan_study

MakeDataset = Callable[..., Dataset]
CONFIG = StudyConfig(seeds=(0, 1), noise=(0.0, 0.2), jobs=2)


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
def source(make_dataset: MakeDataset) -> Source:
    """60 images, weak labels of which every ninth is wrong; every third is judged by people."""
    dataset = make_dataset(60, seed=4)
    n = len(dataset)
    return Source(
        name="made",
        images=dataset.images,
        names=dataset.names,
        concepts=("a_thing",),
        positive=np.ones((n, 1), dtype=bool),
        judged=np.ones((n, 1), dtype=bool),
        support=("query",),
        sentiment=np.array([1.0]),
        labels=np.where(np.arange(n) % 9 == 0, 1 - dataset.labels, dataset.labels),
        true_labels=np.where(np.arange(n) % 3 == 0, dataset.labels, -1),
    )


@pytest.fixture
def go(source: Source, tmp_path: Path) -> Callable[..., StudyResult]:
    """Plan and run in the test's folder."""

    def run(settings: Toy = Toy(), config: StudyConfig = CONFIG, of: Source = source) -> StudyResult:  # noqa: B008
        return run_study(plan_study(STUDY, settings, of, config, tmp_path / "study"), Silence())

    return run


def test_arms_learn_exchanged_labels_and_are_told_nothing_else(
    go: Callable[..., StudyResult], source: Source
) -> None:
    result = go()
    split = split_source(source)
    assert [(cell.noise, cell.seed) for cell in result.cells] == [(0.0, 0), (0.0, 1), (0.2, 0), (0.2, 1)]
    for cell in result.cells:
        expected = flip_labels(split.train.labels, cell.noise, cell.seed)
        assert cell.learned_labels == expected.tolist()
        details = cell.arms["CNN"].details
        assert details["positive"] == expected.sum()
        assert not details["judged"]
        assert details["sealed"]
        assert details["nothing"] == {}
        assert cell.test.weak == split.test.labels.tolist()
        assert split.train.true_labels is not None
        assert cell.train.true == split.train.true_labels.tolist()
    seeds = {(cell.seed, cell.arms["CNN"].details["seed"]) for cell in result.cells}
    assert len(seeds) == 2, "a seed's trainings start alike at every level of noise"


def test_what_is_stored_is_not_computed_again(
    go: Callable[..., StudyResult], source: Source, tmp_path: Path
) -> None:
    first = go()
    assert (first.ran, go().ran) == (4, 0)
    assert go().cells == first.cells
    wider = dataclasses.replace(CONFIG, noise=(0.0, 0.2, 0.3))
    assert go(config=wider).ran == 2
    (tmp_path / "study" / CELLS / "seed0_noise0.json").write_text("half a fi")
    assert go().ran == 1
    judged = dataclasses.replace(source, true_labels=source.labels)
    assert go(of=judged).ran == 4
    assert not list((tmp_path / "study").rglob("*.part"))


def test_what_changed_is_said(go: Callable[..., StudyResult], source: Source, tmp_path: Path) -> None:
    go()
    config = dataclasses.replace(CONFIG, threads=2)
    plan = plan_study(STUDY, Toy(), source, config, tmp_path / "study")
    assert {cell.why for cell in plan.cells} == {"again: threads changed"}


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("cross", "ArithmeticError: not today"),
        ("fatal", "ended by SIGKILL"),
        ("short", "scores of shape (5,)"),
    ],
)
def test_a_failure_is_kept_with_its_reason_and_tried_again(
    go: Callable[..., StudyResult], source: Source, tmp_path: Path, mood: str, reason: str
) -> None:
    one = StudyConfig(seeds=(0,), noise=(0.1,), jobs=1)
    result = go(Toy(mood), one)
    assert [cell.status for cell in result.failed] == ["failed"]
    assert reason in result.failed[0].reason
    plan: StudyPlan = plan_study(STUDY, Toy(mood), source, one, tmp_path / "study")
    assert [cell.why.startswith("again: failed before") for cell in plan.to_run] == [True]


def test_a_wrong_setting_is_refused() -> None:
    with pytest.raises(ParameterError, match="has no setting 'mod'; it has: mood"):
        STUDY.configured({"mod": 1})
    with pytest.raises(ParameterError, match="mood 'sad' is unknown"):
        STUDY.configured({"mood": "sad"})


def test_progress_counts_the_steps_of_all_cells_once() -> None:
    silence = Silence()
    board = Board("toy", 2, silence)
    for cell, done in (("a", 1), ("b", 3), ("a", 4)):
        board.listen(cell, Told(done, 10, "note"))
    assert silence.stages == [("toy", 20)]
    assert silence.done == 7
    board.finish("b", "")
    board.finish("a", "it failed")
    assert silence.done == 20
