"""The optimiser of the settings: biases without weight decay, at their own rate."""

import torch
from torch import nn

from deep.network import Network
from deep.settings import TrainingSettings


def make_optimiser(network: Network, settings: TrainingSettings) -> torch.optim.Optimizer:
    """An optimiser of the layers that the settings train; the others are frozen.

    Each parameter group has an item ``relative_rate``, by which the learning rate is multiplied.
    """
    frozen = network.convolutional() if settings.trained == "fully-connected" else []
    for parameter in network.parameters():
        parameter.requires_grad_(all(parameter is not other for other in frozen))
    weights: list[nn.Parameter] = []
    biases: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            (biases if name.endswith(".bias") else weights).append(parameter)
    groups = [
        {"params": weights, "weight_decay": settings.weight_decay, "relative_rate": 1.0},
        {"params": biases, "weight_decay": 0.0, "relative_rate": settings.bias_rate},
    ]
    if settings.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=settings.learning_rate, momentum=settings.momentum)
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of weights to ``rate``, that of biases in proportion."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group["relative_rate"]
