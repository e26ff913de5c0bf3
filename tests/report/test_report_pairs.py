"""Comparisons of two methods, their tie groups, and the figure of the intervals."""

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.protocol.metrics import METRICS
from benchmark.protocol.row import Row
from benchmark.protocol.statistics import holm, mcnemar, paired_resampled_test
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.estimates import FOLDS, IMAGES
from benchmark.report.interval_figure import draw_intervals
from benchmark.report.pairs import MCNEMAR, NO_COMMON, PAIRED, Pair
from benchmark.report.tie_groups import Tie, printed_letters

Make = Callable[..., list[Row]]
CV = "cross-validation"


@pytest.fixture(scope="module")
def analysis(make_rows: Make) -> Analysis:
    return analysis_of(make_rows(["Majority", "GCH", "LCH", "PCNN"], n=300, seeds=(0, 1)))


def pair(analysis: Analysis, test: str, metric: str = "accuracy", names: str = "GCH LCH") -> Pair:
    (found,) = [
        p
        for p in analysis.pairs
        if (p.subset, p.test, p.metric, f"{p.method_a} {p.method_b}") == ("four", test, metric, names)
    ]
    return found


def accuracies(analysis: Analysis, method: str) -> list[float]:
    rows = [r for r in analysis.evidence.rows if (r.cell.method, r.cell.subset) == (method, "four")]
    return [float(np.mean(r.y == r.predictions)) for r in rows]


def test_every_pair_is_compared_by_every_test(analysis: Analysis) -> None:
    assert len(analysis.pairs) == 3 * 6 * (2 * len(PAIRED) + 1)
    assert {p.of for p in analysis.pairs if p.test == FOLDS} == {"expected value of the method"}
    assert {p.of for p in analysis.pairs if p.test != FOLDS} == {"value of the fitted models"}


def test_the_test_over_folds_pairs_fold_with_fold_and_seed_with_seed(analysis: Analysis) -> None:
    found = pair(analysis, FOLDS)
    rows = [r for r in analysis.evidence.rows if (r.cell.method, r.cell.subset) == ("GCH", "four")]
    sizes = [r.n_train for r in rows], [len(r.images) for r in rows]
    expected = paired_resampled_test(accuracies(analysis, "GCH"), accuracies(analysis, "LCH"), *sizes)
    assert expected is not None
    assert found.n == 10
    assert (found.difference, found.low, found.p) == pytest.approx(
        (expected.difference, expected.low, expected.p)
    )
    assert found.detectable == pytest.approx(expected.detectable)


def test_mcnemar_takes_the_first_seed(analysis: Analysis) -> None:
    seen = analysis.outcomes[CV, "four"]
    right = [seen.right(method)[0] for method in ("GCH", "LCH")]
    found = pair(analysis, MCNEMAR)
    assert found.p == pytest.approx(mcnemar(right[0], right[1], seen.groups).p)
    assert found.disagreement == pytest.approx((right[0] != right[1]).mean())
    assert found.difference == pytest.approx(right[0].mean() - right[1].mean())


def test_holm_is_over_the_pairs_of_one_subset_metric_and_test(analysis: Analysis) -> None:
    for test, metric in ((MCNEMAR, "accuracy"), (FOLDS, "f1")):
        family = [p for p in analysis.pairs if (p.subset, p.test, p.metric) == ("five", test, metric)]
        assert len(family) == 6
        assert [p.p_holm for p in family] == pytest.approx(holm([p.p for p in family]))  # type: ignore[misc]


def test_methods_without_a_common_seed_are_compared_by_the_bootstrap_alone(make_rows: Make) -> None:
    found = analysis_of(
        make_rows(["GCH"], subsets=["four"], seeds=(0,)) + make_rows(["LCH"], subsets=["four"], seeds=(1,))
    )
    assert pair(found, FOLDS).reason == NO_COMMON
    assert pair(found, MCNEMAR).reason == NO_COMMON
    assert pair(found, FOLDS).p is None
    assert pair(found, IMAGES).low is not None


def test_one_test_part_has_no_test_over_folds(make_rows: Make) -> None:
    found = analysis_of(make_rows(["CNN", "PCNN"], stage="zero-transfer"))
    assert {p.test for p in found.pairs} == {IMAGES, MCNEMAR}
    over_folds = [e for e in found.estimates if e.interval == FOLDS]
    assert all(e.low is None and "no folds to compare" in e.reason for e in over_folds)
    assert all(e.low is not None for e in found.estimates if e.interval == IMAGES and e.metric == "accuracy")


def test_every_metric_has_both_intervals(analysis: Analysis) -> None:
    found = {(e.method, e.subset, e.metric, e.interval): e for e in analysis.estimates}
    assert len(found) == len(analysis.estimates) == 4 * 3 * len(METRICS) * 2
    one = found["LCH", "four", "auc", IMAGES]
    assert one.low < one.value < one.high  # type: ignore[operator]
    assert (one.n, one.of) == (240, "value of the fitted models")
    line = next(x for x in analysis.lines[CV] if (x.method, x.subset, x.metric) == ("LCH", "four", "auc"))
    over_folds = found["LCH", "four", "auc", FOLDS]
    assert (over_folds.value, over_folds.low, over_folds.high) == (line.mean, line.low, line.high)


def test_letters_say_what_the_adjusted_p_values_say(analysis: Analysis) -> None:
    for subset, test in itertools.product(("five", "four", "three"), (MCNEMAR, FOLDS)):
        ties = [t for t in analysis.ties if (t.subset, t.test) == (subset, test)]
        assert [t.accuracy for t in ties] == sorted((t.accuracy for t in ties), reverse=True)
        letters = {t.method: set(t.letters) for t in ties}
        for p in analysis.pairs:
            if (p.subset, p.test, p.metric) == (subset, test, "accuracy"):
                apart = p.p_holm is not None and p.p_holm <= 0.05
                assert (not letters[p.method_a] & letters[p.method_b]) == apart
    # some are told apart and some are not, else this test would show nothing
    by_images = [t.letters for t in analysis.ties if (t.subset, t.test) == ("three", MCNEMAR)]
    assert 1 < len(set("".join(by_images))) < len(by_images)


def test_letters_are_printed_only_where_they_tell_methods_apart() -> None:
    def tie(subset: str, method: str, letters: str, test: str = MCNEMAR) -> Tie:
        return Tie(CV, subset, test, method, 0.7, letters)

    ties = [tie("five", "A", "a"), tie("five", "B", "a"), tie("four", "A", "a"), tie("four", "B", "b")]
    assert printed_letters([*ties, tie("five", "B", "b", FOLDS)]) == {
        (CV, "four", "A"): "a",
        (CV, "four", "B"): "b",
    }


def test_figure_of_intervals_shows_what_is_in_the_tables(analysis: Analysis) -> None:
    figure = draw_intervals(analysis.estimates, analysis.lines[CV], analysis.ties)
    assert [axes.get_title() for axes in figure.axes] == [
        "Five agree",
        "At least four agree",
        "At least three agree",
    ]
    axes = figure.axes[1]
    drawn = {(round(float(x), 9), float(y)) for line in axes.lines for x, y in line.get_xydata()}
    for e in analysis.estimates:
        if (e.subset, e.metric) == ("four", "accuracy"):
            y = ["Majority", "GCH", "LCH", "PCNN"].index(e.method)
            assert e.low is not None
            assert (round(e.low, 9), float(y)) in drawn
    assert (0.665, 1.0) in drawn  # GCH as published
    low, high = axes.get_xlim()
    assert all(low <= x <= high for x, _ in drawn)


def test_nothing_to_draw_is_an_error(analysis: Analysis) -> None:
    empty = [dataclasses.replace(e, value=None, low=None, high=None) for e in analysis.estimates]
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_intervals(empty, [], [])
