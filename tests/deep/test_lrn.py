"""Local response normalisation equals PyTorch's own, values and gradients."""

import pytest
import torch
from torch import nn

from deep.lrn import LocalResponseNorm


def both(
    x: torch.Tensor, size: int, alpha: float, beta: float, k: float
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Output and input gradient of PyTorch's layer and of ours, for the same upstream gradient."""
    layers = [
        nn.LocalResponseNorm(size, alpha, beta, k),
        LocalResponseNorm(x.shape[1], size, alpha, beta, k).to(x.dtype),
    ]
    upstream = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
    results = []
    for layer in layers:
        leaf = x.clone().requires_grad_()
        y = layer(leaf)
        y.backward(upstream)
        assert leaf.grad is not None
        results.append((y.detach(), leaf.grad))
    return results


@pytest.mark.parametrize("scale", [1.0, 60.0, 1000.0])
@pytest.mark.parametrize("channels", [3, 24, 96])
def test_values_and_gradients_equal_torch(channels: int, scale: float) -> None:
    x = scale * torch.randn(2, channels, 5, 4, generator=torch.Generator().manual_seed(0))
    (y1, g1), (y2, g2) = both(x, 5, 1e-4, 0.75, 1.0)
    torch.testing.assert_close(y2 / scale, y1 / scale, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(g2, g1, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("size", "alpha", "beta", "k"), [(3, 0.5, 0.5, 2.0), (7, 1.0, 0.75, 1.0), (1, 2, 1, 1)]
)
def test_other_constants_equal_torch(size: int, alpha: float, beta: float, k: float) -> None:
    x = torch.randn(2, 9, 3, 3, generator=torch.Generator().manual_seed(0))
    (y1, g1), (y2, g2) = both(x, size, alpha, beta, k)
    torch.testing.assert_close(y2, y1, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(g2, g1, atol=1e-5, rtol=1e-5)


def test_the_analytic_gradient_is_the_numeric_one() -> None:
    layer = LocalResponseNorm(6, alpha=0.7).double()
    x = torch.randn(2, 6, 2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert torch.autograd.gradcheck(layer, (x.requires_grad_(),))


def test_memory_format_changes_nothing_and_channels_last_stays() -> None:
    x = 50 * torch.randn(2, 16, 6, 6, generator=torch.Generator().manual_seed(0))
    layer = LocalResponseNorm(16)
    last = layer(x.contiguous(memory_format=torch.channels_last))
    assert torch.equal(layer(x), last)
    assert last.is_contiguous(memory_format=torch.channels_last)


def test_bfloat16_is_close() -> None:
    x = 100 * torch.randn(2, 96, 6, 6, generator=torch.Generator().manual_seed(0)).relu()
    exact = nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0)(x)
    torch.testing.assert_close(LocalResponseNorm(96)(x.bfloat16()).float(), exact, atol=0.5, rtol=0.02)


def test_an_even_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size is 4; use an odd number"):
        LocalResponseNorm(8, size=4)
