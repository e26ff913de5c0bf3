"""Which stages there are: every module in `benchmark.speed.stages` is one."""

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmark.speed.stage import Case, Settings, SpeedError

ORDER = ("histograms", "decode", "sift", "vocabulary", "detectors", "train", "feed", "table6")
"""Order of the table; other stages follow by name."""

GROWTH = "growth"
"""Asked for like a stage, but has no peer: see `benchmark.speed.growth`."""

FOLDER = Path(__file__).parent / "stages"


def stage_names() -> tuple[str, ...]:
    """All stages, in the order of the table. None of them is imported."""
    found = [module.name for module in pkgutil.iter_modules([str(FOLDER)]) if not module.ispkg]
    return tuple(sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """The stages that were asked for, in the order of the table; all where none was.

    `GROWTH` is none of them, and is passed over.

    Raises
    ------
    SpeedError
        One does not exist; the message offers the nearest.
    """
    known = stage_names()
    for name in names:
        if name not in (*known, GROWTH):
            near = difflib.get_close_matches(name.casefold(), (*known, GROWTH), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise SpeedError(f"no stage {name!r}; {hint}known: {', '.join((*known, GROWTH))}")
    return tuple(name for name in known if name in names) if names else known


def load_stage(name: str) -> tuple[str, Callable[[Settings], Iterator[Case]]]:
    """What a stage measures, in a line, and the function that makes its cases."""
    cases = importlib.import_module(f"benchmark.speed.stages.{name}").cases
    return (cases.__doc__ or name).strip().partition("\n")[0].rstrip("."), cases
