"""``bank``: learn, show and export detector banks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.cli.opening import Places

app = typer.Typer(help="Detector banks: learn, show, export.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="anp-bank or attribute-bank.")]


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
        if name not in plan.artefacts:
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
    top: Annotated[int, typer.Option(min=1, help="Detectors in the table.")] = 40,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Write the best and worst pictures of detectors: PNG or PDF.", show_default=False),
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=40, help="Detectors drawn, best and worst each.")] = 6,
    source: o.Sources = None,
    imports: o.Imports = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Show the detectors of a run folder's banks: average precision beside chance, and on whose labels.

    --pictures draws what the best and the worst detectors answered for held-out pictures of their source,
    which must be at hand: --source as in bank train.

    Examples:

      python -m benchmark bank show anp-bank --out results/latest

      python -m benchmark bank show anp-bank --pictures bank.png --source "anps=coco+mvsa+vso"
    """
    from rich.console import Console

    from benchmark.cli.opening import Places

    console = Console()
    if pictures is None:
        for folder in _find(name, out):
            _show(console, folder, top)
        return
    from benchmark.report.bank_pictures import check_format

    check_format(pictures)
    folder = _only(name, out)
    _show(console, folder, top)
    kind = _kind(name, o.names(imports) or ())
    _draw(console, folder, pictures, rows, kind, (o.sources(source) or {}).get(kind), Places(data_dir, cache))


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

    found = _only(name, out)
    if to.exists():
        raise ConfigError(f"{to} exists; name a folder that does not")
    with whole_folder(to) as part:
        shutil.copytree(found, part, dirs_exist_ok=True)
    typer.echo(f"{found} copied to {to}")


def _find(name: str, out: Path) -> list[Path]:
    from benchmark.run.folder import FolderError

    found = sorted(path.parent for path in (out / "artefacts").glob(f"{name}-*/card.json"))
    if not found:
        raise FolderError(
            f"{out}: no {name} here; learn it: python -m benchmark bank train {name} --out {out}"
        )
    return found


def _only(name: str, out: Path) -> Path:
    from benchmark.run.config import ConfigError

    found = _find(name, out)
    if len(found) > 1:
        raise ConfigError(
            f"{out} holds {len(found)} banks {name}: {', '.join(map(str, found))}; "
            "delete those that are not wanted, or use another --out"
        )
    return found[0]


def _kind(name: str, modules: tuple[str, ...]) -> str:
    """The kind of source that an artefact is learned from."""
    from benchmark.registry import load_registry
    from benchmark.run.config import ConfigError

    known = load_registry(modules).artefacts
    if name not in known:
        raise ConfigError(f"no artefact {name!r}; known: {', '.join(known)}")
    return known[name].source


def _show(console: "Console", folder: Path, top: int) -> None:
    import json

    from rich.table import Table

    card: dict[str, Any] = json.loads((folder / "card.json").read_text())
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
        table.add_row(
            name if quality["kept"] else f"({name}: dropped)",
            f"{quality['ap']:.3f}",
            f"{quality['chance']:.3f}",
            str(quality["positives"]),
            quality["measured_on"],
            detectors["support"].get(name, ""),
            "" if value is None else f"{value:+.2f}",
        )
    console.print(table)
    dropped = detectors["dropped"]
    console.print(f"dropped: {', '.join(dropped) or 'none'}", highlight=False, markup=False)
    for note in card["source"]["notes"]:
        console.print(f"note: {note}", highlight=False, markup=False)


def _draw(
    console: "Console", folder: Path, path: Path, rows: int, kind: str, where: str | None, places: "Places"
) -> None:
    """Draw the pictures of a bank out of its source."""
    from benchmark.cli.pictures import picture_by_key
    from benchmark.data.locations import data_folder
    from benchmark.data.open_source import open_source
    from benchmark.report.bank_answers import read_bank_answers
    from benchmark.report.bank_pictures import save_bank_pictures
    from benchmark.run.config import ConfigError

    bank = read_bank_answers(folder, rows)
    where = where or ("synthetic" if bank.source == "synthetic" else "")
    if not where:
        raise ConfigError(
            f"{bank.name} keeps no picture, only which they are; say where its source {bank.source} is: "
            f'--source "{kind}=FOLDER+FOLDER"'
        )
    with console.status(f"reading {where}"):
        source = open_source(kind, where, data_folder(places.data_dir), places.store())
        picture, missing = picture_by_key(source, bank.images)
        if len(missing) == len(bank.images):
            raise ConfigError(
                f"{where}: none of its {len(source):,} images is one of the {len(missing)} pictures of "
                f"{bank.name}; give the source that it was learned from ({bank.source})"
            )
        save_bank_pictures(bank, path, picture)
    console.print(f"pictures: {path}", highlight=False, markup=False)
    if missing:
        console.print(
            f"{len(missing)} of {len(bank.images)} pictures are not in {where}: grey tiles",
            highlight=False,
            markup=False,
        )
