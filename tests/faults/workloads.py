"""What is killed: one command each on small generated sets, and what must be the same in the end."""

import dataclasses
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from disturbed import Commands, Ended

from benchmark.protocol.row import read_row
from benchmark.report.verify import verify

SHARED = ("photos", "data")
"""Folders that a workload reads and does not write."""


@dataclasses.dataclass(frozen=True)
class Workload:
    """A command, and the command that makes what it starts from.

    Attributes
    ----------
    name : str
    command : tuple of str
    before : tuple of str
        Run once, undisturbed; empty where nothing is needed.
    shared : tuple of str
        Folders that every trial finds as they are.
    once : str
        What the command says where it has ended well before and refuses to do so again.
    figures : bool
        Whether figures are drawn: they take longer than all else.
    kept : callable
        Takes the folder it ran in; the bytes that must be the same, by name.
    """

    name: str
    command: tuple[str, ...]
    kept: Callable[[Path], Mapping[str, bytes]]
    before: tuple[str, ...] = ()
    shared: tuple[str, ...] = SHARED
    once: str = ""
    figures: bool = False


def tables(folder: Path) -> dict[str, bytes]:
    """Every table of the run in ``out``; all rows are read, and the tables are what the rows say."""
    out = folder / "out"
    for path in sorted((out / "rows").iterdir()):
        read_row(path)
    problems = verify(out)
    assert not problems, problems
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def report(folder: Path) -> dict[str, bytes]:
    """Tables, figures and page."""
    out = folder / "out"
    files = [*(out / "figures").iterdir(), out / "report.html"]
    return tables(folder) | {path.name: path.read_bytes() for path in sorted(files)}


def features(folder: Path) -> dict[str, bytes]:
    """Tables, and every block of the feature store."""
    store = folder / "cache" / "features"
    blocks = {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*.*")}
    return tables(folder) | {name: data for name, data in blocks.items() if not name.endswith(".lock")}


def artefacts(folder: Path) -> dict[str, bytes]:
    """Every file of every artefact, but for the times that a card and a log give."""
    found = {}
    for path in sorted((folder / "out" / "artefacts").rglob("*")):
        name = path.relative_to(folder / "out").as_posix()
        if path.name == "training.csv":
            steps = [line.split(",")[:4] for line in path.read_text().splitlines()]
            found[name] = json.dumps(steps).encode()
        elif path.is_file() and path.name not in ("card.json", "model_card.json"):
            found[name] = path.read_bytes()
        elif path.is_file():
            found[name] = json.dumps(sorted(json.loads(path.read_bytes()))).encode()
    assert found
    return found


def exported(folder: Path) -> dict[str, bytes]:
    """The copy of a bank."""
    return {path.name: path.read_bytes() for path in sorted((folder / "copy").iterdir())}


def drawn(folder: Path) -> dict[str, bytes]:
    """The tables, and every drawn picture."""
    pictures = (folder / "data").rglob("*.jpg")
    return tables(folder) | {path.name: path.read_bytes() for path in pictures}


RUN = ("run", "--data", "photos", "--out", "out", "--jobs", "1")
BANK = ("--source", "attributes=synthetic:n=120", "--import", "light_bank", "--out", "out", "--jobs", "1")
NETWORK = ("--source", "anps=synthetic:n=120", "--device", "cpu", "--out", "out", "--jobs", "1")
SHORT = ("--set", "CNN-weights:preset=embedded", "--set", "CNN-weights:passes=2")
METHODS = ("--methods", "Majority,GCH,LCH")

WORKLOADS = (
    Workload("run", (*RUN, *METHODS), tables),
    Workload("features", (*RUN, "--methods", "GCH,BoW", "--folds", "1"), features),
    Workload("network", ("network", "train", "CNN-weights", "--data", "photos", *NETWORK, *SHORT), artefacts),
    Workload("bank", ("bank", "train", "light-bank", "--data", "photos", *BANK), artefacts),
    Workload("report", ("report", "--out", "out"), report, before=(*RUN, *METHODS), figures=True),
    Workload(
        "export",
        ("bank", "export", "light-bank", "copy", "--out", "out"),
        exported,
        once="copy exists; name a folder that does not",
        before=("bank", "train", "light-bank", "--data", "photos", *BANK),
    ),
    Workload(
        "drawing",
        ("run", "--data", "synthetic:n=60", "--methods", "Majority", "--out", "out", "--jobs", "1"),
        drawn,
        shared=(),
    ),
)


class Place:
    """A folder that a workload runs in, with links to what all trials share."""

    def __init__(self, workload: Workload, commands: Commands, folder: Path, shared: Path) -> None:
        self.workload, self.commands, self.folder = workload, commands, folder
        folder.mkdir()
        for name in workload.shared:
            (folder / name).symlink_to(shared / name)

    def start_from(self, prepared: Path) -> None:
        """Take over what the command before it made."""
        for path in prepared.iterdir():
            if not path.is_symlink():
                shutil.copytree(path, self.folder / path.name)

    def prepare(self) -> None:
        """Run the command before it."""
        if self.workload.before:
            self.run(self.workload.before)

    def run(self, arguments: tuple[str, ...] = (), **disturbance: object) -> Ended:
        """Run the command; undisturbed, it must end well, or say that it did so before."""
        named = {"figures": self.workload.figures} | disturbance
        ended = self.commands(arguments or self.workload.command, self.folder, **named)
        done = self.workload.once and self.workload.once in ended.output
        assert ended.killed or ended.code == 0 or done, ended
        return ended

    def finish(self) -> None:
        """Run the command to its end."""
        assert not self.run().killed

    def kept(self) -> Mapping[str, bytes]:
        """What must be the same, after a look for temporary files."""
        stray = [path for path in self.folder.rglob("*") if is_temporary(path)]
        assert not stray, stray
        return self.workload.kept(self.folder)


def is_temporary(path: Path) -> bool:
    """Whether only a command under way may have such a file."""
    return path.name.endswith((".part", ".unfinished")) or path.name == ".lock"
