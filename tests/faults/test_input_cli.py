"""A sample of bad inputs through the commands: exit code 1 or 2, the file named, no traceback."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bad_input import at_most
from pictures import write_photos

from benchmark.cli.main import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a command in this process; returns its exit code and all that it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SENTIMENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SENTIMENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")

    def command(*arguments: str) -> tuple[int, str]:
        with at_most(60), pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(ended.value.code or 0), said.out + said.err

    return command


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 10)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.jpg", b""),
        ("page.jpg", b"<html>404</html>"),
        ("heic.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("=cmd|' !A0.jpg", b"GIF89a"),
        ("für alle.jpg", b"\xff\xd8\xff\xe0"),
    ],
)
def test_a_bad_image_is_named_by_check_and_run(run: Run, photos: Path, name: str, data: bytes) -> None:
    (photos / "positive" / name).write_bytes(data)
    for arguments in (("data", "check", "photos"), ("run", "--methods", "Majority", "--data", "photos")):
        code, said = run(*arguments)
        assert code == 1
        assert name in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"image,label\npositive/00.png,2\n", "labels.csv, line 2: label '2' is unknown"),
        (b"image;etikett\npositive/00.png;1\n", "labels.csv, line 1: no column label"),
        ("image,label\npositive/00.png,1\n".encode("utf-16"), "labels.csv: not UTF-8"),
        (b"image,label\npositive/00.png,1\npositive/00.png,0\n", "labels.csv, line 3"),
        (b"image,label\npositive/00.png,1\nnone.png,0\n", "none.png: no such file"),
        (b"image,label\n\0,1\n", "labels.csv, line 2: a byte 0"),
    ],
)
def test_a_bad_table_is_named(run: Run, photos: Path, text: bytes, told: str) -> None:
    (photos / "labels.csv").write_bytes(text)
    code, said = run("run", "--methods", "Majority", "--data", "photos")
    assert code == 1
    assert told in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "m.json: cannot be read"),
        ('{"config": 3}', "m.json: holds a int"),
        ('{"fold": 1}', "unknown setting 'fold'"),
    ],
)
def test_bad_settings_are_a_wrong_command(run: Run, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "m.json").write_text(text)
    code, said = run("run", "--config", "m.json")
    assert code == 2
    assert told in said


def test_bad_responses_are_named(run: Run, tmp_path: Path) -> None:
    write_photos(tmp_path / "photos", 30)
    (tmp_path / "r.csv").write_text("image,happy_dog\n00.png,x\n")
    code, said = run("run", "--methods", "SentiBank", "--data", "photos", "--responses", "r.csv")
    assert code == 1
    assert "r.csv, line 2" in said
    np.savez(tmp_path / "r.npz", np.ones((3, 2)))
    (tmp_path / "r.npz").rename(tmp_path / "r.npy")
    code, said = run("run", "--methods", "SentiBank", "--data", "photos", "--responses", "r.npy")
    assert code == 1
    assert "r.npy: no array of numbers" in said


def test_a_damaged_run_folder_is_named(run: Run, tmp_path: Path) -> None:
    reference = Path(__file__).resolve().parents[2] / "results" / "reference"
    rows = tmp_path / "out" / "rows"
    rows.mkdir(parents=True)
    for path in sorted((reference / "rows").glob("cross-validation_twitter_Majority_five*")):
        shutil.copy(path, rows)
    (tmp_path / "out" / "manifest.json").write_text('{"config": {"data": "synth')
    for command in ("report", "status"):
        code, said = run(command, "--out", "out")
        assert code == 2
        assert "manifest.json: cannot be read" in said
    first = min(rows.iterdir())
    content = json.loads(first.read_text())
    first.write_text(json.dumps(content | {"scores": [*content["scores"][:-1], "x"]}))
    code, said = run("verify", "--out", "out")
    assert code == 1
    assert first.name in said
    assert "is 'x'" in said


def test_a_damaged_bank_is_named(run: Run, tmp_path: Path) -> None:
    bank = tmp_path / "out" / "artefacts" / "anp-bank-0123456789abcdef"
    bank.mkdir(parents=True)
    (bank / "card.json").write_text('{"summary": ')
    code, said = run("bank", "show", "anp-bank", "--out", "out")
    assert code == 1
    assert "card.json: cannot be read" in said
