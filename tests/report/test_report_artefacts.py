"""Which bank a figure used: in the tidy tables, and below the table on paper, on the screen, in the notes."""

import csv
import io
from collections.abc import Callable
from typing import Any

from rich.console import Console

from benchmark.protocol.row import Row
from benchmark.report.aggregate import metric_lines
from benchmark.report.artefacts import artefacts_text
from benchmark.report.evidence import gather
from benchmark.report.notes import artefact_notes
from benchmark.report.terminal import print_table
from benchmark.report.write import render_tables

Make = Callable[..., list[Row]]
BANK = {"source": "coco+mvsa", "kept": 165, "tried": 213, "mean_ap": 0.0456, "files": "9df5"}
SAID = "anp-bank: coco+mvsa, 165 detectors, mean AP .046"


def with_artefacts(rows: list[Row], artefacts: dict[str, Any]) -> list[Row]:
    return [Row.model_validate(row.model_dump() | {"details": {"artefacts": artefacts}}) for row in rows]


def rows_of(make_rows: Make) -> list[Row]:
    return [*make_rows(["GCH"]), *with_artefacts(make_rows(["SentiBank"]), {"anp-bank": BANK})]


def test_the_words_name_source_detectors_and_precision_as_far_as_known(make_rows: Make) -> None:
    (row, *_) = make_rows(["SentiBank"])
    assert artefacts_text([row]) == ""
    assert artefacts_text(with_artefacts([row], {"anp-bank": BANK})) == SAID
    assert artefacts_text(with_artefacts([row], {"toy-bank": {"colours": 1}})) == "toy-bank"
    both = {"b": {"source": "vso"}, "a": {"kept": 1200}}
    assert artefacts_text(with_artefacts([row], both)) == "a: 1,200 detectors; b: vso"


def test_rows_with_different_artefacts_name_each_once(make_rows: Make) -> None:
    rows = make_rows(["SentiBank"])
    other = BANK | {"kept": 12}
    mixed = [*with_artefacts(rows[:3], {"anp-bank": BANK}), *with_artefacts(rows[3:], {"anp-bank": other})]
    assert artefacts_text(mixed) == f"{SAID}; {SAID.replace('165', '12')}"


def test_the_tidy_table_says_it_on_every_line_that_used_one(make_rows: Make) -> None:
    table = render_tables(rows_of(make_rows))["tables/table6.csv"].decode()
    found = {(line["method"], line["artefacts"]) for line in csv.DictReader(io.StringIO(table, newline=""))}
    assert found == {("GCH", ""), ("SentiBank", SAID)}


def test_it_stands_below_the_table_on_paper_on_the_screen_and_in_the_notes(make_rows: Make) -> None:
    rows = rows_of(make_rows)
    files = render_tables(rows)
    said = f"SentiBank used {SAID}."
    assert said.replace("-", "{-}") in files["tables/table6.tex"].decode()
    assert f"Table 6: {said}" in files["tables/notes.txt"].decode().split("\n")
    console = Console(file=io.StringIO(), width=80)
    print_table(rows, console)
    assert said in " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    alone = render_tables(make_rows(["GCH"]))
    assert not any(b" used " in data for data in alone.values())


def test_subsets_that_used_another_bank_are_told_apart(make_rows: Make) -> None:
    rows = make_rows(["SentiBank"])
    five = [row for row in rows if row.cell.subset == "five"]
    others = [row for row in rows if row.cell.subset != "five"]
    mixed = [
        *with_artefacts(five, {"anp-bank": BANK | {"source": "vso"}}),
        *with_artefacts(others, {"anp-bank": BANK}),
    ]
    notes = artefact_notes(metric_lines(gather(mixed), "cross-validation"))
    assert notes == [
        f"SentiBank on five used {SAID.replace('coco+mvsa', 'vso')}.",
        f"SentiBank on four, three used {SAID}.",
    ]
