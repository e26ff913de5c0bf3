"""``predict``: score one's own pictures with a method fitted on all labelled images."""

from pathlib import Path
from typing import Annotated, Any

import typer

from benchmark.cli import options as o


def predict(
    images: Annotated[list[Path], typer.Argument(help="Image files.")],
    method: Annotated[str, typer.Option(help="Which method; see: python -m benchmark list")] = "LCH+BoW",
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
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
    """Score pictures of yours. The fitted method is kept in OUT/artefacts; the pictures are not.

    Examples:

      python -m benchmark predict holiday.jpg rain.png --method GCH+BoW

      python -m benchmark predict *.jpg --format csv > scores.csv
    """
    if form not in ("table", "csv", "json"):
        raise typer.BadParameter(f"{form!r}: table, csv or json", param_hint="--format")
    from benchmark.cli.fitting import FitRequest, fit_and_open
    from benchmark.run.cell import positive_scores
    from benchmark.run.isolated import limited_threads

    request = FitRequest(
        (method,), seed, data or "auto", source, responses, settings, imports, out, data_dir, cache
    )
    with fit_and_open(request, images) as (fitted, pictures), limited_threads(1):
        found = fitted.model.predict_proba(pictures)
        scores = positive_scores(fitted.spec.name, found, len(images)).tolist()
    _show(images, scores, form)


def _show(paths: list[Path], scores: list[float], form: str) -> None:
    import csv
    import json
    import sys

    from benchmark.report.cells import safe_text

    rows: list[dict[str, Any]] = [
        {
            "image": str(path),
            "positive": round(score, 6),
            "prediction": "positive" if score >= 0.5 else "negative",
        }
        for path, score in zip(paths, scores, strict=True)
    ]
    if form == "json":
        print(json.dumps(rows, indent=1))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "image": safe_text(row["image"])} for row in rows)
    else:
        for row in rows:
            print(f"{row['positive']:.3f}  {row['prediction']:8}  {row['image']}")
