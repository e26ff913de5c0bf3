"""``network train``: learn a network from a source, on one processor, one GPU or, by ``torchrun``, many."""

from typing import Annotated

import typer

from benchmark.cli import options as o


def train(
    name: Annotated[str, typer.Argument(help="CNN-weights, PCNN-weights, or another's of Table 1.")],
    source: o.Sources = None,
    data: o.Data = None,
    device: o.Device = None,
    settings: o.Settings = None,
    jobs: o.Jobs = None,
    imports: o.Imports = None,
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Learn a network from a source that holds no image of the target set, unless it is there.

    An interrupted training goes on where it was. What --data names is the target set.

    Examples:

      python -m benchmark network train CNN-weights --source "anps=coco+mvsa+vso"

      python -m benchmark network train CNN-weights --source anps=vso --set CNN-weights:preset=paper

      torchrun --nproc-per-node 8 -m benchmark network train CNN-weights --source anps=vso
    """
    from rich.console import Console

    from benchmark.cli.learning import learn_named
    from benchmark.cli.opening import Places

    console = Console()
    given = {
        "sources": o.sources(source),
        "data": data,
        "device": device,
        "params": o.parameters(settings),
        "jobs": jobs,
        "imports": o.names(imports),
    }
    folder = learn_named(name, given, Places(data_dir, cache), out, console)
    console.print(f"{name}: {folder}", highlight=False, markup=False)
