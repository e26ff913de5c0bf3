"""What stages leave: JSON that reads back, tidy CSV, a figure, the table of the README."""

import csv
import dataclasses
import re
from pathlib import Path

import pytest
from PIL import Image

from benchmark.speed import page
from benchmark.speed.catalogue import stage_names
from benchmark.speed.chart import save_chart
from benchmark.speed.results import CHECKS, RATIOS, TIMINGS, StageResult, read_stages, write_stage
from benchmark.speed.stage import Check, SpeedError
from benchmark.speed.timing import Measured, Ratio, Timing

MACHINE = {
    "processor": "Babbage 1837",
    "cores": 2,
    "blas": "openblas Engine",
    "accelerator": "",
    "load_before": 0.1,
}


def result(stage="histograms", ratio=17.5, **changes):
    measured = Measured(
        case="GCH + LCH",
        unit="images",
        note="",
        timings=[
            Timing("one pass", "product", 1000, [0.2, 0.25]),
            Timing("np.histogramdd", "peer", 100, [0.3, 0.5]),
        ],
        ratios=[Ratio("one pass", "np.histogramdd", ratio, 0.9 * ratio, 1.1 * ratio, 12.0)],
        checks=[Check("counts that differ", "0", "0", True)],
    )
    made = StageResult(stage, "Histograms", "ok", "", False, "cpu", MACHINE, "2026-01-01", 3.0, [measured])
    return dataclasses.replace(made, **changes)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_written_reads_back(tmp_path):
    write_stage(result(), tmp_path)
    assert read_stages(tmp_path) == [result()]


def test_a_stage_measured_again_replaces_its_result_and_leaves_the_others(tmp_path):
    write_stage(result("sift", 1.1), tmp_path)
    write_stage(result("histograms", 10.0), tmp_path)
    write_stage(result("histograms", 17.5), tmp_path)
    write_stage(result("histograms", 99.0, device="cuda"), tmp_path)
    found = [(row["stage"], row["ratio"], row["reached"]) for row in rows(tmp_path / RATIOS)]
    assert found == [("histograms", "17.5", "yes"), ("histograms", "99", "yes"), ("sift", "1.1", "no")]


def test_tables_are_tidy(tmp_path):
    write_stage(result(), tmp_path)
    (ratio,) = rows(tmp_path / RATIOS)
    assert (ratio["product_rate"], ratio["peer_rate"]) == ("4444", "250")
    assert (ratio["processor"], ratio["checks"], ratio["reach"]) == ("Babbage 1837", "ok", "12")
    timings = rows(tmp_path / TIMINGS)
    assert [(row["role"], row["round"], row["seconds"]) for row in timings] == [
        ("product", "1", "0.2"),
        ("product", "2", "0.25"),
        ("peer", "1", "0.3"),
        ("peer", "2", "0.5"),
    ]
    assert rows(tmp_path / CHECKS)[0]["ok"] == "yes"


def test_a_damaged_result_is_named(tmp_path):
    write_stage(result(), tmp_path)
    path = tmp_path / "stages" / "histograms.json"
    path.write_text(path.read_text().replace('"ratios"', '"rations"'))
    with pytest.raises(SpeedError, match=r"histograms\.json: cannot be read"):
        read_stages(tmp_path)


def test_the_figure_is_drawn_and_grows_with_the_comparisons(tmp_path):
    save_chart([], tmp_path)
    assert not list(tmp_path.iterdir())
    save_chart([result()], tmp_path)
    height = Image.open(tmp_path / "speed.png").height
    save_chart([result(), result("sift", 0.8)], tmp_path)
    assert Image.open(tmp_path / "speed.png").height > height
    assert (tmp_path / "speed.pdf").read_bytes().startswith(b"%PDF")


def test_the_table_of_a_page_is_replaced_and_nothing_else(tmp_path):
    write_stage(result(), tmp_path)
    text = f"before\n{page.BEGIN}old\n{page.END}after\n"
    new = page.written(text, page.read_ratios(tmp_path))
    assert new.startswith("before\n")
    assert new.endswith("after\n")
    assert (
        "| GCH + LCH: one pass | np.histogramdd | 4444 images | 250 | **17.5** (15.75 to 19.25) | 12 |" in new
    )
    assert "old" not in new
    assert page.written(new, page.read_ratios(tmp_path)) == new


def test_a_table_says_where_a_mark_was_missed(tmp_path):
    write_stage(result("sift", 1.1), tmp_path)
    assert "not reached" in page.markdown(page.read_ratios(tmp_path))


def test_the_readme_s_table_is_that_of_the_kept_measurement():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.written(text, page.read_ratios(page.REFERENCE)) == text


def test_the_readme_speaks_of_every_stage_and_of_no_other():
    text = page.PAGE.read_text(encoding="utf-8")
    said = re.findall(r"^\| `([a-z0-9_]+)` \|", text[: text.index(page.BEGIN)], re.MULTILINE)
    assert sorted(said) == sorted(stage_names())
