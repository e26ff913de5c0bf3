"""Rows that do not belong together are refused, and gaps are named."""

from collections.abc import Callable

import pytest

from benchmark.protocol.row import Row
from benchmark.report.evidence import EvidenceError, gather

Make = Callable[..., list[Row]]


def changed(row: Row, **fields: object) -> Row:
    return Row.model_validate(row.model_dump() | fields)


def test_order_of_rows_does_not_matter(make_rows: Make) -> None:
    rows = make_rows()
    assert gather(rows) == gather(rows[::-1])


def test_methods_and_subsets_come_in_the_order_of_the_tables(make_rows: Make) -> None:
    rows = make_rows(["zeta", "PCNN", "LCH", "GCH+BoW", "GCH", "Majority", "alpha"])
    evidence = gather(rows)
    assert evidence.methods("cross-validation") == [
        "Majority",
        "GCH",
        "LCH",
        "GCH+BoW",
        "PCNN",
        "alpha",
        "zeta",
    ]
    assert "Majority" not in evidence.methods("cross-validation", reference=False)
    assert evidence.subsets() == ["five", "four", "three"]


def test_no_rows_is_an_error_with_a_command() -> None:
    with pytest.raises(EvidenceError, match="python -m benchmark run"):
        gather([])


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"dataset": "synthetic"}, "datasets"),
        ({"protocol": "campos"}, "protocols"),
        ({"train_on": "all"}, "training sets"),
        ({"published": False}, "published"),
    ],
)
def test_rows_of_different_runs_are_not_mixed(make_rows: Make, other: dict, word: str) -> None:
    with pytest.raises(EvidenceError, match=word) as error:
        gather(make_rows(["GCH"]) + make_rows(["LCH"], **other))
    assert "GCH five fold 1 seed 0" in str(error.value)
    assert "--out" in str(error.value)


def test_different_numbers_of_folds_are_not_mixed(make_rows: Make) -> None:
    with pytest.raises(EvidenceError, match="numbers of folds"):
        gather(make_rows(["GCH"]) + make_rows(["LCH"], folds=3))


def test_a_cell_that_comes_twice_is_refused(make_rows: Make) -> None:
    rows = make_rows(["GCH"])
    with pytest.raises(EvidenceError, match="two rows of the cell GCH five fold 1 seed 0"):
        gather([*rows, changed(rows[0], key="other")])


def test_a_fold_beyond_the_protocol_is_refused(make_rows: Make) -> None:
    rows = make_rows(["GCH"])
    cell = rows[0].cell.model_dump() | {"fold": 6}
    with pytest.raises(ValueError, match="fold 6 of 5"):
        changed(rows[0], cell=cell)


def test_an_image_with_two_labels_is_refused(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"])
    flipped = changed(rows[-1], labels=[1 - rows[-1].labels[0], *rows[-1].labels[1:]])
    with pytest.raises(EvidenceError, match=f"image {flipped.images[0]} has label"):
        gather([*rows[:-1], flipped])


def test_another_fold_assignment_is_refused(make_rows: Make) -> None:
    """Two methods' folds must test the same images, or their averages are not comparable."""
    rows = make_rows(["GCH"]) + make_rows(["LCH"])
    row = rows[-1]
    fewer = {name: getattr(row, name)[1:] for name in ("images", "labels", "votes", "scores", "predictions")}
    with pytest.raises(EvidenceError, match="test different images"):
        gather([*rows[:-1], changed(row, **fewer)])


def test_an_image_in_two_folds_is_refused(make_rows: Make) -> None:
    first, second, *rest = make_rows(["GCH"])
    fields = ("images", "labels", "votes", "scores", "predictions")
    leaking = {name: [*getattr(second, name), getattr(first, name)[0]] for name in fields}
    with pytest.raises(EvidenceError, match="tested twice, in GCH five fold 1 seed 0 and in GCH five fold 2"):
        gather([first, changed(second, **leaking), *rest])


def test_gaps_name_folds_statuses_and_reasons(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH"], subsets=["five"])
    rows = [rows[0], make_failed(rows[1], "out of\n memory"), make_failed(rows[2], "out of memory"), rows[3]]
    group = gather(rows).group("cross-validation", "GCH", "five")
    assert group.status == "failed"
    assert group.reason == "folds 2, 3 failed: out of memory; fold 5 missing"
    assert [row.cell.fold for row in group.rows] == [1, 4]


def test_statuses_of_a_group(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH"], subsets=["five", "four"])
    five, four = rows[:5], rows[5:]

    def status(kept: list[Row]) -> str:
        return gather(kept + four).group("cross-validation", "GCH", "five").status

    assert status(five) == "ok"
    assert status(five[1:]) == "incomplete"
    assert status([make_failed(row, "no source data", "skipped") for row in five]) == "skipped"
    assert status([make_failed(five[0], "no time", "skipped"), *five[1:]]) == "incomplete"
    absent = gather(make_rows(["LCH"]) + four).group("cross-validation", "GCH", "five")
    assert (absent.status, absent.reason) == ("incomplete", "not run")


def test_a_seed_without_all_its_folds_is_a_gap(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["five"], seeds=(0, 1))
    group = gather(rows[:-1]).group("cross-validation", "GCH", "five")
    assert group.reason == "seed 1 fold 5 missing"
