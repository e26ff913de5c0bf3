"""``bank``: learn, show and export detector banks."""

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli import options as o

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

    from benchmark.cli.bank_show import tell_bank
    from benchmark.cli.learning import learn_named
    from benchmark.cli.opening import Places

    console = Console()
    given = {"sources": o.sources(source), "data": data, "jobs": jobs, "imports": o.names(imports)}
    tell_bank(console, learn_named(name, given, Places(data_dir, cache), out, console), 20)


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

    Of released responses, which say neither: the columns, and the numbers in them.

    --pictures draws what the best and the worst detectors answered for held-out pictures of their source,
    which must be at hand: --source as in bank train.

    Examples:

      python -m benchmark bank show anp-bank --out results/latest

      python -m benchmark bank show anp-bank --pictures bank.png --source "anps=coco+mvsa+vso"
    """
    from rich.console import Console

    from benchmark.cli.bank_show import draw_bank, tell_bank
    from benchmark.cli.opening import Places

    console = Console()
    if pictures is None:
        for folder in _find(name, out):
            tell_bank(console, folder, top)
        return
    from benchmark.report.figure_file import check_format

    check_format(pictures)
    folder = _only(name, out)
    tell_bank(console, folder, top)
    kind = _kind(name, o.names(imports) or ())
    draw_bank(
        console, folder, pictures, rows, kind, (o.sources(source) or {}).get(kind), Places(data_dir, cache)
    )


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
    from benchmark.run.artefacts import ArtefactStore
    from benchmark.run.config import ConfigError

    found = _only(name, out)
    ArtefactStore(found.parent).read_at(found, name)
    if to.exists():
        raise ConfigError(f"{to} exists; name a folder that does not")
    with whole_folder(to) as part:
        shutil.copytree(found, part, dirs_exist_ok=True)
    typer.echo(f"{found} copied to {to}")


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
