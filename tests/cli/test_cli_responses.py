"""``--responses``: released responses in the place of a learned bank, from the command line to the row."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer

from benchmark.cli.options import responses

Command = Callable[..., subprocess.CompletedProcess[str]]
RUN = ("run", "--methods", "SentiBank", "--data", "photos", "--out", "out", "--no-images")


@pytest.fixture(scope="module")
def file(place: Path) -> Path:
    """Probabilities for the 40 photos, by the names that these have below ``photos``."""
    rng = np.random.default_rng(0)
    lines = ["image,happy_dog,grey_wall,old_car"]
    for path in sorted((place / "photos").rglob("*.png")):
        happy = 0.7 if path.parent.name == "positive" else 0.2
        row = [happy + rng.uniform(-0.1, 0.2), *rng.uniform(0, 1, 2)]
        lines.append(",".join([str(path.relative_to(place / "photos")), *(f"{value:.6f}" for value in row)]))
    file = place / "theirs.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture(scope="module")
def done(benchmark: Command, place: Path, file: Path) -> Path:
    """The folder of a finished run."""
    benchmark(*RUN, "--responses", file.name)
    return place / "out"


def test_the_row_of_the_table_is_learned_from_the_file(done: Path) -> None:
    with (done / "tables" / "table6.csv").open() as table:
        (row,) = (row for row in csv.DictReader(table) if row["metric"] == "accuracy")
    assert (row["method"], row["status"]) == ("SentiBank", "ok")
    assert float(row["mean"]) > 0.9
    cell = json.loads(next((done / "rows").glob("*.json")).read_text())
    used = cell["details"]["artefacts"]["anp-bank"]
    assert (used["source"], used["file"], used["columns"]) == ("released responses", "theirs.csv", 3)
    assert used["read as"] == "probabilities"


def test_a_manifest_runs_again_with_the_same_file(benchmark: Command, done: Path) -> None:
    assert json.loads((done / "manifest.json").read_text())["config"]["responses"] == {
        "anp-bank": "theirs.csv"
    }
    assert "SentiBank: 5 of 5 cells stored" in benchmark("status", "--out", "out").stdout
    again = benchmark("run", "--config", "out/manifest.json", "--out", "out", "--no-images")
    assert "0 cells computed, 5 reused" in again.stdout


def test_bank_show_tells_columns_and_that_nothing_was_checked(benchmark: Command, done: Path) -> None:
    shown = benchmark("bank", "show", "anp-bank", "--out", "out", "--top", "2").stdout
    assert "released responses, theirs.csv: 3 columns of 40 images, read as probabilities" in shown
    assert "happy_dog" in shown
    assert "old_car" not in shown
    assert "is yours to answer for" in " ".join(shown.split())


def test_pictures_that_the_file_holds_are_scored_and_explained(benchmark: Command, done: Path) -> None:
    pictures = ("photos/positive/00.png", "photos/negative/03.png")
    options = ("--method", "SentiBank", "--data", "photos", "--responses", "theirs.csv", "--out", "scores")
    scores = json.loads(benchmark("predict", *pictures, *options, "--format", "json").stdout)
    assert [row["prediction"] for row in scores] == ["positive", "negative"]
    told = benchmark("explain", *pictures, *options).stdout
    assert "for positive: happy dog +" in told
    assert "for negative: no happy dog -" in told


def test_a_picture_that_the_file_lacks_is_an_error_that_names_both(
    benchmark: Command, done: Path, place: Path
) -> None:
    shutil.copy(place / "photos" / "positive" / "00.png", place / "holiday.png")
    options = ("--method", "SentiBank", "--data", "photos", "--responses", "anp-bank=theirs.csv")
    result = benchmark("predict", "holiday.png", *options, "--out", "nothing", check=1)
    assert "theirs.csv: the responses lack 1 of 1 images: holiday.png" in result.stderr
    assert "only the images of this file have any" in result.stderr
    assert not (place / "nothing").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [("none.csv", "none.csv: no such file"), ("anp=theirs.csv", "no such bank; known: anp-bank, att")],
)
def test_what_is_wrong_is_said(benchmark: Command, file: Path, given: str, message: str) -> None:
    result = benchmark(*RUN, "--dry-run", "--responses", given, check=None)
    assert result.returncode in (1, 2)
    assert message in " ".join(result.stderr.split())


def test_a_file_alone_is_that_of_the_pairs_and_every_bank_has_one() -> None:
    assert responses(None) is None
    assert responses(["a.csv", "attribute-bank=b=2.csv"]) == {
        "anp-bank": "a.csv",
        "attribute-bank": "b=2.csv",
    }
    for wrong, message in (["anp-bank="], "is not FILE"), (["a.csv", "anp-bank=b.csv"], "has two files"):
        with pytest.raises(typer.BadParameter, match=message):
            responses(wrong)
