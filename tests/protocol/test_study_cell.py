"""The file of a cell: what contradicts itself is not read."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from benchmark.protocol.study_cell import StudyCell, StudyCellError, read_study_cell, write_study_cell

IMAGES = {"ids": ["a", "b"], "groups": [0, 1], "weak": [1, 0], "true": [1, -1]}
ARM = {"scores": [0.2, 0.9], "learned": [True, False], "iterations": 3}
CELL: dict[str, Any] = {
    "study": "progressive",
    "source": "made",
    "seed": 1,
    "noise": 0.1,
    "status": "ok",
    "key": "k",
    "depends": {},
    "train": IMAGES,
    "test": IMAGES,
    "learned_labels": [1, 1],
    "arms": {"CNN": ARM},
}


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    cell = StudyCell(**CELL)
    write_study_cell(cell, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.name == "seed1_noise0.1.json"
    assert read_study_cell(path) == cell


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"status": "failed"}, "a reason is given exactly where"),
        ({"arms": {}}, "a reason is given exactly where"),
        ({"learned_labels": [1]}, "1 learned labels of 2 images"),
        ({"arms": {"CNN": ARM | {"scores": [0.2]}}}, "1 scores of 2 tested images"),
        ({"arms": {"CNN": ARM | {"scores": [0.2, 1.1]}}}, "probabilities"),
        ({"arms": {"CNN": ARM | {"scores": [0.2, float("nan")]}}}, "finite"),
        ({"train": IMAGES | {"weak": [1, 2]}}, "weak labels are 0 or 1"),
        ({"train": IMAGES | {"true": [1]}}, "a group, a weak and a true label"),
        ({"schema_version": 2}, "this version reads 1"),
    ],
)
def test_what_contradicts_itself_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        StudyCell(**(CELL | changed))


def test_half_a_file_is_named(tmp_path: Path) -> None:
    write_study_cell(StudyCell(**CELL), tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StudyCellError, match=r"seed1_noise0\.1\.json.*delete the file and run again"):
        read_study_cell(path)
