"""The profile of a run: kept beside the rows, shown by the page, no part of what the rows must give."""

from collections.abc import Callable
from pathlib import Path

import pytest
from page_parts import Parts
from rich.console import Console

from benchmark.cli.profile_table import print_profile
from benchmark.protocol.profile import ProfileError, ProfileLine, read_profile, write_profile
from benchmark.protocol.row import Row, write_row
from benchmark.report.html.page import render_page
from benchmark.report.verify import verify
from benchmark.report.write import refresh_page, write_report

Make = Callable[..., list[Row]]
LINES = [
    ProfileLine(stage="features", wall_seconds=20.0, cpu_seconds=31.5, peak_memory=300.0),
    ProfileLine(
        stage="features", item="Sift", wall_seconds=30.0, cpu_seconds=29.5, count=1269, unit="images"
    ),
    ProfileLine(stage="features", item="<b>&", wall_seconds=10.0, count=1, unit="images"),
    ProfileLine(stage="cells", wall_seconds=5.0),
    ProfileLine(stage="cells", item="GCH", wall_seconds=4.0, count=5, unit="cells"),
    ProfileLine(stage="cells", item="GCH", part="fit", wall_seconds=3.0, count=5, unit="cells"),
]


@pytest.fixture
def folder(make_rows: Make, tmp_path: Path) -> Path:
    """A run's folder with its report, and without a profile."""
    rows = make_rows(["GCH"], n=30, subsets=["four"])
    for row in rows:
        write_row(row, tmp_path / "rows")
    write_report(rows, tmp_path)
    return tmp_path


def test_a_profile_survives_its_file(tmp_path: Path) -> None:
    assert read_profile(tmp_path) == ()
    write_profile(LINES, tmp_path)
    assert list(read_profile(tmp_path)) == LINES


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stage,item", "stage,thing", "line 1: columns are 'stage,thing"),
        (",20.0,", ",long,", "line 2: wall_seconds is 'long'"),
        (",20.0,", ",-1,", "line 2: wall_seconds is '-1'"),
        (",20.0,", ",nan,", "line 2: wall_seconds is 'nan'"),
        ("cells,,,5.0,,,,\n", "cells\n", "line 5: 1 cells"),
    ],
)
def test_a_damaged_profile_is_named_by_line(folder: Path, old: str, new: str, message: str) -> None:
    path = write_profile(LINES, folder)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ProfileError, match=message):
        read_profile(folder)
    (problem,) = verify(folder)
    assert message in problem
    assert "delete it, or write it anew" in problem


def test_the_page_shows_the_profile_and_verify_holds_with_it(folder: Path, make_rows: Make) -> None:
    assert verify(folder) == []
    tables = {path: path.read_bytes() for path in (folder / "tables").rglob("*") if path.is_file()}
    plain = (folder / "report.html").read_bytes()
    assert "profile" not in {section["id"] for section in Parts(plain).all("section")}
    write_profile(LINES, folder)
    (problem, *_) = verify(folder)
    assert problem.startswith("report.html: line")
    rows = make_rows(["GCH"], n=30, subsets=["four"])
    refresh_page(rows, folder)
    assert verify(folder) == []
    assert (folder / "report.html").read_bytes() == render_page(rows, profile=LINES)
    write_report(rows, folder)
    assert verify(folder) == []
    assert {path: path.read_bytes() for path in tables} == tables
    (folder / "profile.csv").unlink()
    write_report(rows, folder)
    assert (folder / "report.html").read_bytes() == plain


def test_the_section_says_shares_rates_and_escapes_names(make_rows: Make) -> None:
    page = render_page(make_rows(["GCH"], n=30), profile=LINES)
    text = Parts(page).one("section", id="profile").text
    for said in (
        "25.0 s in all",
        "all of features",
        "1,269 images",
        "42.3",
        "75",
        "GCH: fit",
        "<b>&",
        "1 image",
    ):
        assert said in text
    assert b"<b>&" not in page


def test_the_printed_table_keeps_the_most_costly_of_each_stage() -> None:
    many = [LINES[3], *(LINES[4].model_copy(update={"item": f"method {i}"}) for i in range(9))]
    console = Console(width=100)
    with console.capture() as captured:
        print_profile(many, console)
    said = captured.get()
    assert "method 4" in said
    assert "method 5" not in said
    assert "5 cells" in said
