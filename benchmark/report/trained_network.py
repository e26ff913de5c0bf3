"""A trained network's folder, read without the library that trained it."""

import csv
import dataclasses
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors

from benchmark.report.layers import CONVOLUTION, NetworkLayers, read_layers

DESCRIPTION, WEIGHTS, LOG, EMOTIONS = "network.json", "weights.safetensors", "training.csv", "emotions.json"
CARD, MODEL_CARD = "card.json", "model_card.json"


class NetworkFileError(ValueError):
    """A file of a trained network cannot be read; the message says which and what to do."""


@dataclasses.dataclass(frozen=True)
class EmotionUnit:
    """A unit of the second to last layer.

    Attributes
    ----------
    weight : float
        Above 0 it speaks for positive: weight of the positive logit minus that of the negative one.
    mean : float
        Response to the images that were learned from, on average.
    alive : float
        Share of those images that it responds to.
    images : tuple of str
        Opaque ids of those that excite it most, the strongest first.
    responses : tuple of float
        Its response to each of them.
    """

    weight: float
    mean: float
    alive: float
    images: tuple[str, ...]
    responses: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class TrainedNetwork:
    """A network that was learned from a source.

    Attributes
    ----------
    name : str
        Of the artefact, such as ``CNN-weights``.
    path : Path
        Its folder.
    """

    name: str
    path: Path

    def has(self, file: str) -> bool:
        """Whether a file is there; a folder that was kept for its card alone holds no weights."""
        return (self.path / file).is_file()

    @property
    def key(self) -> str:
        """Hash of all that it was made from, as in the rows that used it."""
        return str(self.card["key"])

    @property
    def label(self) -> str:
        """Name and the first digits of the key, as its folder is called."""
        return f"{self.name} {self.key[:16]}"

    @functools.cached_property
    def card(self) -> Mapping[str, Any]:
        """What the runner wrote of it: source, what it depends on, its summary."""
        return self._json(CARD)

    @functools.cached_property
    def model_card(self) -> Mapping[str, Any]:
        """What its training wrote of it: label rule, settings, metrics, limits."""
        return self._json(MODEL_CARD)

    @functools.cached_property
    def layers(self) -> NetworkLayers:
        """What it consists of."""
        try:
            return read_layers(self._json(DESCRIPTION))
        except (KeyError, TypeError) as error:
            raise self._broken(DESCRIPTION, error) from None

    @functools.cached_property
    def log(self) -> tuple[Mapping[str, float], ...]:
        """Lines of its training, numbers by column; what was not measured is missing."""
        try:
            with (self.path / LOG).open(newline="") as file:
                lines = list(csv.DictReader(file))
            return tuple({name: float(value) for name, value in line.items() if value} for line in lines)
        except (OSError, ValueError, TypeError) as error:
            raise self._broken(LOG, error) from None

    @functools.cached_property
    def emotions(self) -> tuple[EmotionUnit, ...]:
        """The units of the emotion layer and the images that excite each most."""
        try:
            return tuple(
                EmotionUnit(
                    weight=float(unit["weight"]),
                    mean=float(unit["mean"]),
                    alive=float(unit["alive"]),
                    images=tuple(unit["images"]),
                    responses=tuple(map(float, unit["responses"])),
                )
                for unit in self._json(EMOTIONS)["units"]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._broken(EMOTIONS, error) from None

    @property
    def kept_step(self) -> int | None:
        """Iteration whose weights were kept; None where its card does not say."""
        step = self.model_card.get("metrics", {}).get("validation", {}).get("step")
        return None if step is None else int(step)

    def began_as(self, artefact: str) -> str:
        """Key of the network of that name from whose weights its training began; empty where it did not."""
        return str(self.card.get("depends", {}).get("needs", {}).get(artefact, ""))

    def first_filters(self) -> np.ndarray:
        """Kernels of the first convolution, float32 of shape (kernels, 3, height, width)."""
        first = next(layer.name for layer in self.layers.layers if layer.kind == CONVOLUTION)
        try:
            with safetensors.safe_open(self.path / WEIGHTS, framework="numpy") as file:
                return np.asarray(file.get_tensor(f"{first}.weight"), dtype=np.float32)
        except (OSError, safetensors.SafetensorError) as error:
            raise self._broken(WEIGHTS, error) from None

    def _json(self, name: str) -> Mapping[str, Any]:
        try:
            return json.loads((self.path / name).read_bytes())
        except (OSError, ValueError) as error:
            raise self._broken(name, error) from None

    def _broken(self, name: str, error: Exception) -> NetworkFileError:
        return NetworkFileError(
            f"{self.path / name}: cannot be read ({error}); delete {self.path} and run again"
        )
