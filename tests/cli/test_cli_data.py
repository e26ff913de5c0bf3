"""``data fetch``, ``data check`` and ``data show`` as a user gives them: what is said, and the exit code."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from pictures import write_photos
from PIL import Image
from typer.testing import CliRunner

from benchmark.cli.data import app
from benchmark.data.dataset import DatasetError
from benchmark.data.fetch import Fetched, Outcome
from benchmark.data.open import UnknownDatasetError


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 10)


Invoke = Callable[..., tuple[int, str]]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run ``data ...``; returns the exit code and what was printed. Errors come out as they are."""
    monkeypatch.setenv("SENTIMENT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SENTIMENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        return result.exit_code, result.output

    return run


def test_check_of_a_sound_set(invoke: Invoke, photos: Path, tmp_path: Path) -> None:
    code, told = invoke("check", str(photos))
    assert code == 0, told
    assert "10 labelled images" in told
    assert "byte-identical pairs: 0" in told
    assert "ok: every image is there" in told
    assert (tmp_path / "cache").is_dir()


def test_check_names_every_missing_and_damaged_file_and_fails(invoke: Invoke, photos: Path) -> None:
    lines = [f"{path.relative_to(photos)},{path.parent.name}" for path in sorted(photos.rglob("*.png"))]
    gone = [f"gone{i:02d}.png" for i in range(30)]
    (photos / "labels.csv").write_text("\n".join(["image,label", *lines, *(f"{name},1" for name in gone)]))
    (photos / "negative" / "03.png").write_bytes(b"x")
    code, told = invoke("check", str(photos))
    assert code == 1
    assert "missing or empty: 30" in told
    assert all(name in told for name in gone)
    assert "damaged: 1" in told
    assert "negative/03.png: not an image" in told


def test_check_prints_twenty_of_a_kind_and_all_if_asked(invoke: Invoke, photos: Path) -> None:
    for path in sorted(photos.rglob("*.png")):
        for copy in range(3):
            (path.parent / f"{path.stem}_{copy}.png").write_bytes(path.read_bytes())
    _, told = invoke("check", str(photos))
    assert "byte-identical pairs: 30" in told
    assert told.count(" = ") == 20
    assert "and 10 more" in told
    _, told = invoke("check", str(photos), "--all")
    assert told.count(" = ") == 30


def test_check_says_which_names_are_known(invoke: Invoke) -> None:
    with pytest.raises(UnknownDatasetError, match="did you mean 'twitter'"):
        invoke("check", "twiter")


def test_show_writes_a_sheet(invoke: Invoke, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    code, told = invoke(
        "show", str(photos), "--out", str(out), "--rows", "2", "--columns", "3", "--seed", "5"
    )
    assert code == 0, told
    assert str(out) in told
    with Image.open(out) as sheet:
        assert sheet.width >= 560
        assert 400 < sheet.height < 560


def test_sheet_says_what_a_source_holds_and_draws_it(invoke: Invoke, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    drawn = ("sheet", "--source", "anps=synthetic:n=60", "--out", str(out), "--examples", "3")
    code, told = invoke(*drawn, "--rows", "2")
    assert code == 0, told
    images = int(told.partition(": ")[2].partition(" images")[0])
    assert 55 <= images <= 60
    assert "54 concepts, 54 of them shown by an image" in told
    assert f"{images} labels say that an image shows a concept, {53 * images:,} that it does not" in told
    assert "images that show a concept: 1 to 2, median 1" in told
    assert "labels from query: 54" in told
    positive, negative = (int(told.partition(f" {word}")[0].split()[-1]) for word in ("images pos", "neg"))
    assert positive + negative == images
    assert "note: generated drawings, not photographs (n=60, seed=0)" in told
    assert f"Sheet: {out}" in told
    with Image.open(out) as sheet:
        size = sheet.size
    invoke(*drawn, "--rows", "4")
    with Image.open(out) as sheet:
        assert sheet.width == size[0]
        assert sheet.height > size[1] + 200


def test_sheet_of_attributes_by_a_sentiment_that_they_lack_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    attributes = ("sheet", "--source", "attributes=synthetic:n=60", "--out", str(tmp_path / "sheet.pdf"))
    code, told = invoke(*attributes, "--rows", "1")
    assert code == 0, told
    assert "labels from simulated votes: " in told
    assert "weak sentiment" not in told
    with pytest.raises(DatasetError, match="no sentiment to order its concepts by"):
        invoke(*attributes, "--order", "negative")


def test_sheet_refuses_what_it_cannot_do_before_it_reads_anything(invoke: Invoke, tmp_path: Path) -> None:
    source = ("sheet", "--source", "anps=synthetic:n=60")
    with pytest.raises(DatasetError, match=r"ending in \.txt"):
        invoke(*source, "--out", "sheet.txt")
    with pytest.raises(DatasetError, match="order 'best' is unknown"):
        invoke(*source, "--order", "best")
    assert invoke("sheet", "--source", "coco+mvsa")[0] == 2
    assert not (tmp_path / "data").exists()
    with pytest.raises(DatasetError, match="no kind of source 'moods'"):
        invoke("sheet", "--source", "moods=coco")


def test_show_refuses_a_format_before_it_reads_anything(invoke: Invoke, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"ending in \.txt"):
        invoke("show", str(photos), "--out", "sheet.txt")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "arguments", [("show", "--rows", "0"), ("fetch",), ("fetch", "twitter", "--connections", "99")]
)
def test_a_wrong_command_is_told_apart(invoke: Invoke, arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments)[0] == 2


def test_fetch_knows_only_twitter(invoke: Invoke) -> None:
    with pytest.raises(UnknownDatasetError, match="did you mean 'twitter'"):
        invoke("fetch", "twiter")


def test_fetch_refuses_an_address_without_https(invoke: Invoke) -> None:
    with pytest.raises(DatasetError, match="not an https address"):
        invoke("fetch", "twitter", "--url", "http://example.org/copy")


@pytest.mark.parametrize("complete", [True, False])
def test_fetch_says_what_is_missing(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: bool
) -> None:
    def fetched(data_dir: Path, url: str, tell: Callable[[Outcome], None], **options: object) -> Fetched:
        outcomes = [Outcome("a.jpg", "kept"), Outcome("b.jpg", "fetched")]
        if not complete:
            outcomes.append(Outcome("c.jpg", "failed", "the server says 404 Not Found"))
        for outcome in outcomes:
            tell(outcome)
        return Fetched(data_dir / "twitter", tuple(outcomes))

    monkeypatch.setattr("benchmark.data.fetch.fetch_twitter", fetched)
    code, told = invoke("fetch", "twitter", "--data-dir", str(tmp_path / "there"))
    assert code == (0 if complete else 1)
    assert "1 fetched, 1 there already" in told
    assert str(tmp_path / "there" / "twitter") in told
    if not complete:
        assert "the server says 404 Not Found: 1\n  c.jpg\n" in told
        assert f"data fetch twitter --data-dir {tmp_path / 'there'}" in told


def test_help_has_examples_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from benchmark.cli.data import app; "
        "print([n for n in ('numpy', 'PIL', 'scipy', 'requests', 'sklearn') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "[]"
    group = typer.main.get_command(app)
    assert {"fetch", "check", "show", "sheet"} == set(group.commands)  # type: ignore[attr-defined]
    for command in group.commands.values():  # type: ignore[attr-defined]
        assert "python -m benchmark data" in (command.help or "")
