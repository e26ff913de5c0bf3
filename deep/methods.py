"""CNN and PCNN, the other architectures of Table 1, and the weights that they use (You et al. 2015)."""

from collections.abc import Mapping
from typing import Any

from benchmark.method import ArtefactTask, register, register_artefact
from benchmark.stages import CROSS_VALIDATION, SOURCE_TEST, ZERO_TRANSFER
from deep.architecture import TABLE_1
from deep.source_training import Length, SourceTraining, training_pixels
from deep.transferred_network import TransferredNetwork

LIBRARIES = ("torch",)
CNN_WEIGHTS, PCNN_WEIGHTS = "CNN-weights", "PCNN-weights"


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


@register(
    "CNN",
    family="deep",
    published="Tables 3, 5 and 6",
    artefacts={"weights": CNN_WEIGHTS},
    stages=(SOURCE_TEST, ZERO_TRANSFER, CROSS_VALIDATION),
    libraries=LIBRARIES,
)
def cnn() -> TransferredNetwork:
    """The network of Figure 2, trained on the source, fine-tuned on the training folds (Algorithm 2)."""
    return TransferredNetwork()


@register(
    "PCNN",
    family="deep",
    published="Tables 3, 5 and 6",
    artefacts={"weights": PCNN_WEIGHTS},
    stages=(SOURCE_TEST, ZERO_TRANSFER, CROSS_VALIDATION),
    libraries=LIBRARIES,
)
def pcnn() -> TransferredNetwork:
    """The progressively trained network (Algorithm 1), fine-tuned on the training folds (Algorithm 2)."""
    return TransferredNetwork()


def _register_architecture(name: str) -> None:
    """One of Table 1's other architectures: trained like the CNN, tested on the source alone."""
    weights = f"{name}-weights"
    register_artefact(
        weights,
        source="anps",
        extractors=training_pixels,
        settings=SourceTraining(architecture=name),
        tested=True,
        all_processors=True,
        libraries=LIBRARIES,
    )(learn_network)

    def architecture() -> TransferredNetwork:
        """Another architecture of Table 1, trained on the source."""
        return TransferredNetwork()

    register(
        name,
        family="deep",
        published="Table 1",
        artefacts={"weights": weights},
        stages=(SOURCE_TEST,),
        libraries=LIBRARIES,
    )(architecture)


for _name in TABLE_1:
    if _name != SourceTraining().architecture:
        _register_architecture(_name)
