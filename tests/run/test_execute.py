"""Carrying out a plan: rows, failures, workers and order, interruption."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.data.dataset import Dataset
from benchmark.protocol.row import Row, RowError, read_row, read_rows, write_row
from benchmark.run import prepare
from benchmark.run.execute import RunResult, execute
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.plan import Plan

MakeDataset = Callable[..., Dataset]
Run = Callable[..., RunResult]


def scores_of(folder: Path) -> dict[str, list[float]]:
    return {str(row.cell): row.scores for row in read_rows(folder / "rows")}


def test_rows_join_scores_with_the_labels_of_the_test_part(
    make_dataset: MakeDataset, run: Run, plan_of: Callable[..., Plan], tmp_path: Path
) -> None:
    dataset = make_dataset()
    run(dataset)
    rows = read_rows(tmp_path / "run" / "rows")
    label = dict(zip(dataset.ids, dataset.labels.tolist(), strict=True))
    assert all(row.labels == [label[image] for image in row.images] for row in rows)
    group = dict(zip(dataset.ids, dataset.images.groups.tolist(), strict=True))
    assert all(row.groups == [group[image] for image in row.images] for row in rows)
    for subset, mask in dataset.subsets.items():
        images = [image for row in rows if row.cell.subset == subset for image in row.images]
        assert sorted(images) == sorted(np.array(dataset.ids)[mask])
    accuracy = np.mean([np.mean(np.array(row.predictions) == row.y) for row in rows])
    assert accuracy > 0.9  # the generated colours carry the label: swapped classes would score below .1


def test_any_number_of_workers_and_any_order_give_the_same_scores(
    make_dataset: MakeDataset, run: Run, tmp_path: Path
) -> None:
    dataset = make_dataset()
    run(dataset, "one", jobs=1)
    run(dataset, "two", jobs=2)
    for fold in (3, 5, 1, 4, 2):
        run(dataset, "shuffled", jobs=1, folds=(fold,))
    one = scores_of(tmp_path / "one")
    assert one == scores_of(tmp_path / "two") == scores_of(tmp_path / "shuffled")


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("raise", "failed", "ArithmeticError: this method always fails"),
        ("die", "failed", "the process ended with code 3 and no result"),
        ("skip", "skipped", "needs a device that is not here"),
        ("outside", "failed", "values outside 0 to 1"),
    ],
)
def test_a_failure_is_a_row_with_its_reason(
    make_dataset: MakeDataset, run: Run, tmp_path: Path, how: str, status: str, reason: str
) -> None:
    result = run(
        make_dataset(), methods=("Failing",), params={"Failing": {"how": how}}, subsets=("five",), folds=(1,)
    )
    (row,) = read_rows(tmp_path / "run" / "rows")
    assert row.status == status
    assert reason in row.reason
    assert row.scores == []
    assert row.images
    assert len(result.failed) + len(result.skipped) == 1


def test_interrupting_keeps_what_was_finished(
    make_dataset: MakeDataset, plan_of: Callable[..., Plan], tmp_path: Path
) -> None:
    class Impatient:
        def start(self, stage: str, total: int, unit: str) -> None:
            self.stage = stage

        def advance(self, count: int, note: str = "") -> None:
            if self.stage == "cells":
                raise KeyboardInterrupt

    dataset = make_dataset()
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        execute(plan_of(dataset, jobs=1), folder, Impatient())
    assert len(folder.rows()) == 1
    assert len(plan_of(dataset).to_run) == 14


def test_features_are_computed_before_the_cells_and_once(
    make_dataset: MakeDataset, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset()
    counted: list[int] = []
    call = prepare.isolated.call

    def counting(function: Callable[..., object], *arguments: object, **more: object) -> object:
        if function is prepare.compute_features:
            counted.append(len(arguments[0]))  # type: ignore[arg-type]
        return call(function, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(prepare.isolated, "call", counting)
    run(dataset, folds=(1,))
    run(dataset, "other", folds=(1,))
    assert sum(counted) == len(dataset)


def test_a_second_run_in_one_folder_is_refused(tmp_path: Path) -> None:
    with RunFolder(tmp_path).locked(), pytest.raises(FolderError, match="another run is writing here"):
        RunFolder(tmp_path).locked().__enter__()


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / ".row.json.part").write_text("{")
    with RunFolder(tmp_path).locked():
        pass
    assert list(tmp_path.rglob("*")) == [tmp_path / "rows"]


def one_row(make_dataset: MakeDataset, run: Run, tmp_path: Path) -> Row:
    run(make_dataset(), subsets=("five",), folds=(1,))
    return read_rows(tmp_path / "run" / "rows")[0]


def test_a_row_survives_its_file(make_dataset: MakeDataset, run: Run, tmp_path: Path) -> None:
    row = one_row(make_dataset, run, tmp_path)
    assert read_row(write_row(row, tmp_path / "copy")) == row
    assert row.peak_memory > 1
    assert set(row.seconds) == {"total", "fit", "score"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 99}, "schema_version is 99"),
        ({"scores": [2.0]}, "needs"),
        ({"labels": [0]}, "labels"),
        ({"status": "failed"}, "needs 0 scores"),
        ({"reason": "but it worked"}, "a reason is given exactly where"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    make_dataset: MakeDataset, run: Run, tmp_path: Path, change: dict, message: str
) -> None:
    row = one_row(make_dataset, run, tmp_path)
    path = tmp_path / row.cell.file_name
    path.write_text(json.dumps(row.model_dump(mode="json") | change))
    with pytest.raises(RowError, match=message):
        read_row(path)


def test_a_prediction_must_follow_its_score(make_dataset: MakeDataset, run: Run, tmp_path: Path) -> None:
    row = one_row(make_dataset, run, tmp_path)
    path = tmp_path / row.cell.file_name
    path.write_text(
        json.dumps(row.model_dump(mode="json") | {"predictions": [1 - p for p in row.predictions]})
    )
    with pytest.raises(RowError, match=r"1 exactly where the score is at least \.5"):
        read_row(path)
