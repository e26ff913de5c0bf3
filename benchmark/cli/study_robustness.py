"""``study robustness``: the methods of a run on images made worse."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.data.corruptions import Corruption
    from benchmark.run.config import RunConfig
    from benchmark.run.robustness import RobustnessPlan, RobustnessResult

SUBSET = "five"


def robustness(
    out: o.Out = o.DEFAULT_OUT,
    methods: o.Methods = None,
    subset: Annotated[
        str | None, typer.Option(help="Whose images; five where there is such a subset, else the first.")
    ] = None,
    kinds: Annotated[
        str | None, typer.Option(help="Some of blur,noise,jpeg,crop,brightness; all by default.")
    ] = None,
    data: o.Data = None,
    source: o.Sources = None,
    settings: o.Settings = None,
    jobs: o.Jobs = None,
    imports: o.Imports = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Measure how much of its accuracy each method keeps when images get worse.

    The methods are fitted as in the run (its manifest.json says how, and its
    trained artefacts are used), then score the test images of each fold as
    they are, and blurred, noisy, saved as poor JPEG, cropped, and too bright
    or dark, at three strengths. Rows, tables and a figure go to the folder
    robustness inside the run's; methods that were studied there before, in
    the same way, stay in them. Stopped anywhere, the same command goes on.

    Examples:

      python -m benchmark study robustness

      python -m benchmark study robustness --out results/latest --methods GCH,LCH+BoW --kinds blur,jpeg
    """
    given = {
        "methods": o.names(methods),
        "data": data,
        "sources": o.sources(source),
        "params": o.parameters(settings),
        "jobs": jobs,
        "imports": o.names(imports),
    }
    raise typer.Exit(_study(given, subset, _corruptions(kinds), out, data_dir, cache))


def _study(
    given: dict[str, Any],
    subset: str | None,
    corruptions: "tuple[Corruption, ...]",
    out: Path,
    data_dir: Path | None,
    cache: Path | None,
) -> int:
    import datetime

    from rich.console import Console

    from benchmark.cli.opening import Places, open_data
    from benchmark.cli.progress import StageProgress
    from benchmark.data.locations import data_folder
    from benchmark.protocol.robustness_row import FOLDER
    from benchmark.registry import load_registry
    from benchmark.report.html.page import NAME
    from benchmark.report.robustness import kept, read_robustness
    from benchmark.report.robustness_files import robustness_lines, write_robustness
    from benchmark.report.write import refresh_page
    from benchmark.run.config import load_config
    from benchmark.run.folder import RunFolder
    from benchmark.run.plan import make_plan
    from benchmark.run.robustness import plan_robustness, run_robustness, study_manifest
    from benchmark.run.train_artefacts import ArtefactPlaces

    console, folder, started = Console(), RunFolder(out), datetime.datetime.now(datetime.UTC)
    manifest = out / "manifest.json"
    config = load_config(manifest if manifest.exists() else None, **given)
    places = Places(data_dir, cache)
    with folder.locked():
        dataset = open_data(config.data, places, console)
        artefacts = ArtefactPlaces(data_folder(data_dir), places.store(), out / "artefacts")
        with console.status("planning"):
            narrowed = _narrowed(config, subset, tuple(dataset.subsets))
            plan = make_plan(narrowed, dataset, load_registry(config.imports), folder, artefacts)
            planned = plan_robustness(plan, out, corruptions)
        _announce(planned, console)
        RunFolder(out / FOLDER).write_manifest(study_manifest(planned, started))
        with StageProgress(console) as progress:
            result = run_robustness(planned, folder, progress)
        with console.status("writing tables and figure"):
            rows = read_robustness(out / FOLDER / "rows")
            write_robustness(rows, out / FOLDER)
            if (out / NAME).is_file():
                refresh_page(folder.rows(), out)
    for line in robustness_lines(kept(rows)):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return _summary(result, out / FOLDER, console)


def _corruptions(kinds: str | None) -> "tuple[Corruption, ...]":
    from benchmark.data.corruptions import CORRUPTIONS, KINDS

    wanted = o.names(kinds)
    unknown = [kind for kind in wanted or () if kind not in KINDS]
    if unknown:
        raise typer.BadParameter(
            f"no kind {unknown[0]!r} of corruption; kinds are {', '.join(KINDS)}", param_hint="--kinds"
        )
    return tuple(c for c in CORRUPTIONS if wanted is None or c.kind in wanted)


def _narrowed(config: "RunConfig", subset: str | None, known: tuple[str, ...]) -> "RunConfig":
    """The run's settings for one subset, one seed and all folds."""
    chosen = subset or next((name for name in config.subsets or known if name == SUBSET), known[0])
    return config.model_copy(update={"subsets": (chosen,), "seeds": config.seeds[:1], "folds": ()})


def _announce(planned: "RobustnessPlan", console: "Console") -> None:
    console.print(
        f"{len(planned.to_run)} of {len(planned.rows)} rows to compute, under {len(planned.corruptions)} "
        f"corruptions each",
        highlight=False,
    )
    for reason in dict.fromkeys(row.why for row in planned.rows if row.why not in ("", "new")):
        console.print(f"  {reason}", highlight=False, markup=False)


def _summary(result: "RobustnessResult", folder: Path, console: "Console") -> int:
    console.print(
        f"{result.ran} rows computed, {len(result.rows) - result.ran} reused; tables and figure in {folder}",
        highlight=False,
    )
    for row in result.rows:
        if row.status != "ok":
            console.print(
                f"{row.status}: {row.cell}: {row.reason}", highlight=False, markup=False, style="red"
            )
    return 1 if result.failed else 0
