"""``run``: compute the cells that are missing and write the tables and figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.run.account import Account
    from benchmark.run.execute import RunResult
    from benchmark.run.folder import RunFolder
    from benchmark.run.plan import Plan


def run(
    all_: Annotated[bool, typer.Option("--all", help="Every registered method.")] = False,
    methods: o.Methods = None,
    subsets: o.Subsets = None,
    folds: o.Folds = None,
    seeds: o.Seeds = None,
    repeats: o.Repeats = None,
    data: o.Data = None,
    protocol: o.Protocol = None,
    train_on: o.TrainOn = None,
    out: o.Out = o.DEFAULT_OUT,
    resume: o.Resume = None,
    jobs: o.Jobs = None,
    threads: o.Threads = None,
    backend: o.Backend = None,
    scheduler: o.Scheduler = None,
    device: o.Device = None,
    source: o.Sources = None,
    responses: o.Responses = None,
    backbone: o.Backbones = None,
    weights: o.Weights = None,
    settings: o.Settings = None,
    imports: o.Imports = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
    config: o.Config = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be computed, and why; compute nothing.")
    ] = False,
    no_images: Annotated[
        bool, typer.Option("--no-images", help="Leave every photograph out of figures and page.")
    ] = False,
    profile: Annotated[
        bool, typer.Option("--profile", help="Say where the time went: profile.csv, and a part of the page.")
    ] = False,
) -> None:
    """Run methods under the protocol and write tables and figures.

    Examples:

      python -m benchmark run --all

      python -m benchmark run --methods GCH,LCH+BoW --subsets five --data twitter --out results/trial

      python -m benchmark run --methods Lite0 --backbone resnet50 --weights resnet50-11ad3fa6.pth

      python -m benchmark run --config results/latest/manifest.json --out results/again

      python -m benchmark run --all --backend dask --scheduler tcp://node1:8786 --profile
    """
    if not (all_ or methods or backbone or config):
        raise typer.BadParameter("say --all, or name some: --methods GCH,LCH", param_hint="run")
    if repeats is not None and seeds is not None:
        raise typer.BadParameter(
            f"--seeds {seeds} says already which repetitions; give one of the two", param_hint="--repeats"
        )
    given = {
        "data": data,
        "methods": () if all_ else o.names(methods),
        "imports": o.names(imports),
        "subsets": o.names(subsets),
        "folds": o.numbers("--folds", folds),
        "seeds": o.numbers("--seeds", seeds) if repeats is None else tuple(range(repeats)),
        "protocol": protocol,
        "train_on": train_on,
        "resume": resume,
        "jobs": jobs,
        "threads": threads,
        "backend": backend,
        "scheduler": scheduler,
        "device": device,
        "sources": o.sources(source),
        "responses": o.responses(responses),
        "params": o.parameters(settings),
    }
    if backbone or weights:
        from benchmark.cli.backbones import add_backbones

        given = add_backbones(given, backbone or [], weights, all_)
    raise typer.Exit(_run(given, config, out, data_dir, cache, dry_run, no_images, profile))


def _run(
    given: dict[str, Any],
    config_file: Path | None,
    out: Path,
    data_dir: Path | None,
    cache: Path | None,
    dry_run: bool,
    no_images: bool,
    profile: bool,
) -> int:
    import datetime

    from rich.console import Console

    from benchmark.cli.opening import Places, open_plan
    from benchmark.cli.progress import StageProgress
    from benchmark.cli.status import print_plan
    from benchmark.run.config import load_config
    from benchmark.run.engine import open_engine
    from benchmark.run.execute import execute, manifest
    from benchmark.run.folder import RunFolder

    console = Console()
    started = datetime.datetime.now(datetime.UTC)
    config = load_config(config_file, **given)
    if config.backend != "local":
        out = out.absolute()  # workers have working folders of their own
    folder = RunFolder(out)
    places = Places(data_dir, cache)
    if dry_run:
        print_plan(open_plan(config, places, out, console), console, why=True)
        return 0
    with folder.locked(), open_engine(config) as engine:
        account = engine.account
        with account.stage("opening"):
            plan = open_plan(config, places, out, console)
        folder.write_manifest(manifest(plan, started))
        with StageProgress(console) as progress:
            result = execute(plan, folder, progress, engine)
        _log(folder, plan, result, started)
        _report(plan, folder, no_images, console, account, profile)
    return _summary(plan, result, folder, console)


def _log(folder: "RunFolder", plan: "Plan", result: "RunResult", started: Any) -> None:
    from benchmark.data.fingerprint import value_hash

    folder.log(
        {
            "started": started.isoformat(timespec="seconds"),
            "settings": value_hash(sorted(planned.key for planned in plan.cells)),
            "cells": len(plan.cells),
            "ran": result.ran,
            "reused": result.reused,
            "failed": len(result.failed),
            "skipped": len(result.skipped),
            "complete": not (plan.config.subsets or plan.config.folds),
        }
    )


def _report(
    plan: "Plan", folder: "RunFolder", no_images: bool, console: "Console", account: "Account", profile: bool
) -> None:
    from benchmark.cli.pictures import picture_source
    from benchmark.cli.profile_table import print_profile
    from benchmark.data.source import Source
    from benchmark.protocol.profile import NAME, write_profile
    from benchmark.report.analysis import analysis_of
    from benchmark.report.terminal import print_tables
    from benchmark.report.write import refresh_page, write_report

    learned = (planned.source for planned in plan.artefacts.values())
    sources = {source.digest: source for source in learned if isinstance(source, Source)}
    if profile:
        (folder.path / NAME).unlink(missing_ok=True)  # of an earlier run
    with console.status("writing tables, figures and report.html"), account.stage("report"):
        analysis = analysis_of(folder.rows())
        pictures = None if no_images else picture_source(plan.dataset, sources.values())
        write_report(analysis, folder.path, pictures)
    print_tables(analysis, console)
    if profile:
        write_profile(account.lines(), folder.path)
        refresh_page(analysis, folder.path)
        print_profile(account.lines(), console)


def _summary(plan: "Plan", result: "RunResult", folder: "RunFolder", console: "Console") -> int:
    failed, skipped, kept = len(result.failed), len(result.skipped), len(plan.kept)
    counts = [f"{result.ran - failed - skipped} cells computed", f"{result.reused - kept} reused"]
    counts += [f"{n} {what}" for n, what in ((kept, "kept"), (failed, "failed"), (skipped, "skipped")) if n]
    console.print(
        f"{', '.join(counts)}; tables in {folder.path / 'tables'}, "
        f"figures in {folder.path / 'figures'}, all in one page: {folder.path / 'report.html'}",
        highlight=False,
    )
    for line in _not_computed(plan, result):
        console.print(line, highlight=False, markup=False, style="red")
    if failed:
        console.print(f"{failed} cells failed; after mending them: run again with --resume failed")
    return 1 if failed else 0


def _not_computed(plan: "Plan", result: "RunResult") -> list[str]:
    """Each failed cell, and each method that could not be computed, with the reason."""
    from collections import Counter

    skipped = Counter((row.cell.method, row.reason) for row in result.skipped)
    kept = Counter((planned.cell.method, planned.skip) for planned in plan.kept)
    return [
        *(f"failed: {row.cell}: {row.reason}" for row in result.failed),
        *(f"skipped: {method}, {n} cells: {why}" for (method, why), n in skipped.items()),
        *(f"kept from before: {method}, {n} cells: {why}" for (method, why), n in kept.items()),
    ]
