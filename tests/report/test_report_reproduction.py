"""Published against reproduced: verdicts, reasons, and that every published figure is there."""

import dataclasses
from collections.abc import Callable

import pytest

from benchmark.protocol.row import Row
from benchmark.report.analysis import analysis_of
from benchmark.report.artefacts import another_source
from benchmark.report.published import figures
from benchmark.report.reproduction import (
    ABOVE,
    BELOW,
    INCOMPARABLE,
    NOT_RUN,
    WITHIN,
    Reproduction,
    reproductions,
    summary,
)
from benchmark.report.reproduction_table import reproduction_tex
from benchmark.report.write import render_tables

Make = Callable[..., list[Row]]
CV = "cross-validation"


def changed(row: Row, **fields: object) -> Row:
    return Row.model_validate(row.model_dump() | fields)


def records(rows: list[Row]) -> dict[tuple[int, str, str, str], Reproduction]:
    return {(r.table, r.method, r.subset, r.metric): r for r in analysis_of(rows).reproductions}


def learned(row: Row, source: str, images: int) -> Row:
    return changed(row, details={"artefacts": {"bank": {"source": source, "images": images}}})


def test_every_published_figure_is_there_once(make_rows: Make) -> None:
    found = records(make_rows(["GCH"]))
    assert found.keys() == figures().keys()
    assert {key: r.published for key, r in found.items()} == {k: f.value for k, f in figures().items()}
    assert {r.certainty for r in found.values()} == {"A", "C", "R"}


def test_verdicts_follow_from_the_interval_over_folds(make_rows: Make) -> None:
    analysis = analysis_of(make_rows(["GCH", "LCH"], n=400))
    seen = set()
    for r in analysis.reproductions:
        if r.table == 6 and r.ours is not None:
            line = next(
                x
                for x in analysis.lines[CV]
                if (x.method, x.subset, x.metric) == (r.method, r.subset, r.metric)
            )
            assert (r.low, r.high) == (line.low, line.high)
            assert r.difference == pytest.approx(r.ours - r.published)
            expected = BELOW if r.high < r.published else ABOVE if r.low > r.published else WITHIN  # type: ignore[operator]
            assert (r.verdict, r.reason) == (expected, "")
            seen.add(r.verdict)
    assert {WITHIN, BELOW} & seen


def test_below_and_above_are_said_of_ours(make_rows: Make) -> None:
    analysis = analysis_of(make_rows(["GCH"]))
    tables = {6: analysis.lines[CV]}
    key = (6, "GCH", "five", "accuracy")
    for low, high, verdict in ((0.1, 0.2, BELOW), (0.6, 0.7, WITHIN), (0.8, 0.9, ABOVE)):
        moved = [dataclasses.replace(e, low=low, high=high) for e in analysis.estimates]
        found = {
            (r.table, r.method, r.subset, r.metric): r
            for r in reproductions(analysis.evidence, tables, moved)
        }
        assert found[key].verdict == verdict


def test_counts_are_compared_exactly(make_rows: Make) -> None:
    found = records(make_rows(["GCH"], n=100))
    r = found[4, "annotators", "three", "total"]
    assert (r.ours, r.published, r.difference, r.verdict) == (100, 1269, -1169, BELOW)


def test_what_was_not_run_is_not_comparable_and_says_so(make_rows: Make) -> None:
    found = records(make_rows(["GCH"]))
    for key in ((6, "PCNN", "five", "f1"), (5, "CNN", "five", "f1"), (1, "2CONV-4FC", "flickr", "accuracy")):
        assert (found[key].verdict, found[key].reason, found[key].ours) == (INCOMPARABLE, NOT_RUN, None)


def test_a_gap_is_named(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH"])
    found = records([make_failed(rows[0], "no disk"), *rows[1:]])
    assert found[6, "GCH", "five", "f1"].reason == "failed: fold 1 failed: no disk"


def test_another_source_is_another_method(make_rows: Make) -> None:
    rows = make_rows(["SentiBank"])
    key = (6, "SentiBank", "five", "accuracy")
    found = records([learned(row, "coco+mvsa", 13_213) for row in rows])[key]
    assert found.verdict == INCOMPARABLE
    assert found.reason.startswith("learned from another source, coco+mvsa (13,213 images)")
    assert found.ours is not None
    assert records([learned(row, "vso", 480_000) for row in rows])[key].verdict in (WITHIN, BELOW, ABOVE)
    assert "another source" in records([learned(row, "vso", 9_000) for row in rows])[key].reason
    assert "do not say" in records(rows)[key].reason
    assert another_source(make_rows(["GCH"]), "GCH") == ""


def test_one_test_part_is_judged_by_the_interval_over_images(make_rows: Make) -> None:
    rows = [learned(r, "vso", 480_000) for r in make_rows(["CNN"], stage="zero-transfer")]
    found = records(rows)[5, "CNN", "five", "accuracy"]
    assert found.of == "value of the fitted models"
    assert found.low is not None
    assert found.verdict != INCOMPARABLE


def test_other_images_are_not_comparable_and_have_no_tables(make_rows: Make) -> None:
    rows = make_rows(["GCH"], dataset="synthetic", published=False)
    found = records(rows)[6, "GCH", "five", "accuracy"]
    assert found.reason == "other images: synthetic, not those that the paper tested"
    assert not any("published" in name or "claim" in name for name in render_tables(rows))


def test_summary_counts_verdicts(make_rows: Make) -> None:
    analysis = analysis_of(make_rows(["GCH"]))
    text = summary(analysis.reproductions)
    assert text.startswith(f"Of {len(figures())} published figures: ")
    counts = text.split(": ")[1]
    assert sum(int(word) for word in counts.split() if word.isdigit()) == len(figures())


def test_the_printed_table_has_every_published_accuracy(make_rows: Make) -> None:
    rows = [
        learned(row, "coco", 5) if row.cell.method == "SentiBank" else row
        for row in make_rows(["GCH", "SentiBank"])
    ]
    analysis = analysis_of(rows)
    text = reproduction_tex(analysis.evidence, analysis.reproductions).decode()
    assert text.count(r"$^{\mathrm{A}}$") == 2 * 3 + 8 * 3
    line = next(line for line in text.split("\n") if line.startswith("GCH &"))
    r = records(rows)[6, "GCH", "five", "accuracy"]
    assert f".684$^{{\\mathrm{{A}}}}$ & {r.ours:.3f}"[1:].replace("& 0.", "& .") in line
    assert "SentiBank (Table 6): learned from another source, coco (5 images)" in text
