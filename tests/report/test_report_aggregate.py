"""Tables 5 and 6: fold averages, their intervals and what stands beside them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from benchmark.protocol.row import Row
from benchmark.protocol.statistics import resampled_interval
from benchmark.report.aggregate import COLUMNS, Line, metric_lines
from benchmark.report.evidence import gather

Make = Callable[..., list[Row]]
CV = "cross-validation"


def at(lines: list[Line], method: str, subset: str, metric: str) -> Line:
    (found,) = [line for line in lines if (line.method, line.subset, line.metric) == (method, subset, metric)]
    return found


def test_the_columns_are_those_that_scripts_rely_on() -> None:
    assert ",".join(COLUMNS) == (
        "table,stage,method,subset,metric,mean,std,low,high,published,certainty,difference,folds,status,reason,"
        "artefacts,comparable"
    )


def test_means_are_over_folds_and_not_over_images(make_rows: Make) -> None:
    rows = make_rows(["GCH"])
    lines = metric_lines(gather(rows), CV)
    four = [row for row in rows if row.cell.subset == "four"]
    for metric, values in {
        "accuracy": [accuracy_score(r.labels, r.predictions) for r in four],
        "f1": [f1_score(r.labels, r.predictions) for r in four],
        "auc": [roc_auc_score(r.labels, r.scores) for r in four],
    }.items():
        line = at(lines, "GCH", "four", metric)
        assert line.mean == pytest.approx(np.mean(values))
        assert line.std == pytest.approx(np.std(values, ddof=1))
        expected = resampled_interval(values, [r.n_train for r in four], [len(r.images) for r in four])
        assert (line.low, line.high) == pytest.approx(expected)
        assert (line.table, line.folds, line.status, line.reason) == (6, 5, "ok", "")


def test_published_figures_stand_beside_only_where_they_are_about_these_images(make_rows: Make) -> None:
    line = at(metric_lines(gather(make_rows()), CV), "GCH", "five", "accuracy")
    assert (line.published, line.certainty) == (0.684, "A")
    assert line.difference == pytest.approx(line.mean - 0.684)  # type: ignore[operator]
    assert at(metric_lines(gather(make_rows()), CV), "Majority", "five", "accuracy").published is None
    own = metric_lines(gather(make_rows(dataset="synthetic", published=False)), CV)
    assert {(line.published, line.certainty, line.difference) for line in own} == {(None, "", None)}


def test_an_incomplete_row_is_not_averaged(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH", "LCH"])
    broken = [make_failed(r, "it broke") if r.cell.method == "GCH" and r.cell.fold == 3 else r for r in rows]
    lines = metric_lines(gather(broken), CV)
    line = at(lines, "GCH", "five", "accuracy")
    assert (line.mean, line.std, line.low, line.high, line.difference) == (None,) * 5
    assert (line.status, line.reason, line.folds) == ("failed", "fold 3 failed: it broke", 4)
    assert line.published == 0.684
    assert at(lines, "LCH", "five", "accuracy").status == "ok"


def test_an_undefined_metric_is_empty_with_its_reason(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["five"])
    one = rows[2].model_dump() | {"labels": [1] * len(rows[2].labels)}
    lines = metric_lines(gather([*rows[:2], Row.model_validate(one), *rows[3:]]), CV)
    line = at(lines, "GCH", "five", "auc")
    assert (line.mean, line.status) == (None, "undefined")
    assert line.reason == f"fold 3: no negative image among the {len(rows[2].labels)} tested"
    assert at(lines, "GCH", "five", "accuracy").status == "ok"


def test_seeds_are_averaged_over_seed_and_fold(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["five"], seeds=(0, 1, 2))
    line = at(metric_lines(gather(rows), CV), "GCH", "five", "accuracy")
    values = [accuracy_score(r.labels, r.predictions) for r in rows]
    assert line.folds == 15
    assert line.mean == pytest.approx(np.mean(values))
    assert line.std == pytest.approx(np.std(values, ddof=1))


def test_trained_on_all_counts_the_share_held_out_and_not_the_share_tested(make_rows: Make) -> None:
    rows = [
        Row.model_validate(row.model_dump() | {"n_train": 10_000, "n_train_positive": 6_000})
        for row in make_rows(["GCH"], subsets=["five"], train_on="all")
    ]
    line = at(metric_lines(gather(rows), CV), "GCH", "five", "accuracy")
    values = [accuracy_score(r.labels, r.predictions) for r in rows]
    assert (line.low, line.high) == pytest.approx(resampled_interval(values, [4] * 5, [1] * 5))


def test_zero_transfer_is_table_5_without_spread(make_rows: Make) -> None:
    evidence = gather(make_rows(["CNN"], stage="zero-transfer") + make_rows(["CNN"]))
    line = at(metric_lines(evidence, "zero-transfer"), "CNN", "five", "accuracy")
    assert (line.table, line.folds, line.published) == (5, 1, 0.722)
    assert line.mean is not None
    assert (line.std, line.low, line.high) == (None, None, None)
    assert at(metric_lines(evidence, CV), "CNN", "five", "accuracy").published == 0.783


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_lines_are_the_same_for_rows_in_any_order(make_rows: Make, seed: int) -> None:
    rows = make_rows(["GCH", "LCH"], n=40, subsets=["all"])
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    assert metric_lines(gather(shuffled), CV) == metric_lines(gather(rows), CV)
