"""A network learned by two processes through the command line: stored once, and used by a run."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmark.run import torchrun as torchrun_module
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.torchrun import process

ROOT = Path(__file__).resolve().parents[2]


def test_without_torchrun_there_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    assert process() == (0, 1)


@pytest.mark.parametrize("stored", [True, False])
def test_one_that_comes_to_its_end_after_the_first_has_cleared_up_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    def late(task: Path) -> None:
        raise FileNotFoundError("training.csv")

    planned = SimpleNamespace(spec=SimpleNamespace(train=late), stored=stored)
    monkeypatch.setattr(torchrun_module, "task_of", lambda planned, folder, store: folder)
    if stored:
        torchrun_module._take_part(planned, tmp_path, ArtefactStore(tmp_path))  # type: ignore[arg-type]
    else:
        with pytest.raises(FileNotFoundError):
            torchrun_module._take_part(planned, tmp_path, ArtefactStore(tmp_path))  # type: ignore[arg-type]


def test_two_processes_learn_a_network_that_a_run_then_uses(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "SENTIMENT_DATA": str(tmp_path / "data"),
        "SENTIMENT_CACHE": str(tmp_path / "cache"),
    }
    common = ["--data", "synthetic:n=60", "--source", "anps=synthetic:n=120", "--device", "cpu"]
    common += ["--set", "CNN-weights:iterations=4", "--out", str(tmp_path / "out")]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    learn = [*torchrun, "-m", "benchmark", "network", "train", "CNN-weights", *common]
    done = subprocess.run(learn, env=environment, timeout=300, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    (folder,) = (tmp_path / "out" / "artefacts").iterdir()
    assert '"processes": 2' in (folder / "card.json").read_text()
    made = (folder / "weights.safetensors").stat().st_mtime_ns
    run = [sys.executable, "-m", "benchmark", "run", "--methods", "CNN", "--subsets", "five", "--folds", "1"]
    done = subprocess.run(
        [*run, *common], env=environment, timeout=300, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert (folder / "weights.safetensors").stat().st_mtime_ns == made
