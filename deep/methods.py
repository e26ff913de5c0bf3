"""CNN, PCNN and the other architectures of Table 1 as methods (You et al. 2015)."""

from benchmark.method import register
from benchmark.stages import CROSS_VALIDATION, SOURCE_TEST, ZERO_TRANSFER
from deep.network_artefacts import CNN_WEIGHTS, LIBRARIES, OTHERS, PCNN_WEIGHTS
from deep.transferred_network import TransferredNetwork


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


def _register_architecture(name: str, weights: str) -> None:
    """One of Table 1's other architectures: trained like the CNN, tested on the source alone."""

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


for _name, _weights in OTHERS.items():
    _register_architecture(_name, _weights)
