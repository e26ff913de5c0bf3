"""Two processes train as one: same losses, same weights on both."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from deep.distributed import Ranks

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import dataclasses, json, sys
from pathlib import Path
import numpy as np
from deep.architecture import Architecture
from deep.distributed import joined
from deep.feed import ResidentFeed
from deep.network import build_network
from deep.normalisation import Normalisation
from deep.pixels import ArrayPixels
from deep.settings import TrainingSettings
from deep.training import train

folder = Path(sys.argv[1])
rng = np.random.default_rng(0)
labels = (np.arange(42) % 3 > 0).astype(int)
images = (rng.integers(0, 120, (42, 70, 70, 3)) + 60 * labels[:, None, None, None]).astype(np.uint8)
normalisation = Normalisation((120, 120, 120), 1 / 64)
with joined("cpu") as ranks:
    feed = ResidentFeed(ArrayPixels(images), labels, 64, normalisation)
    network = build_network(Architecture.parse("2CONV-4FC", size=64, width=1 / 16, dropout=0.0))
    settings = TrainingSettings(batch=8, passes=3.0, dtype="float32", log_every=1, learning_rate=1e-3)
    losses = []
    checkpoint = folder / f"checkpoint{ranks.size}"
    common = dict(
        validation=feed.part(np.arange(0, 42, 3)), ranks=ranks, threads=1, checkpoint=checkpoint,
        report=lambda status: losses.append(status.loss), log=folder / f"log{ranks.size}.csv",
    )
    train(network, feed, settings, stop_after=9, **common)
    network = build_network(Architecture.parse("2CONV-4FC", size=64, width=1 / 16, dropout=0.0))
    result = train(network, feed, settings, **common)
    aucs = [v["auc"] for v in result.validations]
    weight = float(result.network.output.weight.detach().double().sum())
    text = json.dumps({"losses": losses, "aucs": aucs, "weight": weight})
    (folder / f"{ranks.size}-{ranks.rank}.json").write_text(text)
"""


def test_two_processes_give_the_losses_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*torchrun, str(program), str(tmp_path)]
    done = subprocess.run(command, env=environment, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    monkeypatch.setattr(sys, "argv", ["", str(tmp_path)])
    exec(PROGRAM, {})
    one, first, second = (json.loads((tmp_path / f"{n}.json").read_text()) for n in ("1-0", "2-0", "2-1"))
    assert len(one["losses"]) == 16
    np.testing.assert_allclose(first["losses"], one["losses"], atol=1e-5, rtol=0)
    assert first == second
    np.testing.assert_allclose(first["aucs"], one["aucs"], atol=0.05)
    assert first["weight"] == pytest.approx(one["weight"], abs=1e-4)
    assert len((tmp_path / "log2.csv").read_text().splitlines()) == 17  # one process writes


def test_shares_make_up_the_batch() -> None:
    batch = np.arange(12)
    shares = [batch[Ranks(rank, 3).share(12)] for rank in range(3)]
    assert np.array_equal(np.concatenate(shares), batch)
    with pytest.raises(ValueError, match="use a multiple of 3"):
        Ranks(0, 3).share(10)


def test_one_process_needs_no_group() -> None:
    rows = torch.ones(3, 2)
    assert Ranks().gather_rows(rows, 3) is rows
    assert Ranks().mean(rows) is rows
