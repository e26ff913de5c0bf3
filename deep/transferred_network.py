"""A network of a source as a method: untuned, or fine-tuned on the training folds (Algorithm 2)."""

import dataclasses
import json
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from benchmark.data.extractor import Pixels
from benchmark.data.imageset import ImageSet
from benchmark.method import Artefact
from deep.source_training import NETWORK


class TransferredNetwork(ClassifierMixin, BaseEstimator):
    """A trained network, transferred to the target images.

    PyTorch is imported where it is needed and not before, since that takes seconds.

    Parameters
    ----------
    weights : Artefact, optional
        The trained network; given by the runner.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    random_state : int
        Of the inner hold-out, the order, the crops and dropout.

    Attributes
    ----------
    classes_ : ndarray of int, shape (2,)
    network_ : dict
        Architecture and normalisation of the fine-tuned network.
    tensors_ : dict of str to ndarray
        Its weights.
    details_ : dict
        The settings that were chosen on the inner hold-out, and how each of those tried did there.
    """

    def __init__(self, weights: Artefact | None = None, device: str = "auto", random_state: int = 0) -> None:
        self.weights = weights
        self.device = device
        self.random_state = random_state

    @property
    def extractor(self) -> Pixels | None:
        """The pixels that the network sees; None before weights are given and learned."""
        known = self.weights is not None and (self.weights.path / NETWORK).exists()
        return Pixels(size=self._side()) if known else None

    def fit(self, images: ImageSet, labels: np.ndarray) -> Self:
        """Fine-tune on the training images; settings are chosen on an inner hold-out of them.

        Raises
        ------
        ValueError
            There is one class only.
        """
        from deep.distributed import device_of
        from deep.transfer import fine_tune
        from deep.weights import load_weights

        if len(np.unique(labels)) < 2:
            raise ValueError(
                f"all {len(labels)} training labels are the same; fine-tuning needs both classes"
            )
        tuned = fine_tune(
            load_weights(self._given().path),
            images.features(Pixels(size=self._side())),
            np.asarray(labels),
            groups=images.groups,
            seed=self.random_state,
            device=device_of(self.device),
        )
        network = tuned.network.cpu()
        self.network_: dict[str, Any] = {
            "architecture": dataclasses.asdict(network.architecture),
            "normalisation": {"mean": list(network.normalisation.mean), "scale": network.normalisation.scale},
            "side": self._side(),
        }
        self.tensors_ = {name: tensor.numpy().copy() for name, tensor in network.state_dict().items()}
        self.classes_ = np.array([0, 1])
        self.details_ = {"fine_tuning": tuned.chosen.name, "trials": [dict(trial) for trial in tuned.trials]}
        return self

    def predict_proba(self, images: ImageSet) -> np.ndarray:
        """P(negative) and P(positive), float64 of shape (n, 2)."""
        import torch

        from deep.architecture import Architecture
        from deep.network import Network
        from deep.normalisation import Normalisation

        check_is_fitted(self, "tensors_")
        red, green, blue = self.network_["normalisation"]["mean"]
        normalisation = Normalisation((red, green, blue), self.network_["normalisation"]["scale"])
        network = Network(Architecture(**self.network_["architecture"]), normalisation)
        network.load_state_dict({name: torch.from_numpy(value) for name, value in self.tensors_.items()})
        return self._score(network, images, self.network_["side"])

    def predict(self, images: ImageSet) -> np.ndarray:
        """1 where P(positive) is at least .5."""
        return (self.predict_proba(images)[:, 1] >= 0.5).astype(np.int64)

    def untuned_proba(self, images: ImageSet) -> np.ndarray:
        """P(negative) and P(positive) as the network says before any target label is seen."""
        from deep.weights import load_weights

        return self._score(load_weights(self._given().path), images, self._side())

    def _score(self, network: Any, images: ImageSet, side: int) -> np.ndarray:
        """In float32: an image's score may not depend on what else is in its batch."""
        import torch

        from deep.distributed import device_of
        from deep.scoring import score

        pixels = images.features(Pixels(size=side))
        outputs = score(network, pixels, dtype=torch.float32, device=device_of(self.device))
        return outputs.probabilities

    def _side(self) -> int:
        return int(json.loads((self._given().path / NETWORK).read_bytes())["side"])

    def _given(self) -> Artefact:
        if self.weights is None:
            raise ValueError(
                "no trained network was given; run it with --source, or set the parameter `weights`"
            )
        return self.weights
