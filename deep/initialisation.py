"""The weights that training starts from. The paper states none; both schemes are this project's choice."""

import torch
from torch import nn

SCHEMES = ("he", "caffenet")

_CAFFENET = {
    "conv1": (0.01, 0.0),
    "conv2": (0.01, 1.0),
    "conv3": (0.01, 0.0),
    "fc1": (0.005, 1.0),
    "fc2": (0.005, 1.0),
    "emotion": (0.01, 1.0),
    "output": (0.01, 0.0),
}
"""Standard deviation of the weights and value of the biases: CaffeNet's for layers in the same place; the
emotion layer, which it lacks, has the weights of its last layer and the bias of its hidden ones."""


@torch.no_grad()
def initialise(network: nn.Module, scheme: str, seed: int) -> None:
    """Set all weights and biases of the convolutions and fully connected layers.

    Parameters
    ----------
    scheme : str
        ``he``: normal with variance 2 / fan-in (He et al. 2015), 1 / fan-in for the output layer, biases 0.
        ``caffenet``: normal with small fixed deviations, biases 0 or 1 (Caffe's bvlc_reference_caffenet).
    seed : int
        The same seed gives the same weights.

    Raises
    ------
    ValueError
        Another scheme.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"initialisation {scheme!r} is unknown; use one of {', '.join(SCHEMES)}")
    generator = torch.Generator().manual_seed(seed)
    for name, layer in network.named_children():
        if not isinstance(layer, nn.Conv2d | nn.Linear):
            continue
        if scheme == "he":
            gain = 1.0 if name == "output" else 2.0
            deviation, bias = (gain / layer.weight[0].numel()) ** 0.5, 0.0
        else:
            deviation, bias = _CAFFENET[name]
        layer.weight.normal_(0.0, deviation, generator=generator)
        if layer.bias is not None:
            layer.bias.fill_(bias)
