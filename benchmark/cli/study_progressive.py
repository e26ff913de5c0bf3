"""``study progressive``: does Eq. 3 remove wrongly labelled images, and does PCNN beat CNN?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from benchmark.data.source import Source
    from benchmark.run.study import StudyResult
    from benchmark.run.study_plan import StudyConfig, StudyPlan
    from benchmark.study import StudySpec

QUICK_SOURCE = "synthetic:n=120"

Data = Annotated[
    str | None, typer.Option(help="synthetic (or synthetic:n=2000): the embedded source; the default.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help='Weakly labelled images: --source "anps=coco+mvsa+vso".'),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help='A setting of the trainings: --set "progressive:passes=10".')
]


def progressive(
    source: Sources = None,
    data: Data = None,
    seeds: Annotated[str | None, typer.Option(help="One training of all arms each. [0,1,2]")] = None,
    noise: Annotated[
        str | None,
        typer.Option(help="Shares of the training labels that are exchanged besides. [0,0.1,0.2,0.3]"),
    ] = None,
    out: o.Out = Path("results/study-progressive"),
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Few images, short trainings: does it run? No findings."),
    ] = False,
    jobs: o.Jobs = None,
    threads: Annotated[int, typer.Option(min=1, help="In a cell; results can change with it.")] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    settings: Settings = None,
    imports: o.Imports = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Show what Algorithm 1 does on a source whose labels are known to be true or not.

    At each share of exchanged labels and for each seed: CNN is trained on the
    source's training part, images are removed by Eq. 3, PCNN is fine-tuned on
    the rest; beside it the same with as many images removed at random, and
    with none. Tested on the source's test part. Stopped anywhere, the same
    command goes on.

    Examples:

      python -m benchmark study progressive

      python -m benchmark study progressive --source "anps=coco+mvsa+vso" --noise 0,0.2
    """
    from benchmark.run.study_plan import StudyConfig

    config = StudyConfig(
        seeds=_chosen(o.numbers("--seeds", seeds), (0, 1) if quick else (0, 1, 2)),
        noise=_chosen(_shares(noise), (0.0, 0.2) if quick else (0.0, 0.1, 0.2, 0.3)),
        jobs=jobs or 0,
        threads=threads,
        device=device,
    )
    where = _source(source, data, quick)
    given = (o.parameters(settings) or {}, o.names(imports) or ())
    raise typer.Exit(_study(config, where, given, quick, out, data_dir, cache))


def _study(
    config: "StudyConfig",
    where: str,
    given: tuple[dict[str, dict[str, Any]], tuple[str, ...]],
    quick: bool,
    out: Path,
    data_dir: Path | None,
    cache: Path | None,
) -> int:
    import datetime

    from rich.console import Console

    from benchmark.cli.opening import Places
    from benchmark.cli.progress import StageProgress
    from benchmark.data.locations import data_folder
    from benchmark.data.open_source import open_source
    from benchmark.report.progressive.write import write_progressive
    from benchmark.run.folder import RunFolder
    from benchmark.run.study import run_study
    from benchmark.run.study_plan import plan_study

    console, started = Console(), datetime.datetime.now(datetime.UTC)
    spec = _spec(given[1])
    settings = spec.configured(_of_study(given[0], spec.name), quick)
    folder = RunFolder(out)
    with folder.locked():
        with console.status("reading the source and looking for duplicates"):
            source = open_source(spec.source, where, data_folder(data_dir), Places(data_dir, cache).store())
        plan = plan_study(spec, settings, source, config, out)
        _announce(plan, source)
        folder.write_manifest(_manifest(plan, source, where, started.isoformat(timespec="seconds")))
        with StageProgress(console) as progress:
            result = run_study(plan, progress)
        with console.status("writing tables and figure"):
            text = write_progressive(result.cells, source.notes, out)
    typer.echo(text)
    return _summary(result, out)


def _chosen(given: tuple[Any, ...] | None, otherwise: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(given)) if given else otherwise


def _shares(text: str | None) -> tuple[float, ...] | None:
    try:
        shares = None if text is None else tuple(float(part) for part in o.names(text) or ())
    except ValueError:
        shares = (-1.0,)
    if shares is not None and not all(0 <= share <= 1 for share in shares):
        raise typer.BadParameter(f"{text!r} is not a list of shares such as 0,0.2", param_hint="--noise")
    return shares


def _source(source: list[str] | None, data: str | None, quick: bool) -> str:
    """What the pairs are learned from, as `open_source` reads it."""
    sources = o.sources(source)
    if sources is not None and (data is not None or set(sources) != {"anps"}):
        raise typer.BadParameter(
            f"{', '.join(source or [])}: give one source of pairs (anps=FOLDER+FOLDER) and no --data",
            param_hint="--source",
        )
    if data is not None and data.partition(":")[0] != "synthetic":
        raise typer.BadParameter(
            f"{data!r}: the study learns from weakly labelled images and tests on a part of them; give "
            "--source anps=FOLDER+FOLDER, or --data synthetic",
            param_hint="--data",
        )
    if sources is not None:
        return sources["anps"]
    return data or (QUICK_SOURCE if quick else "synthetic")


def _spec(imports: tuple[str, ...]) -> "StudySpec":
    from benchmark.registry import load_registry
    from benchmark.run.config import ConfigError
    from benchmark.study import PROGRESSIVE

    studies = load_registry(imports).studies
    if PROGRESSIVE not in studies:
        raise ConfigError(f"no package here registers the study {PROGRESSIVE!r}; known: {', '.join(studies)}")
    return studies[PROGRESSIVE]


def _of_study(given: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    from benchmark.run.config import ConfigError

    others = sorted(set(given) - {name})
    if others:
        raise ConfigError(f"--set {others[0]}:...: this command has settings of {name} alone")
    return given.get(name, {})


def _announce(plan: "StudyPlan", source: "Source") -> None:
    train, test = plan.split.train, plan.split.test
    typer.echo(
        f"Source: {source.name}, {len(train)} images to learn from, {len(test)} to test on; "
        f"{len(plan.to_run)} of {len(plan.cells)} cells to compute"
    )
    for reason in dict.fromkeys(cell.why for cell in plan.to_run if cell.why != "new"):
        typer.echo(f"  {reason}")


def _manifest(plan: "StudyPlan", source: "Source", where: str, started: str) -> dict[str, Any]:
    """What the study was made of and with."""
    import dataclasses
    import sys

    from benchmark.data.fingerprint import plain
    from benchmark.run.execute import environment

    return {
        "study": plan.spec.name,
        "command": ["python", "-m", "benchmark", *sys.argv[1:]],
        "started": started,
        "config": dataclasses.asdict(plan.config),
        "settings": plain(plan.settings),
        "source": {
            "given": where,
            "name": source.name,
            "digest": source.digest,
            "images": len(source),
            "train": len(plan.split.train),
            "test": len(plan.split.test),
            "notes": list(source.notes),
        },
        "environment": environment(*plan.spec.libraries),
    }


def _summary(result: "StudyResult", out: Path) -> int:
    typer.echo(
        f"{result.ran} cells computed, {len(result.cells) - result.ran} reused; results.csv, summary.csv, "
        f"findings.txt, figure.png and figure.pdf in {out}"
    )
    for cell in result.failed:
        typer.secho(f"failed: {cell}: {cell.reason}", fg="red")
    return 1 if result.failed else 0
