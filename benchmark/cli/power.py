"""``power``: what a cross-validation of so many images can show, by simulation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from benchmark.protocol.statistics.power import Power

HEADER = (
    "images",
    "accuracy",
    "disagreement",
    "difference",
    "test",
    "folds",
    "repeats",
    "rejected",
    "error",
)


def power(
    images: Annotated[str, typer.Option(help="Sizes of sets; by default the paper's.")] = "882,1116,1269",
    difference: Annotated[str, typer.Option(help="Expected differences of accuracy.")] = "0,.03,.05",
    disagreement: Annotated[
        str, typer.Option(help="Shares of images on which one method is right and the other is not.")
    ] = ".1,.25",
    accuracy: Annotated[float, typer.Option(min=0.51, max=0.99, help="Of the weaker method.")] = 0.71,
    folds: Annotated[int, typer.Option(min=2, help="Of the cross-validation.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="Also with so many repetitions of it.")] = 10,
    sets: Annotated[int, typer.Option(min=10, help="Sets of images that are simulated.")] = 400,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 0,
    csv: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
) -> None:
    """How often each test finds that one of two methods is better.

    Two simulated learners are cross-validated on many sets of images. Where
    the difference is 0, what is found is a false alarm (5 % are allowed). The
    disagreement of two methods of a run stands in its tables/pairs.csv.

    Example:

      python -m benchmark power --images 882 --disagreement .2 --difference .02,.04
    """
    from rich.console import Console

    from benchmark.data.files import write_bytes
    from benchmark.protocol.statistics.learners import World
    from benchmark.protocol.statistics.power import power as simulate
    from benchmark.report.cells import csv_bytes

    worlds = [
        World(int(n), accuracy, d, disagree, folds=folds, repeats=repeats)
        for n in numbers("--images", images, 10, None)
        for disagree in numbers("--disagreement", disagreement, 0, 1)
        for d in numbers("--difference", difference, 0, 1 - accuracy)
    ]
    console = Console()
    found: list[Power] = []
    with console.status("simulating") as status:
        try:
            for number, world in enumerate(worlds, start=1):
                status.update(f"simulating {sets} sets of images: world {number} of {len(worlds)}")
                found += simulate([world], sets, seed)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--disagreement") from None
    if csv is not None:
        write_bytes(csv, csv_bytes(HEADER, [_record(p) for p in found]))
    console.print(_table(found))
    console.print(
        f"Share of {sets} simulated sets on which p is at most .05 and the better method is found better. "
        f"Folds: corrected resampled t-test, {folds} folds, once and {repeats} times. "
        f"Images: McNemar's exact test of one cross-validation's predictions. One pair of methods; among "
        f"many pairs, Holm's correction asks for more.",
        style="dim",
    )


def numbers(option: str, text: str, low: float, high: float | None) -> list[float]:
    """Split a list of numbers and hold them between limits.

    Raises
    ------
    typer.BadParameter
        One is not a number, or outside.
    """
    try:
        found = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a list of numbers such as .1,.2", param_hint=option
        ) from None
    for value in found:
        if value < low or (high is not None and value >= high):
            limits = f"at least {low:g}" + ("" if high is None else f" and below {high:g}")
            raise typer.BadParameter(f"{value:g} is not {limits}", param_hint=option)
    return found


def _record(p: "Power") -> tuple:
    world = p.world
    settings = (world.images, world.accuracy, world.disagreement, world.difference)
    return (*settings, p.test, world.folds, p.repeats, p.rejected, p.error)


def _table(found: list["Power"]) -> "Table":
    """A line a world, a column a test."""
    from rich.table import Table

    columns = list(dict.fromkeys((p.test, p.repeats) for p in found))
    table = Table(box=None, header_style="bold")
    for name in ("images", "disagreement", "difference"):
        table.add_column(name, justify="right")
    for test, times in columns:
        name = "images" if test == "McNemar" else "folds"
        table.add_column(f"{name} x {times}" if name == "folds" else name, justify="right")
    for world in dict.fromkeys(p.world for p in found):
        at = {(p.test, p.repeats): p.rejected for p in found if p.world == world}
        cells = (f"{at[column]:.0%}" for column in columns)
        table.add_row(str(world.images), f"{world.disagreement:.2f}", f"{world.difference:.2f}", *cells)
    return table
