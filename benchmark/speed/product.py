"""The parts of the product that stages measure, reached by name.

The registry knows whole methods, and a stage measures a part of one: a descriptor, a solver. Passing parts
through the registry would make them public for the clock's sake, and importing them would let the harness
lean on methods, which may be absent, replaced or installed by others. So a stage names what it measures as
text, here and only here, and nothing is imported before it is measured.
"""

import importlib
from typing import Any

from benchmark.speed.stage import SpeedError


def product(module: str, name: str) -> Any:
    """Something of the project's methods, such as ``product("baselines.features.sift", "Sift")``.

    Raises
    ------
    SpeedError
        It is not there.
    """
    try:
        return getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise SpeedError(
            f"{module}.{name}, which this stage measures, is not there ({error}); name its new place"
        ) from error
