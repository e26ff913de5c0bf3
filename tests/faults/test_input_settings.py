"""Settings, manifests, rows: what a person or a disk does to them, and what is said of it."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from bad_input import Tally, damaged_bytes, damaged_json, damaged_text, is_full, refusal, tried

from benchmark.cli.options import parameters, responses, sources
from benchmark.protocol.row import Cell, Row, RowError, read_row, read_rows, write_row
from benchmark.report.artefacts import artefacts_text, incomparable
from benchmark.report.evidence import EvidenceError, gather
from benchmark.report.verify import verify
from benchmark.report.write import render_tables
from benchmark.run.config import ConfigError, RunConfig, load_config

TOML = """data = "photos"
methods = ["GCH", "LCH"]
folds = [1, 2]
seeds = [0]
jobs = 2
threads = 1
device = "cpu"
protocol = "grouped"

[sources]
anps = "coco+mvsa"

[params.BoW]
bagofwords__words = 500
"""
MANIFEST: dict[str, Any] = {
    "config": RunConfig(methods=("GCH",), folds=(1,), params={"BoW": {"words": 5}}).model_dump(mode="json"),
    "versions": {"numpy": "2"},
}


def times(request: pytest.FixtureRequest, quick: int = 40, whole: int = 400) -> range:
    return range(whole if is_full(request) else quick)


def row(fold: int = 1, method: str = "GCH") -> Row:
    return Row(
        cell=Cell(stage="cross-validation", method=method, dataset="photos", subset="all", fold=fold, seed=0),
        family="low-level",
        folds=2,
        protocol="grouped",
        train_on="subset",
        status="ok",
        key="k",
        depends={"method": {"a": 1}, "libraries": {"numpy": "2"}},
        images=[f"{fold}{i}" for i in range(4)],
        labels=[0, 1, 0, 1],
        votes=[(5, 0), (0, 5), (4, 1), (2, 3)],
        groups=[0, 1, 2, 3],
        scores=[0.25, 0.75, 0.5, 0.4],
        predictions=[0, 1, 1, 0],
        n_train=9,
        n_train_positive=5,
        details={
            "C": 1.0,
            "artefacts": {"anp-bank": {"source": "coco", "images": 9, "kept": 3, "mean_ap": 0.5}},
        },
        environment={"python": "3.11"},
        seconds={"fit": 1.0},
    )


def test_settings_as_toml(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    for case in times(request):
        data = damaged_text(TOML, case, " =,")
        tried(tally, "config toml", tmp_path / "run.toml", data, load_config)


def test_manifests(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "manifest.json"
    for case in times(request):
        text = json.dumps(damaged_json(MANIFEST, case)).encode()
        tried(tally, "manifest json", path, text if case % 4 else damaged_bytes(text, case), load_config)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"config": 5}', "holds a int, not settings by name"),
        ('{"config": ["a"]}', "holds a list, not settings by name"),
        ("[" * 100_000, "cannot be read"),
        ('{"a":' * 100_000, "cannot be read"),
        ('{"folds": [1], "folds": [2]}', "'folds' comes twice"),
        ('{"jobs": 1000000}', "jobs is 1000000"),
        ('{"threads": 1000000}', "threads is 1000000"),
        ('{"data": "photos", "fold": [1]}', r"unknown setting 'fold'; did you mean 'folds'"),
        ('{"threads": NaN}', "threads is nan"),
        ("\ufeff{}x", "cannot be read"),
    ],
    ids=["number", "list", "deep list", "deep dict", "twice", "jobs", "threads", "unknown", "nan", "rest"],
)
def test_what_a_manifest_cannot_say(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as caught:
        load_config(path)
    assert "manifest.json" in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "setting",
    [
        "", "=", ":=", "GCH", "GCH:", "GCH:=", ":words=5", "GCH:words", "GCH=words:5", "GCH:words=",
        "GCH:a=b=c", "GCH:words=[", "GCH:words=NaN", "a:b:c=1", "GCH:words=" + "[" * 100_000,
        "ü:ü=ü", "GCH:words=\0",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_settings_of_the_command_line(setting: str, tally: Tally) -> None:
    """Read as METHOD:parameter=value, or refused as a wrong command."""
    for read in (parameters, sources, responses):
        try:
            read([setting])
        except typer.BadParameter:
            tally.refused["command line"] += 1
        else:
            tally.read["command line"] += 1


def test_rows(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    """Refused by file, field and value; or its figures are those of the row."""
    whole = json.loads(write_row(row(), tmp_path).read_text())
    path = tmp_path / row().cell.file_name

    def sound(found: Row) -> None:
        assert set(found.labels) <= {0, 1}
        assert len(found.images) == len(found.labels)
        assert 0 <= found.cell.fold <= found.folds
        assert found.n_train >= found.n_train_positive >= 0

    for case in times(request, 60, 1000):
        changed = json.dumps(damaged_json(whole, case)).encode()
        data = damaged_bytes(changed, case) if case % 4 == 3 else changed
        tried(tally, "row json", path, data, read_row, sound)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"labels": [0, 1, "x", 1]}, r"labels\.2 is 'x'"),
        ({"scores": [0.25, 0.75, 0.5, None]}, r"scores\.3 is None"),
        ({"n_train": -4}, "n_train"),
        ({"n_train_positive": 10}, "10 positive of 9"),
        ({"cell": row().cell.model_dump() | {"fold": 7}}, "fold 7 of 2"),
        ({"votes": [[5, -1], [0, 5], [4, 1], [2, 3]]}, "votes are counts"),
        ({"details": {"artefacts": [1]}}, r"details\.artefacts"),
        ({"details": {"artefacts": {"bank": "x"}}}, r"details\.artefacts"),
        (
            {"details": {"artefacts": {"bank": {"images": "many"}}}},
            r"details\.artefacts\.bank\.images is 'many'",
        ),
    ],
)
def test_the_field_and_the_value_of_a_damaged_row_are_named(tmp_path: Path, change: dict, told: str) -> None:
    path = write_row(row(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RowError, match=told) as caught:
        read_row(path)
    assert path.name in str(caught.value)


def test_rows_that_can_be_read_can_be_reported(
    tmp_path: Path, tally: Tally, request: pytest.FixtureRequest
) -> None:
    """What the schema lets through is evidence, or an error says which rows do not belong together."""
    folder = tmp_path / "rows"
    for fold in (1, 2):
        write_row(row(fold), folder)
    path = folder / row().cell.file_name
    whole = json.loads(path.read_text())
    for case in times(request, 25, 300):
        path.write_text(json.dumps(damaged_json(whole, case)))
        try:
            rows = read_rows(folder)
        except RowError:
            tally.refused["rows reported"] += 1
            continue
        try:
            evidence = gather(rows)
        except EvidenceError:
            tally.refused["rows reported"] += 1
            continue
        tally.read["rows reported"] += 1
        assert isinstance(artefacts_text(evidence.rows) + incomparable(evidence.rows, "SentiBank"), str)


def test_verify_of_damaged_folders(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    """Names the file, whatever was done to a table, and ends with no error of its own."""
    for fold in (1, 2):
        write_row(row(fold), tmp_path / "rows")
    tables = render_tables(read_rows(tmp_path / "rows"))
    for name, data in tables.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert verify(tmp_path) == []
    for case in times(request, 2, 12):
        name = list(tables)[case % len(tables)]
        data = damaged_bytes(tables[name], case) if tables[name] else b"x"
        (tmp_path / name).write_bytes(data)
        problems: list[str] = []
        assert refusal(lambda problems=problems: problems.extend(verify(tmp_path)), name) is None
        assert data == tables[name] or any(name in problem for problem in problems)
        tally.refused["tables verified"] += 1
        (tmp_path / name).write_bytes(tables[name])
