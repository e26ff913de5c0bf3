"""``python -m benchmark speed`` as a user gives it: results, exit codes, the environment, Ctrl-C."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

STAGE = '''
"""A stage of a test."""
import os
from benchmark.speed.stage import Case, Check, Peer, Side
def cases(settings):
    """Variables of the environment that a stage sees."""
    seen = sorted(name for name in os.environ if name.startswith(("OPENBLAS_", "OMP_")))
    {body}
    yield Case("case", "things", (Side("ours", int, 1),), (Peer(Side("theirs", int, 1)),),
               lambda ours, theirs: [Check("variables", str(seen), "[]", not seen)], note=str(os.getpid()))
'''


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"} | more


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """Make a copy of the harness with one stage in it, and run that."""
    import shutil

    shutil.copytree(ROOT / "benchmark", tmp_path / "benchmark", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "benchmark" / "speed" / "stages"
    for path in folder.glob("[!_]*.py"):
        path.unlink()

    def write(body: str = "pass") -> dict[str, str]:
        (folder / "seen.py").write_text(STAGE.format(body=body))
        return environment(PYTHONPATH=str(tmp_path), OPENBLAS_CORETYPE="Haswell", OMP_NUM_THREADS="1")

    return write


def run(place: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmark", "speed", *arguments],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_new_file_is_a_stage_and_sees_a_clean_environment(stage, tmp_path):
    done = run(tmp_path, stage(), "--out", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    (check,) = csv.DictReader((tmp_path / "out" / "checks.csv").open())
    assert (check["stage"], check["found"]) == ("seen", "[]")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"ratios.csv", "timings.csv", "checks.csv", "stages", "speed.png", "speed.pdf"}
    machine = json.loads((tmp_path / "out" / "stages" / "seen.json").read_text())["machine"]
    assert machine["cores"] >= 1


def test_a_wrong_result_and_a_death_fail_by_name(stage, tmp_path):
    done = run(tmp_path, stage('seen = ["all of it"]'), "--out", "out")
    assert done.returncode == 1
    assert "seen: wrong: case: variables is ['all of it'], demanded []" in done.stdout
    done = run(tmp_path, stage("print('out of ideas'); os._exit(3)"), "--out", "out")
    assert done.returncode == 1
    assert "the stage's process ended with code 3" in done.stdout
    assert not list((tmp_path / "out").glob(".*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_stage_and_all_it_started_and_leaves_no_scratch(stage, tmp_path, number):
    started = tmp_path / "started"
    body = f"""
    import subprocess, time
    child = subprocess.Popen(["sleep", "600"])
    open({str(started)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
    time.sleep(600)
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmark", "speed", "--out", "out"],
        cwd=tmp_path,
        env=stage(body.strip()),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_for(lambda: started.exists() and started.read_text())
    process.send_signal(number)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    assert "Traceback" not in said
    pids = [int(pid) for pid in started.read_text().split()]
    wait_for(lambda: not any(map(alive, pids)))
    assert not list((tmp_path / "out").iterdir())


def test_a_stage_ends_when_whoever_started_it_is_killed(stage, tmp_path):
    started = tmp_path / "started"
    body = f"""
    import time
    open({str(started)!r}, "w").write(str(os.getpid()))
    time.sleep(600)
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmark", "speed", "--out", "out"],
        cwd=tmp_path,
        env=stage(body.strip()),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: started.exists() and started.read_text())
    process.kill()
    process.wait()
    wait_for(lambda: not alive(int(started.read_text())))
    assert run(tmp_path, stage(), "--out", "out").returncode == 0
    assert not list((tmp_path / "out").glob(".scratch*"))


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_wrong_words_are_refused(tmp_path):
    done = run(tmp_path, environment(), "histogram")
    assert done.returncode == 2
    assert "did you mean 'histograms'?" in done.stderr
    done = run(tmp_path, environment(), "histograms", "--device", "tpu")
    assert (done.returncode, "use auto, cpu or cuda" in done.stderr) == (2, True)
    assert not list(tmp_path.iterdir())


def test_help_names_every_stage(tmp_path):
    from benchmark.speed.catalogue import stage_names

    said = run(tmp_path, environment(), "--help").stdout
    assert all(name in said for name in stage_names())
