"""The main commands on a small folder of images."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
RUN = ("run", "--methods", "Majority,GCH", "--data", "photos", "--out", "out", "--jobs", "2")


@pytest.fixture(scope="module")
def done(benchmark: Command, place: Path) -> Path:
    """The folder of a finished run."""
    benchmark(*RUN)
    return place / "out"


def test_a_run_leaves_rows_tables_figures_manifest_and_log(done: Path) -> None:
    assert len(list((done / "rows").glob("*.json"))) == 10
    for name in (
        "table4.csv",
        "table4_wide.csv",
        "table4.tex",
        "table6.csv",
        "table6_wide.csv",
        "table6.tex",
    ):
        assert (done / "tables" / name).stat().st_size > 50
    for name in ("figure5.png", "figure5.pdf"):
        assert (done / "figures" / name).stat().st_size > 1000
    assert json.loads((done / "manifest.json").read_text())["dataset"]["images"] == 40
    assert json.loads((done / "log.jsonl").read_text().splitlines()[0])["ran"] == 10
    assert not list(done.rglob("*.part")) + list(done.rglob(".lock"))


def test_running_again_computes_nothing_and_changes_no_byte(benchmark: Command, done: Path) -> None:
    before = {path: path.read_bytes() for path in sorted((done / "tables").iterdir())}
    assert "0 cells computed, 10 reused" in benchmark(*RUN).stdout
    assert {path: path.read_bytes() for path in sorted((done / "tables").iterdir())} == before


def test_a_manifest_runs_again(benchmark: Command, done: Path, place: Path) -> None:
    benchmark("run", "--config", "out/manifest.json", "--out", "again")
    for path in (done / "tables").iterdir():
        assert (place / "again" / "tables" / path.name).read_bytes() == path.read_bytes()


def test_status_says_why(benchmark: Command, done: Path) -> None:
    assert "GCH: 5 of 5 cells stored" in benchmark("status", "--out", "out").stdout
    lines = benchmark("status", "--why", "--out", "out").stdout
    assert lines.count("reused: nothing that it depends on changed") == 10


def test_dry_run_computes_nothing(benchmark: Command, place: Path) -> None:
    result = benchmark("run", "--all", "--data", "photos", "--out", "dry", "--dry-run")
    assert "to compute" in result.stdout
    assert not (place / "dry").exists()


def test_profile_says_where_the_time_went_and_verify_holds(benchmark: Command, place: Path) -> None:
    own = ("--out", "timed", "--cache", "timed-cache")  # nothing is stored yet, so that features take time
    told = benchmark("run", "--methods", "GCH", "--data", "photos", *own, "--profile").stdout
    assert "Where the time went" in told
    lines = (place / "timed" / "profile.csv").read_text().splitlines()
    stages = [line.partition(",")[0] for line in lines[1:] if ",,," in line]
    assert stages == ["opening", "features", "cells", "report"]
    assert 'id="profile"' in (place / "timed" / "report.html").read_text()
    assert "and so does report.html" in benchmark("verify", "--out", "timed").stdout


def test_a_scheduler_is_asked_for_and_looked_for(benchmark: Command, place: Path) -> None:
    arguments = ("run", "--methods", "GCH", "--data", "photos", "--out", "far")
    assert "--backend dask needs the address" in benchmark(*arguments, "--backend", "dask", check=2).stderr
    given = ("--scheduler", "tcp://127.0.0.1:9")
    assert "is not used by --backend local" in benchmark(*arguments, *given, check=2).stderr
    assert not (place / "far").exists()


def test_repeats_are_the_first_seeds(benchmark: Command) -> None:
    arguments = ("run", "--methods", "Majority", "--data", "photos", "--out", "dry", "--dry-run")
    repeated = benchmark(*arguments, "--repeats", "3").stdout
    assert repeated == benchmark(*arguments, "--seeds", "0,1,2").stdout
    assert repeated != benchmark(*arguments).stdout


def test_power_prints_false_alarms_and_power(benchmark: Command, place: Path) -> None:
    arguments = ("--images", "100", "--disagreement", ".2", "--difference", "0,.1", "--repeats", "2")
    told = benchmark("power", *arguments, "--sets", "100", "--csv", "data/power.csv").stdout
    none, some = (line.split() for line in told.splitlines() if line.split()[:1] == ["100"])
    assert (none[:3], some[:3]) == (["100", "0.20", "0.00"], ["100", "0.20", "0.10"])
    assert all(int(a[:-1]) < int(b[:-1]) for a, b in zip(none[3:], some[3:], strict=True))
    assert len((place / "data" / "power.csv").read_text().splitlines()) == 1 + 2 * 3


def test_report_and_verify_agree_until_a_digit_changes(benchmark: Command, done: Path) -> None:
    benchmark("report", "--out", "out", "--no-images")
    assert "every table agrees with the rows" in benchmark("verify", "--out", "out").stdout
    table = done / "tables" / "table6.csv"
    text = table.read_text()
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if "GCH" in line and "accuracy" in line)
    digit = next(i for i in range(len(lines[at]) - 1, 0, -1) if lines[at][i - 1 : i + 1] == "0.")
    lines[at] = f"{lines[at][: digit + 1]}{(int(lines[at][digit + 1]) + 1) % 10}{lines[at][digit + 2 :]}"
    table.write_text("\n".join(lines) + "\n")
    result = benchmark("verify", "--out", "out", check=1)
    assert "table6.csv" in result.stdout
    assert "GCH" in result.stdout
    benchmark("report", "--out", "out")
    benchmark("verify", "--out", "out")


def test_predict_scores_pictures_and_keeps_the_model_not_the_pictures(
    benchmark: Command, place: Path
) -> None:
    pictures = [str(path.relative_to(place)) for path in sorted((place / "photos").rglob("*0.png"))]
    arguments = ("predict", *pictures, "--method", "GCH", "--data", "photos", "--out", "predictions")
    scores = json.loads(benchmark(*arguments, "--format", "json").stdout)
    for row in scores:
        assert row["prediction"] == Path(row["image"]).parent.name
    (model,) = (place / "predictions" / "artefacts").iterdir()
    assert sorted(path.name for path in model.iterdir()) == ["card.json", "model.skops"]
    assert json.loads(benchmark(*arguments, "--format", "json").stdout) == scores
    (model / "model.skops").write_bytes((model / "model.skops").read_bytes()[:-9] + b"tampered!")
    assert "changed since it was made; delete" in benchmark(*arguments, check=1).stderr


def test_a_failure_is_named_and_the_exit_code_is_1(benchmark: Command) -> None:
    arguments = (
        "--methods",
        "Majority,Failing",
        "--import",
        "toy_methods",
        "--data",
        "photos",
        "--out",
        "failing",
    )
    result = benchmark("run", *arguments, "--folds", "1", check=1)
    assert "failed: Failing all fold 1 seed 0: ArithmeticError: this method always fails" in result.stdout
    assert "--resume failed" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run",), "say --all"),
        (("run", "--methods", "GHC"), "did you mean 'GCH'"),
        (("run", "--all", "--folds", "one"), "'one' is not a list of whole numbers"),
        (("run", "--all", "--protocol", "loo"), "protocol is 'loo'"),
        (
            ("run", "--methods", "GCH", "--set", "GCH:wordz=5", "--data", "photos"),
            "GCH has no parameter 'wordz'",
        ),
        (("run", "--methods", "GCH", "--set", "words=5"), "is not METHOD:parameter=value"),
        (("run", "--all", "--subsets", "six", "--data", "photos"), "no subset 'six'"),
        (("run", "--all", "--data", "photoz"), "photoz"),
        (("run", "--all", "--jobs", "-1"), "jobs is -1"),
        (("run", "--config", "none.toml"), "none.toml: no such file"),
        (("list", "methodz"), "list methods, architectures, datasets, sources, protocols or metrics"),
        (("predict", "no.jpg", "--method", "GCH", "--data", "photos"), "no.jpg"),
        (("status", "--out", "nowhere"), "no run here yet"),
        (("verify", "--out", "nowhere"), "nowhere"),
        (("rum",), "run"),
        (("run", "--all", "--seeds", "1", "--repeats", "2"), "--seeds 1 says already which repetitions"),
        (("power", "--disagreement", ".9"), "of the images, not on 0.9"),
        (("power", "--difference", ".4"), "0.4 is not at least 0 and below 0.29"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    benchmark: Command, arguments: tuple[str, ...], message: str
) -> None:
    result = benchmark(*arguments, check=None)
    assert result.returncode in (1, 2)
    assert message in " ".join(result.stderr.split()) or message in " ".join(result.stdout.split())


@pytest.mark.parametrize("what", ["methods", "datasets", "protocols", "metrics"])
def test_list(benchmark: Command, what: str) -> None:
    expected = {"methods": "LCH+BoW", "datasets": "synthetic", "protocols": "campos", "metrics": "accuracy"}
    assert expected[what] in benchmark("list", what).stdout


def test_check_method_reports_each_demand(benchmark: Command) -> None:
    good = benchmark("check-method", "Brightness", "--import", "toy_methods")
    assert "13 of 13 demands hold" in good.stdout
    bad = benchmark("check-method", "Transductive", "--import", "toy_methods", check=1)
    assert "broken" in bad.stdout
    assert "a score may depend on its own image only" in bad.stdout


def test_nothing_is_written_outside_the_folders_given(place: Path, done: Path) -> None:
    known = {
        "photos",
        "cache",
        "data",
        "out",
        "again",
        "predictions",
        "failing",
        "results",
        "timed",
        "timed-cache",
    }
    assert {path.name for path in place.iterdir()} <= known


def test_the_robustness_study_of_a_run(benchmark: Command, done: Path) -> None:
    arguments = ("study", "robustness", "--out", "out", "--kinds", "noise")
    told = benchmark(*arguments).stdout
    assert "GCH: accuracy" in told
    assert "10 rows computed, 0 reused" in told
    assert "0 rows computed, 10 reused" in benchmark(*arguments).stdout
    assert (done / "robustness" / "figures" / "robustness.png").stat().st_size > 1000
    assert "every table agrees with the rows" in benchmark("verify", "--out", "out").stdout
    assert "no kind 'fog' of corruption" in benchmark("study", "robustness", "--kinds", "fog", check=2).stderr


def test_two_methods_of_a_run_are_compared(benchmark: Command, done: Path, place: Path) -> None:
    told = benchmark("compare", "GCH", "Majority", "--out", "out", "--to", "compared").stdout
    assert "GCH - Majority" in told
    assert "files written in compared" in told
    names = {path.name for path in (place / "compared").iterdir()}
    assert {"pairs.csv", "changed.csv", "changed_01_all.png"} <= names
    other = benchmark("compare", "out", "GCH", check=2)
    assert "GCH has no rows, so it is no folder of a run" in " ".join(other.stderr.split()).replace("│ ", "")


def test_a_run_compared_with_one_of_other_settings_says_what_differs(benchmark: Command, done: Path) -> None:
    benchmark(*RUN[:-3], "other", "--set", "GCH:colorhistogram__bins=2")
    told = benchmark("compare", "out", "other").stdout
    assert "differs: method" in told
    assert "(GCH)" in told


def test_a_run_goes_into_an_archive_and_joins_another(benchmark: Command, done: Path, place: Path) -> None:
    assert "run.zip: 10 rows" in benchmark("export", "run.zip", "--out", "out").stdout
    told = benchmark("import", "run.zip", "--out", "joined").stdout
    assert "10 rows are new, 0 stood here already" in told
    for path in (done / "tables").iterdir():
        assert (place / "joined" / "tables" / path.name).read_bytes() == path.read_bytes()
    assert "0 rows are new, 10 stood here" in benchmark("import", "run.zip", "--out", "joined").stdout
    assert "imported" in (place / "joined" / "log.jsonl").read_text()
    (place / "joined" / "tables" / "table6.csv").write_text("changed")
    refused = benchmark("export", "again.zip", "--out", "joined", check=1).stderr
    assert "not exported, since verify finds: tables/table6.csv" in refused
    assert not (place / "again.zip").exists()


def test_an_archive_brings_the_robustness_study(benchmark: Command, done: Path, place: Path) -> None:
    benchmark("study", "robustness", "--out", "out", "--kinds", "noise")
    benchmark("export", "studied.zip", "--out", "out", figures=False)
    told = benchmark("import", "studied.zip", "--out", "studied").stdout
    assert "robustness study: taken in" in told
    for folder in ("rows", "tables"):
        files = list((done / "robustness" / folder).iterdir())
        assert files
        for path in files:
            assert (place / "studied" / "robustness" / folder / path.name).read_bytes() == path.read_bytes()
    benchmark("verify", "--out", "studied")
    path, *others = sorted((place / "studied" / "robustness" / "rows").iterdir())
    for other in others:
        other.unlink()  # as an import leaves it that was killed
    again = ("import", "studied.zip", "--out", "studied")
    assert "robustness study: taken in" in benchmark(*again, figures=False).stdout
    assert len(list((place / "studied" / "robustness" / "rows").iterdir())) == len(others) + 1
    path.write_bytes(path.read_bytes() + b"\n")
    told = benchmark(*again, figures=False).stdout
    assert "robustness study: left out: another stands in studied/robustness" in told


def test_rows_stay_where_a_source_is_not_given_any_more(benchmark: Command, place: Path) -> None:
    run = ("run", "--methods", "ToyBank", "--import", "toy_methods", "--data", "photos", "--out", "sourced")
    benchmark(*run, "--source", "anps=synthetic:n=60", figures=False)
    before = {path.name: path.read_bytes() for path in (place / "sourced" / "rows").iterdir()}
    said = benchmark(*run, figures=False).stdout
    assert "0 cells computed, 0 reused, 5 kept" in said
    assert "kept from before: ToyBank, 5 cells: needs the artefact toy-bank" in said
    assert {path.name: path.read_bytes() for path in (place / "sourced" / "rows").iterdir()} == before


def test_a_study_of_fewer_corruptions_does_not_stand_beside_others(
    benchmark: Command, done: Path, place: Path
) -> None:
    benchmark("study", "robustness", "--out", "out", "--kinds", "noise,brightness")
    table = done / "robustness" / "tables" / "robustness.csv"
    before = table.read_bytes()
    arguments = ("study", "robustness", "--out", "out", "--methods", "GCH")
    refused = " ".join(benchmark(*arguments, "--kinds", "blur", check=None).stderr.split())
    assert "holds Majority all fold 1 seed 0, studied with corruptions other than these" in refused
    assert "give Majority among --methods to study it anew" in refused
    benchmark(*arguments, "--kinds", "noise,brightness")
    assert table.read_bytes() == before, "Majority, studied before in the same way, stays"


def test_a_method_that_cannot_run_is_said_once(benchmark: Command) -> None:
    arguments = ("run", "--methods", "SentiBank", "--data", "photos", "--out", "skipping")
    said = benchmark(*arguments).stdout
    assert "0 cells computed, 0 reused, 5 skipped" in said
    told = [line for line in said.splitlines() if line.startswith("skipped:")]
    assert len(told) == 1
    assert told[0].startswith("skipped: SentiBank, 5 cells: ")
