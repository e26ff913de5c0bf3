"""What a stage of the speed comparison is made of.

A stage is a module in `benchmark.speed.stages` with one function::

    def cases(settings: Settings) -> Iterator[Case]

whose first line of documentation says what is measured. That is all: the module's name is the stage's name.
A `Case` holds the product and its peers as callables on the same input; `benchmark.speed.timing` runs them
in turn.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any


class SpeedError(ValueError):
    """A stage cannot be measured as asked; the message says which, why and what to do."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """How a stage is to be measured.

    Attributes
    ----------
    scratch : Path
        A folder for whatever the stage writes; removed afterwards.
    quick : bool
        Small inputs: shows that a stage works, not how fast it is.
    device : str
        ``cpu`` or ``cuda``.
    cores : int
        Processors that each side may use where it uses more than one.
    rounds : int, optional
        In place of each case's own number.
    data : str
        Images of the stages that run a whole table, as ``--data`` of ``run``.
    data_dir : Path, optional
        Where the images live that ``data`` and ``sources`` name.
    sources : dict of str to str
        Where detector banks are learned, as ``--source`` of ``run``.
    tell : callable
        Told in a few words what is being done.
    """

    scratch: Path
    quick: bool = False
    device: str = "cpu"
    cores: int = 1
    rounds: int | None = None
    data: str = "synthetic"
    data_dir: Path | None = None
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    tell: Callable[[str], None] = print


@dataclasses.dataclass(frozen=True)
class Check:
    """A demand on the product's result.

    Attributes
    ----------
    name : str
        Such as ``inertia relative to the peer's``.
    found : str
        What was found, as text.
    demanded : str
        What was demanded.
    ok : bool
        Whether it is met; if not, the product is wrong and the stage has failed.
    """

    name: str
    found: str
    demanded: str
    ok: bool


@dataclasses.dataclass(frozen=True)
class Side:
    """One way to do the work.

    Attributes
    ----------
    name : str
        What does it, in a few words.
    run : callable
        Does it once, and returns what came out; this is timed.
    items : int
        How many it does in one call.
    before : callable, optional
        Called before each run, untimed: empties a cache, say.
    """

    name: str
    run: Callable[[], Any]
    items: int
    before: Callable[[], object] | None = None


@dataclasses.dataclass(frozen=True)
class Peer:
    """What the product is compared with.

    Attributes
    ----------
    side : Side
        How the peer does it. Where it does fewer items than the product, its time is scaled; say so in the
        case's ``note``.
    reach : float, optional
        The ratio that the product is meant to reach.
    """

    side: Side
    reach: float | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """One comparison on one input.

    Attributes
    ----------
    name : str
        Such as ``1,200 detectors, C = 1``.
    unit : str
        What is counted: ``images``.
    products : tuple of Side
        What this project does, in one way or several; all names in a case differ.
    peers : tuple of Peer
        What else a user would pick; at least one.
    check : callable, optional
        Given the results of the products and those of the peers, in their order, says whether they are right.
    rounds : int
        Timed runs of each side.
    warm : bool
        Whether each side runs once untimed before: not for what takes minutes.
    note : str
        What a reader should know: what the input is, what was scaled.
    """

    name: str
    unit: str
    products: tuple[Side, ...]
    peers: tuple[Peer, ...]
    check: Callable[[tuple[Any, ...], tuple[Any, ...]], list[Check]] | None = None
    rounds: int = 5
    warm: bool = True
    note: str = ""

    @property
    def sides(self) -> tuple[Side, ...]:
        """The products, then the peers."""
        return (*self.products, *(peer.side for peer in self.peers))
