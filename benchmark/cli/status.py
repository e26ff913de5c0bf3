"""``status``: which cells are stored, which would be computed, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.run.plan import Plan


def status(
    why: Annotated[bool, typer.Option("--why", help="Every cell, with the reason.")] = False,
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
    config: o.Config = None,
) -> None:
    """Say what a run folder holds and what running again would compute.

    Settings are those of the folder's last run, or of --config.

    Examples:

      python -m benchmark status --why

      python -m benchmark status --out results/trial
    """
    from rich.console import Console

    from benchmark.cli.opening import Places, open_plan
    from benchmark.run.config import load_config
    from benchmark.run.folder import FolderError

    console = Console()
    file: Path = config or out / "manifest.json"
    if not file.exists():
        raise FolderError(f"{out}: no run here yet; make one: python -m benchmark run --all --out {out}")
    settings = load_config(file, resume="only-missing")
    print_plan(open_plan(settings, Places(data_dir, cache), out, console), console, why)


def print_plan(plan: "Plan", console: "Console", why: bool) -> None:
    """Print the plan by method, or every cell with its reason."""
    if why:
        for planned in plan.cells:
            console.print(f"{planned.cell}: {planned.why}", highlight=False, markup=False, soft_wrap=True)
    else:
        for method in plan.methods:
            cells = [planned for planned in plan.cells if planned.cell.method == method.name]
            again = [planned for planned in cells if planned.run]
            reasons = sorted({planned.why for planned in again})
            console.print(
                f"{method.name}: {len(cells) - len(again)} of {len(cells)} cells stored"
                + (f"; to run: {'; '.join(reasons[:3])}" if again else ""),
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
    console.print(
        f"{len(plan.cells) - len(plan.to_run)} cells reused, {len(plan.to_run)} to compute", highlight=False
    )
