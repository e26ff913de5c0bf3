"""Settings of the two generated domains."""

import dataclasses

from benchmark.data.dataset import DatasetError


@dataclasses.dataclass(frozen=True)
class World:
    """Settings of the generated target domain.

    Picture i depends on the other settings and on i alone, so a larger world begins with the smaller one.

    Attributes
    ----------
    n : int
        Pictures, at least 20.
    seed : int
        Of everything, at least 0.
    duplicates : float
        Share of pictures that are copies of an earlier one, 0 to .5: in turn the same bytes, and the picture
        encoded again or scaled.
    positive : float
        Share of positive ones among the clear pictures.
    ambivalent : float
        Share of pictures whose content divides the annotators; half of them are positive.
    reliability : tuple of float
        Each of the five annotators' chance of seeing a clear picture's sentiment.
    clarity : float
        Part of the reliability beyond chance that remains on an ambivalent picture.
    colour : float
        How strongly light and palette follow the sentiment, 0 not at all.

    Raises
    ------
    DatasetError
        A setting lies outside its range.
    """

    n: int = 600
    seed: int = 0
    duplicates: float = 0.02
    positive: float = 0.64
    ambivalent: float = 0.22
    reliability: tuple[float, ...] = (0.99, 0.98, 0.97, 0.96, 0.95)
    clarity: float = 0.32
    colour: float = 1.0

    def __post_init__(self) -> None:
        _within("n", self.n, 20, 10_000_000)
        _within("seed", self.seed, 0, 2**32 - 1)
        _within("duplicates", self.duplicates, 0, 0.5)
        for name in ("positive", "ambivalent", "clarity"):
            _within(name, getattr(self, name), 0, 1)
        _within("number of reliabilities", len(self.reliability), 5, 5)
        for value in self.reliability:
            _within("reliability", value, 0.5, 1)
        _within("colour", self.colour, 0, 10)


@dataclasses.dataclass(frozen=True)
class Source:
    """Settings of the generated source domain; picture i depends on them and on i alone, not on ``n``.

    Attributes
    ----------
    n : int
        Pictures, at least 1. The pairs take turns, so each is the query of an equal share.
    seed : int
        Of everything, at least 0. The pictures are others than the target domain's under the same seed.
    noise : float
        Share of pictures that do not show the pair they were found by, but any other.
    attribute_reliability : float
        Chance of each of the three votes on an attribute to be right.
    colour : float
        How strongly light and palette follow the sentiment, as in `World`.

    Raises
    ------
    DatasetError
        A setting lies outside its range.
    """

    n: int = 1000
    seed: int = 0
    noise: float = 0.2
    attribute_reliability: float = 0.92
    colour: float = 1.0

    def __post_init__(self) -> None:
        _within("n", self.n, 1, 10_000_000)
        _within("seed", self.seed, 0, 2**32 - 1)
        _within("noise", self.noise, 0, 1)
        _within("attribute_reliability", self.attribute_reliability, 0.5, 1)
        _within("colour", self.colour, 0, 10)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise DatasetError(f"synthetic: {name} is {value:,}, must lie in {low:,} to {high:,}; choose another")
