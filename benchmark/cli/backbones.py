"""``--backbone NAME --weights FILE``: networks of a library as methods of a run."""

from pathlib import Path
from typing import Any

import typer

LIBRARY = "torchvision"
"""Of names without a prefix."""


def add_backbones(
    given: dict[str, Any], backbones: list[str], weights: Path | None, everything: bool
) -> dict[str, Any]:
    """Settings of a run with some backbones among its methods.

    Parameters
    ----------
    given : dict
        Settings from the command line.
    backbones : list of str
        Such as ``resnet50`` or ``timm:resnet18``.
    weights : Path, optional
        File of the only backbone's weights.
    everything : bool
        Whether every registered method is run besides.

    Raises
    ------
    typer.BadParameter
        A file of weights and not exactly one backbone, or a kind of network that is not known.
    ParameterError
        A network that its library does not know.
    """
    from benchmark.registry import load_registry

    registry = load_registry(given["imports"] or ())
    names = [name if ":" in name else f"{LIBRARY}:{name}" for name in backbones]
    for name in names:
        if name.partition(":")[0] not in registry.kinds:
            known = ", ".join(f"{prefix}:NAME" for prefix in registry.kinds)
            raise typer.BadParameter(f"{name!r}: give NAME, {known}", param_hint="--backbone")
    if weights is not None and len(names) != 1:
        raise typer.BadParameter(
            f"{weights} with {len(names)} backbones: give one --backbone, or the files with "
            '--set "torchvision:NAME:frozenfeatures__weights=FILE"',
            param_hint="--weights",
        )
    others = list(registry) if everything else list(given["methods"] or ())
    params = dict(given["params"] or {})
    if weights is not None:
        known_params = registry[names[0]].build().get_params(deep=True)
        parameter = next(name for name in known_params if name.rpartition("__")[2] == "weights")
        params[names[0]] = {parameter: str(weights.expanduser().absolute()), **params.get(names[0], {})}
    return given | {"methods": (*others, *names), "params": params}
