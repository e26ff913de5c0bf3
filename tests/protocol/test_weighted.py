"""Weighted metrics: equal to scikit-learn's, to the unweighted ones, and to images that are there twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from benchmark.protocol.metrics import METRICS, measure
from benchmark.protocol.weighted import WEIGHTED, weighted_measure


@st.composite
def parts(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores, some scores equal."""
    n = draw(st.integers(1, 25))
    labels = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    scores = draw(st.lists(st.sampled_from([0.0, 0.2, 0.4999, 0.5, 0.7, 0.91, 1.0]), min_size=n, max_size=n))
    return np.array(labels), np.array(scores)


def test_every_metric_has_a_weighted_form() -> None:
    assert tuple(METRICS) == WEIGHTED


@settings(deadline=None)
@given(parts())
def test_equal_weights_give_the_metrics_themselves(part: tuple[np.ndarray, np.ndarray]) -> None:
    labels, scores = part
    taken = (scores >= 0.5).astype(int)
    (found,) = weighted_measure(labels, scores, taken, np.full((1, len(labels)), 3.0)).T
    for value, expected in zip(found, measure(labels, scores, taken).values(), strict=True):
        assert value == pytest.approx(np.nan if expected is None else expected, nan_ok=True)


@settings(deadline=None)
@given(parts(), st.data())
def test_a_weight_is_a_number_of_copies(part: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    labels, scores = part
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(labels), max_size=len(labels))))
    taken = (scores >= 0.5).astype(int)
    (found,) = weighted_measure(labels, scores, taken, times[None].astype(float)).T
    if times.sum():
        copied = measure(*(np.repeat(values, times) for values in (labels, scores, taken)))
        expected = [np.nan if value is None else value for value in copied.values()]
        assert found == pytest.approx(expected, nan_ok=True)


def test_weights_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels, scores, weights = rng.integers(0, 2, 80), rng.random(80).round(1), rng.random((3, 80))
    taken = (scores >= 0.5).astype(int)
    found = dict(zip(WEIGHTED, weighted_measure(labels, scores, taken, weights), strict=True))
    for i, w in enumerate(weights):
        assert found["auc"][i] == pytest.approx(sk.roc_auc_score(labels, scores, sample_weight=w))
        assert found["f1"][i] == pytest.approx(sk.f1_score(labels, taken, sample_weight=w))
        assert found["average_precision"][i] == pytest.approx(
            sk.average_precision_score(labels, scores, sample_weight=w)
        )
