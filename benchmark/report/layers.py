"""What a network consists of, read from its description (``network.json``, or `benchmark.architectures`)."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

EMOTION_LAYER = "emotion"
"""Name of the layer of 24 units, the emotions of Plutchik's wheel (You et al. 2015, Figure 2)."""

CONVOLUTION, FULLY_CONNECTED, POOLING = "convolution", "fully connected", "max pooling"
NORMALISATION = "response normalisation"


@dataclasses.dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes
    ----------
    name, kind, detail : str
        Such as ``conv1``, ``convolution``, ``11x11, stride 4``.
    output : tuple of int
        Shape behind it, without the batch: (channels, height, width), or (units,).
    parameters : int
        Weights and biases.
    flops : int
        For one image: two for each multiplication and addition of convolutions and fully connected layers.
    """

    name: str
    kind: str
    detail: str
    output: tuple[int, ...]
    parameters: int
    flops: int

    @property
    def shape(self) -> str:
        """The output for people: ``96 x 55 x 55``."""
        return " x ".join(map(str, self.output))


@dataclasses.dataclass(frozen=True)
class Block:
    """A layer with weights and what follows it up to the next one.

    Attributes
    ----------
    layer : Layer
        The convolution or fully connected layer.
    then : tuple of Layer
        Pooling, ReLU, response normalisation, dropout, flattening.
    """

    layer: Layer
    then: tuple[Layer, ...]

    @property
    def output(self) -> tuple[int, ...]:
        """Shape behind the block, before values are put in a row."""
        shaped = [layer for layer in self.then if layer.kind != "flatten"]
        return (shaped or [self.layer])[-1].output

    def has(self, kind: str) -> bool:
        """Whether a layer of that kind follows."""
        return any(layer.kind == kind for layer in self.then)


@dataclasses.dataclass(frozen=True)
class NetworkLayers:
    """A network, layer by layer.

    Attributes
    ----------
    name : str
        Of the architecture: ``2CONV-4FC``.
    size : int
        Side of its input in pixels.
    layers : tuple of Layer
        In order.
    training_flops : int
        For one image, forward and backward.
    """

    name: str
    size: int
    layers: tuple[Layer, ...]
    training_flops: int

    @property
    def parameters(self) -> int:
        """Weights and biases of the whole network."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def flops(self) -> int:
        """For one image forward."""
        return sum(layer.flops for layer in self.layers)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Layers with weights, each with what follows it."""
        starts = [i for i, layer in enumerate(self.layers) if layer.parameters]
        ends = [*starts[1:], len(self.layers)]
        return tuple(Block(self.layers[a], self.layers[a + 1 : b]) for a, b in zip(starts, ends, strict=True))

    @property
    def sums(self) -> str:
        """The totals in words."""
        return (
            f"{self.parameters:,} parameters; {self.flops / 1e6:,.1f} MFLOP an image forward, "
            f"{self.training_flops / 1e6:,.1f} forward and backward"
        )


def read_layers(description: Mapping[str, Any]) -> NetworkLayers:
    """Take a description apart.

    Raises
    ------
    KeyError, TypeError
        It lacks something, or holds what it should not.
    """
    layers: Sequence[Mapping[str, Any]] = description["layers"]
    return NetworkLayers(
        name=str(description["architecture"]["name"]),
        size=int(description["architecture"]["size"]),
        layers=tuple(Layer(**{**layer, "output": tuple(layer["output"])}) for layer in layers),
        training_flops=int(description["training_flops"]),
    )
