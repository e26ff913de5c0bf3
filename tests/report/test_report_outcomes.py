"""Scores of every image in one order, which images are copies, and the bootstrap over them."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from benchmark.protocol.metrics import measure
from benchmark.protocol.row import Row
from benchmark.report.evidence import EvidenceError, gather
from benchmark.report.outcomes import Outcomes, gather_outcomes, image_groups
from benchmark.report.resampling import ALIKE, resample

Make = Callable[..., list[Row]]
CV = "cross-validation"


def outcomes(rows: list[Row], subset: str = "three") -> Outcomes:
    return gather_outcomes(gather(rows), CV, subset)


def changed(row: Row, **fields: object) -> Row:
    return Row.model_validate(row.model_dump() | fields)


def test_every_image_stands_once_with_the_score_of_its_fold(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], seeds=(0, 3))
    found = outcomes(rows)
    assert found.methods == ("GCH", "LCH")
    assert found.images == tuple(sorted({i for row in rows for i in row.images}))
    assert found.seeds["LCH"] == (0, 3)
    row = next(r for r in rows if (r.cell.method, r.cell.subset, r.cell.seed) == ("LCH", "three", 3))
    place = [found.images.index(image) for image in row.images]
    assert found.of_seed("LCH", 3)[place].tolist() == row.scores
    assert found.labels[place].tolist() == row.labels
    assert found.votes is not None
    assert [tuple(v) for v in found.votes[place]] == row.votes
    assert found.right("LCH")[1, place].tolist() == [
        y == p for y, p in zip(row.labels, row.predictions, strict=True)
    ]


def test_a_method_with_a_gap_is_left_out(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH", "LCH"], subsets=["three"])
    assert outcomes([make_failed(rows[0], "broke"), *rows[1:]]).methods == ("LCH",)
    nothing = outcomes([make_failed(row, "broke") for row in rows])
    assert (nothing.methods, nothing.size) == ((), 0)
    assert resample(nothing).metrics == {}


def test_seeds_that_tested_other_images_are_refused(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["three"], seeds=(0, 1))
    fields = ("images", "labels", "votes", "scores", "predictions")
    fewer = {name: getattr(rows[-1], name)[1:] for name in fields}
    with pytest.raises(EvidenceError, match=f"GCH three seed 1 did not test the image {rows[-1].images[0]}"):
        outcomes([*rows[:-1], changed(rows[-1], **fewer)])


def test_copies_are_known_by_the_rows_groups_or_else_by_their_ids(make_rows: Make) -> None:
    ids = ["a", "a~2", "b", "c", "d", "e"]
    rows = make_rows(["GCH"], ids=ids, labels=[1, 1, 0, 1, 0, 1], subsets=["all"], folds=2, agreement=[5] * 6)
    groups = image_groups(rows)
    assert groups["a"] == groups["a~2"]
    assert len(set(groups.values())) == 5
    number = {"a": 7, "a~2": 7, "b": 8, "c": 8, "d": 9, "e": 10}
    told = [changed(row, groups=[number[i] for i in row.images]) for row in rows]
    found = outcomes(told, "all")
    assert found.size == 4
    assert found.groups.tolist() == [0, 0, 1, 1, 2, 3]


def test_groups_are_one_an_image(make_rows: Make) -> None:
    with pytest.raises(ValueError, match="but 2 groups"):
        changed(make_rows(["GCH"])[0], groups=[1, 2])


def test_values_are_those_of_the_pooled_predictions_averaged_over_seeds(make_rows: Make) -> None:
    found = outcomes(make_rows(["GCH", "LCH"], seeds=(0, 1)))
    resampled = resample(found)
    for metric in ("accuracy", "auc", "f1"):
        values = [measure(found.labels, s, (s >= 0.5).astype(int))[metric] for s in found.scores["GCH"]]
        assert resampled.metrics["GCH", metric].value == pytest.approx(np.mean(values))  # type: ignore[arg-type]
        assert resampled.differences["GCH", "LCH", metric].value == pytest.approx(
            resampled.metrics["GCH", metric].value - resampled.metrics["LCH", metric].value  # type: ignore[operator]
        )


def test_an_interval_of_accuracy_is_about_as_wide_as_theory_says(make_rows: Make) -> None:
    found = outcomes(make_rows(["GCH"], n=600))
    accuracy = resample(found).metrics["GCH", "accuracy"]
    assert accuracy.value is not None
    assert accuracy.low is not None
    assert accuracy.high is not None
    half = stats.norm.ppf(1 - 0.0125) * np.sqrt(accuracy.value * (1 - accuracy.value) / 600)
    assert (accuracy.high - accuracy.low) / 2 == pytest.approx(half, rel=0.1)


def test_a_pair_is_compared_image_by_image(make_rows: Make) -> None:
    """The interval of a difference is narrower than its parts' where two methods err on the same images."""
    rows = make_rows(["GCH"], n=400)
    near = []
    for row in rows:
        scores = [round(min(max(s + 0.01, 0), 1), 6) for s in row.scores]
        cell = row.cell.model_copy(update={"method": "LCH"})
        near.append(changed(row, cell=cell, scores=scores, predictions=[int(s >= 0.5) for s in scores]))
    resampled = resample(outcomes(rows + near))
    single, pair = resampled.metrics["GCH", "accuracy"], resampled.differences["GCH", "LCH", "accuracy"]
    assert pair.high - pair.low < (single.high - single.low) / 2  # type: ignore[operator]


def test_what_no_resample_changes_says_so(make_rows: Make) -> None:
    rows = make_rows(["Majority", "GCH"])
    twin = [
        changed(r, cell=r.cell.model_copy(update={"method": "LCH"})) for r in rows if r.cell.method == "GCH"
    ]
    resampled = resample(outcomes(rows + twin))
    same = resampled.differences["GCH", "LCH", "accuracy"]
    assert (same.value, same.low, same.reason) == (0.0, None, ALIKE)
    recall = resampled.metrics["Majority", "recall"]
    positives = int(outcomes(rows).labels.sum())
    exact = stats.binomtest(positives, positives).proportion_ci(0.975, method="exact")
    assert (recall.value, recall.low, recall.high) == pytest.approx((1.0, exact.low, 1.0))


def test_an_undefined_metric_says_why(make_rows: Make) -> None:
    rows = [changed(r, labels=[1] * len(r.labels)) for r in make_rows(["GCH"], subsets=["three"])]
    resampled = resample(outcomes(rows))
    auc = resampled.metrics["GCH", "auc"]
    assert (auc.value, auc.low) == (None, None)
    assert "no negative image" in auc.reason
    assert resampled.metrics["GCH", "recall"].low is not None
