"""What a network consists of: shapes, parameters and arithmetic of each layer, read off a built one."""

import dataclasses
from typing import Any

import torch
from torch import Tensor, nn

from deep.architecture import Architecture
from deep.network import Network


@dataclasses.dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes
    ----------
    name, kind : str
        Such as ``conv1``, ``convolution``.
    detail : str
        Such as ``11x11, stride 4``.
    output : tuple of int
        Shape behind it, without the batch: (channels, height, width), or (units,).
    parameters : int
        Weights and biases.
    flops : int
        For one image: two for each multiplication and addition of convolutions and fully connected layers;
        what else there is (pooling, ReLU, response normalisation) is not counted.
    """

    name: str
    kind: str
    detail: str
    output: tuple[int, ...]
    parameters: int
    flops: int


@dataclasses.dataclass(frozen=True)
class Description:
    """All layers of a network, in order."""

    architecture: Architecture
    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of the whole network."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def flops(self) -> int:
        """Of one image forward."""
        return sum(layer.flops for layer in self.layers)

    @property
    def training_flops(self) -> int:
        """Of one image forward and backward: gradients of weights and of inputs, not of the image itself."""
        return 3 * self.flops - self.layers[0].flops

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the architecture, its layers, and their sums."""
        return {
            "architecture": {"name": self.architecture.name, **dataclasses.asdict(self.architecture)},
            "layers": [dataclasses.asdict(layer) for layer in self.layers],
            "parameters": self.parameters,
            "flops": self.flops,
            "training_flops": self.training_flops,
        }

    def __str__(self) -> str:
        size = self.architecture.size
        lines = [f"{self.architecture.name}, input 3 x {size} x {size}"]
        for layer in self.layers:
            shape = " x ".join(map(str, layer.output))
            lines.append(
                f"{layer.name:<12} {layer.kind:<24} {layer.detail:<24} {shape:<14} "
                f"{layer.parameters:>10,} {layer.flops / 1e6:>9.2f} MFLOP"
            )
        lines.append(f"{'total':<77} {self.parameters:>10,} {self.flops / 1e6:>9.2f} MFLOP an image")
        return "\n".join(lines)


def describe(architecture: Architecture) -> Description:
    """Build the network, send one blank image through it, and write down what happened."""
    network = Network(architecture).eval()
    layers: list[Layer] = []

    def note(name: str) -> Any:
        def hook(layer: nn.Module, _: Any, output: Tensor) -> None:
            kind, detail, flops = _kind(layer, output)
            parameters = sum(parameter.numel() for parameter in layer.parameters())
            layers.append(Layer(name, kind, detail, tuple(output.shape[1:]), parameters, flops))

        return hook

    for name, layer in network.named_children():
        layer.register_forward_hook(note(name))
    with torch.no_grad():
        network(torch.zeros(1, 3, architecture.size, architecture.size))
    return Description(architecture, tuple(layers))


def _kind(layer: nn.Module, output: Tensor) -> tuple[str, str, int]:
    if isinstance(layer, nn.Conv2d):
        height, width = layer.kernel_size
        flops = 2 * layer.weight[0].numel() * output[0].numel()
        padding = f", padding {layer.padding[0]}" if layer.padding[0] else ""
        return "convolution", f"{height}x{width}, stride {layer.stride[0]}{padding}", flops
    if isinstance(layer, nn.Linear):
        return "fully connected", f"from {layer.in_features}", 2 * layer.weight.numel()
    if isinstance(layer, nn.MaxPool2d):
        padding = f", padding {layer.padding}" if layer.padding else ""
        return "max pooling", f"{layer.kernel_size}x{layer.kernel_size}, stride {layer.stride}{padding}", 0
    if isinstance(layer, nn.Dropout):
        return "dropout", f"{layer.p:g}", 0
    names = {"ReLU": "ReLU", "LocalResponseNorm": "response normalisation", "_Flatten": "flatten"}
    detail = f"{layer.size} channels" if hasattr(layer, "size") else ""
    return names[type(layer).__name__], detail, 0
