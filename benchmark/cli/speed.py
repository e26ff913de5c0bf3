"""``speed``: each stage of the product against what a user would pick instead."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli import options as o
from benchmark.speed.catalogue import GROWTH, stage_names

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.speed.results import StageResult
    from benchmark.speed.stage import Settings
    from benchmark.speed.timing import Measured

DEFAULT_OUT, QUICK_OUT = Path("results/speed"), Path("results/speed-quick")

LINE_EVERY = 30.0
"""Seconds between two lines on what is being done where the output is not a terminal."""


def speed(
    stages: Annotated[
        list[str] | None,
        typer.Argument(help=f"All by default: {', '.join(stage_names())}; and {GROWTH}, where asked for."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small inputs: shows that it works, not how fast.")
    ] = False,
    rounds: Annotated[
        int | None, typer.Option(min=1, help="Timed runs of each side; each case has its own number.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    data: Annotated[str, typer.Option(help="Images of table6: synthetic, twitter, ...")] = "synthetic",
    source: o.Sources = None,
    data_dir: o.DataDir = None,
    sizes: Annotated[
        str | None, typer.Option(help=f"Numbers of images of {GROWTH}; by default 1000,4000,16000.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            min=64, help=f"Images that {GROWTH} describes beyond the smallest size; by default all of them."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=f"Folder of the results; by default {DEFAULT_OUT}, or {QUICK_OUT}.")
    ] = None,
) -> None:
    """Measure stages against their peers on the same input: alternating runs, medians, ratios.

    growth has no peer: it measures how time and memory grow with the number of images, step by step.

    Each stage runs in a fresh process, without OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE and limits on threads.
    Nothing is written but to --out; stages measured before stay there.

    Examples:

      python -m benchmark speed

      python -m benchmark speed histograms sift --rounds 9

      python -m benchmark speed table6 --data twitter

      python -m benchmark speed growth --sizes 1000,4000
    """
    from rich.console import Console

    from benchmark.data.locations import data_folder
    from benchmark.run.folder import RunFolder
    from benchmark.speed.catalogue import chosen
    from benchmark.speed.chart import save_chart
    from benchmark.speed.machine import available_cores, resolve_device
    from benchmark.speed.results import read_stages, write_stage
    from benchmark.speed.stage import Settings

    console = Console()
    asked = tuple(stages or ())
    names = chosen(asked) if asked != (GROWTH,) else ()
    counts = _sizes(sizes, sample, GROWTH in asked, quick)
    out = out or (QUICK_OUT if quick else DEFAULT_OUT)
    settings = Settings(
        scratch=out,
        quick=quick,
        device=resolve_device(device),
        cores=available_cores(),
        rounds=rounds,
        data=data,
        data_dir=data_folder(data_dir),
        sources=o.sources(source) or {},
    )
    results = []
    with RunFolder(out).locked():
        for name in names:
            results.append(_measure(name, settings, console))
            write_stage(results[-1], out)
            save_chart(read_stages(out), out)
        if counts:
            _grow(counts, out, quick, sample, console)
    files = ["ratios.csv, timings.csv, checks.csv, stages/, speed.png"] if names else []
    files += ["growth.csv, growth.json, growth.png"] if counts else []
    console.print(f"results in {out}: {', '.join(files)}", highlight=False)
    raise typer.Exit(_faults(results, console))


def _measure(name: str, settings: "Settings", console: "Console") -> "StageResult":
    import dataclasses

    from benchmark.speed.launch import run_stage

    with _telling(name, console) as tell:
        return run_stage(
            name, dataclasses.replace(settings, tell=tell), lambda case: _print_case(case, console)
        )


@contextlib.contextmanager
def _telling(name: str, console: "Console") -> Iterator[Callable[[str], None]]:
    """Say what is being done: in the terminal's last line, elsewhere in a line now and then."""
    said = time.monotonic()
    console.print(f"[bold]{name}[/bold]", highlight=False)
    with console.status("starting") as status:

        def tell(text: str) -> None:
            nonlocal said
            status.update(f"{name}: {text}")
            if not console.is_terminal and time.monotonic() - said > LINE_EVERY:
                said = time.monotonic()
                console.print(f"  {text}", highlight=False, markup=False)

        yield tell


def _sizes(text: str | None, sample: int | None, asked: bool, quick: bool) -> tuple[int, ...]:
    """Numbers of images of `GROWTH`; none where it was not asked for."""
    from benchmark.speed.stage import SpeedError

    if not asked:
        for option, value in (("--sizes", text), ("--sample", sample)):
            if value is not None:
                command = f"python -m benchmark speed {GROWTH} {option} {value}"
                raise SpeedError(f"{option} {value} is for {GROWTH}: {command}")
        return ()
    from benchmark.speed.growth.measure import QUICK_SIZES, SIZES, parse_sizes

    if text is not None:
        return parse_sizes(text)
    return QUICK_SIZES if quick else SIZES


def _grow(sizes: tuple[int, ...], out: Path, quick: bool, sample: int | None, console: "Console") -> None:
    from benchmark.speed.growth.keep import keep
    from benchmark.speed.growth.measure import measure_growth
    from benchmark.speed.growth.measured import growths
    from benchmark.speed.growth.words import check_lines, summary, verdict

    with _telling(GROWTH, console) as tell:
        result = measure_growth(sizes, out, quick, sample, tell, lambda so_far: keep(so_far, out))
    found = growths(result.measurements)
    for line, ok in check_lines(found):
        console.print(f"  {line}", style=None if ok or quick else "yellow", highlight=False, markup=False)
    if quick:
        console.print("  quick: sizes too small to judge", style="dim", highlight=False)
        return
    for line in (*verdict(found), *summary(found)):
        console.print(f"  {line.replace('**', '').replace('`', '')}", highlight=False, markup=False)


def _print_case(case: "Measured", console: "Console") -> None:
    for ratio in case.ratios:
        ours, theirs = case.timing(ratio.product), case.timing(ratio.peer)
        goal = "" if ratio.reach is None else f", to reach {ratio.reach:g}"
        console.print(
            f"  {case.case}: {ours.side} {ours.rate:.4g} {case.unit}/s, {theirs.side} {theirs.rate:.4g}; "
            f"ratio {ratio.ratio:.3g} ({ratio.low:.3g} to {ratio.high:.3g}){goal}",
            style="yellow" if ratio.reached is False else None,
            highlight=False,
            markup=False,
        )
    for check in case.checks:
        console.print(
            f"    {check.name}: {check.found}" + ("" if check.ok else f", but {check.demanded} is demanded"),
            style="dim" if check.ok else "red",
            highlight=False,
            markup=False,
        )
    if case.note:
        console.print(f"    {case.note}", style="dim", highlight=False, markup=False)


def _faults(results: "list[StageResult]", console: "Console") -> int:
    broken = [result for result in results if result.status != "ok"]
    for result in broken:
        console.print(
            f"{result.stage}: {result.status}: {result.reason}", style="red", highlight=False, markup=False
        )
    return 1 if broken else 0
