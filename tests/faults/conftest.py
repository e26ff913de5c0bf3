"""The faults' own option, ``--full``, and what their commands work on."""

from pathlib import Path

import pytest
from bad_input import Tally, is_full
from pictures import write_photos

from benchmark.data.open_source import open_source
from benchmark.data.store import FeatureStore

TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/faults --full``: the long form."""
    parser.addoption("--full", action="store_true", help="faults: the long form, hundreds of kills")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for; where the option is not known, it was not."""
    return is_full(request)


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Tally:
    """Inputs counted by format and outcome."""
    return request.config.stash.setdefault(TALLY, Tally())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the counts, for the table in the README of this folder."""
    lines = config.stash.get(TALLY, Tally()).lines()
    if lines:
        terminalreporter.section("inputs tried")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos, and the drawings that networks and banks are learned from."""
    folder = tmp_path_factory.mktemp("shared")
    write_photos(folder / "photos", 40, seed=3)
    for kind in ("anps", "attributes"):
        open_source(kind, "synthetic:n=120", folder / "data", FeatureStore(folder / "cache"))
    return folder
