"""Metrics: what they are, where they are undefined, and that the list is one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.protocol.metrics import METRICS, PRINTED, measure


def test_counts_of_a_confusion_matrix_worked_by_hand() -> None:
    labels = np.array([1, 1, 1, 1, 0, 0, 0])
    scores = np.array(
        [0.9, 0.8, 0.6, 0.2, 0.7, 0.4, 0.1]
    )  # 3 true, 1 false positive; 2 true, 1 false negative
    found = measure(labels, scores, (scores >= 0.5).astype(int))
    assert found["precision"] == pytest.approx(3 / 4)
    assert found["recall"] == pytest.approx(3 / 4)
    assert found["f1"] == pytest.approx(3 / 4)
    assert found["accuracy"] == pytest.approx(5 / 7)
    assert found["balanced_accuracy"] == pytest.approx((3 / 4 + 2 / 3) / 2)
    # of the 12 pairs of a positive and a negative, 9 are in the right order
    assert found["auc"] == pytest.approx(9 / 12)
    # precision at each positive, best first: 1/1, 2/2, 3/4, 4/6
    assert found["average_precision"] == pytest.approx((1 + 1 + 3 / 4 + 4 / 6) / 4)


def test_the_positive_class_is_the_one_that_counts() -> None:
    labels, predictions = np.array([1, 0, 0, 0]), np.array([1, 1, 0, 0])
    found = measure(labels, predictions * 0.9, predictions)
    assert (found["precision"], found["recall"]) == (0.5, 1.0)


def test_no_predicted_positive_has_precision_zero() -> None:
    found = measure(np.array([1, 1, 0]), np.array([0.1, 0.2, 0.3]), np.zeros(3, dtype=int))
    assert found["precision"] == 0.0
    assert found["f1"] == 0.0
    assert found["recall"] == 0.0


@pytest.mark.parametrize(
    ("label", "undefined"),
    [
        (1, {"balanced_accuracy", "auc"}),
        (0, {"precision", "recall", "f1", "balanced_accuracy", "auc", "average_precision"}),
    ],
)
def test_one_class_leaves_metrics_undefined_with_a_reason(label: int, undefined: set[str]) -> None:
    labels = np.full(4, label)
    scores = np.array([0.2, 0.4, 0.6, 0.8])
    found = measure(labels, scores, (scores >= 0.5).astype(int))
    assert {name for name, value in found.items() if value is None} == undefined
    missing = "negative" if label else "positive"
    for name in undefined:
        assert METRICS[name].undefined(labels) == f"no {missing} image among the 4 tested"


def test_an_empty_test_part_has_no_metric() -> None:
    empty = np.empty(0)
    assert set(measure(empty, empty, empty).values()) == {None}
    assert METRICS["accuracy"].undefined(empty) == "no image is tested"


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="3 labels, 2 scores, 3 predictions"):
        measure(np.ones(3), np.ones(2), np.ones(3))


def test_the_paper_prints_four_of_them() -> None:
    assert PRINTED == ("precision", "recall", "f1", "accuracy")
    assert set(PRINTED) <= set(METRICS)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=1, max_size=40))
def test_never_nan_always_in_range_and_blind_to_order(images: list[tuple[int, int]]) -> None:
    labels = np.array([label for label, _ in images])
    scores = np.array([score / 20 for _, score in images])
    predictions = (scores >= 0.5).astype(int)
    found = measure(labels, scores, predictions)
    for name, value in found.items():
        assert (value is None) == bool(METRICS[name].undefined(labels))
        assert value is None or (math.isfinite(value) and 0 <= value <= 1)
    back = measure(labels[::-1], scores[::-1], predictions[::-1])
    assert back == pytest.approx(found)
