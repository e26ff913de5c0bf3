"""How a network is trained: every choice in one frozen dataclass, and two presets."""

import dataclasses
import math
from typing import Literal

FROM_THE_PAPER = ("batch", "iterations")
"""Fields of the preset `paper` that You et al. (2015) state; all others are this project's choice."""


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """Settings of one training.

    Attributes
    ----------
    name : str
        Of the preset.
    optimiser : str
        ``sgd`` with momentum, or ``adamw``.
    learning_rate : float
        At the first step.
    weight_decay : float
        Of weights; biases have none.
    momentum : float
        Of ``sgd``.
    bias_rate : float
        Learning rate of biases, relative to that of weights.
    schedule : str
        ``step``: multiplied by `step_factor` every `step_length` iterations; ``cosine``: down to 0 at the
        end; ``constant``.
    batch : int
        Images an iteration; of smaller sets all of them.
    iterations, passes : int, float or None
        How long; one of the two. A pass is as many images as there are.
    initialisation : str
        ``he`` or ``caffenet`` (`deep.initialisation`).
    input_scale : float
        Multiplies pixels after the mean colour is subtracted.
    class_balanced : bool
        Whether both classes weigh the same in the loss.
    mirror : bool
        Whether half of the crops are mirrored.
    trained : str
        ``all`` layers, or the ``fully-connected`` ones alone.
    keep : str
        ``best``: the weights of the pass with the best AUC on the validation part; ``last``.
    patience : int
        Passes in a row that may look collapsed before training is given up.
    dtype : str
        ``auto`` (what the processor does fast), ``float32`` or ``bfloat16``, of convolutions and wide layers.
    deterministic : bool
        Whether only deterministic algorithms are used; on a CPU all of them are.
    log_every : int
        Iterations a line of the log.
    """

    name: str = "custom"
    optimiser: Literal["sgd", "adamw"] = "adamw"
    learning_rate: float = 2e-4
    weight_decay: float = 0.01
    momentum: float = 0.9
    bias_rate: float = 1.0
    schedule: Literal["step", "cosine", "constant"] = "cosine"
    step_length: int = 100_000
    step_factor: float = 0.1
    batch: int = 128
    iterations: int | None = None
    passes: float | None = 20.0
    initialisation: Literal["he", "caffenet"] = "he"
    input_scale: float = 1 / 64
    class_balanced: bool = True
    mirror: bool = True
    trained: Literal["all", "fully-connected"] = "all"
    keep: Literal["best", "last"] = "best"
    patience: int = 10
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    deterministic: bool = False
    log_every: int = 10

    def __post_init__(self) -> None:
        if (self.iterations is None) == (self.passes is None):
            raise ValueError(
                f"settings {self.name}: iterations {self.iterations}, passes {self.passes}; give one of them"
            )
        for field in ("learning_rate", "batch", "input_scale", "patience", "log_every"):
            if getattr(self, field) <= 0:
                raise ValueError(
                    f"settings {self.name}: {field} is {getattr(self, field)}; it must be above 0"
                )

    def steps(self, n: int) -> int:
        """Iterations on ``n`` images."""
        if self.iterations is not None:
            return self.iterations
        assert self.passes is not None
        return max(1, math.ceil(self.passes * n / self.batch_of(n)))

    def batch_of(self, n: int) -> int:
        """Images an iteration on ``n`` images."""
        return min(self.batch, n)

    def rate(self, step: int, steps: int) -> float:
        """Learning rate of weights at iteration ``step`` (from 0) of ``steps``."""
        if self.schedule == "step":
            return self.learning_rate * self.step_factor ** (step // self.step_length)
        if self.schedule == "cosine":
            return self.learning_rate * 0.5 * (1 + math.cos(math.pi * step / steps))
        return self.learning_rate


PAPER = TrainingSettings(
    name="paper",
    optimiser="sgd",
    learning_rate=0.01,
    weight_decay=5e-4,
    momentum=0.9,
    bias_rate=2.0,
    schedule="step",
    batch=256,
    iterations=300_000,
    passes=None,
    initialisation="caffenet",
    input_scale=1.0,
    class_balanced=False,
    keep="last",
    log_every=20,
)
"""For half a million images: mini-batches of 256, 300,000 iterations (the paper's); the rest, which it does
not state, are CaffeNet's values. On about ten thousand images it collapses to a constant output."""

PAPER_PROGRESSIVE = dataclasses.replace(PAPER, name="paper", learning_rate=0.001, iterations=100_000)
"""Its second stage (Algorithm 1, line 7): 100,000 iterations more, at a tenth of the rate."""

SMALL_SOURCE = TrainingSettings(name="small-source")
"""For about ten thousand images; the values were chosen on the source's own validation part."""

SMALL_SOURCE_PROGRESSIVE = dataclasses.replace(SMALL_SOURCE, learning_rate=1e-4, passes=7.0)
"""Its second stage: a third of the passes, as in the paper, at half the rate."""

EMBEDDED = TrainingSettings(name="embedded", learning_rate=1e-3, batch=32, passes=40.0)
EMBEDDED_PROGRESSIVE = dataclasses.replace(EMBEDDED, learning_rate=5e-4, passes=14.0)
"""For the generated pictures of the embedded source, small enough for seconds on one processor; the values
were chosen on validation parts of that source (four times the rate can kill the emotion layer)."""


@dataclasses.dataclass(frozen=True)
class Preset:
    """How a network is learned from a source.

    Attributes
    ----------
    first, second : TrainingSettings
        Of the training, and of Algorithm 1's fine-tuning behind it.
    side, size : int
        Side of the images and of the crops in pixels.
    """

    first: TrainingSettings
    second: TrainingSettings
    side: int = 256
    size: int = 227


PRESETS = {
    "paper": Preset(PAPER, PAPER_PROGRESSIVE),
    "small-source": Preset(SMALL_SOURCE, SMALL_SOURCE_PROGRESSIVE),
    "embedded": Preset(EMBEDDED, EMBEDDED_PROGRESSIVE, side=72, size=64),
}
"""The documented presets."""
