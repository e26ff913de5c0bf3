"""Weights of concepts: which are the strongest, how they go with the source's sentiment, and their figure."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmark.report.concept_weights import ConceptWeights, draw_concept_weights
from benchmark.report.figure_file import FigureFileError, save_figure

NAMES = ("happy_dog", "stormy_sky", "dead_tree", "cute_cat", "old_car", "wet_street")
WEIGHTS = np.array([0.5, -0.1, -0.9, 0.7, 0.0, 0.2])
VALUES = np.array([1.5, -1.2, -1.4, 1.1, -0.3, np.nan])


def weights(sentiment: np.ndarray = VALUES, method: str = "SentiBank") -> ConceptWeights:
    return ConceptWeights(method, "twitter", 1269, NAMES, WEIGHTS, sentiment)


def test_the_strongest_of_each_sign_come_first_and_zero_is_neither() -> None:
    positive, negative = weights().strongest(20)
    assert [NAMES[k] for k in positive] == ["cute_cat", "happy_dog", "wet_street"]
    assert [NAMES[k] for k in negative] == ["dead_tree", "stormy_sky"]
    assert weights().strongest(1) == ([3], [2])


def test_agreement_counts_signs_of_what_has_both() -> None:
    assert weights().agreement == ""  # four concepts have both
    values = np.array([1.5, 1.2, -1.4, 1.1, -0.3, -0.2])
    assert weights(values).agreement.startswith(
        "of 5 concepts with a sentiment value, 3 have a weight of the same sign (rank correlation +0."
    )


def test_the_figure_has_a_bar_a_concept_and_a_panel_a_method() -> None:
    figure = draw_concept_weights([weights(), weights(np.full(6, np.nan), "Sentribute")], 20)
    first, second = figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == [
        *("cute cat", "happy dog", "wet street", "stormy sky", "dead tree")
    ]
    assert [bar.get_width() for bar in first.patches] == [0.7, 0.5, 0.2, -0.1, -0.9]
    said = [text.get_text() for text in first.texts]
    assert {"+1.10", "+1.50", "–", "-1.20", "-1.40"} <= set(said)
    assert second.texts == [] or len(second.texts) == 0


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_figure_is_written_with_the_same_bytes_each_time(tmp_path: Path, kind: str) -> None:
    paths = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for path in paths:
        save_figure(lambda: draw_concept_weights([weights()], 20), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if kind == "png":
        assert Image.open(paths[0]).height > 300


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FigureFileError, match=r"a \.png or a \.pdf file"):
        save_figure(lambda: draw_concept_weights([weights()], 3), tmp_path / "why.docx")
