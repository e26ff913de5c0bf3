"""``kill -9`` at random moments, then the same command again: the same bytes, and nothing left over.

Half of the moments are moments in time, half are drawn among the steps by which files are secured and moved:
in between lie the states that a moment in time seldom meets.
"""

import random
from pathlib import Path

import pytest
from disturbed import Commands
from workloads import WORKLOADS, Place, Workload, tables

KILLS = {"run": 40, "features": 35, "network": 35, "bank": 30, "report": 15, "export": 35, "drawing": 10}
QUICK = {"run": 3, "features": 1, "network": 2, "bank": 2, "report": 1, "export": 2, "drawing": 1}
IN_A_ROW = 5
"""Kills before a trial may end; then everything is compared."""


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_killed_anywhere_it_ends_with_the_same_bytes(
    workload: Workload, commands: Commands, shared: Path, tmp_path: Path, full: bool
) -> None:
    calm = Place(workload, commands, tmp_path / "calm", shared)
    calm.prepare()
    prepared = Place(workload, commands, tmp_path / "prepared", shared)
    prepared.start_from(calm.folder)
    whole = calm.run().seconds
    expected = calm.kept()
    moments = random.Random(f"{workload.name} {full}")
    killed, wanted, trial = 0, (KILLS if full else QUICK)[workload.name], 0
    while killed < wanted:
        trial += 1
        assert trial < 20 + 2 * wanted, f"{killed} kills in {trial} trials: the moments come too late"
        place = Place(workload, commands, tmp_path / f"killed-{trial}", shared)
        place.start_from(prepared.folder)
        for _ in range(min(IN_A_ROW, wanted - killed)):
            if moments.random() < 0.5:
                ended = place.run(after=moments.uniform(0, 1) * whole)
            else:
                ended = place.run(step=int(moments.triangular(1, 40, 1)))
            killed += ended.killed
        place.finish()
        assert place.kept() == expected, f"trial {trial}"


@pytest.mark.real
def test_killed_on_the_twitter_set_it_ends_with_the_same_bytes(
    commands: Commands, real_data: Path, tmp_path: Path, full: bool
) -> None:
    if not full:
        pytest.skip("takes minutes; pytest tests/faults --full")
    command = ("run", "--methods", "Majority,GCH", "--out", "out", "--jobs", "2")
    workload = Workload("twitter", (*command, "--data", str(real_data / "twitter")), tables, shared=())
    calm = Place(workload, commands, tmp_path / "calm", tmp_path)
    whole = calm.run().seconds
    place = Place(workload, commands, tmp_path / "killed", tmp_path)
    moments = random.Random(11)
    killed = [place.run(after=moments.uniform(0.1, 0.5) * whole).killed for _ in range(5)]
    assert (
        sum(killed) >= 3
    )  # what is stored is not computed again, so that the later ones may come to their end
    place.finish()
    assert place.kept() == calm.kept()
