"""Table 4: labels and votes, counted over the folds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmark.protocol.row import Row
from benchmark.report.counts import count_lines, vote_records
from benchmark.report.evidence import gather

Make = Callable[..., list[Row]]


def counts(rows: list[Row]) -> dict:
    return {(line.subset, line.metric): line for line in count_lines(gather(rows))}


def test_every_image_counts_once_whatever_methods_and_seeds_there_are(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], seeds=(0, 1), n=100)
    labels = {image: label for row in rows for image, label in zip(row.images, row.labels, strict=True)}
    found = counts(rows)
    assert found["three", "total"].mean == len(labels) == 100
    assert found["three", "positive"].mean == sum(labels.values())
    assert found["five", "total"].mean == 60
    assert (
        found["four", "negative"].mean + found["four", "positive"].mean == found["four", "total"].mean == 80
    )
    line = found["five", "positive"]
    assert (line.table, line.stage, line.method, line.published, line.certainty) == (
        4,
        "",
        "annotators",
        581,
        "C",
    )
    assert line.difference == line.mean - 581


def test_a_failed_cell_still_tells_its_images(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH"])
    assert counts([make_failed(row, "broke") for row in rows])["five", "total"].mean == 72


def test_a_fold_that_nobody_tested_leaves_the_count_empty(make_rows: Make) -> None:
    line = counts([row for row in make_rows(["GCH"]) if row.cell.fold not in (2, 4)])["five", "total"]
    assert (line.mean, line.difference, line.status) == (None, None, "incomplete")
    assert (line.reason, line.folds) == ("no method has tested folds 2, 4", 3)


def test_methods_complete_each_other(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"])
    kept = [r for r in rows if (r.cell.fold == 2) == (r.cell.method == "LCH")]
    assert counts(kept)["five", "total"].status == "ok"


def test_other_images_have_no_published_counts(make_rows: Make) -> None:
    assert counts(make_rows(["GCH"], published=False))["five", "total"].published is None


def test_votes_are_counted_by_split(make_rows: Make) -> None:
    records = vote_records(gather(make_rows(["GCH"], n=100)))
    assert [(record[0], record[3]) for record in records] == [("5:0", 60), ("4:1", 20), ("3:2", 20)]
    assert all(positive + negative == total for _, positive, negative, total in records)


def test_unknown_votes_give_no_split(make_rows: Make) -> None:
    rows = [Row.model_validate(r.model_dump() | {"votes": None}) for r in make_rows(["GCH"])]
    assert vote_records(gather(rows)) == []


@pytest.mark.real
def test_the_real_counts_are_the_papers(make_rows: Make, real_data: Path) -> None:
    def read(subset: str) -> dict[str, int]:
        lines = (real_data / "twitter" / f"twitter_{subset}_agrees.txt").read_text().split("\n")
        return {name: int(label) for name, label in (line.split() for line in lines if line.strip())}

    labels = {subset: read(subset) for subset in ("five", "four", "three")}
    names = list(labels["three"])
    most = [5 if name in labels["five"] else 4 if name in labels["four"] else 3 for name in names]
    rows = make_rows(["GCH"], ids=names, labels=np.array(list(labels["three"].values())), agreement=most)
    assert {key: line.difference for key, line in counts(rows).items()} == dict.fromkeys(counts(rows), 0)
    splits = [("5:0", 581, 301, 882), ("4:1", 108, 126, 234), ("3:2", 80, 73, 153)]
    assert vote_records(gather(rows)) == splits
