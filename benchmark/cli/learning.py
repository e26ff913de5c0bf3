"""Learning one artefact by its name: what ``bank train`` and ``network train`` share."""

import contextlib
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from benchmark.cli.opening import Places, open_plan
from benchmark.cli.progress import StageProgress
from benchmark.registry import load_registry
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.config import ConfigError, load_config
from benchmark.run.folder import RunFolder
from benchmark.run.prepare import learn_artefacts
from benchmark.run.torchrun import learn_together, process


def learn_named(name: str, given: dict[str, Any], places: Places, out: Path, console: Console) -> Path:
    """Learn an artefact, unless it is there, and return its folder.

    Started by ``torchrun``, all processes learn it together and the first stores it.

    Parameters
    ----------
    given : dict
        Settings of `benchmark.run.config.RunConfig`; None where not given.

    Raises
    ------
    ConfigError
        No method uses such an artefact, or its source was not given.
    typer.Exit
        It could not be learned; the reason is printed.
    """
    registry = load_registry(given.get("imports") or ())
    methods = [spec.name for spec in registry.values() if name in spec.artefacts.values()]
    if not methods:
        raise ConfigError(f"no method uses an artefact {name!r}; known: {', '.join(registry.artefacts)}")
    rank, size = process()
    folder = RunFolder(out)
    with folder.locked() if rank == 0 else contextlib.nullcontext():
        # whether its cells are stored is of no matter here
        config = load_config(None, methods=methods[:1], resume="never", **given)
        plan = open_plan(config, places, out, console)
        if plan.cells[0].skip:
            raise ConfigError(f"{name} {plan.cells[0].skip}")
        if size > 1:
            learn_together(plan.artefacts[name], ArtefactStore(out / "artefacts"))
            broken: dict[str, str] = {}
        else:
            with StageProgress(console) as progress:
                broken = learn_artefacts(plan, folder, progress)
    for reason in broken.values():
        console.print(reason, style="red", markup=False)
    if broken:
        raise typer.Exit(1)
    return plan.artefacts[name].artefact.path
