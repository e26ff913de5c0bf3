"""A tiny network and tiny images whose colour carries the label."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from pictures import draw_image

from deep.architecture import Architecture
from deep.feed import ResidentFeed
from deep.network import Network, build_network
from deep.normalisation import Normalisation
from deep.pixels import ArrayPixels
from deep.settings import TrainingSettings

SIDE, CROP = 70, 64


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tiny tensors are slower on several threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def pictures() -> tuple[np.ndarray, np.ndarray]:
    """96 images of 70 x 70 pixels and their labels."""
    rng = np.random.default_rng(0)
    labels = (rng.permutation(96) < 56).astype(np.int64)
    return np.stack([draw_image(rng, bool(label), (SIDE, SIDE)) for label in labels]), labels


@pytest.fixture
def make_network() -> Callable[..., Network]:
    """Build a network of a sixteenth of the width, 64 x 64 pixels."""

    def make(name: str = "2CONV-4FC", seed: int = 0, dropout: float = 0.5, init: str = "he") -> Network:
        architecture = Architecture.parse(name, size=CROP, width=1 / 16, dropout=dropout)
        normalisation = Normalisation((120, 110, 100), 1 / 64)
        return build_network(architecture, initialisation=init, seed=seed, normalisation=normalisation)

    return make


@pytest.fixture
def make_feed_of(pictures: tuple[np.ndarray, np.ndarray]) -> Callable[..., ResidentFeed]:
    """A feed of the first n pictures."""

    def make(n: int = 96, start: int = 0, seed: int = 0) -> ResidentFeed:
        images, labels = (part[start : start + n] for part in pictures)
        return ResidentFeed(
            ArrayPixels(images), labels, CROP, Normalisation((120, 110, 100), 1 / 64), seed=seed
        )

    return make


@pytest.fixture
def quick() -> TrainingSettings:
    """Settings with which the tiny network learns in a second."""
    return TrainingSettings(
        name="quick", learning_rate=2e-3, batch=16, passes=4.0, dtype="float32", log_every=4
    )
