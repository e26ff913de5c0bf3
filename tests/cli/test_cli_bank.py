"""``bank`` and ``concepts`` on the embedded source: a light bank trained, shown, drawn, exported, used."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pictures import write_photos
from PIL import Image
from typer.testing import CliRunner

from benchmark.cli.main import app
from benchmark.data.dataset import DatasetError
from benchmark.report.bank_answers import BankAnswersError
from benchmark.report.figure_file import FigureFileError
from benchmark.run.config import ConfigError
from benchmark.run.folder import FolderError

SOURCE = ("--source", "attributes=synthetic:n=120")
IMPORT = ("--import", "light_bank")
Invoke = Callable[..., str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    write_photos(folder / "photos", 40)
    return folder


@pytest.fixture(scope="module")
def invoke(place: Path) -> Invoke:
    """Run a command that must succeed; returns what it said."""
    environment = {"SENTIMENT_DATA": str(place / "data"), "SENTIMENT_CACHE": str(place / "cache")}

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(
            app, list(arguments), catch_exceptions=False, env=environment | {"COLUMNS": "160"}
        )
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture(scope="module")
def out(place: Path, invoke: Invoke) -> Path:
    """A run folder with a light bank, learned from 120 drawings."""
    told = invoke(
        *("bank", "train", "light-bank", "--data", str(place / "photos"), *SOURCE, *IMPORT),
        *("--out", str(place / "out"), "--jobs", "1"),
    )
    assert "detectors beat chance" in told
    return place / "out"


def bank_of(out: Path) -> Path:
    (folder,) = (out / "artefacts").glob("light-bank-*")
    return folder


def test_show_says_on_whose_labels(out: Path, invoke: Invoke) -> None:
    told = invoke("bank", "show", "light-bank", "--out", str(out), "--top", "3")
    table = told[told.index("concept ") :]
    assert len(re.findall(r"\d +simulated votes +simulated votes", table)) == 3
    assert "sentiment" not in table
    assert re.search(r"measured on held-out simulated votes \(\d+\); negatives", " ".join(told.split()))
    assert "from synthetic (" in told
    assert "note: generated drawings, not photographs (n=120, seed=0)" in told


def test_show_draws_the_pictures_of_best_and_worst(out: Path, invoke: Invoke, tmp_path: Path) -> None:
    show = ("bank", "show", "light-bank", "--out", str(out), *IMPORT, "--rows", "2", *SOURCE)
    few, more = tmp_path / "few.png", tmp_path / "more.png"
    assert f"pictures: {few}" in invoke(*show, "--pictures", str(few))
    invoke(*show[:-2], "--rows", "3", "--source", "attributes=synthetic:n=120", "--pictures", str(more))
    with Image.open(few) as a, Image.open(more) as b:
        assert a.width == b.width > 2000
        assert 250 < b.height - a.height < 450
        # Most of the tiles are pictures, not grey.
        pixels = np.asarray(a.convert("RGB"), dtype=int)
    coloured = (np.ptp(pixels, axis=2) > 30).mean()
    assert coloured > 0.15


def test_pictures_that_the_source_lacks_are_counted_and_without_any_it_is_refused(
    out: Path, invoke: Invoke, tmp_path: Path
) -> None:
    shutil.copytree(out, tmp_path / "out")
    show = ("bank", "show", "light-bank", "--out", str(tmp_path / "out"), *IMPORT)
    show = (*show, "--pictures", str(tmp_path / "a.png"))
    with pytest.raises(DatasetError, match="no folder 'nowhere'"):
        invoke(*show, "--source", "attributes=nowhere")
    told = invoke(*show, "--source", "attributes=synthetic:n=60")
    assert "pictures are not in synthetic:n=60: grey tiles" in told
    kept = bank_of(tmp_path / "out") / "held_out.json"
    kept.write_text(re.sub(r'"[0-9a-f]{16}"', '"0123456789abcdef"', kept.read_text()))
    with pytest.raises(ConfigError, match=r"none of its .* images is one of the 1 pictures of light-bank"):
        invoke(*show, *SOURCE)


def test_a_bank_of_photographs_asks_for_its_source(out: Path, invoke: Invoke, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    card = bank_of(tmp_path / "out") / "card.json"
    card.write_text(card.read_text().replace('"source": "synthetic"', '"source": "coco+mvsa"'))
    with pytest.raises(ConfigError, match=r"say where its source coco\+mvsa is: --source \"attributes="):
        invoke(
            *("bank", "show", "light-bank", "--out", str(tmp_path / "out"), *IMPORT),
            *("--pictures", str(tmp_path / "a.png")),
        )


def test_a_bank_without_held_out_answers_says_to_learn_it_again(
    out: Path, invoke: Invoke, tmp_path: Path
) -> None:
    shutil.copytree(out, tmp_path / "out")
    (bank_of(tmp_path / "out") / "held_out.json").unlink()
    show = ("bank", "show", "light-bank", "--out", str(tmp_path / "out"), *IMPORT, *SOURCE)
    with pytest.raises(BankAnswersError, match="learn the bank again"):
        invoke(*show, "--pictures", str(tmp_path / "a.png"))
    assert "detectors beat chance" in invoke(*show)
    with pytest.raises(FigureFileError, match=r"a \.png or a \.pdf file"):
        invoke(*show, "--pictures", "bank.docx")


def test_export_copies_and_several_banks_are_told_apart(out: Path, invoke: Invoke, tmp_path: Path) -> None:
    invoke("bank", "export", "light-bank", str(tmp_path / "mine"), "--out", str(out))
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        *("card.json", "detectors.json", "detectors.npz", "held_out.json", "vocabularies.npz")
    ]
    shutil.copytree(out, tmp_path / "out")
    bank = bank_of(tmp_path / "out")
    shutil.copytree(bank, bank.with_name("light-bank-again"))
    with pytest.raises(ConfigError, match="holds 2 banks light-bank"):
        invoke("bank", "export", "light-bank", str(tmp_path / "other"), "--out", str(tmp_path / "out"))
    with pytest.raises(FolderError, match="no anp-bank here; learn it"):
        invoke("bank", "show", "anp-bank", "--out", str(out))


def test_concepts_names_the_strongest_and_draws_them(out: Path, invoke: Invoke, place: Path) -> None:
    use = ("concepts", "--data", str(place / "photos"), *SOURCE, *IMPORT, "--out", str(out))
    told = invoke(*use, "--methods", "LightBank", "--top", "4", "--figure", str(place / "concepts.png"))
    assert "LightBank, fitted on 40 images of photos:" in told
    positive, negative = (
        [line.split("  ")[0] for line in told.splitlines() if sign in line] for sign in (" +0.", " -0.")
    )
    assert 1 <= len(positive) <= 4
    assert negative
    assert set(positive) <= set(json.loads((bank_of(out) / "detectors.json").read_text())["names"])
    assert Image.open(place / "concepts.png").width > 800
    with pytest.raises(ConfigError, match="GCH has no concepts; use SentiBank or Sentribute"):
        invoke(*use, "--methods", "GCH")
    with pytest.raises(FigureFileError, match=r"a \.png or a \.pdf file"):
        invoke(*use, "--methods", "LightBank", "--figure", "concepts.svg")


def test_explain_refuses_the_name_of_a_figure_before_it_fits_anything(invoke: Invoke, tmp_path: Path) -> None:
    with pytest.raises(FigureFileError, match=r"a \.png or a \.pdf file"):
        invoke("explain", str(tmp_path / "missing.jpg"), "--figure", str(tmp_path / "why.docx"))
    assert list(tmp_path.iterdir()) == []


def test_concepts_asks_for_all_sources_before_it_learns_anything(
    invoke: Invoke, place: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"SentiBank needs the artefact anp-bank.*--source anps="):
        invoke("concepts", "--data", str(place / "photos"), *SOURCE, "--out", str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_it_is_learned_though_all_cells_that_use_it_are_stored(invoke: Invoke, place: Path) -> None:
    common = (*SOURCE, *IMPORT, "--data", str(place / "photos"), "--out", str(place / "again"), "--jobs", "1")
    invoke("run", "--methods", "LightBank", *common)
    shutil.rmtree(place / "again" / "artefacts")
    assert "detectors beat chance" in invoke("bank", "train", "light-bank", *common)
    (folder,) = (place / "again" / "artefacts").iterdir()
    assert (folder / "card.json").is_file()
