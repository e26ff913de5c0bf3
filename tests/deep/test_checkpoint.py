"""Files of tensors are whole or absent; a killed process goes on where it was."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from deep.network import Network
from deep.tensorfile import TensorFileError, read_tensors, write_tensors
from deep.weights import CARD, WEIGHTS, ModelCard, load_card, load_weights, save_weights

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import dataclasses, sys, time
from pathlib import Path
import numpy as np
from deep.architecture import Architecture
from deep.feed import ResidentFeed
from deep.network import build_network
from deep.normalisation import Normalisation
from deep.pixels import ArrayPixels
from deep.settings import TrainingSettings
from deep.training import train
from deep.weights import ModelCard, save_weights

folder, pause = Path(sys.argv[1]), float(sys.argv[2])
rng = np.random.default_rng(0)
labels = (np.arange(40) % 2).astype(int)
images = (rng.integers(0, 120, (40, 70, 70, 3)) + 100 * labels[:, None, None, None]).astype(np.uint8)
feed = ResidentFeed(ArrayPixels(images), labels, 64, Normalisation((120, 120, 120), 1 / 64))
network = build_network(Architecture.parse("2CONV-4FC", size=64, width=1 / 16))
settings = TrainingSettings(batch=8, passes=6.0, dtype="float32", log_every=1, keep="last")
result = train(
    network, feed, settings, threads=1, checkpoint=folder / "checkpoint", checkpoint_seconds=0.0,
    log=folder / "log.csv", report=lambda status: time.sleep(pause),
)
save_weights(folder, result.network, ModelCard("CNN", "test", "none", {}, {}, {}))
"""


def test_a_killed_process_goes_on_to_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 in the middle, start again: byte for byte the weights of a run that nobody disturbed."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    command = [sys.executable, "-c", PROGRAM]
    monkeypatch.setattr(sys, "argv", ["", str(whole), "0"])
    exec(PROGRAM, {})
    process = subprocess.Popen([*command, str(killed), "0.2"], cwd=ROOT)
    deadline = time.monotonic() + 60
    while not (killed / "checkpoint").exists() or len((killed / "log.csv").read_text().splitlines()) < 6:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (killed / WEIGHTS).exists()
    subprocess.run([*command, str(killed), "0"], cwd=ROOT, check=True, timeout=120)
    assert (killed / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()
    steps = [line.split(",")[0] for line in (killed / "log.csv").read_text().splitlines()]
    assert steps == ["step", *map(str, range(1, 31))]


def test_tensors_come_back_as_they_were(tmp_path: Path) -> None:
    tensors = {
        "a": torch.randn(3, 4).to(torch.bfloat16),
        "b": torch.arange(5, dtype=torch.uint8),
        "strided": torch.randn(4, 6).t(),
        "scalar": torch.tensor(3.0),
    }
    write_tensors(tmp_path / "file", tensors, {"number": 0.1, "list": [1, None]})
    found, description = read_tensors(tmp_path / "file")
    assert description == {"number": 0.1, "list": [1, None]}
    assert set(found) == set(tensors)
    assert all(torch.equal(found[name], tensors[name]) for name in tensors)
    assert all(found[name].dtype == tensors[name].dtype for name in tensors)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_tensors(path, {"a": torch.zeros(1000)}, {})
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_tensors(path, {"a": torch.ones(1000)}, {})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("damage", ["cut", "other", "missing", "pickle"])
def test_damaged_files_are_refused_by_name(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "file"
    write_tensors(path, {"a": torch.zeros(1000)}, {})
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    elif damage == "other":
        path.write_bytes(b"hello")
    elif damage == "pickle":
        torch.save({"a": torch.zeros(3)}, path)
    else:
        path.unlink()
    with pytest.raises(TensorFileError, match=r"file: not a file of tensors written here.*delete it"):
        read_tensors(path)


def test_weights_and_their_card(make_network: Callable[..., Network], tmp_path: Path) -> None:
    network = make_network("3CONV-2FC", seed=5)
    card = ModelCard(
        "CNN", "100 photographs", "ANP", {"near-duplicates": 3}, {"batch": 128}, {"auc": 0.6}, {"threads": 1}
    )
    save_weights(tmp_path, network, card)
    loaded = load_weights(tmp_path)
    assert loaded.architecture == network.architecture
    assert loaded.normalisation == network.normalisation
    images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert torch.equal(loaded.eval()(images), network.eval()(images))
    assert load_card(tmp_path) == card
    text = (tmp_path / CARD).read_text()
    for word in ("near-duplicates", "not for judging individuals", "3CONV", "100 photographs"):
        assert word.replace("3CONV", "convolutions") in text


def test_weights_of_another_shape_are_refused(make_network: Callable[..., Network], tmp_path: Path) -> None:
    network = make_network()
    save_weights(tmp_path, network, ModelCard("CNN", "", "", {}, {}, {}))
    tensors, description = read_tensors(tmp_path / WEIGHTS)
    description["architecture"]["width"] = 0.5
    write_tensors(tmp_path / WEIGHTS, tensors, description)
    with pytest.raises(TensorFileError, match="not the weights of such a network"):
        load_weights(tmp_path)


def test_saving_twice_gives_the_same_bytes(make_network: Callable[..., Network], tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_weights(tmp_path / name, make_network(), ModelCard("CNN", "", "", {}, {}, {}))
    assert np.array_equal(
        np.fromfile(tmp_path / "a" / WEIGHTS, np.uint8), np.fromfile(tmp_path / "b" / WEIGHTS, np.uint8)
    )
