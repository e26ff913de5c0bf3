"""Local response normalisation across channels (Krizhevsky et al. 2012, section 3.3), fast on a CPU.

With s = k + alpha / size * (sum of x^2 over the `size` nearest channels), the layer is y = x / s^beta. The
sum is a 1x1 convolution of x^2 with a band of ones: in channels-last memory, one matrix product. PyTorch's
own layer pools over a copy with an added dimension and raises to a power: the slowest of the network.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class LocalResponseNorm(nn.Module):
    """Equal to `torch.nn.LocalResponseNorm`, with an analytic backward.

    Parameters
    ----------
    channels : int
        Of the input.
    size : int
        Channels in the sum; odd.
    alpha, beta, k : float
        As above; the defaults are those of CaffeNet.

    Raises
    ------
    ValueError
        `size` is even: the band would not be symmetric.
    """

    band: Tensor

    def __init__(
        self, channels: int, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> None:
        super().__init__()
        if size < 1 or size % 2 == 0:
            raise ValueError(f"LocalResponseNorm: size is {size}; use an odd number of channels")
        self.channels, self.size, self.alpha, self.beta, self.k = channels, size, alpha, beta, k
        place = torch.arange(channels, dtype=torch.float64)
        near = (place[:, None] - place[None, :]).abs() <= size // 2
        self.register_buffer("band", near.to(torch.float64) * (alpha / size), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise ``x``, shape (n, channels, height, width); any floating dtype, any memory format."""
        pixels = x.permute(0, 2, 3, 1).reshape(-1, self.channels)
        y = _Normalise.apply(pixels, self.band.to(x.dtype), self.beta, self.k)
        n, _, height, width = x.shape
        return y.view(n, height, width, self.channels).permute(0, 3, 1, 2)

    def extra_repr(self) -> str:
        return f"{self.channels}, size={self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class _Normalise(torch.autograd.Function):
    """y = x / s^beta on rows of channels; x is (pixels, channels), band (channels, channels), symmetric.

    These operations wait for memory. There are as few of them as PyTorch allows, and none works in place: on
    a CPU that is slower.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, band: Tensor, beta: float, k: float) -> Tensor:
        s = torch.addmm(x.new_full((x.shape[1],), k), x.square(), band)
        if beta == 0.75:  # roots are many times faster than a power
            root = s.sqrt()
            power = root * root.sqrt()
        else:
            power = s.pow(beta)
        ctx.save_for_backward(x, s, power, band)
        ctx.beta = beta
        return x / power

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None, None]:
        """dx = g / s^beta - 2 beta x (band . (g x / s^(beta + 1)))."""
        x, s, power, band = ctx.saved_tensors
        direct = grads[0] / power
        across = torch.mm(direct * x / s, band * (-2 * ctx.beta))
        return torch.addcmul(direct, across, x), None, None, None
