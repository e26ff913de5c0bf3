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
    scores = _scores(images, method, seed, data or "auto", settings, imports, out, data_dir, cache)
    _show(images, scores, form)


def _scores(
    paths: list[Path],
    name: str,
    seed: int,
    data: str,
    settings: list[str] | None,
    imports: str | None,
    out: Path,
    data_dir: Path | None,
    cache: Path | None,
) -> list[float]:
    import tempfile

    from rich.console import Console

    from benchmark.cli.opening import Places, open_data
    from benchmark.data.duplicates import hash_files
    from benchmark.data.imageset import ImageSet
    from benchmark.data.store import FeatureStore
    from benchmark.registry import load_registry
    from benchmark.run import fitted
    from benchmark.run.artefacts import ArtefactStore
    from benchmark.run.cell import positive_scores
    from benchmark.run.isolated import limited_threads

    console = Console(stderr=True)
    spec = load_registry(o.names(imports) or ())[name]
    keys = hash_files(paths, [str(path) for path in paths])
    params = (o.parameters(settings) or {}).get(spec.name, {})
    dataset = open_data(data, Places(data_dir, cache), console)
    with console.status(f"fitting {spec.name} on {len(dataset)} images"):
        artefact = fitted.fit_on_all(spec, params, dataset, seed, ArtefactStore(out / "artefacts"))
    model = fitted.load(artefact.path / fitted.MODEL, spec)
    with tempfile.TemporaryDirectory() as folder, limited_threads(1):
        pictures = ImageSet(keys, FeatureStore(folder), paths=paths)
        return positive_scores(spec.name, model.predict_proba(pictures), len(paths)).tolist()


def _show(paths: list[Path], scores: list[float], form: str) -> None:
    import csv
    import json
    import sys

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
        writer.writerows(rows)
    else:
        for row in rows:
            print(f"{row['positive']:.3f}  {row['prediction']:8}  {row['image']}")
