"""The notebooks run from beginning to end on the embedded images, and keep nothing of a machine."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("quickstart", "reproduce_the_paper", "add_your_own_method")
NEEDED = ("nbclient", "nbformat", "ipykernel")
MOST = 300_000
"""Bytes of a notebook with its outputs."""

MACHINE = re.compile(r"(?<![\w.<])/(home|tmp|root|Users|work|opt|usr|var|mnt)/|[A-Z]:\\\\|\x1b\[")


def path(name: str) -> Path:
    return ROOT / "notebooks" / f"{name}.ipynb"


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def said(notebook: Any) -> str:
    """All text of the outputs."""
    parts = [output.get("text", "") for output in outputs(notebook)]
    parts += [output.get("data", {}).get("text/plain", "") for output in outputs(notebook)]
    return "\n".join("".join(part) for part in parts)


def test_these_are_all_the_notebooks() -> None:
    assert {file.stem for file in (ROOT / "notebooks").glob("*.ipynb")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_small_and_of_the_embedded_images(name: str) -> None:
    assert path(name).stat().st_size < MOST
    notebook = json.loads(path(name).read_text())
    text = said(notebook)
    assert "synthetic, the embedded generated world" in text
    assert not MACHINE.search(json.dumps(notebook, ensure_ascii=False))
    assert not [output for output in outputs(notebook) if output["output_type"] == "error"]
    counts = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1)), "executed from the top, each cell once"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Folders that the notebooks share, so that the images are drawn and described once."""
    folder = tmp_path_factory.mktemp("notebooks")
    return {"SENTIMENT_DATA": str(folder / "data"), "SENTIMENT_CACHE": str(folder / "cache")}


@pytest.mark.parametrize("name", NAMES)
def test_it_runs(name: str, places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = [module for module in NEEDED if importlib.util.find_spec(module) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed; pip install -e '.[dev]'")
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    for key, value in (places | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}).items():
        monkeypatch.setenv(key, value)
    notebook = nbformat.read(path(name), as_version=4)
    nbformat.validate(notebook)
    kept = {"metadata": {"path": str(tmp_path)}}
    try:
        NotebookClient(notebook, timeout=500, kernel_name="python3", resources=kept).execute()
    except CellExecutionError as error:
        # a command's failure shows in a later cell: what it said is in the outputs before
        pytest.fail(f"{said(notebook)[-3000:]}\n{error.ename}: {error.evalue}")
    text = said(notebook)
    if name != "add_your_own_method":
        assert "every table agrees with the rows" in text
    if name == "quickstart":
        assert sum("image/png" in output.get("data", {}) for output in outputs(notebook)) == 2
    if name == "add_your_own_method":
        assert re.search(r"^Brightness( +0\.\d+){5}$", text, re.MULTILINE), (
            "the table has the new method's line"
        )
    assert (tmp_path / "results").is_dir()
