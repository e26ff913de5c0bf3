"""Tables 1 to 3: rows of the source's test part, whose labels are weak."""

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from trained_networks import SELECTION, source_rows, using_network

from benchmark.protocol.row import Row, write_row
from benchmark.report.analysis import analysis_of
from benchmark.report.evidence import gather
from benchmark.report.reproduction import INCOMPARABLE, Reproduction
from benchmark.report.source_tables import SourceLine, source_tables
from benchmark.report.terminal import print_tables
from benchmark.report.verify import verify
from benchmark.report.write import render_tables

Make = Callable[..., list[Row]]
FILES = {f"tables/table{n}{rest}" for n in (1, 2, 3) for rest in (".csv", "_wide.csv", ".tex")}


def at(lines: list[SourceLine], method: str, metric: str) -> SourceLine:
    (line,) = (line for line in lines if (line.method, line.metric) == (method, metric))
    return line


def read(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def test_the_files_come_with_rows_of_the_source_and_not_without(make_rows: Make) -> None:
    assert not FILES & set(render_tables(make_rows(["GCH"])))
    both = render_tables(make_rows(["GCH"]) + source_rows())
    assert set(both) >= FILES
    alone = render_tables(source_rows(["CNN", "3CONV-2FC"]))
    assert FILES & set(alone) == {name for name in FILES if "table3" not in name}


def test_table_1_calls_the_cnn_by_its_architecture_and_leaves_the_progressive_one_out() -> None:
    lines = source_tables(gather(source_rows()))[1]
    assert list(dict.fromkeys(line.method for line in lines)) == ["2CONV-4FC", "3CONV-2FC"]
    assert {line.metric for line in lines} == {"precision", "recall", "f1", "accuracy", "auc"}
    other = using_network(source_rows(["CNN"]))[0]
    details = other.details["artefacts"]["CNN-weights"] | {"architecture": "3CONV-2FC"}
    changed = other.model_copy(update={"details": {"artefacts": {"CNN-weights": details}}})
    lines = source_tables(gather([changed, *source_rows(["3CONV-2FC"])]))[1]
    assert {line.method for line in lines} == {"3CONV-2FC (CNN)", "3CONV-2FC"}


def test_table_2_says_what_was_kept_and_removed_in_all_and_by_weak_label() -> None:
    lines = source_tables(gather(source_rows()))[2]
    assert [at(lines, "CNN", m).mean for m in ("train", "test", "iterations")] == [80, 80, 250]
    assert [at(lines, "PCNN", m).mean for m in ("train", "validation", "batch")] == [60, 10, 64]
    for name, value in SELECTION.items():
        assert at(lines, "PCNN", name).mean == value
    assert at(lines, "PCNN", "removed_share_negative").mean == pytest.approx(0.5)
    assert at(lines, "PCNN", "kept_share").published == pytest.approx(0.9206, abs=1e-4)
    assert not [line for line in lines if line.method == "CNN" and "kept" in line.metric]


def test_table_3_pairs_pcnn_with_cnn_on_the_same_images() -> None:
    labels = [1, 1, 1, 0, 0, 0] * 10
    cnn = [0.9, 0.9, 0.2, 0.1, 0.1, 0.8] * 10
    pcnn = [0.9, 0.9, 0.6, 0.1, 0.1, 0.8] * 9 + [0.2, 0.9, 0.6, 0.1, 0.1, 0.8]
    rows = source_rows(["CNN", "PCNN"], labels=labels, scores={"CNN": cnn, "PCNN": pcnn})
    lines = source_tables(gather(rows))[3]
    difference = at(lines, "PCNN - CNN", "accuracy")
    assert difference.mean == pytest.approx(9 / 60)
    assert difference.low is not None
    assert 0 < difference.low < 9 / 60
    assert "difference of these two trained networks" in difference.interval
    assert [at(lines, "PCNN - CNN", m).mean for m in ("won", "lost")] == [10, 1]
    assert at(lines, "PCNN - CNN", "mcnemar_p").mean == pytest.approx(2 * (1 + 11) / 2**11)
    assert at(lines, "CNN", "accuracy").mean == pytest.approx(40 / 60)
    notes = render_tables(rows)["tables/notes.txt"].decode()
    assert "PCNN alone is right on 10 of them, CNN alone on 1 (exact McNemar p = .012)" in notes
    assert "where so few change sides" in notes


def test_published_figures_are_marked_where_the_source_is_another() -> None:
    lines = source_tables(gather(source_rows()))
    cnn = at(lines[3], "CNN", "f1")
    assert (cnn.published, cnn.certainty, cnn.difference) == (0.722, "A", None)
    assert cnn.comparable.startswith("no: learned from another source, photos (90 images); the paper's: ")
    assert at(lines[3], "PCNN - CNN", "f1").published == pytest.approx(0.069)
    assert at(lines[1], "3CONV-2FC", "accuracy").published == 0.683
    assert at(lines[1], "3CONV-2FC", "auc").comparable == ""
    as_published = source_tables(gather(source_rows(source="vso", images=446_376)))
    cnn = at(as_published[3], "CNN", "f1")
    assert cnn.comparable == ""
    assert cnn.mean is not None
    assert cnn.difference == pytest.approx(cnn.mean - 0.722)
    few = source_tables(gather(source_rows(source="vso", images=9_000)))
    assert "vso (9,000 images)" in at(few[3], "CNN", "f1").comparable


def test_published_figures_stand_beside_the_paper_s_target_alone() -> None:
    lines = source_tables(gather(source_rows(dataset="synthetic")))
    assert all(line.published is None for table in lines.values() for line in table)
    assert all(line.comparable == "" for table in lines.values() for line in table)


def test_every_line_says_the_source_its_size_and_that_labels_are_weak() -> None:
    files = render_tables(source_rows())
    for name in ("tables/table1.csv", "tables/table2.csv", "tables/table3.csv"):
        for line in read(files, name):
            if line["method"] != "PCNN - CNN":
                assert "photos, 90 images with weak labels" in line["artefacts"]
    assert all(line["labels"] == "weak" for line in read(files, "tables/table3_wide.csv"))
    for name in ("table1.tex", "table2.tex", "table3.tex", "notes.txt"):
        text = " ".join(files[f"tables/{name}"].decode().split())
        assert "labels are weak" in text
        assert "photos, 90 images" in text
    assert "a tenth of its 170 labelled images" in files["tables/notes.txt"].decode()


def test_tables_5_and_6_mark_networks_of_another_source(make_rows: Make) -> None:
    networks = using_network(make_rows(["CNN"]) + make_rows(["CNN"], stage="zero-transfer"))
    files = render_tables(networks + make_rows(["GCH"]))
    for table in ("5", "6"):
        for line in read(files, f"tables/table{table}.csv"):
            marked = line["method"] == "CNN" and line["published"]
            assert line["comparable"].startswith(
                "no: learned from another source, photos (90 images)"
            ) == bool(marked)
        (wide,) = (
            line
            for line in read(files, f"tables/table{table}_wide.csv")
            if line["method"] == "CNN" and line["figure"] == "comparable"
        )
        assert wide["five f1"] == "no"
        assert r"$^{\mathrm{A}\dagger}$" in files[f"tables/table{table}.tex"].decode()
    assert "† Not comparable with the published figure: CNN learned from another source, photos" in " ".join(
        files["tables/notes.txt"].decode().split()
    )
    gch = [line for line in read(files, "tables/table6.csv") if line["method"] == "GCH"]
    assert not any(line["comparable"] for line in gch)


def test_banks_of_another_source_are_marked_and_released_responses_are_not(make_rows: Make) -> None:
    def marked(summary: dict[str, object]) -> set[str]:
        rows = [
            row.model_copy(update={"details": {"artefacts": {"anp-bank": summary}}})
            for row in make_rows(["SentiBank"])
        ]
        lines = read(render_tables(rows), "tables/table6.csv")
        return {line["comparable"][:30] for line in lines if line["published"]}

    assert marked({"source": "coco+mvsa", "images": 13_213}) == {"no: learned from another sourc"}
    assert marked({"source": "vso", "images": 480_000}) == {""}
    assert marked({"source": "released responses", "columns": 1200}) == {""}


def test_published_against_reproduced_has_tables_1_to_3(make_rows: Make) -> None:
    def found(**source: object) -> dict[tuple[int, str, str], Reproduction]:
        rows = make_rows(["GCH"]) + source_rows(**source)
        return {(r.table, r.method, r.metric): r for r in analysis_of(rows).reproductions}

    other = found()[3, "PCNN", "accuracy"]
    assert other.verdict == INCOMPARABLE
    assert other.reason.startswith("learned from another source, photos (90 images)")
    same = found(source="vso", images=446_376)
    for key in ((1, "2CONV-4FC", "accuracy"), (2, "CNN", "train"), (3, "PCNN", "f1")):
        assert same[key].verdict != INCOMPARABLE
        assert same[key].ours is not None
    assert "other images of its source" in same[3, "PCNN", "f1"].of


def test_gaps_are_named_and_leave_the_others(make_failed: Callable[..., Row]) -> None:
    rows = source_rows()
    skipped = make_failed(rows[1].model_copy(update={"details": {}}), "needs a source", "skipped")
    lines = source_tables(gather([rows[0], skipped, rows[2]]))
    gap = at(lines[3], "PCNN", "accuracy")
    assert (gap.mean, gap.status, gap.reason) == (None, "skipped", "skipped: needs a source")
    assert at(lines[3], "PCNN - CNN", "auc").reason == "PCNN skipped: needs a source"
    assert at(lines[3], "CNN", "accuracy").mean is not None
    assert at(lines[2], "PCNN", "train").status == "skipped"
    files = render_tables([rows[0], skipped, rows[2]])
    assert "Table 3, gap: PCNN, source: skipped: needs a source." in files["tables/notes.txt"].decode()


def test_verify_holds_on_them_and_names_a_changed_cell(tmp_path: Path) -> None:
    rows = source_rows(n=40)
    for row in rows:
        write_row(row, tmp_path / "rows")
    for name, data in render_tables(rows).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert verify(tmp_path) == []
    path = tmp_path / "tables" / "table2.csv"
    path.write_text(path.read_text().replace(",train,80,", ",train,81,", 1))
    (problem,) = verify(tmp_path)
    assert "table2.csv" in problem
    assert "stored '81', recomputed '80'" in problem


def test_the_screen_shows_tables_1_3_and_5_before_6(make_rows: Make) -> None:
    networks = using_network(make_rows(["CNN", "PCNN"]) + make_rows(["CNN", "PCNN"], stage="zero-transfer"))
    console = Console(file=io.StringIO(), width=80)
    print_tables(networks + source_rows(), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert re.findall(r"^Table (\d)", text, re.MULTILINE) == ["1", "3", "5", "6"]
    assert max(map(len, text.split("\n"))) <= 80
    assert "…" not in text
    assert "†" in text
    assert "labels are weak" in " ".join(text.split())


def test_they_compile(tmp_path: Path, make_rows: Make) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not on this machine")
    files = render_tables(source_rows() + using_network(make_rows(["CNN"])))
    body = "".join(files[f"tables/table{n}.tex"].decode() for n in (1, 2, 3, 6))
    head = r"\documentclass{article}\usepackage[margin=2.5cm]{geometry}\usepackage{booktabs}\begin{document}"
    (tmp_path / "a.tex").write_text(f"{head}\n{body}\\end{{document}}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout[-2000:]
    assert "Overfull" not in result.stdout
