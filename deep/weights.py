"""Trained weights with their model card."""

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmark.data.files import write_bytes
from deep.architecture import Architecture
from deep.network import Network
from deep.normalisation import Normalisation
from deep.tensorfile import TensorFileError, read_tensors, write_tensors

WEIGHTS, CARD = "weights.safetensors", "model_card.json"

LIMITS = (
    "Learned weak labels of one source of photographs; other pictures, cultures and times may differ.",
    "Says how a crowd would label a picture, not what anyone shown in it feels: not for judging individuals.",
    "The 24 units of the emotion layer were never taught single emotions and need not stand for them.",
)
"""What holds for every network of this kind."""


@dataclasses.dataclass(frozen=True)
class ModelCard:
    """What a reader should know of a trained network.

    Attributes
    ----------
    model : str
        Such as ``CNN``, ``PCNN``.
    source : str
        The images that it learned from, and how many.
    label_rule : str
        How their labels came about.
    removed : mapping
        What was left out and why, such as near-duplicates of test images, and Algorithm 1's removals.
    settings : mapping
        Of the training.
    metrics : mapping
        On the source's validation and test parts.
    environment : mapping
        What it was trained on.
    limits : tuple of str
        What it is not good for.
    """

    model: str
    source: str
    label_rule: str
    removed: Mapping[str, Any]
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]
    environment: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    limits: tuple[str, ...] = LIMITS


def save_weights(folder: Path, network: Network, card: ModelCard) -> None:
    """Write ``weights.safetensors`` and ``model_card.json`` into a folder; each whole or not at all."""
    description = {
        "architecture": dataclasses.asdict(network.architecture),
        "normalisation": dataclasses.asdict(network.normalisation),
    }
    write_tensors(folder / WEIGHTS, network.state_dict(), description)
    text = json.dumps({**dataclasses.asdict(card), **description}, indent=1, sort_keys=True, allow_nan=False)
    write_bytes(folder / CARD, text.encode() + b"\n")


def load_weights(folder: Path) -> Network:
    """The network of a folder that `save_weights` wrote, in channels-last memory.

    Raises
    ------
    TensorFileError
        The file is missing, damaged, holds another network than it says, or weights that are not finite.
    """
    tensors, description = read_tensors(folder / WEIGHTS)
    try:
        pixel = description["normalisation"]
        red, green, blue = pixel["mean"]
        if not all(math.isfinite(value) for value in (red, green, blue, pixel["scale"])):
            raise ValueError("its normalisation is not finite")
        normalisation = Normalisation((red, green, blue), pixel["scale"])
        architecture = Architecture(**description["architecture"])
        with torch.device("meta"):  # of no memory: sizes are compared before any is taken
            _check(tensors, Network(architecture, normalisation).state_dict())
        network = Network(architecture, normalisation)
        network.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise TensorFileError(
            f"{folder / WEIGHTS}: not the weights of such a network ({error}); delete it and run again"
        ) from None
    return network.to(memory_format=torch.channels_last)


def load_card(folder: Path) -> ModelCard:
    """The card of a folder that `save_weights` wrote.

    Raises
    ------
    TensorFileError
        It is missing or damaged.
    """
    try:
        card: dict[str, Any] = json.loads((folder / CARD).read_bytes())
        values = {field.name: card[field.name] for field in dataclasses.fields(ModelCard)}
        return ModelCard(**{**values, "limits": tuple(values["limits"])})
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TensorFileError(
            f"{folder / CARD}: not the card of a network ({error}); delete the folder and run again"
        ) from None


def _check(tensors: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> None:
    """Compare what a file holds with what its description asks for.

    Raises
    ------
    ValueError
        Names, shapes or kinds of numbers differ, or values are not finite.
    """
    differ = sorted(set(tensors) ^ set(expected))
    if differ:
        raise ValueError(f"{differ[0]} is in one of description and file alone")
    for name, tensor in tensors.items():
        if tensor.shape != expected[name].shape or tensor.dtype != expected[name].dtype:
            raise ValueError(
                f"{name} is {tensor.dtype} of shape {tuple(tensor.shape)}, described as "
                f"{expected[name].dtype} of shape {tuple(expected[name].shape)}"
            )
        if not torch.isfinite(tensor).all():
            raise ValueError(f"{name} has values that are not finite")
