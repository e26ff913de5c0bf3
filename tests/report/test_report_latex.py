"""LaTeX tables: escaping, what is bold, what is said of gaps; and that they compile where LaTeX is."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.protocol.row import Row
from benchmark.report.aggregate import metric_lines
from benchmark.report.escape import escape
from benchmark.report.evidence import gather
from benchmark.report.latex import metric_tex
from benchmark.report.write import render_tables

Make = Callable[..., list[Row]]
NASTY = r"50%_of $x^2$ {a}&b #1 ~\end{table} é 图 <b>'q'"


def table_6(rows: list[Row], letters: dict[tuple[str, str, str], str] | None = None) -> str:
    evidence = gather(rows)
    lines = metric_lines(evidence, "cross-validation")
    return metric_tex(evidence, "cross-validation", lines, letters or {}).decode()


@given(st.text(max_size=30))
def test_escaped_text_holds_nothing_that_latex_would_obey(text: str) -> None:
    found = escape(text)
    assert found.isascii()
    bare = re.sub(
        r"\\(text\w+\{\}|ldots\{\}|[{}$&#%_]|[`'^~\"]|c (?=\w)|texttt(?=\{))|\$(-|\\times|\\pm|\\dagger)\$",
        "",
        found,
    )
    assert not set(bare) & set("\\$&#%_^~")
    assert bare.count("{") == bare.count("}")


def test_known_escapes() -> None:
    assert escape("a_b & 50% -- é") == r"a\_b \& 50\% {-}{-} {\'e}"
    assert escape("图") == r"\texttt{U+56FE}"
    assert escape("two\nlines") == "two lines"


def test_best_accuracy_of_each_subset_is_bold(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH", "PCNN"], n=400)
    lines = metric_lines(gather(rows), "cross-validation")
    best = [
        max(f"{x.mean:.3f}"[1:] for x in lines if (x.subset, x.metric) == (s, "accuracy"))
        for s in ("five", "four", "three")
    ]
    assert re.findall(r"\\textbf\{([.\d]+)\}", table_6(rows)) == best


def test_equal_accuracies_are_both_bold(make_rows: Make) -> None:
    rows = make_rows(["GCH"], subsets=["five"])
    twin = [
        Row.model_validate(r.model_dump() | {"cell": r.cell.model_dump() | {"method": "LCH"}}) for r in rows
    ]
    assert table_6(rows + twin).count(r"\textbf") == 2


def test_accuracies_carry_the_letters_of_their_tie_groups(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"])
    assert "letter" not in table_6(rows)
    text = table_6(rows, {("cross-validation", "four", "GCH"): "ab"})
    assert text.count(r"\scriptscriptstyle ab") == 1
    line = next(line for line in text.split("\n") if line.startswith("GCH"))
    assert r"\scriptscriptstyle ab" in line.split(" & ")[8]
    assert "Methods that share a letter are not told apart" in text


def test_every_line_has_the_columns_of_the_head(make_rows: Make) -> None:
    text = table_6(make_rows(["Majority", "GCH", "LCH"]))
    body = text[text.index(r"\midrule") : text.index(r"\bottomrule")].split("\n")[1:-1]
    assert {line.count(" & ") for line in body} == {12}
    # Majority: mean and deviation; the others: published figure and difference too
    assert len(body) == 2 + 4 + 4


def test_a_gap_is_a_dash_with_its_reason_below(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH"], subsets=["five"])
    text = table_6([*rows[:4], make_failed(rows[4], f"boom {NASTY}")])
    assert "GCH & -- & -- & -- & --" in text
    assert r"GCH, five: fold 5 failed: boom 50\%\_of \$x" in text
    assert r"\textbf" not in text


def test_protocol_and_training_set_are_said(make_rows: Make) -> None:
    campos = table_6(make_rows(["GCH"], protocol="campos"))
    assert "Protocol campos" in campos
    assert "near{-}duplicates between training and test" in campos
    assert "train{-}on all" in table_6(make_rows(["GCH"], train_on="all"))
    other = table_6(make_rows(["GCH"], dataset="synthetic", published=False))
    assert "synthetic, generated images, not those that the paper tested" in other
    assert "published" not in other[other.index(r"\midrule") :]


def test_tables_compile(make_rows: Make, make_failed: Callable[..., Row], tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not on this machine")
    names = [
        "Majority",
        "GCH",
        "LCH",
        "BoW",
        "GCH+BoW",
        "LCH+BoW",
        "SentiBank",
        "Sentribute",
        "CNN",
        "PCNN",
        NASTY,
    ]
    rows = make_rows(names, n=150) + make_rows(["CNN", "PCNN"], n=150, stage="zero-transfer")
    rows = [make_failed(row, NASTY) if row.cell.method == "BoW" else row for row in rows]
    tex = [name for name in render_tables(rows) if name.endswith(".tex")]
    assert [Path(name).stem for name in tex] == [
        "table4",
        "table5",
        "table6",
        "published",
        "claims",
        "by_votes",
        "calibration",
    ]
    for name, data in render_tables(rows).items():
        (tmp_path / Path(name).name).write_bytes(data)
    inputs = "\n".join(rf"\input{{{Path(name).name}}}" for name in tex)
    document = (
        "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n"
        + inputs
        + "\n\\end{document}\n"
    )
    (tmp_path / "all.tex").write_text(document)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    assert "Float too large" not in done.stdout
