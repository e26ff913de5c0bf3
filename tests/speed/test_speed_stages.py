"""Every stage in its quick form: it runs, its product is right, and its checks can fail."""

import numpy as np
import pytest

from benchmark.speed.catalogue import load_stage, stage_names
from benchmark.speed.stage import Settings
from benchmark.speed.stages import decode, detectors, histograms, sift, table6, vocabulary
from benchmark.speed.worker import measure_stage


@pytest.mark.parametrize("name", stage_names())
def test_a_stage_runs_and_its_product_is_right(name, tmp_path):
    settings = Settings(tmp_path, quick=True, cores=2, rounds=1, tell=lambda text: None)
    result = measure_stage(name, settings, lambda case: None)
    assert (result.status, result.reason) == ("ok", "")
    assert result.title != name
    assert result.cases
    for case in result.cases:
        assert case.checks
        assert len({timing.side for timing in case.timings}) == len(case.timings)
        assert {timing.role for timing in case.timings} == {"product", "peer"}
        assert all(len(timing.seconds) == 1 for timing in case.timings)


def test_a_stage_that_breaks_is_failed_and_says_why(tmp_path, monkeypatch):
    def broken(settings):
        raise RuntimeError("no input today")

    monkeypatch.setattr(histograms, "cases", broken)
    result = measure_stage("histograms", Settings(tmp_path, tell=lambda text: None), lambda case: None)
    assert (result.status, result.reason) == ("failed", "RuntimeError: no input today")


def test_a_wrong_product_fails_the_stage(tmp_path, monkeypatch):
    counts = histograms.in_one_pass
    monkeypatch.setattr(histograms, "in_one_pass", lambda pixels: tuple(c + 1 for c in counts(pixels)))
    settings = Settings(tmp_path, quick=True, rounds=1, tell=lambda text: None)
    result = measure_stage("histograms", settings, lambda case: None)
    assert result.status == "wrong"
    assert "counts that differ" in result.reason


def test_inertia_is_that_of_the_definition_and_a_worse_one_is_refused():
    rows = vocabulary.descriptors(300)
    centres = rows[:7].astype(np.float32) + 0.5
    expected = ((rows[:, None].astype(float) - centres) ** 2).sum(axis=2).min(axis=1).sum()
    assert vocabulary.inertia(rows, centres) == pytest.approx(expected)
    assert vocabulary.no_worse(rows, centres, centres).ok
    assert not vocabulary.no_worse(rows, centres[:6], centres).ok


def test_another_word_is_refused():
    assert vocabulary.same_labels(np.array([1, 2]), np.array([1, 2])).ok
    assert not vocabulary.same_labels(np.array([1, 2]), np.array([1, 3])).ok


def test_other_descriptors_are_refused():
    rows = [np.ones((3, 130), dtype=np.uint8), np.empty((0, 130), dtype=np.uint8)]
    theirs = [np.ones((3, 128), dtype=np.float32), None]
    assert all(check.ok for check in sift.equal_descriptors(rows, theirs))
    theirs[0][0, 0] = 2
    assert not sift.equal_descriptors(rows, theirs)[0].ok


def test_another_picture_is_refused():
    picture = np.full((8, 8, 3), 100, dtype=np.uint8)
    assert decode.near([picture], [picture + np.uint8(1)]).ok
    assert not decode.near([picture], [picture + np.uint8(3)]).ok


@pytest.fixture(scope="module")
def problem():
    small = detectors.Problem(images=120, features=12, positives=(10, 20, 30), cost=0.5, balanced=True)
    X, labels = detectors.make_problem(small)
    return X, labels, small, detectors.solve(X, labels, small, "cpu")


def test_generated_features_are_what_they_are_said_to_be(problem):
    X, labels, _, _ = problem
    assert X.dtype == np.float32
    assert np.abs(X.mean(axis=0)).max() < 1e-6
    assert np.mean((X.astype(float) ** 2).sum(axis=1)) == pytest.approx(1, rel=1e-5)
    assert (labels == 1).sum(axis=0).tolist() == [10, 20, 30]
    assert set(np.unique(labels)) == {-1, 1}


def test_the_objective_is_that_of_the_definition(problem):
    X, labels, small, (weights, bias, _) = problem
    found = detectors.objective(X, labels, small, weights, bias)
    for k in range(3):
        y = labels[:, k]
        weight = np.where(y > 0, len(y) / (2 * (y > 0).sum()), len(y) / (2 * (y < 0).sum()))
        short = np.maximum(0, 1 - y * (X.astype(float) @ weights[:, k] + bias[k]))
        expected = (weights[:, k] @ weights[:, k] + bias[k] ** 2) / 2 + small.cost * weight @ short**2
        assert found[k] == pytest.approx(expected)


def test_detectors_that_are_not_solved_are_refused(problem):
    X, labels, small, solution = problem
    some = np.arange(3)
    assert all(check.ok for check in detectors.compare(X, labels, small, some, (solution,), (solution,)))
    weights, bias, gap = solution
    found = detectors.compare(X, labels, small, some, ((weights * 1.2, bias, gap),), (solution,))
    assert [check.ok for check in found] == [False, True, False, True]
    found = detectors.compare(X, labels, small, some, ((weights, bias, gap + 0.01),), (solution,))
    assert [check.ok for check in found] == [True, False, True, True]


def test_a_table_with_a_row_less_or_far_below_the_script_is_refused():
    theirs = {("GCH", "five"): 0.7, ("LCH", "five"): 0.7}
    assert all(check.ok for check in table6.compare(dict(theirs), theirs, 600))
    assert not table6.compare({("GCH", "five"): 0.7}, theirs, 600)[0].ok
    assert not table6.compare(dict.fromkeys(theirs, 0.5), theirs, 600)[1].ok
    assert not table6.same(theirs, theirs | {("GCH", "five"): 0.71}).ok


def test_every_stage_says_what_it_measures_in_a_line():
    for name in stage_names():
        title, _ = load_stage(name)
        assert 20 < len(title) < 120
