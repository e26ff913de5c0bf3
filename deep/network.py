"""The CNN of Figure 2 (You et al. 2015) and its variants."""

import torch
from torch import Tensor, nn

from deep.architecture import EMOTIONS, Architecture, Convolution
from deep.initialisation import initialise
from deep.lrn import LocalResponseNorm
from deep.normalisation import RAW, Normalisation
from deep.pixel_convolution import PixelConvolution


class Network(nn.Module):
    """Images to the logits of negative and positive sentiment.

    Every convolution is followed by ReLU, max pooling and response normalisation; every fully connected layer
    but the last by ReLU, and the wide ones by dropout.

    Parameters
    ----------
    architecture : Architecture
        Which layers.
    normalisation : Normalisation
        What is done to pixels before they enter; part of the trained network.

    Attributes
    ----------
    conv1, conv2, ... : Conv2d
    fc1, fc2, ... : Linear
    emotion : Linear
        The layer of 24 units (Plutchik's emotions); `emotions` gives its responses.
    output : Linear
        Two logits, 0 negative and 1 positive. No softmax: the loss contains it.
    """

    emotion: nn.Linear
    output: nn.Linear

    def __init__(self, architecture: Architecture, normalisation: Normalisation = RAW) -> None:
        super().__init__()
        self.architecture = architecture
        self.normalisation = normalisation
        with torch.random.fork_rng(devices=[]):  # PyTorch draws weights, which `initialise` draws anew
            self._build(architecture)

    def _build(self, architecture: Architecture) -> None:
        channels = 3
        for i, stage in enumerate(architecture.stages, 1):
            setattr(self, f"conv{i}", _convolution(channels, stage))
            # Figure 2 has ReLU first. The greatest value above 0 is the same either way, its gradient too;
            # behind the pooling there are four times fewer values.
            setattr(self, f"pool{i}", nn.MaxPool2d(3, 2, stage.pool_padding))
            setattr(self, f"relu{i}", nn.ReLU(inplace=True))
            if architecture.response_normalisation:
                setattr(self, f"norm{i}", LocalResponseNorm(stage.channels))
            channels = stage.channels
        self.flatten = _Flatten()
        units = architecture.flattened
        for i, width in enumerate(architecture.hidden, 1):
            setattr(self, f"fc{i}", nn.Linear(units, width))
            setattr(self, f"fc_relu{i}", nn.ReLU(inplace=True))
            setattr(self, f"dropout{i}", nn.Dropout(architecture.dropout))
            units = width
        self.emotion = nn.Linear(units, EMOTIONS)
        self.emotion_relu = nn.ReLU()
        self.output = nn.Linear(EMOTIONS, 2)

    def emotions(self, images: Tensor) -> Tensor:
        """Responses of the 24 emotion units, float32 of shape (n, 24), at least 0.

        Parameters
        ----------
        images : Tensor of float, shape (n, 3, size, size)
            Normalised as `normalisation` says. Columns may be added on the right (`Architecture.columns`).
        """
        x = images
        for name, layer in self.named_children():
            if name == "emotion":
                break
            x = layer(x)
        # The last two layers cost nothing and stay in full precision: scores keep their differences.
        with torch.autocast(x.device.type, enabled=False):
            responses: Tensor = self.emotion_relu(self.emotion(x.to(self.emotion.weight.dtype)))
        return responses

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float32 of shape (n, 2)."""
        responses = self.emotions(images)
        with torch.autocast(responses.device.type, enabled=False):
            logits: Tensor = self.output(responses)
        return logits

    def convolutional(self) -> list[nn.Parameter]:
        """Parameters of the convolutions, which fine-tuning may leave as they are."""
        layers = [layer for layer in self.children() if isinstance(layer, nn.Conv2d)]
        return [parameter for layer in layers for parameter in layer.parameters()]


def _convolution(channels: int, stage: Convolution) -> nn.Conv2d:
    if stage.padding == 0:
        return PixelConvolution(channels, stage.channels, stage.kernel, stage.stride)
    return nn.Conv2d(channels, stage.channels, stage.kernel, stage.stride, stage.padding)


class _Flatten(nn.Module):
    """One row an image, the channels of a pixel side by side: free in channels-last memory."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def build_network(
    architecture: Architecture,
    *,
    initialisation: str = "he",
    seed: int = 0,
    normalisation: Normalisation = RAW,
) -> Network:
    """A new network in channels-last memory.

    Parameters
    ----------
    initialisation : str
        ``he`` or ``caffenet`` (`deep.initialisation`).
    seed : int
        Of the initial weights.
    """
    network = Network(architecture, normalisation)
    initialise(network, initialisation, seed)
    return network.to(memory_format=torch.channels_last)
