"""Two methods of a run, and two runs: paired differences and the images that changed sides."""

import csv
import io
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.protocol.row import Row
from benchmark.report.comparison import (
    ComparisonError,
    compare_methods,
    compare_runs,
    comparison_files,
)
from benchmark.report.comparison_figure import changed_files
from benchmark.report.estimates import FOLDS, IMAGES
from benchmark.report.pairs import MCNEMAR

MakeRows = Callable[..., list[Row]]


def exchanged(row: Row, share: float) -> Row:
    """The row with some of its scores turned round."""
    count = int(share * len(row.scores))
    scores = [1 - s if i < count else s for i, s in enumerate(row.scores)]
    content = row.model_dump() | {"scores": scores, "predictions": [int(s >= 0.5) for s in scores]}
    return Row.model_validate(content)


def test_two_methods_are_compared_in_the_order_asked_for(make_rows: MakeRows) -> None:
    rows = make_rows(("Majority", "GCH", "LCH"))
    there, back = (compare_methods(rows, *names) for names in (("GCH", "LCH"), ("LCH", "GCH")))
    assert [contest.subset for contest in there] == ["five", "four", "three"]
    for one, other in zip(there, back, strict=True):
        assert one.accuracy == other.accuracy[::-1]
        for metric, test in (("accuracy", IMAGES), ("auc", IMAGES), ("accuracy", FOLDS)):
            a, b = one.pair(metric, test), other.pair(metric, test)
            assert a.difference == pytest.approx(-b.difference)
        assert one.pair("accuracy", MCNEMAR).p == other.pair("accuracy", MCNEMAR).p
        assert one.pair("accuracy", IMAGES).difference == pytest.approx(one.accuracy[0] - one.accuracy[1])


def test_every_image_on_which_one_alone_is_right_is_listed_and_no_other(make_rows: MakeRows) -> None:
    rows = make_rows(("GCH", "LCH"), subsets=("three",))
    (contest,) = compare_methods(rows, "GCH", "LCH")
    right = {}
    for row in rows:
        for image, label, predicted in zip(row.images, row.labels, row.predictions, strict=True):
            right[row.cell.method, image] = label == predicted
    images = {image for _, image in right}
    apart = {i for i in images if right["GCH", i] != right["LCH", i]}
    assert {image.image for image in contest.changed} == apart
    assert all(right[image.right, image.image] for image in contest.changed)
    gaps = [abs(image.score_first - image.score_second) for image in contest.changed]
    assert gaps == sorted(gaps, reverse=True)


def test_two_runs_are_compared_method_by_method(make_rows: MakeRows) -> None:
    rows = make_rows(("GCH", "LCH"))
    worse = [exchanged(row, 0.5) if row.cell.method == "LCH" else row for row in rows]
    contests = compare_runs(rows, worse, ("before", "after"))
    same = [c for c in contests if c.name == "GCH"]
    assert len(same) == len(contests) / 2 == 3
    assert all(not c.changed and c.accuracy[0] == c.accuracy[1] for c in same)
    for contest in (c for c in contests if c.name == "LCH"):
        assert contest.accuracy[0] > contest.accuracy[1]
        assert {image.right for image in contest.changed} == {"LCH (before)", "LCH (after)"}
        exact = contest.pair("accuracy", MCNEMAR)
        assert exact.p < exact.p_holm == pytest.approx(min(1, 2 * exact.p)), "adjusted over both methods"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"protocol": "campos"}, "different protocols"),
        ({"dataset": "photos"}, "different datasets"),
        ({"methods": ("BoW",)}, "no method is in both runs: a has GCH, b has BoW"),
        ({"n": 60}, "test different images"),
    ],
)
def test_runs_that_do_not_belong_together_are_refused(make_rows: MakeRows, change: dict, said: str) -> None:
    other = make_rows(**({"methods": ("GCH",)} | change))
    with pytest.raises(ComparisonError, match=said):
        compare_runs(make_rows(("GCH",)), other, ("a", "b"))


def test_an_unknown_method_is_named_beside_the_known(make_rows: MakeRows) -> None:
    with pytest.raises(ComparisonError, match="HOG: no rows of such a method here; there are GCH, LCH"):
        compare_methods(make_rows(("GCH", "LCH")), "GCH", "HOG")


def test_files_hold_every_test_and_every_changed_image(make_rows: MakeRows) -> None:
    contests = compare_methods(make_rows(("GCH", "LCH")), "GCH", "LCH")
    files = comparison_files(contests)
    tables = {name: list(csv.DictReader(io.StringIO(data.decode()))) for name, data in files.items()}
    assert len(tables["pairs.csv"]) == sum(len(contest.pairs) for contest in contests)
    assert len(tables["changed.csv"]) == sum(len(contest.changed) for contest in contests) > 10
    assert {line["right"] for line in tables["changed.csv"]} == {"GCH", "LCH"}


def test_the_sheet_shows_each_image_that_changed_sides(make_rows: MakeRows) -> None:
    (contest,) = compare_methods(make_rows(("GCH", "LCH"), subsets=("five",)), "GCH", "LCH")
    asked: list[str] = []

    def picture(image: str) -> np.ndarray:
        asked.append(image)
        return np.full((32, 32, 3), 90, dtype=np.uint8)

    drawn = changed_files(contest, picture)
    assert set(asked) == {image.image for image in contest.changed}
    assert drawn["png"].startswith(b"\x89PNG")
    assert drawn["pdf"].startswith(b"%PDF")
