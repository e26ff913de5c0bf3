"""The trained weights of CNN, PCNN and the other architectures of Table 1, as artefacts.

They stand apart from the methods, so that changing how a network is fine-tuned does not ask for it to be
trained again.
"""

from collections.abc import Mapping
from typing import Any

from benchmark.method import ArtefactTask, register_artefact
from deep.architecture import TABLE_1
from deep.source_training import Length, SourceTraining, training_pixels

LIBRARIES = ("torch",)
CNN_WEIGHTS, PCNN_WEIGHTS = "CNN-weights", "PCNN-weights"

OTHERS = {name: f"{name}-weights" for name in TABLE_1 if name != SourceTraining().architecture}
"""Weights of the architectures of Table 1 besides the CNN's, by their name."""


@register_artefact(
    CNN_WEIGHTS,
    source="anps",
    extractors=training_pixels,
    settings=SourceTraining(),
    tested=True,
    all_processors=True,
    libraries=LIBRARIES,
)
def learn_network(task: ArtefactTask) -> Mapping[str, Any]:
    """A network trained on weakly labelled photographs (Figure 2)."""
    from deep.pretraining import train_network

    return train_network(task)


@register_artefact(
    PCNN_WEIGHTS,
    source="anps",
    settings=Length(),
    needs=(CNN_WEIGHTS,),
    tested=True,
    all_processors=True,
    libraries=LIBRARIES,
)
def learn_progressive_network(task: ArtefactTask) -> Mapping[str, Any]:
    """The same network fine-tuned on the photographs it is sure of (Algorithm 1)."""
    from deep.pretraining import train_progressive_network

    return train_progressive_network(task, CNN_WEIGHTS)


for _architecture, _name in OTHERS.items():
    register_artefact(
        _name,
        source="anps",
        extractors=training_pixels,
        settings=SourceTraining(architecture=_architecture),
        tested=True,
        all_processors=True,
        libraries=LIBRARIES,
    )(learn_network)
