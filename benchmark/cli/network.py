"""``network``: describe an architecture, learn one from a source, show a trained network of a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli import network_train
from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.cli.opening import Places
    from benchmark.report.layers import NetworkLayers
    from benchmark.report.trained_network import TrainedNetwork

app = typer.Typer(help="Networks: describe an architecture, learn one, show one.", no_args_is_help=True)
app.command("train")(network_train.train)


@app.command("describe")
def describe(
    name: Annotated[
        str, typer.Argument(help="Such as 2CONV-4FC; see: python -m benchmark list architectures")
    ],
    size: Annotated[int | None, typer.Option(help="Side of the input in pixels.", show_default=False)] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw it (Figure 2): PNG or PDF.", show_default=False)
    ] = None,
) -> None:
    """Print the shape, parameters and arithmetic of each layer; nothing is trained.

    Examples:

      python -m benchmark network describe 2CONV-4FC

      python -m benchmark network describe 3CONV-4FC --size 64 --figure network.png
    """
    from rich.console import Console

    from benchmark.architectures import describe_architecture
    from benchmark.report.layers import read_layers

    kind = _kind(figure)
    console = Console()
    network = read_layers(describe_architecture(name, size))
    _print_layers(console, network)
    if figure is not None:
        from benchmark.data.files import write_bytes
        from benchmark.report.network_figure import network_files

        write_bytes(figure, network_files(network)[kind])
        console.print(f"figure: {figure}", highlight=False, markup=False)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Artefact, such as CNN-weights.")],
    out: o.Out = o.DEFAULT_OUT,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Draw the images that excite each emotion unit: PNG or PDF.", show_default=False),
    ] = None,
    no_images: Annotated[
        bool, typer.Option("--no-images", help="Leave every photograph out: grey tiles with ids.")
    ] = False,
    source: o.Sources = None,
    imports: o.Imports = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Show the trained networks of that name in a run folder: card, layers, metrics, limits.

    --pictures draws the 24 units of the emotion layer. A network keeps ids, not
    pictures, so their source must be at hand: --source as in the run.

    Examples:

      python -m benchmark network show CNN-weights

      python -m benchmark network show PCNN-weights --pictures emotions.png --source "anps=coco+mvsa"
    """
    from rich.console import Console

    from benchmark.cli.opening import Places

    kind = _kind(pictures)
    console = Console()
    found = _find(name, out)
    for network in found:
        _show(console, network)
    if pictures is None:
        return
    if len(found) > 1:
        from benchmark.run.config import ConfigError

        raise ConfigError(
            f"{out} holds {len(found)} networks {name}: {', '.join(n.path.name for n in found)}; delete "
            "those that are not wanted, or use another --out"
        )
    where = None if no_images else _source(found[0], o.sources(source) or {}, o.names(imports) or ())
    _draw(console, found[0], pictures, kind, where, Places(data_dir, cache))


def _kind(path: Path | None) -> str:
    """The kind of file that a name ends in; checked before anything is computed."""
    kind = "" if path is None else path.suffix.lower().lstrip(".")
    if path is not None and kind not in ("png", "pdf"):
        raise typer.BadParameter(f"{path}: a figure is a .png or a .pdf file")
    return kind


def _find(name: str, out: Path) -> list["TrainedNetwork"]:
    from benchmark.report.trained_network import CARD, DESCRIPTION, TrainedNetwork
    from benchmark.run.folder import FolderError

    folders = sorted(path.parent for path in (out / "artefacts").glob(f"*/{DESCRIPTION}"))
    networks = [TrainedNetwork(folder.name.rpartition("-")[0], folder) for folder in folders]
    found = [network for network in networks if network.name == name and network.has(CARD)]
    if not found:
        known = ", ".join(dict.fromkeys(network.name for network in networks)) or "none"
        raise FolderError(
            f"{out}: no network {name} here (there are: {known}); train one: "
            f"python -m benchmark network train CNN-weights --out {out}"
        )
    return found


def _print_layers(console: "Console", network: "NetworkLayers") -> None:
    from rich.table import Table

    console.print(
        f"{network.name}, input 3 x {network.size} x {network.size}: {network.sums}",
        highlight=False,
        markup=False,
    )
    table = Table("layer", "kind", "", box=None, pad_edge=False)
    for head in ("output", "parameters", "MFLOP"):
        table.add_column(head, justify="right")
    for layer in network.layers:
        counted = (f"{layer.parameters:,}", f"{layer.flops / 1e6:,.2f}") if layer.parameters else ("", "")
        table.add_row(layer.name, layer.kind, layer.detail, layer.shape, *counted)
    console.print(table)
    console.print(
        "MFLOP: two for each multiplication and addition of layers with weights; the rest is not counted.",
        highlight=False,
        style="dim",
    )


def _show(console: "Console", network: "TrainedNetwork") -> None:
    from benchmark.report.network_card import card_lines

    for line in card_lines(network):
        console.print(line, highlight=False, markup=False)
    _print_layers(console, network.layers)


def _source(network: "TrainedNetwork", given: dict[str, str], modules: tuple[str, ...]) -> tuple[str, str]:
    """Kind and place of the source that a network learned from."""
    from benchmark.data.source import GENERATED
    from benchmark.registry import load_registry
    from benchmark.run.config import ConfigError

    known = load_registry(modules).artefacts
    if network.name not in known:
        raise ConfigError(f"no artefact {network.name!r}; known: {', '.join(known)}")
    kind, name = known[network.name].source, str(network.card["source"]["name"])
    where = given.get(kind) or (GENERATED if name == GENERATED else "")
    if not where:
        raise ConfigError(
            f"{network.name} keeps no picture, only which they are; say where its source {name} is: "
            f'--source "{kind}=FOLDER+FOLDER", or draw grey tiles: --no-images'
        )
    return kind, where


def _draw(
    console: "Console",
    network: "TrainedNetwork",
    path: Path,
    kind: str,
    where: tuple[str, str] | None,
    places: "Places",
) -> None:
    from benchmark.cli.pictures import source_pictures
    from benchmark.data.files import write_bytes
    from benchmark.data.locations import data_folder
    from benchmark.data.open_source import open_source
    from benchmark.report.network_facts import network_facts
    from benchmark.report.network_report import draw_emotions
    from benchmark.run.config import ConfigError

    wanted = {image for unit in network.emotions for image in unit.images}
    picture = None
    if where is not None:
        with console.status(f"reading {where[1]}"):
            source = open_source(*where, data_folder(places.data_dir), places.store())
        picture, lacking = source_pictures(source, wanted)
        if wanted and len(lacking) == len(wanted):
            raise ConfigError(
                f"{where[1]}: none of its {len(source):,} images is one of the {len(wanted)} pictures of "
                f"{network.name}; give the source that it was learned from ({network.card['source']['name']})"
            )
        if lacking:
            console.print(
                f"{len(lacking)} of {len(wanted)} pictures are not in {where[1]}: grey tiles", highlight=False
            )
    facts = network_facts(network.name, {**network.card["summary"], "key": network.key})
    title = str(network.model_card["model"])
    write_bytes(path, draw_emotions(facts, network, title, picture)[kind])
    console.print(f"pictures: {path}", highlight=False, markup=False)
