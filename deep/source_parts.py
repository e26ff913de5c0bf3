"""What training on a source begins with: its images as feeds, and a network that has learned nothing yet."""

import dataclasses

import numpy as np
import torch
from sklearn.model_selection import GroupShuffleSplit

from benchmark.data.dataset import DatasetError
from benchmark.data.source import Source
from deep.architecture import Architecture
from deep.feed import Feed, make_feed
from deep.network import Network, build_network
from deep.normalisation import Normalisation
from deep.pixels import StoredPixels
from deep.settings import PRESETS, Preset, TrainingSettings
from deep.source_training import SourceTraining

VALIDATION = 0.1
"""Share of the training images that decides which pass is kept."""


@dataclasses.dataclass(frozen=True)
class Start:
    """A network before its training.

    Attributes
    ----------
    name : str
        Of the preset.
    preset : Preset
    training : TrainingSettings
        Those of the preset's first stage, with what the user changed.
    pixels : StoredPixels
        All images of the source.
    network : Network
        With random weights.
    """

    name: str
    preset: Preset
    training: TrainingSettings
    pixels: StoredPixels
    network: Network


@dataclasses.dataclass(frozen=True)
class Parts:
    """The images of a source as feeds, the validation part within what may be learned from."""

    train: Feed
    validation: Feed
    train_index: np.ndarray


def start_network(source: Source, settings: SourceTraining, seed: int) -> Start:
    """The network that a source is to be learned with, as its preset says."""
    name = settings.preset_for(source)
    preset = PRESETS[name]
    training = settings.applied(preset.first)
    pixels = StoredPixels(source.images, preset.side)
    network = build_network(
        Architecture.parse(settings.architecture, size=preset.size),
        initialisation=training.initialisation,
        seed=seed,
        normalisation=Normalisation.measured(pixels, training.input_scale),
    )
    return Start(name, preset, training, pixels, network)


def split_parts(
    source: Source,
    pixels: StoredPixels,
    network: Network,
    training: TrainingSettings,
    *,
    seed: int,
    device: torch.device,
) -> Parts:
    """Training and validation images, groups whole; the same for every network of a source.

    Parameters
    ----------
    pixels : StoredPixels
        Of the source's images.
    seed : int
        Of the order and the crops.

    Raises
    ------
    DatasetError
        A part would hold images of one class only.
    """
    splitter = GroupShuffleSplit(1, test_size=VALIDATION, random_state=0)
    train_index, held = next(splitter.split(source.labels, groups=source.images.groups))
    for name, part in (("to learn from", train_index), ("to validate on", held)):
        found = np.bincount(source.labels[part], minlength=2)
        if found.min() == 0:
            raise DatasetError(
                f"source {source.name}: of {len(source)} training images, the part {name} has "
                f"{found[1]} positive and {found[0]} negative; give a larger source"
            )
    feed = make_feed(pixels, source.labels, network, seed=seed, mirror=training.mirror, device=device)
    return Parts(feed.part(train_index), feed.part(held), train_index)
