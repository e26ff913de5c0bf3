"""``kill -9`` at random moments, then the same command again: the same bytes, and nothing left over.

Half of the moments are moments in time, half are drawn among the steps by which files are secured and moved:
in between lie the states that a moment in time seldom meets.
"""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from disturbed import Commands
from workloads import WORKLOADS, Place, Workload, tables

KILLS = {"run": 40, "features": 35, "network": 35, "bank": 30, "report": 15, "export": 35, "drawing": 10}
QUICK = {"run": 3, "features": 1, "network": 2, "bank": 2, "report": 1, "export": 2, "drawing": 1}
TWITTER_KILLS = 5
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
    wanted = (KILLS if full else QUICK)[workload.name]

    def begin(trial: int) -> Place:
        place = Place(workload, commands, tmp_path / f"killed-{trial}", shared)
        place.start_from(prepared.folder)
        return place

    kill_often(begin, expected, wanted, whole, random.Random(f"{workload.name} {full}"))


def kill_often(
    begin: Callable[[int], Place],
    expected: Mapping[str, bytes],
    wanted: int,
    whole: float,
    moments: random.Random,
) -> None:
    """Kill so many commands, up to `IN_A_ROW` in one place, and compare what is there in the end.

    Parameters
    ----------
    begin : callable
        Takes the number of a trial; a new place.
    whole : float
        Seconds that the command takes undisturbed.
    """
    killed, trial = 0, 0
    while killed < wanted:
        trial += 1
        assert trial < 20 + 2 * wanted, f"{killed} kills in {trial} trials: the moments come too late"
        place = begin(trial)
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
    expected = calm.kept()

    def begin(trial: int) -> Place:
        return Place(workload, commands, tmp_path / f"killed-{trial}", tmp_path)

    kill_often(begin, expected, TWITTER_KILLS, whole, random.Random(11))
