"""The architecture is Figure 2's, in shapes, parameters and arithmetic derived by hand."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from deep.architecture import TABLE_1, Architecture
from deep.description import describe
from deep.loss import class_weights, sentiment_loss
from deep.network import Network, build_network
from deep.pixel_convolution import PixelConvolution


def test_figure_2_layer_by_layer() -> None:
    description = describe(Architecture.parse("2CONV-4FC"))
    layers = {layer.name: layer for layer in description.layers}
    # (227 - 11) / 4 + 1 = 55; (55 - 3) / 2 + 1 = 27; (27 + 4 - 5) / 2 + 1 = 14; (14 - 3) / 2 + 1 = 6
    assert layers["conv1"].output == (96, 55, 55)
    assert layers["norm1"].output == (96, 27, 27)
    assert layers["conv2"].output == (256, 14, 14)
    assert layers["norm2"].output == (256, 6, 6)
    assert [layers[n].output for n in ("fc1", "fc2", "emotion", "output")] == [(512,), (512,), (24,), (2,)]
    assert layers["conv1"].parameters == 96 * (11 * 11 * 3 + 1)
    assert layers["conv2"].parameters == 256 * (5 * 5 * 96 + 1)
    assert layers["fc1"].parameters == 512 * (6 * 6 * 256 + 1)
    assert description.parameters == 34_944 + 614_656 + 4_719_104 + 262_656 + 12_312 + 50
    assert layers["conv1"].flops == 2 * 55 * 55 * 96 * 363
    assert layers["conv2"].flops == 2 * 14 * 14 * 256 * 2400
    fully = 2 * (9216 * 512 + 512 * 512 + 512 * 24 + 24 * 2)
    assert description.flops == 210_830_400 + 240_844_800 + fully
    assert description.training_flops == 3 * description.flops - layers["conv1"].flops


def test_order_behind_each_convolution() -> None:
    names = [layer.name for layer in describe(Architecture.parse("2CONV-4FC")).layers]
    assert names[:8] == ["conv1", "pool1", "relu1", "norm1", "conv2", "pool2", "relu2", "norm2"]


def test_pooling_before_relu_is_relu_before_pooling() -> None:
    """The code pools first, which is four times less work for ReLU; values and gradients are the paper's."""
    x = torch.randn(2, 8, 13, 13, generator=torch.Generator().manual_seed(0))
    upstream = torch.randn(2, 8, 6, 6, generator=torch.Generator().manual_seed(1))
    pool, relu = nn.MaxPool2d(3, 2), nn.ReLU()
    results = []
    for order in ((pool, relu), (relu, pool)):
        leaf = x.clone().requires_grad_()
        y = order[1](order[0](leaf))
        y.backward(upstream)
        assert leaf.grad is not None
        results.append((y, leaf.grad))
    assert torch.equal(results[0][0], results[1][0])
    assert torch.equal(results[0][1], results[1][1])


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        # conv3: 384 * (3 * 3 * 256 + 1) = 885,120; behind it 3 x 3 x 384 = 3,456 values
        ("3CONV-4FC", 34_944 + 614_656 + 885_120 + 512 * 3457 + 262_656 + 12_312 + 50),
        ("3CONV-2FC", 34_944 + 614_656 + 885_120 + 24 * 3457 + 50),
        ("2CONV-3FC", 34_944 + 614_656 + 4_719_104 + 12_312 + 50),
    ],
)
def test_the_other_architectures_of_table_1(name: str, parameters: int) -> None:
    assert describe(Architecture.parse(name)).parameters == parameters


@pytest.mark.parametrize("name", TABLE_1)
@pytest.mark.parametrize("size", [64, 65, 100, 128])
def test_any_size_from_64(name: str, size: int) -> None:
    network = build_network(Architecture.parse(name, size=size, width=1 / 16))
    images = torch.rand(3, 3, size, size)
    assert network(images).shape == (3, 2)
    assert network.emotions(images).shape == (3, 24)
    assert network.emotion.out_features == 24


@pytest.mark.parametrize(("kernel", "stride"), [(11, 4), (5, 2), (3, 3), (4, 2)])
@pytest.mark.parametrize("width", [64, 65, 66, 67, 68])
def test_the_convolution_of_pixels_equals_torch(kernel: int, stride: int, width: int) -> None:
    ours = PixelConvolution(3, 5, kernel, stride).double()
    x = torch.randn(2, 3, 20, width, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    expected = nn.functional.conv2d(x, ours.weight, ours.bias, stride)
    for images in (x, x.contiguous(memory_format=torch.channels_last)):
        torch.testing.assert_close(ours(images), expected)
    upstream = torch.randn(expected.shape, dtype=torch.float64)
    gradients = [torch.autograd.grad(y, ours.weight, upstream)[0] for y in (ours(x), expected)]
    torch.testing.assert_close(gradients[0], gradients[1])


def test_columns_added_on_the_right_have_no_effect() -> None:
    """Images of 227 pixels lie in memory with 228 columns, which are whole blocks of 4."""
    architecture = Architecture.parse("2CONV-4FC", width=1 / 16)
    assert architecture.columns == 228
    network = build_network(architecture).eval()
    images = torch.randn(2, 3, 227, 227, generator=torch.Generator().manual_seed(0))
    wider = torch.cat([images, torch.full((2, 3, 227, 1), 1e3)], dim=3)
    torch.testing.assert_close(network(wider), network(images))
    for size in range(64, 80):
        narrow = Architecture.parse("2CONV-4FC", size=size, width=1 / 16)
        added = torch.randn(1, 3, size, narrow.columns)
        assert torch.equal(build_network(narrow)(added).isfinite(), torch.tensor([[True, True]]))


@pytest.mark.parametrize("bad", ["2CONV", "CONV-FC", "0CONV-4FC", "2CONV-1FC", "9CONV-9FC"])
def test_names_that_mean_nothing(bad: str) -> None:
    with pytest.raises(ValueError, match="2CONV-4FC"):
        Architecture.parse(bad)


def test_too_small_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 64"):
        Architecture.parse("2CONV-4FC", size=63)


def test_the_description_prints_its_totals() -> None:
    text = str(describe(Architecture.parse("2CONV-4FC")))
    assert "5,643,722" in text
    assert "461.66 MFLOP an image" in text


def test_he_initialisation_keeps_the_variance() -> None:
    network = build_network(Architecture.parse("2CONV-4FC"), seed=1)
    weight = network.get_parameter("fc1.weight")
    assert float(weight.detach().std()) == pytest.approx(math.sqrt(2 / 9216), rel=0.01)
    assert float(network.emotion.bias.detach().abs().max()) == 0


def test_caffenet_initialisation() -> None:
    network = build_network(Architecture.parse("2CONV-4FC"), initialisation="caffenet")
    assert float(network.get_parameter("conv1.weight").detach().std()) == pytest.approx(0.01, rel=0.02)
    assert float(network.get_parameter("fc1.weight").detach().std()) == pytest.approx(0.005, rel=0.02)
    assert float(network.get_parameter("conv2.bias").detach().min()) == 1


def test_the_seed_decides_the_weights(make_network: Callable[..., Network]) -> None:
    a, b, c = (make_network(seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert not torch.equal(a["conv1.weight"], c["conv1.weight"])


def test_the_loss_is_the_papers_log_likelihood(make_network: Callable[..., Network]) -> None:
    """-[y ln p(1) + (1 - y) ln p(0)] with p(1) = exp(w0 + w x) / (1 + exp(w0 + w x)), by hand.

    A softmax between the output layer and the loss would change it.
    """
    network = make_network().eval()
    images = torch.randn(12, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 3
    labels = torch.tensor([0, 1] * 6)
    x = network.emotions(images).detach().double().numpy()
    w = (network.output.weight[1] - network.output.weight[0]).detach().double().numpy()
    w0 = float((network.output.bias[1] - network.output.bias[0]).detach())
    score = w0 + x @ w
    assert np.abs(score).max() > 0.3  # or a softmax too many would hardly show
    p1 = np.exp(score) / (1 + np.exp(score))
    y = labels.numpy()
    by_hand = -np.mean(y * np.log(p1) + (1 - y) * np.log(1 - p1))
    assert sentiment_loss(network(images), labels, torch.ones(2)).item() == pytest.approx(by_hand, abs=1e-6)


def test_balanced_classes_weigh_the_same() -> None:
    labels = np.array([1, 1, 1, 0])
    weights = class_weights(labels, balanced=True).numpy()
    assert weights[1] * 3 == pytest.approx(weights[0] * 1)
    assert weights[labels].mean() == pytest.approx(1)
    assert class_weights(labels, balanced=False).tolist() == [1, 1]
    with pytest.raises(ValueError, match="0 negative and 2 positive"):
        class_weights(np.array([1, 1]), balanced=True)
