"""The whole report: what it writes, that it repeats, and that `verify` names every drift."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmark.protocol.row import Row, write_row
from benchmark.report.evidence import EvidenceError
from benchmark.report.terminal import print_table
from benchmark.report.verify import verify
from benchmark.report.write import render_figures, render_tables, write_report

Make = Callable[..., list[Row]]

TABLES = {
    "tables/table4.csv", "tables/table4_wide.csv", "tables/table4.tex", "tables/table4_votes.csv",
    "tables/table6.csv", "tables/table6_wide.csv", "tables/table6.tex", "tables/table6_pooled.csv",
    "tables/top5_overlap.csv", "tables/notes.txt", "figures/top5.csv",
    "tables/intervals.csv", "tables/pairs.csv", "tables/ties.csv", "tables/published.csv",
    "tables/published.tex", "tables/claims.csv", "tables/claims.md", "tables/claims.tex",
    "tables/claim_contrasts.csv", "tables/by_votes.tex", "tables/calibration.tex",
    *(f"tables/{name}.csv" for name in (
        "ceiling", "by_votes", "calibration", "reliability", "errors", "error_overlap", "missed",
    )),
}  # fmt: skip
FIGURES = {
    f"figures/{name}.{kind}"
    for name in ("figure5", "overlap", "intervals", "by_votes", "reliability", "errors")
    for kind in ("png", "pdf")
}


@pytest.fixture
def run(tmp_path: Path, make_rows: Make) -> Path:
    """A folder with the rows and tables of a small run."""
    rows = make_rows(n=60)
    for row in rows:
        write_row(row, tmp_path / "rows")
    for name, data in render_tables(rows).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_files_of_a_report(make_rows: Make, tmp_path: Path) -> None:
    written = write_report(make_rows(), tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == TABLES | FIGURES | {"report.html"}
    assert {p for p in tmp_path.rglob("*") if p.is_file()} == set(written)


def test_tables_and_figures_do_not_depend_on_the_order_of_rows(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], n=60)
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    assert render_tables(shuffled) == render_tables(rows)
    assert render_figures(shuffled) == render_figures(rows)


def test_table_5_is_written_only_where_it_was_run(make_rows: Make) -> None:
    assert not any("table5" in name for name in render_tables(make_rows(["CNN"])))
    both = render_tables(make_rows(["CNN"]) + make_rows(["CNN"], stage="zero-transfer"))
    assert {"tables/table5.csv", "tables/table5_wide.csv", "tables/table5.tex"} <= set(both)
    alone = render_tables(make_rows(["CNN"], stage="zero-transfer"))
    assert "tables/table4.csv" in alone
    assert not any("table6" in name or "top5" in name for name in alone)
    assert render_figures(make_rows(["CNN"], stage="zero-transfer")) == {}


def test_a_run_in_which_everything_failed_still_has_tables(
    make_rows: Make, make_failed: Callable[..., Row]
) -> None:
    rows = [make_failed(row, "no disk") for row in make_rows(["GCH"])]
    tables = render_tables(rows)
    assert b"folds 1, 2, 3, 4, 5 failed: no disk" in tables["tables/table6.csv"]
    assert render_figures(rows) == {}


def test_rows_that_do_not_belong_together_leave_the_folder_as_it_was(make_rows: Make, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError):
        write_report(make_rows(["GCH"]) + make_rows(["LCH"], protocol="campos"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_own_files_that_no_longer_hold_are_removed_and_no_others(make_rows: Make, tmp_path: Path) -> None:
    write_report(make_rows(["GCH", "LCH"]) + make_rows(["CNN"], stage="zero-transfer"), tmp_path)
    (tmp_path / "tables" / "mine.csv").write_text("mine")
    write_report(make_rows(["GCH"]), tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    gone = {f"tables/{name}.csv" for name in ("top5_overlap", "pairs", "ties", "error_overlap")}
    gone |= {f"figures/{name}.{kind}" for name in ("overlap", "errors") for kind in ("png", "pdf")}
    assert left == (TABLES | FIGURES) - gone | {"tables/mine.csv", "report.html"}


def test_verify_holds_on_an_untouched_run(run: Path) -> None:
    assert verify(run) == []


def test_verify_names_the_cell_that_was_changed(run: Path) -> None:
    path = run / "tables" / "table6.csv"
    lines = path.read_text().split("\n")
    at = next(i for i, line in enumerate(lines) if ",GCH,four,f1," in line)
    value = lines[at].split(",")[5]
    lines[at] = lines[at].replace(value, "0.9999", 1)
    path.write_text("\n".join(lines))
    assert verify(run) == [
        f"tables/table6.csv: line {at + 1} (cross-validation GCH four f1), mean: "
        f"stored '0.9999', recomputed '{value}'"
    ]


def test_verify_names_changes_of_the_printed_tables(run: Path) -> None:
    edit(run / "tables" / "table6_wide.csv", "LCH,certainty,A", "LCH,certainty,C")
    edit(run / "tables" / "table6.tex", "Method & P", "Methods & P")
    tex, wide = verify(run)
    assert "(LCH certainty), five precision: stored 'C', recomputed 'A'" in wide
    assert "tables/table6.tex: line" in tex
    assert "Methods & P" in tex


def test_verify_names_lines_taken_out_put_in_and_moved(run: Path) -> None:
    path = run / "tables" / "table4.csv"
    head, first, second, *rest = path.read_text().split("\n")
    path.write_text("\n".join([head, second, *rest]))
    assert verify(run)[0] == "tables/table4.csv: has 8 lines below the header, the rows give 9"
    assert verify(run)[1] == "tables/table4.csv: annotators five positive: missing, the rows give it"
    path.write_text("\n".join([head, second, first, *rest]))
    assert verify(run) == ["tables/table4.csv: lines come in another order, or more than once"]
    path.write_text("\n".join([head, first, second, second.replace("five", "six"), *rest]))
    assert verify(run)[1] == "tables/table4.csv: line 4 (annotators six negative): the rows give no such line"


def test_verify_sees_bytes_that_make_no_difference_to_a_reader(run: Path) -> None:
    path = run / "tables" / "table4_votes.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(run) == ["tables/table4_votes.csv: same cells, other bytes (line ends, quotes or blanks)"]


def test_verify_names_missing_and_extra_tables(run: Path) -> None:
    (run / "tables" / "table6.csv").unlink()
    (run / "figures" / "top5.csv").unlink()
    (run / "tables" / "table5.csv").write_text("table\n")
    (run / "tables" / "mine.csv").write_text("mine\n")
    names = [problem.split(":")[0] for problem in verify(run)]
    assert names == ["figures/top5.csv", "tables/mine.csv", "tables/table5.csv", "tables/table6.csv"]


def test_verify_names_a_row_that_was_changed(run: Path) -> None:
    """Other scores, then other tables: the drift is found from the row's side too."""
    path = next((run / "rows").glob("*GCH_five_fold1*"))
    row = Row.model_validate_json(path.read_bytes())
    scores = [1 - s for s in row.scores]
    changed = row.model_dump() | {"scores": scores, "predictions": [int(s >= 0.5) for s in scores]}
    write_row(Row.model_validate(changed), run / "rows")
    assert any("GCH five accuracy), mean: stored" in problem for problem in verify(run))


def test_verify_names_rows_that_are_cut_off_missing_or_mixed(run: Path, make_rows: Make) -> None:
    path = next((run / "rows").glob("*LCH_three_fold2*"))
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    (problem,) = verify(run)
    assert path.name in problem
    path.unlink()
    assert any("fold 2 missing" in problem for problem in verify(run))
    path.write_bytes(whole)
    write_row(make_rows(["BoW"], protocol="campos", n=60)[0], run / "rows")
    (problem,) = verify(run)
    assert "different protocols" in problem


def test_verify_of_a_folder_without_rows(tmp_path: Path) -> None:
    (problem,) = verify(tmp_path)
    assert "no rows" in problem


def shown(rows: list[Row], width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_table(rows, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_screen_shows_accuracy_paper_and_difference(make_rows: Make) -> None:
    text = shown(make_rows(["Majority", "GCH"]))
    table = next(
        line
        for line in render_tables(make_rows(["Majority", "GCH"]))["tables/table6_wide.csv"]
        .decode()
        .split("\n")
        if line.startswith("GCH,mean")
    )
    assert f"{table.split(',')[5][1:]} ±" in text
    assert ".684 A" in text
    assert "accuracy on twitter, protocol grouped" in text
    assert "…" not in text
    assert max(map(len, text.split("\n"))) <= 80


def test_the_screen_names_gaps_and_markup_is_text(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["[bold]own[/bold]"], dataset="synthetic", published=False)
    text = shown([make_failed(rows[0], "no [red]memory"), *rows[1:]])
    assert "[bold]own[/bold]" in text
    assert "failed" in text
    assert "fold 1 failed: no [red]memory" in " ".join(text.split())
    assert "not those that the paper tested" in " ".join(text.split())
    assert "paper  diff." not in text
