"""Images through a network that stays as it is."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

Module = TypeVar("Module", bound=nn.Module)


@dataclasses.dataclass(frozen=True)
class Entrance:
    """What is done to pixels before they enter a network.

    Attributes
    ----------
    side : int
        Images are scaled to side x side pixels, whole: a border may hold what matters.
    mean, deviation : tuple of float
        Of red, green and blue, 0 to 255; subtracted and divided by.
    """

    side: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]

    def __call__(self, pixels: Tensor) -> Tensor:
        """Scale and normalise.

        Parameters
        ----------
        pixels : Tensor of float32, shape (n, 3, h, w)
            RGB, 0 to 255.

        Returns
        -------
        Tensor of float32, shape (n, 3, side, side)
            Channels-last in memory.
        """
        if pixels.shape[-2:] != (self.side, self.side):
            pixels = interpolate(pixels, (self.side, self.side), mode="bilinear", antialias=True)
        mean, deviation = (torch.tensor(values)[:, None, None] for values in (self.mean, self.deviation))
        return ((pixels - mean) / deviation).contiguous(memory_format=torch.channels_last)


def frozen(network: Module) -> Module:
    """The network as it is used: no dropout, no gradients, channels-last in memory."""
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


class LastInput:
    """What the last layer of a classification network gets to see, whatever the network is built of.

    Parameters
    ----------
    network : Module
        Frozen.
    example : Tensor of float32, shape (1, 3, side, side)
        Any image: which linear layer or convolution is the last is found out by running it.
    """

    def __init__(self, network: nn.Module, example: Tensor) -> None:
        self.network = network
        called: list[nn.Module] = []
        layers = [layer for layer in network.modules() if isinstance(layer, nn.Linear | nn.Conv2d)]
        hooks = [layer.register_forward_pre_hook(lambda layer, _: called.append(layer)) for layer in layers]
        with torch.inference_mode():
            network(example)
        for hook in hooks:
            hook.remove()
        called[-1].register_forward_pre_hook(self._keep)

    def _keep(self, layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        self._kept = inputs[0]

    def __call__(self, images: Tensor) -> Tensor:
        """Features, shape (n, d); maps are averaged over their places.

        Parameters
        ----------
        images : Tensor of float32, shape (n, 3, side, side)
            Normalised.
        """
        self.network(images)
        kept = self._kept
        return kept.mean(dim=(2, 3)) if kept.ndim == 4 else kept.flatten(1)


@torch.inference_mode()
def describe_each(describe: Callable[[Tensor], Tensor], pixels: np.ndarray) -> np.ndarray:
    """Features of each image by itself.

    Parameters
    ----------
    describe : callable
        From a Tensor of float32, shape (1, 3, h, w), RGB, 0 to 255, to one of shape (1, d).
    pixels : ndarray of uint8, shape (n, h, w, 3)

    Returns
    -------
    ndarray of float32, shape (n, d)
    """
    with _one_thread():
        rows = []
        for image in pixels:
            values = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].to(torch.float32)
            rows.append(describe(values)[0].to(torch.float32).numpy())
    return np.stack(rows)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
