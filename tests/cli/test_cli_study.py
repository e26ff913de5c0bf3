"""``study progressive`` as a user gives it."""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
STUDY = ("study", "progressive", "--quick", "--data", "synthetic:n=60", "--jobs", "1", "--out", "study")
QUICK = (*STUDY, "--noise", "0.2")


@pytest.fixture(scope="module")
def done(benchmark: Command, place: Path) -> Path:
    """The folder of a finished study."""
    benchmark(*QUICK, "--seeds", "0")
    return place / "study"


def test_it_leaves_tables_findings_figure_and_manifest(done: Path, place: Path) -> None:
    with (done / "results.csv").open() as file:
        results = list(csv.DictReader(file))
    assert {row["arm"] for row in results} == {"CNN", "PCNN", "random removal", "no removal"}
    assert {(row["seed"], row["noise"]) for row in results} == {("0", "0.2")}
    with (done / "summary.csv").open() as file:
        summary = {(row["what"], row["metric"], row["labels"]): row for row in csv.DictReader(file)}
    removed = summary["PCNN: removed - kept", "label_error", "true"]
    assert removed["mean"] or removed["reason"]
    assert "Does Eq. 3 remove wrongly labelled images?" in (done / "findings.txt").read_text()
    assert (done / "figure.png").stat().st_size > 1000
    manifest = json.loads((done / "manifest.json").read_text())
    assert manifest["source"]["given"] == "synthetic:n=60"
    assert manifest["config"]["seeds"] == [0]
    assert {path.name for path in place.iterdir()} <= {"photos", "cache", "data", "study"}
    assert not list(done.rglob("*.part")) + list(done.rglob(".lock"))


def test_more_seeds_go_on_where_it_was(benchmark: Command, done: Path) -> None:
    first = (done / "cells" / "seed0_noise0.2.json").read_bytes()
    result = benchmark(*QUICK, "--seeds", "0,1")
    assert "1 cells computed, 1 reused" in result.stdout
    assert "images/s" in result.stdout
    assert (done / "cells" / "seed0_noise0.2.json").read_bytes() == first
    assert "Seeds 0, 1" in (done / "findings.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data", "twitter"), "the study learns from weakly labelled images"),
        (("--source", "attributes=x"), "give one source of pairs"),
        (("--noise", "0,2"), "'0,2' is not a list of shares"),
        (("--set", "CNN-weights:passes=2"), "settings of progressive alone"),
    ],
)
def test_a_wrong_command_is_refused(benchmark: Command, arguments: tuple[str, ...], message: str) -> None:
    result = benchmark("study", "progressive", *arguments, "--out", "study", check=2)
    assert message in " ".join((result.stdout + result.stderr).replace("│", " ").split())
