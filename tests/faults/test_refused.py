"""What a machine may refuse a run: disk, rights, memory, time, a folder of its own. Each has its message.

Root may write anywhere: where these tests run as root, the command runs as another user.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from disturbed import Commands, Ended
from pictures import write_photos
from workloads import METHODS, RUN, Place, Workload, is_temporary, tables

from benchmark.protocol.row import read_rows
from benchmark.run.folder import RunFolder

NOBODY = 65534
WORK = Workload("run", (*RUN, *METHODS), tables)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, commands: Commands, shared: Path) -> dict[str, bytes]:
    """The undisturbed tables."""
    place = Place(WORK, commands, tmp_path_factory.mktemp("undisturbed") / "calm", shared)
    place.finish()
    return dict(place.kept())


@pytest.fixture
def place(commands: Commands, shared: Path, tmp_path: Path) -> Place:
    """Where the command runs."""
    return Place(WORK, commands, tmp_path / "place", shared)


def check_refusal(ended: Ended, *parts: str) -> None:
    """The command failed in a few lines that hold these parts, and showed nobody its inside."""
    assert ended.code == 1, ended
    assert "Traceback" not in ended.output, ended
    for part in parts:
        assert part in ended.output, (part, ended)


def disturb(place: Place, **disturbance: object) -> Ended:
    """Run the command of a place, however it ends."""
    return place.commands(place.workload.command, place.folder, figures=False, **disturbance)


@pytest.mark.parametrize("size", [3_000, 20_000])
def test_a_file_that_does_not_fit_is_named(place: Place, expected: dict[str, bytes], size: int) -> None:
    check_refusal(disturb(place, file_size=size), "cannot be written", str(place.folder / "cache"))
    place.finish()
    assert place.kept() == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("which", ["cache", "out"])
def test_a_full_disk_is_named_and_a_larger_one_goes_on(
    place: Place, expected: dict[str, bytes], small_disk: Path, which: str
) -> None:
    (place.folder / which).symlink_to(small_disk)
    if which == "out":
        (small_disk / "other").write_bytes(bytes(900_000))
    ended = disturb(place)
    check_refusal(ended, "No space left on device", "free some space", f"{which}/")
    (small_disk / "other").unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    place.finish()
    assert place.kept() == expected


@pytest.fixture
def open_place(commands: Commands) -> Iterator[Place]:
    """A place that other users reach: the tests' own folders are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        write_photos(Path(name) / "photos", 40, seed=3)
        place = Place(WORK, commands, Path(name) / "place", Path(name))
        (place.folder / "data").unlink()
        place.folder.chmod(0o755)
        yield place


def unprivileged(place: Place, closed: Path) -> Ended:
    """Run as a user who may write everywhere in the place but in ``closed``."""
    for path in [place.folder, *place.folder.rglob("*")]:
        if os.geteuid() == 0 and not path.is_symlink() and path != closed and closed not in path.parents:
            os.chown(path, NOBODY, NOBODY)
    return disturb(place, user=NOBODY if os.geteuid() == 0 else 0)


@pytest.mark.parametrize("which", ["out", "cache"])
def test_a_folder_that_may_not_be_written_to_is_named(open_place: Place, which: str) -> None:
    closed = open_place.folder / which
    closed.mkdir(mode=0o555)
    remedy = "use another --out" if which == "out" else "use another folder"
    check_refusal(unprivileged(open_place, closed), "cannot be written", str(closed.name), remedy)
    assert not list(closed.iterdir())


def test_rows_that_may_not_be_replaced_are_named(open_place: Place) -> None:
    open_place.finish()
    before = open_place.kept()
    rows = open_place.folder / "out" / "rows"
    (rows / sorted(path.name for path in rows.iterdir())[0]).unlink()
    rows.chmod(0o555)
    check_refusal(unprivileged(open_place, rows), "rows", "cannot be written", "Permission denied")
    rows.chmod(0o755)
    open_place.finish()
    assert open_place.kept() == before


def test_a_photo_that_may_not_be_read_is_named(open_place: Place) -> None:
    photo = open_place.folder.parent / "photos" / "positive" / "00.png"
    photo.chmod(0)
    check_refusal(unprivileged(open_place, photo), "00.png", "Permission denied")


def test_a_second_run_in_a_folder_is_refused_and_changes_nothing(place: Place) -> None:
    with RunFolder(place.folder / "out").locked():
        check_refusal(disturb(place), "another run is writing here", "use another --out")
        assert [path.name for path in (place.folder / "out").iterdir()] == [".lock"]


def test_runs_at_once_in_one_folder_and_beside_it(
    place: Place, expected: dict[str, bytes], commands: Commands, shared: Path, tmp_path: Path
) -> None:
    beside = Place(WORK, commands, tmp_path / "beside", shared)
    (place.folder / "cache").mkdir()
    (beside.folder / "cache").symlink_to(place.folder / "cache")
    where = (place, place, beside)
    folders = [tmp_path / f"commands-{i}" for i in range(len(where))]
    for folder in folders:
        folder.mkdir()

    def run(i: int) -> Ended:
        with Commands(folders[i]) as own:
            return own(WORK.command, where[i].folder, figures=False)

    with ThreadPoolExecutor(len(where)) as pool:
        first, second, other = pool.map(run, range(len(where)))
    assert other.code == 0
    assert 0 in (first.code, second.code)
    for ended in (first, second):
        assert ended.code == 0 or "another run is writing here" in ended.output, ended
    assert place.kept() == expected == beside.kept()


@pytest.mark.parametrize(
    ("how", "reason"), [("limit", "MemoryError: "), ("killed", "out of memory is the usual cause")]
)
def test_a_worker_out_of_memory_is_a_named_failure_and_others_go_on(
    place: Place, how: str, reason: str
) -> None:
    asked = ("--methods", "GCH,Greedy", "--import", "toy_faults", "--set", f"Greedy:how={how}")
    ended = place.commands((*RUN, *asked), place.folder, figures=False)
    check_refusal(ended, "failed: Greedy all fold", reason, "--resume failed")
    rows = read_rows(place.folder / "out" / "rows")
    assert len(rows) == 10
    failed = [row for row in rows if row.status == "failed"]
    assert failed
    assert {row.cell.method for row in failed} == {"Greedy"}
    assert all(reason in row.reason for row in failed)
    assert not [path for path in place.folder.rglob("*") if is_temporary(path)]


@pytest.mark.parametrize(
    ("how", "reason"), [("limit", "MemoryError: "), ("killed", "out of memory is the usual cause")]
)
def test_a_feature_without_memory_fails_the_methods_that_need_it_and_no_other(
    place: Place, how: str, reason: str
) -> None:
    asked = ("--methods", "GCH,Fed", "--import", "toy_faults", "--set", f"Fed:how={how}")
    ended = place.commands((*RUN, *asked), place.folder, figures=False)
    check_refusal(ended, "failed: Fed all fold", "GreedyFeature", reason)
    rows = read_rows(place.folder / "out" / "rows")
    assert {row.cell.method: row.status for row in rows} == {"GCH": "ok", "Fed": "failed"}
    assert len(rows) == 10
    assert not [path for path in place.folder.rglob("*") if is_temporary(path)]


@pytest.mark.parametrize("group", [False, True], ids=["the run alone", "with its children"])
def test_sigterm_keeps_what_was_finished_and_says_how_to_go_on(
    place: Place, expected: dict[str, bytes], group: bool, full: bool
) -> None:
    place.run(("run", "--data", "photos", "--methods", "Majority", "--out", "before", "--jobs", "1"))
    interrupted = 0
    for after in (0.2, 0.5, 0.8, 1.1, 1.5, 2.0, 2.5, 3.0) if full else (0.5, 1.0, 1.5):
        rows = set((place.folder / "out").glob("rows/*.json"))
        ended = disturb(place, after=after, signal=signal.SIGTERM, group=group)
        if ended.code == 0:
            break
        interrupted += 1
        assert ended.code == 130, ended
        assert "Traceback" not in ended.output, ended
        assert "give the same command again to go on" in ended.output
        assert rows <= set((place.folder / "out").glob("rows/*.json"))
        assert all(row.status == "ok" for row in read_rows(place.folder / "out" / "rows"))
    assert interrupted
    place.finish()
    assert place.kept() == expected


def test_a_folder_moved_between_runs_goes_on(commands: Commands, shared: Path, tmp_path: Path) -> None:
    source = ("--source", "attributes=synthetic:n=120", "--import", "light_bank")
    methods = (*RUN[:-4], "--methods", "Majority,LightBank", "--jobs", "1", *source)
    calm = Place(Workload("moved", (*methods, "--out", "out"), tables), commands, tmp_path / "calm", shared)
    calm.finish()
    place = Place(Workload("moved", (*methods, "--out", "."), tables), commands, tmp_path / "place", shared)
    place.run((*methods, "--out", "out", "--folds", "1,2"))
    (place.folder / "elsewhere").mkdir()
    (place.folder / "out").rename(place.folder / "elsewhere" / "moved")
    again = place.run((*methods, "--out", "elsewhere/moved"))
    assert "6 cells computed, 4 reused" in again.output
    (place.folder / "elsewhere" / "moved").rename(place.folder / "out")
    assert place.kept() == calm.kept()
