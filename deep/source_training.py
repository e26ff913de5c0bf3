"""What a user may choose of a network's training on a source. PyTorch is not imported here."""

import dataclasses
from typing import Literal

from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.source import GENERATED, Source
from deep.architecture import Architecture
from deep.settings import PRESETS, TrainingSettings

NETWORK = "network.json"
"""File of an artefact: what the network consists of, and the side of the images that it was trained on."""

LARGE = 100_000
"""Images from which on the paper's own schedule is the default."""


@dataclasses.dataclass(frozen=True)
class Length:
    """How long and how fast a network is trained, where it is not as the preset says.

    Attributes
    ----------
    passes : float or None
        Over the training images.
    iterations : int or None
        The same in iterations.
    learning_rate : float or None
        At the first step.
    """

    passes: float | None = None
    iterations: int | None = None
    learning_rate: float | None = None

    def __post_init__(self) -> None:
        if self.passes is not None and self.iterations is not None:
            raise ValueError(f"passes {self.passes} and iterations {self.iterations}; give one of them")
        for name in ("passes", "iterations", "learning_rate"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} is {value}; it must be above 0")

    def applied(self, settings: TrainingSettings) -> TrainingSettings:
        """The settings of a preset with these in place of its own."""
        if self.passes is not None or self.iterations is not None:
            settings = dataclasses.replace(settings, passes=self.passes, iterations=self.iterations)
        if self.learning_rate is not None:
            settings = dataclasses.replace(settings, learning_rate=self.learning_rate)
        return settings


@dataclasses.dataclass(frozen=True)
class SourceTraining(Length):
    """Settings of a network as an artefact: ``--set "CNN-weights:preset=small-source"``.

    Attributes
    ----------
    preset : str
        ``paper``, ``small-source`` or ``embedded`` (`deep.settings.PRESETS`); ``auto``: ``embedded`` for the
        generated source, ``paper`` from 100,000 images on, else ``small-source``.
    architecture : str
        iCONV-jFC.
    """

    preset: Literal["auto", "paper", "small-source", "embedded"] = "auto"
    architecture: str = "2CONV-4FC"

    def __post_init__(self) -> None:
        super().__post_init__()
        Architecture.parse(self.architecture)
        if self.preset != "auto" and self.preset not in PRESETS:
            raise ValueError(f"preset {self.preset!r} is unknown; use auto, {', '.join(PRESETS)}")

    def preset_for(self, source: Source) -> str:
        """Name of the preset for a source."""
        if self.preset != "auto":
            return self.preset
        if source.name == GENERATED:
            return "embedded"
        return "paper" if len(source) >= LARGE else "small-source"


@dataclasses.dataclass(frozen=True)
class StudyTraining(SourceTraining):
    """Settings of the study of Algorithm 1: ``--set "progressive:passes=10"``.

    Attributes
    ----------
    fine_tuning_passes : float or None
        Over the images that Eq. 3 keeps; what the preset's second stage says by default.
    """

    fine_tuning_passes: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fine_tuning(TrainingSettings())

    def fine_tuning(self, second: TrainingSettings) -> TrainingSettings:
        """The second stage of a preset with this length."""
        return Length(passes=self.fine_tuning_passes).applied(second)


def training_pixels(settings: SourceTraining, source: Source) -> tuple[Extractor, ...]:
    """The pixels that training on a source reads."""
    return (Pixels(size=PRESETS[settings.preset_for(source)].side),)
