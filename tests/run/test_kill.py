"""``kill -9`` at random moments, then run again: the same tables, byte for byte."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from pictures import write_photos

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SENTIMENT_KILLS", "6"))
"""How often; CI takes the default, ``SENTIMENT_KILLS=20`` the full form."""


def start(photos: Path, out: Path, cache: Path) -> subprocess.Popen[bytes]:
    command = [
        "run",
        "--methods",
        "Majority,GCH,LCH",
        "--data",
        str(photos),
        "--out",
        str(out),
        "--cache",
        str(cache),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SENTIMENT_DATA": str(cache)}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmark", *command],
        env=environment,
        cwd=photos.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def test_killed_anywhere_a_run_ends_with_the_same_tables(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 60, seed=3)
    undisturbed = start(photos, tmp_path / "calm", tmp_path / "calm-cache")
    began = time.monotonic()
    assert undisturbed.wait(timeout=300) == 0, undisturbed.stderr.read().decode()  # type: ignore[union-attr]
    whole = time.monotonic() - began
    moments = random.Random(5)
    out, cache = tmp_path / "killed", tmp_path / "killed-cache"
    killed = 0
    for _ in range(KILLS):
        process = start(photos, out, cache)
        try:
            process.wait(timeout=moments.uniform(0.2, 1.0) * whole)
        except subprocess.TimeoutExpired:
            # The run alone is killed: its children must notice by themselves.
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
    assert killed > 0
    last = start(photos, out, cache)
    assert last.wait(timeout=300) == 0, last.stderr.read().decode()  # type: ignore[union-attr]
    assert tables(out) == tables(tmp_path / "calm")
    assert not list(out.rglob("*.part"))
    assert not list(cache.rglob("*.part"))
