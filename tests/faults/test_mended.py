"""Each defect that the faults showed, as small as it can be told."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from filelock import FileLock
from pictures import write_photos

from benchmark.data import files
from benchmark.data.files import remove_partial, whole_folder, write_bytes, write_with
from benchmark.run.artefacts import ArtefactError, ArtefactStore
from benchmark.run.config import ConfigError, load_config
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.socket_folder import FOLDER, OWNER
from deep.log import COLUMNS, TrainingLog

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdef0"


def test_a_lock_is_not_taken_from_the_run_that_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = RunFolder(tmp_path).locked()
    release = FileLock.release

    def release_and_let_in(lock: FileLock, force: bool = False) -> None:
        monkeypatch.undo()
        release(lock, force)
        second.__enter__()

    with RunFolder(tmp_path).locked():
        monkeypatch.setattr(FileLock, "release", release_and_let_in)
    with pytest.raises(FolderError, match="another run is writing here"):
        RunFolder(tmp_path).locked().__enter__()
    second.__exit__(None, None, None)
    with RunFolder(tmp_path).locked():
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b'{"config": {"da', b"[1, 2"])
def test_a_manifest_that_is_cut_off_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(FolderError, match=r"manifest\.json: cannot be read .*run \.\.\. --out"):
        RunFolder(tmp_path).manifest()


def test_a_log_that_is_cut_off_keeps_new_lines_apart(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.log({"ran": 1})
    path = tmp_path / "log.jsonl"
    path.write_bytes(path.read_bytes()[:-3])
    folder.log({"ran": 2})
    assert json.loads(path.read_text().splitlines()[-1]) == {"ran": 2}


def test_what_a_finished_training_kept_to_go_on_from_is_removed(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path / "artefacts")
    done, under_way = store.unfinished("bank", KEY), store.unfinished("network", KEY)
    for folder in (done, under_way, store.path("bank", KEY)):
        folder.mkdir(parents=True)
    with RunFolder(tmp_path).locked():
        pass
    assert not done.exists()
    assert under_way.exists()


def test_a_damaged_artefact_is_refused_where_it_is_read_and_made_again_where_it_is_made(
    tmp_path: Path,
) -> None:
    store = ArtefactStore(tmp_path)

    def make(folder: Path) -> dict[str, int]:
        (folder / "weights").write_bytes(b"1234")
        return {}

    path = store.get_or_make("bank", {}, KEY, make).path
    assert store.discard_damaged("bank", KEY) == ""
    (path / "weights").write_bytes(b"12")
    with pytest.raises(ArtefactError, match="weights changed since it was made"):
        store.read_at(path, "bank")
    assert "weights changed" in store.discard_damaged("bank", KEY)
    assert store.get_or_make("bank", {}, KEY, make).path == path


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(OSError, match=r"row\.json: cannot be written .*give the same command again"):
        write_bytes(blocked / "row.json", b"{}")


def test_an_array_that_meets_a_full_disk_is_a_full_disk(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is not there to stand for a full disk")

    def save(file: object) -> None:
        with Path("/dev/full").open("wb") as full:
            np.ones(100_000).tofile(full)

    with pytest.raises(
        OSError, match=r"values\.npy: cannot be written \(No space left on device\); free some"
    ):
        write_with(tmp_path / "values.npy", save)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_its_name_when_its_files_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured: set[str] = set()
    fsync, rename = os.fsync, Path.rename

    def watch(handle: int) -> None:
        secured.add(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def check(path: Path, target: Path) -> Path:
        assert {"card.json", "inner", "weights"} <= secured
        secured.clear()
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", watch)
    monkeypatch.setattr(Path, "rename", check)
    with whole_folder(tmp_path / "bank") as part:
        (part / "inner").mkdir()
        (part / "inner" / "weights").write_bytes(b"1234")
        (part / "card.json").write_text("{}")
    assert tmp_path.name in secured  # the name itself


def test_of_two_that_make_a_folder_at_once_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bank"
    rename = Path.rename

    def come_second(part: Path, target: Path) -> Path:
        path.mkdir()
        (path / "theirs").write_text("")
        return rename(part, target)

    monkeypatch.setattr(Path, "rename", come_second)
    with whole_folder(path) as part:
        (part / "ours").write_text("")
    assert [left.name for left in tmp_path.rglob("*")] == ["bank", "theirs"]


def left_by(folder: Path, name: str, machine: str, process: int, age: float = 0.0) -> Path:
    path = folder / f".{name}.{machine}.{process}.abcd.part"
    path.write_text("half")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_a_folder_takes_away_what_killed_attempts_at_it_left(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    left = left_by(tmp_path, "copy", platform.node(), process.pid)
    alive = left_by(tmp_path, "copy", platform.node(), os.getppid())
    with whole_folder(tmp_path / "copy"):
        pass
    assert not left.exists()
    assert alive.exists()


def test_temporary_files_older_than_the_system_or_forgotten_elsewhere_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_machine_started", lambda: time.time() - 1000)
    before = left_by(tmp_path, "a", platform.node(), os.getppid(), age=2000)
    since = left_by(tmp_path, "b", platform.node(), os.getppid(), age=500)
    elsewhere = left_by(tmp_path, "c", "elsewhere", 1, age=3600)
    forgotten = left_by(tmp_path, "d", "elsewhere", 1, age=8 * 24 * 3600)
    assert remove_partial(tmp_path) == 2
    assert [path.exists() for path in (before, since, elsewhere, forgotten)] == [False, True, True, False]


def test_a_line_of_a_training_that_is_cut_off_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "training.csv"
    whole = "10,0.8,0.9,0.0002,300.0,,,"
    path.write_text(f"{','.join(COLUMNS)}\n{whole}\n20,1.6,0.8,0.0002,300.0,0.66,0.61,0.6")
    TrainingLog(path, step=20)
    assert path.read_text().splitlines()[1:] == [whole]


def test_damaged_lines_of_a_training_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "training.csv"
    whole = "10,0.8,0.9,0.0002,300.0,,,"
    damaged = b"\xff\xfe1,,,,,,,\nten,,,,,,,\n-1,,,,,,,\n\xc2\xb2,,,,,,,\n\0\0,,,,,,,\n"
    path.write_bytes(f"{','.join(COLUMNS)}\n{whole}\n".encode() + damaged)
    TrainingLog(path, step=20)
    assert path.read_text().splitlines()[1:] == [whole]


def test_a_training_whose_checkpoint_is_cut_off_begins_again(tmp_path: Path) -> None:
    from deep.architecture import Architecture
    from deep.feed import make_feed
    from deep.network import build_network
    from deep.pixels import ArrayPixels
    from deep.settings import TrainingSettings
    from deep.training import train

    pixels = ArrayPixels(np.random.default_rng(0).integers(0, 255, (24, 72, 72, 3), dtype=np.uint8))
    labels = np.arange(24) % 2
    settings = TrainingSettings(iterations=4, passes=None, batch=8, log_every=1)

    def learn(checkpoint: Path, stop_after: int | None = None) -> dict[str, torch.Tensor]:
        network = build_network(Architecture.parse("1CONV-2FC", size=64), seed=1)
        feed = make_feed(pixels, labels, network, seed=2)
        return train(
            network, feed, settings, checkpoint=checkpoint, stop_after=stop_after, threads=1
        ).network.state_dict()

    calm = learn(tmp_path / "calm.safetensors")
    cut = tmp_path / "cut.safetensors"
    learn(cut, stop_after=2)
    cut.write_bytes(cut.read_bytes()[:1000])
    with pytest.warns(UserWarning, match="the training begins again"):
        again = learn(cut)
    assert all(torch.equal(calm[name], again[name]) for name in calm)


def test_an_interruption_says_how_to_go_on(tmp_path: Path) -> None:
    write_photos(tmp_path / "photos", 400)
    command = [
        sys.executable,
        "-m",
        "benchmark",
        "run",
        "--methods",
        "LCH",
        "--data",
        "photos",
        "--cache",
        "c",
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob("c/features/*")) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "give the same command again to go on" in said


def test_a_manifest_with_a_scheduler_that_nothing_uses_is_named(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"config": {"scheduler": "tcp://node1:8786"}}')
    with pytest.raises(ConfigError, match=r"manifest\.json: --scheduler tcp://node1:8786 is not used"):
        load_config(path)
    path.write_text('{"config": {"backend": "dask"}}')
    with pytest.raises(ConfigError, match=r"manifest\.json: --backend dask needs the address"):
        load_config(path)


@pytest.mark.skipif(os.name != "posix", reason="processes are not forked here")
def test_the_folder_of_the_socket_goes_with_a_killed_run(tmp_path: Path) -> None:
    script = (
        "import time; from benchmark.run.isolated import call\n"
        "assert call(pow, 2, 3).value == 8; print('there', flush=True); call(time.sleep, 60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        assert len(list(tmp_path.glob("pymp-*"))) == 1
        process.kill()
    end = time.monotonic() + 30
    while list(tmp_path.iterdir()):
        assert time.monotonic() < end, list(tmp_path.iterdir())
        time.sleep(0.1)


def test_no_process_but_the_server_removes_the_folder_of_the_socket(tmp_path: Path) -> None:
    script = "from benchmark.run.socket_folder import remove_with_this_process as f; f()"
    owner = {OWNER: str(os.getpid()), FOLDER: str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=os.environ | owner, check=True)
    assert tmp_path.exists()
    as_server = f"{script}  # multiprocessing.forkserver"
    subprocess.run([sys.executable, "-c", as_server], cwd=ROOT, env=os.environ | owner, check=True)
    assert not tmp_path.exists()
