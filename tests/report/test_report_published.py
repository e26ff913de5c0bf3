"""The published figures agree with each other as far as arithmetic can tell."""

import pytest

from benchmark.report.published import (
    CERTAINTY,
    LATER,
    SUBSETS,
    TABLE_4,
    TABLE_5,
    TABLE_6,
    Published,
    lookup,
)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("key", "value", "certainty"),
    [
        ((1, "2CONV-4FC", "flickr", "accuracy"), 0.686, "R"),
        ((2, "PCNN", "flickr", "train"), 369_828, "R"),
        ((3, "PCNN", "flickr", "f1"), 0.791, "A"),
        ((4, "annotators", "four", "negative"), 427, "C"),
        ((5, "CNN", "three", "precision"), 0.691, "A"),
        ((6, "GCH", "five", "accuracy"), 0.684, "A"),
        ((6, "LCH+BoW", "five", "accuracy"), 0.717, "A"),
        ((6, "PCNN", "three", "accuracy"), 0.723, "A"),
    ],
)
def test_figures_are_found_with_their_certainty(key: tuple, value: float, certainty: str) -> None:
    assert lookup(*key) == Published(value, certainty)


@pytest.mark.parametrize(
    "key", [(6, "Majority", "five", "accuracy"), (6, "GCH", "five", "auc"), (5, "GCH", "five", "f1")]
)
def test_what_the_paper_does_not_report_is_none(key: tuple) -> None:
    assert lookup(*key) is None


@pytest.mark.parametrize(("table", "methods"), [(5, TABLE_5), (6, TABLE_6)])
def test_f1_and_accuracy_follow_from_precision_recall_and_counts(table: int, methods: dict) -> None:
    """What certainty A claims; a slip of a digit breaks it. Fold averages round, hence the tolerances."""
    for method, rows in methods.items():
        for subset, (precision, recall, published_f1, accuracy) in zip(SUBSETS, rows, strict=True):
            where = f"Table {table}, {method}, {subset}"
            positive, total = TABLE_4[subset]["positive"], TABLE_4[subset]["total"]
            assert f1(precision, recall) == pytest.approx(published_f1, abs=0.0025), where
            true, false = recall * positive, recall * positive / precision - recall * positive
            correct = true + (total - positive - false)
            assert correct / total == pytest.approx(accuracy, abs=0.0025), where


def test_counts_add_up_and_subsets_are_nested() -> None:
    for count in TABLE_4.values():
        assert count["positive"] + count["negative"] == count["total"]
    totals = [TABLE_4[subset]["total"] for subset in SUBSETS]
    assert totals == sorted(totals)
    majority = [round(TABLE_4[s]["positive"] / TABLE_4[s]["total"], 3) for s in SUBSETS]
    assert majority == [0.659, 0.617, 0.606]


def test_progressive_training_kept_the_share_that_the_paper_says() -> None:
    kept, all_of_them = lookup(2, "PCNN", "flickr", "train"), lookup(2, "CNN", "flickr", "train")
    assert kept is not None
    assert all_of_them is not None
    assert kept.value / all_of_them.value == pytest.approx(0.921, abs=5e-4)


def test_later_results_name_their_source_and_certainty() -> None:
    for result in LATER:
        assert result.source
        assert result.setting
        assert result.certainty in CERTAINTY
        assert set(result.accuracy) <= set(SUBSETS)
    assert [r.accuracy["five"] for r in LATER] == [0.830, 0.844, 0.788, 0.878, 0.924, 0.877]
