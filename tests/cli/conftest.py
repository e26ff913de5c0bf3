"""Commands as a user gives them, in a process of their own and a folder of their own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from disturbed import Commands
from pictures import write_photos

Command = Callable[..., subprocess.CompletedProcess[str]]
SECONDS = 300
"""A command that takes longer hangs; it is killed."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``photos/positive`` and ``photos/negative`` in it: 40 generated images."""
    folder = tmp_path_factory.mktemp("cli")
    write_photos(folder / "photos", 40)
    return folder


@pytest.fixture(scope="module")
def benchmark(place: Path, commands: Commands) -> Command:
    """Run ``benchmark`` in the module's folder; ``figures=False`` leaves out drawing them."""

    def command(
        *arguments: str, check: int | None = 0, figures: bool = True
    ) -> subprocess.CompletedProcess[str]:
        ended = commands(
            arguments, place, {"COLUMNS": "200"}, errors=True, after=SECONDS, group=True, figures=figures
        )
        if check is not None:
            assert ended.code == check, ended.output + ended.errors
        assert "Traceback" not in ended.errors, ended.errors
        return subprocess.CompletedProcess(arguments, ended.code, ended.output, ended.errors)

    return command
