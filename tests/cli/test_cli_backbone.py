"""``run --backbone NAME --weights FILE``: from the command line to the row."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

Command = Callable[..., subprocess.CompletedProcess[str]]
NAME = "squeezenet1_1"
RUN = ("run", "--data", "photos", "--out", "out", "--no-images", "--folds", "1")


@pytest.fixture(scope="module")
def weights(place: Path) -> Path:
    """Random weights of the smallest network."""
    torchvision = pytest.importorskip("torchvision")
    torch.manual_seed(0)
    path = place / "random.pth"
    torch.save(torchvision.models.get_model(NAME, weights=None).state_dict(), path)
    return path


@pytest.fixture(scope="module")
def row(benchmark: Command, place: Path, weights: Path) -> dict:
    """The row of a run with a backbone beside another method."""
    benchmark(*RUN, "--methods", "Majority", "--backbone", NAME, "--weights", weights.name)
    (path,) = (place / "out" / "rows").glob("*_torchvision%3a*.json")
    return json.loads(path.read_text())


def test_the_backbone_is_a_row_beside_the_others(row: dict, place: Path) -> None:
    assert row["status"] == "ok"
    assert row["family"] == "modern"
    assert row["cell"]["method"] == f"torchvision:{NAME}"
    table = (place / "out" / "tables" / "table6_wide.csv").read_text()
    assert "Majority" in table
    assert f"torchvision:{NAME}" in table


def test_the_row_depends_on_what_the_file_holds_and_on_both_libraries(row: dict, weights: Path) -> None:
    assert {"torch", "torchvision"} <= set(row["depends"]["libraries"])
    text = json.dumps(row["depends"])
    assert weights.name not in text
    assert '"weights": {"digest": ' in text


def test_a_manifest_runs_it_again(benchmark: Command, row: dict) -> None:
    again = benchmark("run", "--config", "out/manifest.json", "--out", "out", "--no-images")
    assert "0 cells computed, 2 reused" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--backbone", "resnet5"), "did you mean resnet50"),
        (("--backbone", "keras:resnet50"), "torchvision:NAME"),
        (("--backbone", NAME, "--weights", "nowhere.pth"), "nowhere.pth: no such file"),
        (("--methods", "Majority", "--weights", "random.pth"), "give one --backbone"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    benchmark: Command, weights: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = benchmark(*RUN, *arguments, check=None)
    assert result.returncode in (1, 2)
    assert message in " ".join(result.stderr.replace("│", " ").split())
