"""The pictures of a bank: which detectors are drawn, how frames say whether a label agrees."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from PIL import Image

from benchmark.report import drawing
from benchmark.report.bank_answers import BankAnswersError, read_bank_answers
from benchmark.report.bank_pictures import draw_bank_pictures
from benchmark.report.figure_file import save_figure


def write_bank(folder: Path, aps: list[float], measured_on: str = "human votes", **lists: Any) -> Path:
    """A bank whose detectors have these average precisions; all answer alike."""
    folder.mkdir()
    names = [f"concept_{i}" for i in range(len(aps))]
    answers = {
        "highest": [["aa", 0.9, 1], ["bb", 0.8, -1]],
        "alarms": [["cc", 0.7, -1]],
        "misses": [["dd", 0.1, 1]],
    } | lists
    quality = {
        name: {"ap": ap, "chance": 0.1, "positives": 20, "measured_on": measured_on, "kept": True}
        for name, ap in zip(names, aps, strict=True)
    }
    (folder / "card.json").write_text(json.dumps({"name": "anp-bank", "summary": {"source": "coco"}}))
    (folder / "detectors.json").write_text(json.dumps({"quality": quality}))
    (folder / "held_out.json").write_text(json.dumps({"pictures": dict.fromkeys(names, answers)}))
    return folder


def frames(figure: Any) -> list[tuple[float, str, bool]]:
    """Left edge, colour and solidity of each frame, the white ones below them left out."""
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [
        (round(f.get_x(), 2), to_hex(f.get_edgecolor()), f.get_linestyle() in ("solid", "-"))
        for f in found
        if to_hex(f.get_edgecolor()) != "#ffffff"
    ]


def test_best_and_worst_are_by_average_precision_and_none_is_both(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank", [0.3, 0.9, 0.1, 0.5, 0.7])
    found = read_bank_answers(folder, 2)
    assert [d.ap for d in found.best] == [0.9, 0.7]
    assert [d.ap for d in found.worst] == [0.3, 0.1]
    assert found.kept == 5
    assert found.images == {"aa", "bb", "cc", "dd"}
    found = read_bank_answers(folder, 4)
    assert [d.ap for d in found.best] == [0.9, 0.7, 0.5, 0.3]
    assert [d.ap for d in found.worst] == [0.1]
    assert read_bank_answers(folder, 9).worst == ()


def test_frames_are_green_where_the_label_agrees_with_the_answer(tmp_path: Path) -> None:
    figure = draw_bank_pictures(read_bank_answers(write_bank(tmp_path / "bank", [0.5]), 1))
    highest, wrong, alarm, miss = sorted(frames(figure))
    assert highest[1:] == (drawing.AGREES, True)
    assert {frame[1:] for frame in (wrong, alarm, miss)} == {(drawing.DIFFERS, False)}


def test_each_picture_is_asked_for_by_its_key_and_grey_stands_for_none(tmp_path: Path) -> None:
    asked = []

    def picture(image: str) -> np.ndarray | None:
        asked.append(image)
        return None if image == "cc" else np.full((30, 40, 3), 7, dtype=np.uint8)

    figure = draw_bank_pictures(read_bank_answers(write_bank(tmp_path / "bank", [0.5]), 1), picture)
    assert asked == ["aa", "bb", "cc", "dd"]
    assert [int(image.get_array()[0, 0, 0]) for image in figure.axes[0].images] == [7, 7, 226, 7]


@pytest.mark.parametrize(("measured_on", "warned"), [("human votes", False), ("weak labels", True)])
def test_labels_that_are_not_votes_come_with_a_warning(
    tmp_path: Path, measured_on: str, warned: bool
) -> None:
    folder = write_bank(tmp_path / "bank", [0.5], measured_on)
    said = [text.get_text() for text in draw_bank_pictures(read_bank_answers(folder, 1)).axes[0].texts]
    assert any(measured_on in text for text in said)
    assert any("Labels that nobody voted on" in text for text in said) == warned


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_figure_is_written_with_the_same_bytes_each_time(tmp_path: Path, kind: str) -> None:
    found = read_bank_answers(write_bank(tmp_path / "bank", [0.5, 0.2, 0.1]), 2)
    paths = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for path in paths:
        save_figure(lambda: draw_bank_pictures(found), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if kind == "png":
        assert Image.open(paths[0]).width > 1400


def test_lists_that_are_empty_take_no_room(tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "bank", [0.5], alarms=[], misses=[])
    figure = draw_bank_pictures(read_bank_answers(folder, 1))
    assert len(frames(figure)) == 2
    assert not any("missed" in text.get_text() for text in figure.axes[0].texts)


@pytest.mark.parametrize("name", ["card.json", "detectors.json", "held_out.json"])
def test_a_bank_with_a_missing_or_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_bank(tmp_path / "bank", [0.5])
    (folder / name).write_text('{"pictures": {"another": {}}}')
    with pytest.raises(BankAnswersError, match="learn the bank again"):
        read_bank_answers(folder, 1)
    (folder / name).unlink()
    with pytest.raises(BankAnswersError, match="learn the bank again"):
        read_bank_answers(folder, 1)
