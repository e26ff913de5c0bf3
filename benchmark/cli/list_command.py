"""``list``: what there is to choose from."""

from typing import Annotated

import typer

from benchmark.cli import options as o


def list_(
    what: Annotated[
        str, typer.Argument(help="methods, datasets, sources, protocols or metrics.")
    ] = "methods",
    imports: o.Imports = None,
) -> None:
    """List methods, datasets, sources, protocols or metrics.

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
        f"{what!r}: list methods, datasets, sources, protocols or metrics", param_hint="what"
    )
