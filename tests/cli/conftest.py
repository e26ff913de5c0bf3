"""Commands as a user gives them, in a process of their own and a folder of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pictures import write_photos

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``photos/positive`` and ``photos/negative`` in it: 40 generated images."""
    folder = tmp_path_factory.mktemp("cli")
    write_photos(folder / "photos", 40)
    return folder


def environment(place: Path) -> dict[str, str]:
    """The environment of a command: caches inside the test's folder, toy methods importable."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    folders = {"SENTIMENT_CACHE": str(place / "cache"), "SENTIMENT_DATA": str(place / "data")}
    return os.environ | folders | {"PYTHONPATH": paths, "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def benchmark(place: Path) -> Command:
    """Run ``python -m benchmark`` in the module's folder."""

    def command(*arguments: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [sys.executable, "-m", "benchmark", *arguments],
            cwd=place,
            env=environment(place),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if check is not None:
            assert result.returncode == check, result.stdout + result.stderr
        assert "Traceback" not in result.stderr, result.stderr
        return result

    return command
