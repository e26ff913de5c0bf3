"""Which network: the names iCONV-jFC of Table 1 (You et al. 2015) and what they stand for."""

import dataclasses
import re
from typing import Self

EMOTIONS = 24
"""Units of the second to last layer: the emotions of Plutchik's wheel (You et al. 2015, Figure 2)."""

SMALLEST = 64
"""The least side of an input that leaves a pixel behind every layer."""

TABLE_1 = ("3CONV-4FC", "3CONV-2FC", "2CONV-3FC", "2CONV-4FC")
"""The architectures that the paper compares; the last is Figure 2."""


@dataclasses.dataclass(frozen=True)
class Convolution:
    """A convolution with ReLU, 3x3 max pooling of stride 2, and response normalisation behind it.

    Attributes
    ----------
    channels, kernel, stride, padding : int
        Of the convolution.
    pool_padding : int
        Of the pooling.
    """

    channels: int
    kernel: int
    stride: int
    padding: int
    pool_padding: int = 0


CONVOLUTIONS = (
    Convolution(96, 11, 4, 0),
    Convolution(256, 5, 2, 2),
    Convolution(384, 3, 1, 1, pool_padding=1),
)
"""The first two are the paper's (Figure 2). Paddings and the third are CaffeNet's, by this project's choice;
its pooling is padded so that inputs of 64 pixels leave something."""

HIDDEN = (512, 512)
"""Widths of the fully connected layers before the emotion layer (Figure 2)."""


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A network to build.

    Attributes
    ----------
    convolutions : int
        1 to 3: that many of `CONVOLUTIONS`.
    fully_connected : int
        2 to 4, with the emotion layer and the output layer.
    size : int
        Side of the input in pixels, at least `SMALLEST`; the first fully connected layer follows.
    width : float
        Multiplies the channels and the hidden units; 1 is the paper's network, less makes small ones for
        tests. Emotions and outputs stay.
    dropout : float
        Share of hidden units left out in training (this project's choice: CaffeNet's).
    response_normalisation : bool
        False leaves it out, to see what it costs.
    """

    convolutions: int = 2
    fully_connected: int = 4
    size: int = 227
    width: float = 1.0
    dropout: float = 0.5
    response_normalisation: bool = True

    def __post_init__(self) -> None:
        if self.convolutions not in (1, 2, 3) or self.fully_connected not in (2, 3, 4):
            raise ValueError(
                f"{self.name} has no definition; use 1 to 3 CONV and 2 to 4 FC, such as {', '.join(TABLE_1)}"
            )
        if self.size < SMALLEST:
            raise ValueError(f"{self.name}: inputs of {self.size} pixels; use at least {SMALLEST}")
        if self.width <= 0 or not 0 <= self.dropout < 1:
            raise ValueError(
                f"{self.name}: width {self.width} must be above 0, dropout {self.dropout} in [0, 1)"
            )

    @classmethod
    def parse(
        cls,
        name: str,
        *,
        size: int = 227,
        width: float = 1.0,
        dropout: float = 0.5,
        response_normalisation: bool = True,
    ) -> Self:
        """The architecture of a name such as ``2CONV-4FC``.

        Raises
        ------
        ValueError
            Not such a name.
        """
        match = re.fullmatch(r"(\d+)CONV-(\d+)FC", name.strip().upper())
        if match is None:
            raise ValueError(f"{name!r} is not of the form iCONV-jFC; the paper's: {', '.join(TABLE_1)}")
        return cls(int(match[1]), int(match[2]), size, width, dropout, response_normalisation)

    @property
    def name(self) -> str:
        """Such as ``2CONV-4FC``."""
        return f"{self.convolutions}CONV-{self.fully_connected}FC"

    @property
    def stages(self) -> tuple[Convolution, ...]:
        """The convolutions, at this width."""
        return tuple(
            dataclasses.replace(stage, channels=self._scaled(stage.channels))
            for stage in CONVOLUTIONS[: self.convolutions]
        )

    @property
    def hidden(self) -> tuple[int, ...]:
        """Widths of the fully connected layers before the emotion layer, at this width."""
        return tuple(self._scaled(units) for units in HIDDEN[: self.fully_connected - 2])

    @property
    def flattened(self) -> int:
        """Values that the convolutions leave of one image."""
        side = self.size
        for stage in self.stages:
            side = (side + 2 * stage.padding - stage.kernel) // stage.stride + 1
            side = (side + 2 * stage.pool_padding - 3) // 2 + 1
        return side * side * self.stages[-1].channels

    @property
    def columns(self) -> int:
        """Width that images should have in memory; columns beyond `size` have no effect, but save a copy."""
        first = self.stages[0]
        return max(self.size, blocked_width(self.size, first.kernel, first.stride))

    def _scaled(self, units: int) -> int:
        return max(1, round(units * self.width))


def blocked_width(width: int, kernel: int, stride: int) -> int:
    """Width, a multiple of the stride, that gives the same outputs: every pixel read, whole blocks only."""
    outputs = (width - kernel) // stride + 1
    return (outputs - 1) * stride + -(-kernel // stride) * stride
