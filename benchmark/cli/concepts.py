"""``concepts``: which concepts a method holds to be positive and negative, over a whole dataset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.report.concept_weights import ConceptWeights


def concepts(
    methods: Annotated[str, typer.Option(help="Methods with a detector bank.")] = "SentiBank,Sentribute",
    top: Annotated[int, typer.Option(min=1, help="Concepts of each sign.")] = 20,
    figure: Annotated[
        Path | None, typer.Option(help="Write a figure: PNG or PDF.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of everything random in the methods.")] = 0,
    data: o.Data = None,
    source: o.Sources = None,
    responses: o.Responses = None,
    settings: o.Settings = None,
    imports: o.Imports = None,
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Name the most positive and negative adjective-noun pairs and attributes of a dataset.

    Each method is fitted on all labelled images. A weight is what one standard deviation of a concept's
    response adds to the log odds of positive; beside it stands the sentiment value of the pair in the bank's
    source (the ontology's, where its lists were given).

    Examples:

      python -m benchmark concepts --source "anps=coco+mvsa+vso" --methods SentiBank

      python -m benchmark concepts --data synthetic --figure concepts.png
    """
    from rich.console import Console

    from benchmark.cli.fitting import FitRequest, fit_methods
    from benchmark.report.concept_weights import ConceptWeights, draw_concept_weights
    from benchmark.report.figure_file import check_format, save_figure
    from benchmark.run.config import ConfigError

    if figure is not None:
        check_format(figure)
    names = o.names(methods) or ()
    request = FitRequest(
        names, seed, data or "auto", source, responses, settings, imports, out, data_dir, cache
    )
    found = []
    for fitted in fit_methods(request):
        if not hasattr(fitted.model, "concept_weights"):
            raise ConfigError(f"{fitted.spec.name} has no concepts; use SentiBank or Sentribute")
        weights = fitted.model.concept_weights()
        found.append(ConceptWeights(fitted.spec.name, fitted.dataset.name, len(fitted.dataset), *weights))
    console = Console()
    for one in found:
        _show(console, one, top)
    if figure is not None:
        save_figure(lambda: draw_concept_weights(found, top), figure)
        console.print(f"figure: {figure}", highlight=False, markup=False)


def _show(console: "Console", one: "ConceptWeights", top: int) -> None:
    from itertools import zip_longest

    from numpy import isfinite
    from rich.table import Table
    from rich.text import Text

    valued = bool(isfinite(one.sentiment).any())
    head = ["weight", "sentiment"] if valued else ["weight"]
    table = Table("most positive", *head, "most negative", *head, box=None, pad_edge=False)
    for pair in zip_longest(*one.strongest(top)):
        cells: list[str] = []
        for k in pair:
            if k is None:
                cells += [""] * (1 + len(head))
                continue
            value = f"{one.sentiment[k]:+.2f}" if isfinite(one.sentiment[k]) else "–"
            cells += [one.said(k), f"{one.weights[k]:+.3f}", *([value] if valued else [])]
        table.add_row(*(Text(cell) for cell in cells))
    console.print(
        f"{one.method}, fitted on {one.images:,} images of {one.dataset}: {len(one.concepts)} concepts",
        highlight=False,
        markup=False,
    )
    console.print(table)
    if one.agreement:
        console.print(one.agreement, highlight=False, markup=False)
