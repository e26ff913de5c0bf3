"""``bank``: learn, show and export detector banks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(help="Detector banks: learn, show, export.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(help="anp-bank, attribute-bank, anp-bank-lite0 or attribute-bank-lite0.")
]


@app.command("train")
def train(
    name: Name,
    source: o.Sources = None,
    data: o.Data = None,
    jobs: o.Jobs = None,
    imports: o.Imports = None,
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Learn a bank from a source that holds no image of the target set, unless it is there.

    Examples:

      python -m benchmark bank train anp-bank --source "anps=coco+mvsa+vso"

      python -m benchmark bank train attribute-bank --data synthetic
    """
    from rich.console import Console

    from benchmark.cli.opening import Places, open_plan
    from benchmark.cli.progress import StageProgress
    from benchmark.registry import load_registry
    from benchmark.run.config import ConfigError, load_config
    from benchmark.run.folder import RunFolder
    from benchmark.run.prepare import learn_artefacts

    console = Console()
    modules = o.names(imports) or ()
    methods = [spec.name for spec in load_registry(modules).values() if name in spec.artefacts.values()]
    if not methods:
        raise ConfigError(
            f"no method uses an artefact {name!r}; known: {', '.join(load_registry(modules).artefacts)}"
        )
    given = {
        "methods": methods[:1],
        "sources": o.sources(source),
        "data": data,
        "jobs": jobs,
        "imports": modules,
    }
    folder = RunFolder(out)
    with folder.locked():
        plan = open_plan(load_config(None, **given), Places(data_dir, cache), out, console)
        if plan.cells[0].skip:
            raise ConfigError(f"{name} {plan.cells[0].skip}")
        with StageProgress(console) as progress:
            broken = learn_artefacts(plan, folder, progress)
    for reason in broken.values():
        console.print(reason, style="red", markup=False)
    if broken:
        raise typer.Exit(1)
    _show(console, plan.artefacts[name].artefact.path, 20)


@app.command("show")
def show(
    name: Name,
    out: o.Out = o.DEFAULT_OUT,
    top: Annotated[int, typer.Option(min=1, help="Detectors shown.")] = 40,
) -> None:
    """Show the detectors of a run folder's banks: average precision beside chance, and whence the labels.

    Of released responses, which say neither: the columns, and the numbers in them.

    Example:

      python -m benchmark bank show anp-bank --out results/latest
    """
    from rich.console import Console

    for folder in _find(name, out):
        _show(Console(), folder, top)


@app.command("export")
def export(
    name: Name,
    to: Annotated[Path, typer.Argument(help="Folder that is made.")],
    out: o.Out = o.DEFAULT_OUT,
) -> None:
    """Copy a bank (npz and JSON, no pickle) to a folder of its own.

    Example:

      python -m benchmark bank export anp-bank my-bank
    """
    import shutil

    from benchmark.data.files import whole_folder
    from benchmark.run.config import ConfigError

    found = _find(name, out)
    if len(found) > 1:
        raise ConfigError(
            f"{out} holds {len(found)} banks {name}: {', '.join(map(str, found))}; copy one by hand"
        )
    if to.exists():
        raise ConfigError(f"{to} exists; name a folder that does not")
    with whole_folder(to) as part:
        shutil.copytree(found[0], part, dirs_exist_ok=True)
    typer.echo(f"{found[0]} copied to {to}")


def _find(name: str, out: Path) -> list[Path]:
    from benchmark.run.folder import FolderError

    folders = (path.parent for path in (out / "artefacts").glob(f"{name}-*/card.json"))
    # Of anp-bank, not anp-bank-lite0: a folder's name ends with a key, which holds no hyphen.
    found = sorted(folder for folder in folders if folder.name.rpartition("-")[0] == name)
    if not found:
        raise FolderError(
            f"{out}: no {name} here; learn it: python -m benchmark bank train {name} --out {out}"
        )
    return found


def _show(console: "Console", folder: Path, top: int) -> None:
    import json

    from benchmark.data.released_answers import read_columns

    card: dict[str, Any] = json.loads((folder / "card.json").read_text())
    columns = read_columns(folder)
    if columns is None:
        _show_detectors(console, folder, card, top)
    else:
        _show_columns(console, folder, card, columns.concepts[:top])
    for note in card["source"]["notes"]:
        console.print(f"note: {note}", highlight=False, markup=False)


def _show_columns(console: "Console", folder: Path, card: dict[str, Any], concepts: tuple[str, ...]) -> None:
    from rich.table import Table

    from benchmark.data.target_responses import read_values

    summary, values = card["summary"], read_values(folder)
    console.print(
        f"{folder.name}: {summary['source']}, {summary['file']}: {summary['columns']} columns of "
        f"{len(values)} images, read as {summary['read as']}",
        highlight=False,
        markup=False,
    )
    table = Table("concept", "least", "mean", "greatest", "standard deviation", box=None)
    for name, column in zip(concepts, values.T, strict=False):
        figures = (column.min(), column.mean(), column.max(), column.std())
        table.add_row(name, *(f"{figure:.4g}" for figure in figures))
    console.print(table)


def _show_detectors(console: "Console", folder: Path, card: dict[str, Any], top: int) -> None:
    import json

    from rich.table import Table

    detectors: dict[str, Any] = json.loads((folder / "detectors.json").read_text())
    summary, chosen = card["summary"], detectors["chosen"]
    console.print(
        f"{folder.name}: from {summary['source']} ({summary['images']} images); {summary['kept']} of "
        f"{summary['tried']} detectors beat chance; their mean AP {summary['mean_ap']:.3f}, chance "
        f"{summary['chance']:.3f}; negatives a positive: {chosen['negatives']}, C {chosen['C']:g}",
        highlight=False,
        markup=False,
    )
    table = Table("concept", "AP", "chance", "images", "measured on", "labels from", "sentiment", box=None)
    ranked = sorted(detectors["quality"].items(), key=lambda item: -item[1]["ap"] * item[1]["kept"])
    for name, quality in ranked[:top]:
        value = detectors["sentiment"].get(name)
        support = detectors["support"].get(name, "")
        # Only votes are labels to trust: mined and queried ones stay weak, held out or not.
        measured_on = quality["measured_on"] if "votes" in support else "weak labels"
        table.add_row(
            name if quality["kept"] else f"({name}: dropped)",
            f"{quality['ap']:.3f}",
            f"{quality['chance']:.3f}",
            str(quality["positives"]),
            measured_on,
            support,
            "" if value is None else f"{value:+.2f}",
        )
    console.print(table)
    dropped = detectors["dropped"]
    console.print(f"dropped: {', '.join(dropped) or 'none'}", highlight=False, markup=False)
