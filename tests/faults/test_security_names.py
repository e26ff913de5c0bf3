"""Names from data stay text: never a path, a formula of a spreadsheet, LaTeX or HTML."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console

from benchmark.cli.bank_show import tell_bank
from benchmark.cli.predict import _show
from benchmark.data.dataset import DatasetError
from benchmark.data.folder import dataset_name, list_images
from benchmark.data.labels import Line
from benchmark.data.released_answers import ReleasedColumns
from benchmark.data.target_responses import VALUES
from benchmark.protocol.row import Cell, Row, read_row, write_row
from benchmark.report.cells import FORMULA, csv_bytes, safe_text
from benchmark.report.html.page import render_page
from benchmark.report.write import render_tables

PLANTED = (
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\\input{/etc/passwd}",
    "$\\write18{id}$ %",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    "\u2028=1",
    "＝1",
    "a\n=1",
    "[/bold] [red]",
    "\0",
    "x" * 300,
    "CON",
    "",
)
CELLS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def row(method: str, dataset: str, fold: int, reason: str = "") -> Row:
    ok = not reason
    return Row(
        cell=Cell(stage="cross-validation", method=method, dataset=dataset, subset="all", fold=fold, seed=0),
        family="low-level",
        folds=2,
        protocol="grouped",
        train_on="subset",
        status="ok" if ok else "failed",
        reason=reason,
        key="k",
        depends={"method": method},
        images=[f"{fold}{i:02d}" for i in range(12)],
        labels=[i % 2 for i in range(12)],
        scores=[0.3 + 0.04 * i for i in range(12)] if ok else [],
        predictions=[int(0.3 + 0.04 * i >= 0.5) for i in range(12)] if ok else [],
        n_train=12,
        n_train_positive=6,
        details={"artefacts": {"anp-bank": {"source": method, "images": 9, "kept": 3, "mean_ap": 0.5}}},
    )


@pytest.mark.parametrize("name", PLANTED)
def test_a_row_of_any_name_lies_in_its_folder(tmp_path: Path, name: str) -> None:
    path = write_row(row(name, name, 1), tmp_path / "rows") if len(name) < 60 else None
    if path is None:
        return
    assert path.parent == tmp_path / "rows"
    assert path.resolve().parent == (tmp_path / "rows").resolve()
    assert set(tmp_path.rglob("*")) == {tmp_path / "rows", path}
    assert read_row(path).cell.method == name


@given(st.text(max_size=40) | st.sampled_from(PLANTED))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_no_text_of_a_table_is_a_formula(text: str) -> None:
    (header, line) = csv.reader(io.StringIO(csv_bytes([text, "b"], [[text, -1.5]]).decode(), newline=""))
    for cell in (header[0], line[0]):
        assert not cell.lstrip().startswith(CELLS)
        assert not cell.startswith(("\t", "\r"))
        assert not set(cell) & set("\r\n\0\x0b\x0c\x85\u2028\u2029")
    assert line[1] == "-1.5000", "a number below 0 stays one"


@pytest.mark.parametrize("text", [" =1", "\x0b=1", "＝1", "－1", "\u2028@x", "\t=1"])
def test_formulas_behind_blanks_and_in_full_width_are_defused(text: str) -> None:
    assert safe_text(text).startswith("'")
    assert set(CELLS) == set(FORMULA)


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def report() -> tuple[dict[str, bytes], bytes]:
    """Tables and page of a run in which every name is planted."""
    names = [name for name in PLANTED if name.strip()]
    rows = [row(name, "=cmd|' !A0<script>\\input{x}", fold) for name in names[:8] for fold in (1, 2)]
    rows += [row("GCH", rows[0].cell.dataset, fold, f"failed: {' '.join(names)}") for fold in (1, 2)]
    return render_tables(rows), render_page(rows)


def test_planted_names_in_every_table(report: tuple[dict[str, bytes], bytes]) -> None:
    tables, _ = report
    for name, data in tables.items():
        text = data.decode()
        if name.endswith(".csv"):
            for line in csv.reader(io.StringIO(text, newline="")):
                for cell in line:
                    number = re.fullmatch(r"[-+]?[\d.]+(e-?\d+)?", cell)
                    assert number or not cell.lstrip().startswith(CELLS), f"{name}: {cell!r}"
        if name.endswith(".tex"):
            assert "\\input{" not in text
            assert "\\write18" not in text
        if name.endswith(".md"):
            assert "<script" not in text
    assert any(b"{textbackslash}" in data or b"textbackslash" in data for data in tables.values())


def test_planted_names_in_the_page(report: tuple[dict[str, bytes], bytes]) -> None:
    _, page = report
    parts = Page()
    parts.feed(page.decode())
    assert not [
        tag
        for tag, _ in parts.elements
        if tag in ("img", "iframe", "object", "embed", "link", "base", "form")
    ]
    scripts = [attributes for tag, attributes in parts.elements if tag == "script"]
    assert [attributes for attributes in scripts if attributes.get("type") != "application/json"] == [{}]
    assert not [
        a for _, attributes in parts.elements for a in attributes if a.startswith("on") or a == "style"
    ]
    policy = next(a["content"] for tag, a in parts.elements if tag == "meta" and "http-equiv" in a)
    assert policy is not None
    allowed = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert allowed["default-src"] == ["'none'"]
    assert allowed["img-src"] == ["data:"]
    assert allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    for kind in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]+={0,2}'", source) for source in allowed[kind])
    assert set(allowed) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    referrer = [a for tag, a in parts.elements if tag == "meta" and a.get("name") == "referrer"]
    assert referrer == [{"name": "referrer", "content": "no-referrer"}]


@pytest.mark.parametrize("name", PLANTED)
def test_names_of_label_files_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    line = Line(tmp_path / "a.txt", 1, (name, "1"))
    if not name.strip() or ".." in name or len(name) > 255:
        with pytest.raises(DatasetError, match=r"a\.txt, line 1: "):
            line.image  # noqa: B018
        return
    assert "/" not in line.image
    assert line.image not in ("", ".", "..")


@pytest.mark.parametrize(
    "name", [n for n in PLANTED if n and "\0" not in n and len(n) < 200 and "/" not in n]
)
def test_a_folder_of_any_name_has_a_safe_one(tmp_path: Path, name: str) -> None:
    for word in ("positive", "negative"):
        (tmp_path / name / word).mkdir(parents=True)
        Image.new("RGB", (4, 4)).save(tmp_path / name / word / "=cmd.png")
    assert re.fullmatch(r"[a-z0-9-]+", dataset_name(tmp_path / name))
    assert list_images(tmp_path / name).names == ["positive/=cmd.png", "negative/=cmd.png"]


def test_scores_of_pictures_of_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    """predict --format csv wrote the names as they are: a picture called =cmd.jpg was a formula."""
    _show([Path("=cmd|' !A0.jpg"), Path("-x.jpg")], [0.75, 0.25], "csv")
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [line["image"] for line in lines] == ["'=cmd|' !A0.jpg", "'-x.jpg"]
    assert [line["positive"] for line in lines] == ["0.75", "0.25"]


def test_names_of_columns_are_no_markup_of_the_screen(tmp_path: Path) -> None:
    """bank show: a concept called [/bold] ended in rich.errors.MarkupError."""
    names = ("[/bold]", "[red]x", "\\input{x}")
    ReleasedColumns(names, False).save(tmp_path)
    np.savez(tmp_path / VALUES, values=np.ones((2, 3), dtype=np.float32))
    summary = {"source": "released responses", "file": "r.csv", "columns": 3, "read as": "margins"}

    (tmp_path / "card.json").write_text(json.dumps({"summary": summary, "source": {"notes": ["[/]"]}}))
    console = Console(file=io.StringIO(), width=200)
    tell_bank(console, tmp_path, 5)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(name in said for name in names)
