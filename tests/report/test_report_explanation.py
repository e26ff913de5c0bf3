"""Explanations: the strongest concepts on each side, absent ones named as such, as text and figure."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmark.report.explanation import Explanation, draw_explanations
from benchmark.report.figure_file import FigureFileError, save_figure


def explanation() -> Explanation:
    picture = np.full((64, 64, 3), 128, dtype=np.uint8)
    names = ("happy_dog", "stormy_sky", "dead_tree", "cute_cat")
    parts = np.array([0.5, 0.3, -0.9, 0.0])
    return Explanation("dog.jpg", picture, 0.25, names, parts, np.array([True, False, True, True]))


def test_the_strongest_of_each_side_come_first_and_zero_speaks_for_nothing() -> None:
    speaks_for, against = explanation().strongest(5)
    assert speaks_for == [("happy dog", 0.5), ("no stormy sky", 0.3)]
    assert against == [("dead tree", -0.9)]
    assert explanation().strongest(1)[0] == [("happy dog", 0.5)]


def test_the_text_names_image_prediction_and_concepts() -> None:
    lines = explanation().text(5).splitlines()
    assert lines[0] == "dog.jpg: negative, P(positive) 0.250"
    assert lines[1] == "  for positive: happy dog +0.50, no stormy sky +0.30"
    assert lines[2] == "  for negative: dead tree -0.90"


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_figure_is_written_with_the_same_bytes_each_time(tmp_path: Path, kind: str) -> None:
    paths = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for path in paths:
        save_figure(lambda: draw_explanations([explanation(), explanation()], 3), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if kind == "png":
        assert Image.open(paths[0]).width > 1000


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FigureFileError, match=r"a figure is a \.png or a \.pdf file"):
        save_figure(lambda: draw_explanations([explanation()], 3), tmp_path / "why.docx")
