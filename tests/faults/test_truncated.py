"""A power cut: killed, and the newest files cut to any length; then the same command again.

Files of the product are on the disk before they get their names, so no cut can do that to them. They are cut
here all the same, in the run's folder, in the feature store and among what a training goes on from. Left out
is a training's log: its lines are secured before the checkpoint that counts on them, and nothing brings them
back.
"""

import random
from pathlib import Path

import pytest
from disturbed import Commands
from workloads import WORKLOADS, Place, Workload, artefacts, tables

NAMES = {"run": 8, "features": 6, "network": 8, "bank": 6}
"""Workloads, and how many cuts the long form makes in each."""
SECURED = "training.csv"


def cut_newest(folder: Path, moments: random.Random) -> list[str]:
    """Cut one to three of the newest files, every other time to nothing; returns which."""
    parts = [path for name in ("out", "cache") for path in (folder / name).rglob("*")]
    files = [path for path in parts if path.is_file() and path.name not in (SECURED, ".lock")]
    newest = sorted(files, key=lambda path: path.stat().st_mtime_ns)[-moments.randint(1, 3) :]
    for path in newest:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.truncate(0 if moments.random() < 0.5 else moments.randint(0, max(0, size - 1)))
    return [path.relative_to(folder).as_posix() for path in newest]


@pytest.mark.parametrize("name", NAMES)
def test_cut_off_anywhere_it_ends_with_the_same_bytes(
    name: str, commands: Commands, shared: Path, tmp_path: Path, full: bool
) -> None:
    workload: Workload = next(one for one in WORKLOADS if one.name == name)
    kept = artefacts if name in ("network", "bank") else tables
    calm = Place(workload, commands, tmp_path / "calm", shared)
    calm.run()
    expected = kept(calm.folder)
    moments = random.Random(f"cut {name} {full}")
    for trial in range(NAMES[name] if full else 1):
        place = Place(workload, commands, tmp_path / f"cut-{trial}", shared)
        place.run(step=int(moments.triangular(4, 40, 12)))
        cut = cut_newest(place.folder, moments)
        place.finish()
        place.kept()
        assert kept(place.folder) == expected, f"trial {trial}: {cut}"


def test_what_was_whole_and_is_cut_later_is_made_again(
    commands: Commands, shared: Path, tmp_path: Path
) -> None:
    workload = next(one for one in WORKLOADS if one.name == "bank")
    place = Place(workload, commands, tmp_path / "place", shared)
    place.finish()
    expected = artefacts(place.folder)
    (bank,) = (place.folder / "out" / "artefacts").iterdir()
    for path in sorted(bank.iterdir()):
        path.write_bytes(path.read_bytes()[:-7])
        refused = commands(("bank", "export", "light-bank", "copy", "--out", "out"), place.folder)
        assert refused.code == 1
        assert path.name in refused.output
        assert "run again" in refused.output
        assert not (place.folder / "copy").exists()
        place.finish()
        assert artefacts(place.folder) == expected
