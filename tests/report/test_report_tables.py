"""CSV tables: cells, the tidy form, and the form printed in the paper."""

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.protocol.row import Row
from benchmark.report.aggregate import COLUMNS, metric_lines
from benchmark.report.cells import csv_bytes, number, printed_difference, short, signed
from benchmark.report.counts import count_lines
from benchmark.report.evidence import gather
from benchmark.report.tables import count_wide_csv, metric_wide_csv, tidy_csv

Make = Callable[..., list[Row]]


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize(
    ("value", "long", "brief", "sign"),
    [
        (0.70849, "0.7085", ".708", "+.708"),
        (-0.0121, "-0.0121", "-.012", "-.012"),
        (-0.00001, "0.0000", ".000", ".000"),
        (1.0, "1.0000", "1.000", "+1.000"),
        (10.5, "10.5000", "10.500", "+10.500"),
        (581, "581", "581", "+581"),
        (-2, "-2", "-2", "-2"),
        (0, "0", "0", "0"),
        (None, "", "", ""),
    ],
)
def test_numbers_have_fixed_decimals(value: float | None, long: str, brief: str, sign: str) -> None:
    assert (number(value, 4), short(value), signed(value)) == (long, brief, sign)


def test_printed_differences_are_those_of_the_printed_figures() -> None:
    # .6836 prints as .684: a reader who subtracts the published .684 finds 0
    assert number(printed_difference(0.6836, 0.684), 3) == "0.000"
    assert printed_difference(580, 581) == -1
    assert printed_difference(None, 0.684) is None


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx"])
def test_a_name_is_never_a_formula(text: str) -> None:
    (line,) = read(csv_bytes(["name", "value"], [(text, -0.5)]))
    assert line == {"name": f"'{text}", "value": "-0.5000"}


def test_a_name_stays_on_its_line() -> None:
    assert read(csv_bytes(["a"], [("two\r\nlines",)])) == [{"a": "two lines"}]


BREAKS = "\r\n\v\f\0\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""Characters that end a line somewhere: a table has a blank in their place."""


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters=BREAKS), max_size=8), min_size=2, max_size=2
    )
)
def test_any_text_comes_back(texts: list[str]) -> None:
    (line,) = read(csv_bytes(["a", "b"], [texts]))
    assert [value.removeprefix("'") for value in line.values()] == [t.removeprefix("'") for t in texts]


def test_tidy_has_one_figure_a_line(make_rows: Make) -> None:
    data = tidy_csv(metric_lines(gather(make_rows()), "cross-validation"))
    lines = read(data)
    assert data.decode().split("\n")[0].split(",") == list(COLUMNS)
    assert len(lines) == 3 * 3 * 7
    (line,) = [x for x in lines if (x["method"], x["subset"], x["metric"]) == ("GCH", "five", "accuracy")]
    assert (line["table"], line["published"], line["certainty"], line["status"]) == ("6", "0.6840", "A", "ok")
    assert float(line["difference"]) == pytest.approx(float(line["mean"]) - 0.684, abs=1e-4)


def test_tidy_counts_are_whole_numbers(make_rows: Make) -> None:
    (line,) = [
        x
        for x in read(tidy_csv(count_lines(gather(make_rows(n=100)))))
        if (x["method"], x["subset"], x["metric"]) == ("annotators", "three", "total")
    ]
    assert (line["mean"], line["published"], line["difference"]) == ("100", "1269", "-1169")


def test_wide_has_the_papers_row_and_the_comparison_below(make_rows: Make) -> None:
    evidence = gather(make_rows())
    lines = read(metric_wide_csv(evidence, metric_lines(evidence, "cross-validation")))
    gch = {line["figure"]: line for line in lines if line["method"] == "GCH"}
    assert list(gch) == ["mean", "std", "published", "certainty", "difference"]
    assert gch["published"]["four recall"] == "0.840"
    assert gch["certainty"]["four recall"] == "A"
    difference = float(gch["mean"]["four recall"]) - 0.840
    assert float(gch["difference"]["four recall"]) == pytest.approx(difference, abs=1e-9)
    assert [line["figure"] for line in lines if line["method"] == "Majority"] == ["mean", "std"]
    assert {(line["dataset"], line["protocol"], line["train_on"]) for line in lines} == {
        ("twitter", "grouped", "subset")
    }


def test_wide_says_why_a_cell_is_empty(make_rows: Make) -> None:
    evidence = gather([r for r in make_rows(["GCH"]) if (r.cell.subset, r.cell.fold) != ("four", 2)])
    mean, *_ = read(metric_wide_csv(evidence, metric_lines(evidence, "cross-validation")))
    assert mean["four accuracy"] == ""
    assert mean["five accuracy"] != ""
    assert mean["gaps"] == "four: fold 2 missing"


def test_wide_table_4(make_rows: Make) -> None:
    evidence = gather(make_rows(n=100))
    lines = {(x["sentiment"], x["figure"]): x for x in read(count_wide_csv(evidence, count_lines(evidence)))}
    assert lines["total", "mean"]["five"] == "60"
    assert lines["total", "published"]["three"] == "1269"
    assert lines["total", "difference"]["three"] == "-1169"
