"""``list``: what there is to choose from."""

from collections.abc import Iterator
from typing import Annotated

import typer

from benchmark.cli import options as o


def list_(
    what: Annotated[
        str, typer.Argument(help="methods, architectures, datasets, sources, protocols or metrics.")
    ] = "methods",
    imports: o.Imports = None,
) -> None:
    """List methods, architectures, datasets, sources, protocols or metrics.

    Examples:

      python -m benchmark list

      python -m benchmark list metrics
    """
    from rich.console import Console
    from rich.table import Table

    rows = _contents(what, o.names(imports) or ())
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows[1:]:
        table.add_row(*row)
    Console().print(table)


def _contents(what: str, imports: tuple[str, ...]) -> list[tuple[str, ...]]:
    if what == "methods":
        from benchmark.registry import load_registry

        registry = load_registry(imports)
        return [
            ("method", "family", "published", "what it is"),
            *((m.name, m.family, m.published or "ours", m.summary) for m in registry.values()),
            *((f"{k.prefix}:NAME", k.family, "ours", k.summary) for k in registry.kinds.values()),
        ]
    if what == "architectures":
        return [
            ("network", "input", "parameters", "MFLOP an image", "layers with weights"),
            *_architectures(),
        ]
    if what == "datasets":
        from benchmark.data.open import DATASETS

        return [("dataset", "what it is"), *DATASETS.items()]
    if what == "sources":
        from benchmark.data.open_source import KINDS

        return [("source", "what it is"), *KINDS.items()]
    if what == "protocols":
        return [
            ("protocol", "what it is"),
            ("grouped", "one 5-fold assignment over all images; duplicates share a fold (default)"),
            ("campos", "the published folds of Campos et al. 2017; they split duplicates"),
        ]
    if what == "metrics":
        from benchmark.protocol.metrics import METRICS

        return [
            ("metric", "what it is"),
            *((name, (f.__doc__ or "").partition("\n")[0]) for name, f in METRICS.items()),
        ]
    raise typer.BadParameter(
        f"{what!r}: list methods, architectures, datasets, sources, protocols or metrics", param_hint="what"
    )


def _architectures() -> Iterator[tuple[str, ...]]:
    from benchmark.architectures import architecture_names, describe_architecture
    from benchmark.report.layers import read_layers

    for name in architecture_names():
        network = read_layers(describe_architecture(name))
        yield (
            name,
            f"{network.size} x {network.size}",
            f"{network.parameters:,}",
            f"{network.flops / 1e6:,.1f}",
            ", ".join(block.layer.name for block in network.blocks),
        )
