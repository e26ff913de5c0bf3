"""Features of frozen networks: equal bytes whatever the batch and the threads, keyed by the weights."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from benchmark.data.extractor import Extractor, NotAvailable
from benchmark.data.known_file import KnownFile, KnownFileError
from deep.backbone import Backbone, Describe
from deep.frozen import Entrance, LastInput, describe_each, frozen
from deep.frozen_features import FrozenFeatures
from deep.state_dict import load_strictly, read_state_dict


def tiny() -> nn.Sequential:
    """A network whose kernels depend on the batch: convolutions and a wide product."""
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Conv2d(3, 24, 5, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(384, 130)
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class TinyFeatures(Backbone):
    """Features of `tiny`."""

    size: int = 48

    def missing(self) -> str:
        return "" if self.weights else "needs weights: bring them"

    def open(self) -> Describe:
        network = tiny()
        load_strictly(network, read_state_dict(self.file.path), self.file.path, "tiny")
        enter = Entrance(32, (127.0, 127.0, 127.0), (128.0, 128.0, 128.0))
        frozen(network)
        return lambda pixels: network(enter(pixels))


@pytest.fixture
def weights(tmp_path: Path) -> KnownFile:
    torch.save(tiny().state_dict(), tmp_path / "tiny.pth")
    return KnownFile.of(tmp_path / "tiny.pth")


PIXELS = np.random.default_rng(0).integers(0, 256, (40, 48, 48, 3)).astype(np.uint8)


def test_an_image_has_the_same_bytes_in_any_batch_and_with_any_threads(weights: KnownFile) -> None:
    features = TinyFeatures(weights=weights)
    together = features.extract(PIXELS)
    assert together.dtype == np.float32
    assert together.shape == (40, 130)
    alone = np.concatenate([features.extract(PIXELS[[i]]) for i in range(40)])
    assert alone.tobytes() == together.tobytes()
    torch.set_num_threads(2)
    assert features.extract(PIXELS[::-1])[::-1].tobytes() == together.tobytes()
    assert torch.get_num_threads() == 2


def test_one_image_at_a_time_is_what_makes_them_so() -> None:
    """The rule is not idle: a batch through the same network gives other bytes on some processors."""
    seen = []

    def describe(pixels: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(pixels.shape))
        return pixels.mean(dim=(2, 3))

    values = describe_each(describe, PIXELS[:3])
    assert seen == [(1, 3, 48, 48)] * 3
    assert np.allclose(values, PIXELS[:3].mean(axis=(1, 2)), atol=1e-3)


def test_pixels_are_scaled_whole_and_normalised() -> None:
    pixels = torch.zeros(1, 3, 64, 64)
    pixels[..., :32] = 255.0
    entered = Entrance(16, (127.5, 0.0, 0.0), (127.5, 1.0, 255.0))(pixels)
    assert entered.shape == (1, 3, 16, 16)
    assert entered.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(entered[0, :, 8, 0], torch.tensor([1.0, 255.0, 1.0]))
    assert torch.allclose(entered[0, :, 8, 15], torch.tensor([-1.0, 0.0, 0.0]))


def test_the_key_is_what_the_weights_are_not_where(weights: KnownFile, tmp_path: Path) -> None:
    key = TinyFeatures(weights=weights).fingerprint()
    moved = KnownFile.of(shutil.copy(weights.path, tmp_path / "elsewhere.pth"))
    assert moved != weights
    assert TinyFeatures(weights=moved).fingerprint() == key
    state = tiny().state_dict()
    state["0.bias"] += 1
    torch.save(state, tmp_path / "other.pth")
    assert TinyFeatures(weights=KnownFile.of(tmp_path / "other.pth")).fingerprint() != key


def test_the_version_of_pytorch_counts_for_what_uses_it_and_for_nothing_else(
    weights: KnownFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmark.data import fingerprint
    from benchmark.data.extractor import Pixels

    before = [TinyFeatures(weights=weights).fingerprint(), Pixels().fingerprint()]
    real = fingerprint.versions
    later = {"torch": "99.0"}
    monkeypatch.setattr(
        "benchmark.data.extractor.versions",
        lambda *names: real(*names) | {name: later[name] for name in names if name in later},
    )
    after = [TinyFeatures(weights=weights).fingerprint(), Pixels().fingerprint()]
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_what_is_missing_is_said_before_anything_is_opened() -> None:
    with pytest.raises(NotAvailable, match="needs weights: bring them"):
        TinyFeatures().check()
    with pytest.raises(NotAvailable, match="needs weights: bring them"):
        TinyFeatures().extract(PIXELS[:1])
    Extractor().check()


def test_a_pipeline_step_takes_weights_in_place_of_the_backbone_s(weights: KnownFile) -> None:
    step = FrozenFeatures(TinyFeatures(), weights=weights)
    assert step.extractor == TinyFeatures(weights=weights)
    assert FrozenFeatures(TinyFeatures(weights=weights)).extractor == step.extractor


def test_the_last_layer_s_input_is_found_whatever_the_network_is_built_of() -> None:
    flat = frozen(tiny())
    images = torch.randn(2, 3, 32, 32)
    assert torch.equal(LastInput(flat, images[:1])(images), flat[:4](images))
    maps = frozen(nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Conv2d(6, 10, 1), nn.AdaptiveAvgPool2d(1)))
    expected = maps[:2](images).mean(dim=(2, 3))
    assert torch.equal(LastInput(maps, images[:1])(images), expected)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownFileError, match=r"nowhere\.pth: no such file"):
        KnownFile.of(tmp_path / "nowhere.pth")


def test_a_file_that_changed_has_another_hash(tmp_path: Path) -> None:
    path = tmp_path / "w"
    path.write_bytes(b"one")
    first = KnownFile.of(path)
    path.write_bytes(b"other")
    assert KnownFile.of(path).digest != first.digest
