"""``explain``: which concepts spoke for and against, for pictures of the user's."""

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli import options as o


def explain(
    images: Annotated[list[Path], typer.Argument(help="Image files.")],
    method: Annotated[
        str, typer.Option(help="SentiBank, Sentribute, or another with a detector bank.")
    ] = "SentiBank",
    top: Annotated[int, typer.Option(min=1, help="Concepts shown for and against.")] = 5,
    figure: Annotated[Path | None, typer.Option(help="Write a figure: PNG or PDF.")] = None,
    seed: Annotated[int, typer.Option(help="Of everything random in the method.")] = 0,
    data: o.Data = None,
    source: o.Sources = None,
    responses: o.Responses = None,
    settings: o.Settings = None,
    imports: o.Imports = None,
    out: o.Out = o.DEFAULT_OUT,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
) -> None:
    """Say which adjective-noun pairs or attributes made a picture positive or negative.

    Numbers are what a concept adds to the log odds of positive, relative to an average training image.

    Examples:

      python -m benchmark explain holiday.jpg --method SentiBank

      python -m benchmark explain *.jpg --method Sentribute --figure why.png
    """
    from benchmark.cli.fitting import FitRequest, fit_and_open
    from benchmark.report.explanation import Explanation, draw_explanations
    from benchmark.report.figure_file import check_format, save_figure
    from benchmark.run.cell import positive_scores
    from benchmark.run.config import ConfigError
    from benchmark.run.isolated import limited_threads

    if figure is not None:
        check_format(figure)
    request = FitRequest(
        (method,), seed, data or "auto", source, responses, settings, imports, out, data_dir, cache
    )
    with fit_and_open(request, images) as (fitted, pictures), limited_threads(1):
        name, model = fitted.spec.name, fitted.model
        if not hasattr(model, "contributions"):
            raise ConfigError(f"{name} has no concepts to explain with; use SentiBank or Sentribute")
        scores = positive_scores(name, model.predict_proba(pictures), len(images))
        names, parts, seen = model.contributions(pictures)
        shown = [
            Explanation(path.name, pictures.load(i), float(scores[i]), names, parts[i], seen[i])
            for i, path in enumerate(images)
        ]
    for explanation in shown:
        typer.echo(explanation.text(top))
    if figure is not None:
        save_figure(lambda: draw_explanations(shown, top), figure)
        typer.echo(f"figure: {figure}")
