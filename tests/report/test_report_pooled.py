"""Pooled out-of-fold scores and the notes drawn from them."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from benchmark.protocol.row import Row
from benchmark.report.aggregate import metric_lines
from benchmark.report.evidence import gather
from benchmark.report.notes import data_note, gap_notes, notes_text, seeds_note, separability_note
from benchmark.report.pooled import COLUMNS, pool, pooled_records, widest_subset

Make = Callable[..., list[Row]]
CV = "cross-validation"


def test_every_image_once_by_the_model_that_had_not_seen_it(make_rows: Make) -> None:
    rows = make_rows(["GCH"], n=100)
    found = pool(gather(rows), CV, "GCH", "four")
    assert found is not None
    expected = {
        i: s for r in rows if r.cell.subset == "four" for i, s in zip(r.images, r.scores, strict=True)
    }
    assert found.images == tuple(sorted(expected))
    assert found.scores.tolist() == [expected[image] for image in found.images]


def test_scores_of_several_seeds_are_averaged_for_each_image(make_rows: Make) -> None:
    evidence = gather(make_rows(["GCH"], seeds=(0, 1), n=50))
    both, *single = (pool(evidence, CV, "GCH", "five", seed) for seed in (None, 0, 1))
    assert both is not None
    assert np.allclose(both.scores, (single[0].scores + single[1].scores) / 2)  # type: ignore[union-attr]
    assert np.array_equal(both.predictions, both.scores >= 0.5)


def test_a_missing_fold_gives_no_pool_but_leaves_other_seeds(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["five"], seeds=(0, 1))
    evidence = gather(rows[:-1])
    assert pool(evidence, CV, "GCH", "five") is None
    assert pool(evidence, CV, "GCH", "five", seed=1) is None
    assert pool(evidence, CV, "GCH", "five", seed=0) is not None


def test_the_widest_subset_has_the_most_images(make_rows: Make) -> None:
    assert widest_subset(gather(make_rows(["GCH"])), CV) == "three"
    assert widest_subset(gather(make_rows(["GCH"], subsets=["four", "five"])), CV) == "four"
    assert widest_subset(gather(make_rows(["GCH"], subsets=["all"])), CV) == "all"


def test_the_pooled_table(make_rows: Make) -> None:
    evidence = gather(make_rows(["GCH"], n=100))
    found = pool(evidence, CV, "GCH", "five")
    assert found is not None
    records = [dict(zip(COLUMNS, r, strict=True)) for r in pooled_records(evidence, CV)]
    values = {r["metric"]: r for r in records if r["subset"] == "five"}
    accuracy = accuracy_score(found.labels, found.predictions)
    assert values["accuracy"]["value"] == pytest.approx(accuracy)
    assert values["accuracy"]["standard_error"] == pytest.approx(np.sqrt(accuracy * (1 - accuracy) / 60))
    assert values["auc"]["value"] == pytest.approx(roc_auc_score(found.labels, found.scores))
    assert (values["auc"]["standard_error"], values["auc"]["images"]) == (None, 60)


def test_notes_say_which_data_and_how_to_get_the_papers(make_rows: Make) -> None:
    assert data_note(gather(make_rows(["GCH"]))) == "Data: twitter, the images that the paper tested."
    other = data_note(gather(make_rows(["GCH"], dataset="synthetic", published=False)))
    assert "generated images" in other
    assert "data fetch twitter" in other


def test_notes_say_what_is_separable_and_name_gaps(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH", "LCH"], n=100)
    rows = [
        make_failed(row, "broke") if row.cell.method == "LCH" and row.cell.fold == 1 else row for row in rows
    ]
    evidence = gather(rows)
    note = separability_note(evidence, CV)
    assert "(60 images)" in note
    assert "(100 images)" in note
    lines = metric_lines(evidence, CV)
    assert gap_notes(lines)[0] == "LCH, five: fold 1 failed: broke."
    assert (
        "Table 6, gap: LCH, three: fold 1 failed: broke." in notes_text(evidence, {"Table 6": lines}).decode()
    )


def test_notes_name_methods_with_fewer_seeds(make_rows: Make) -> None:
    evidence = gather(make_rows(["GCH"], seeds=(0, 1)) + make_rows(["LCH"]))
    assert seeds_note(evidence, CV) == "Averaged over 2 seeds (0, 1). LCH was run with seed 0 alone."
