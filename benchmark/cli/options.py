"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

DEFAULT_OUT = Path("results/latest")

Data = Annotated[
    str | None,
    typer.Option(
        help="auto (Twitter where found, else synthetic), twitter, synthetic, or a folder or CSV of yours: "
        "its path or URL."
    ),
]
DataDir = Annotated[
    Path | None, typer.Option(help="Where downloaded and generated images live. [$SENTIMENT_DATA]")
]
Cache = Annotated[Path | None, typer.Option(help="Where computed features are kept. [$SENTIMENT_CACHE]")]
Out = Annotated[Path, typer.Option(help="Folder of the run.")]
Methods = Annotated[
    str | None, typer.Option(help="Names separated by commas, such as GCH,LCH+BoW; all by default.")
]
Subsets = Annotated[str | None, typer.Option(help="Such as five,four,three.")]
Folds = Annotated[str | None, typer.Option(help="Such as 1,2.")]
Seeds = Annotated[str | None, typer.Option(help="Each seed repeats the cross-validation with other folds.")]
Repeats = Annotated[
    int | None, typer.Option(min=1, help="Repeated cross-validation: the same as --seeds 0,1,..,R-1.")
]
Protocol = Annotated[
    str | None, typer.Option(help="grouped, or campos (the published folds of Campos et al. 2017).")
]
TrainOn = Annotated[
    str | None, typer.Option(help="subset: train on the subset's images; all: on all of the other folds.")
]
Jobs = Annotated[int | None, typer.Option(help="Cells at a time; 0: as many as processors.")]
Threads = Annotated[
    int | None, typer.Option(help="Threads in a cell; part of a row's key, since scores can change with it.")
]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]
Backend = Annotated[str | None, typer.Option(help="What runs the cells: local, or dask (many machines).")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of the Dask scheduler, such as tcp://node1:8786.")
]
Resume = Annotated[str | None, typer.Option(help="only-missing, failed or never.")]
Imports = Annotated[str | None, typer.Option("--import", help="Modules of yours that register methods.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help='A parameter: --set "BoW:bagofwords__words=500". May be repeated.'),
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help='Where detector banks are learned: --source "anps=coco+mvsa+vso". May be repeated.'
    ),
]
Responses = Annotated[
    list[str] | None,
    typer.Option(
        "--responses",
        help="Released responses in place of a learned bank: FILE (of anp-bank) or BANK=FILE, "
        "a CSV, MAT or NPY. May be repeated.",
    ),
]
Backbones = Annotated[
    list[str] | None,
    typer.Option(
        "--backbone",
        help="A pretrained network, frozen: resnet50 (of torchvision), timm:NAME, open_clip:NAME or "
        "zero-shot:NAME. May be repeated.",
    ),
]
Weights = Annotated[
    Path | None,
    typer.Option(
        help="File of the backbone's weights: .safetensors or a state dict of PyTorch. "
        "Without it the cache of torch.hub counts."
    ),
]
Config = Annotated[Path | None, typer.Option(help="TOML or JSON file of settings; a manifest.json is one.")]


def names(text: str | None) -> tuple[str, ...] | None:
    """Split a list of names; None stays None."""
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def numbers(option: str, text: str | None) -> tuple[int, ...] | None:
    """Split a list of whole numbers.

    Raises
    ------
    typer.BadParameter
        One is not a number.
    """
    try:
        return None if text is None else tuple(int(part) for part in names(text) or ())
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a list of whole numbers such as 1,2", param_hint=option
        ) from None


def sources(settings: list[str] | None) -> dict[str, str] | None:
    """Read ``KIND=FOLDER+FOLDER`` settings.

    Raises
    ------
    typer.BadParameter
        One is not of that form.
    """
    if not settings:
        return None
    pairs = [setting.partition("=") for setting in settings]
    for setting, (kind, _, folders) in zip(settings, pairs, strict=True):
        if not kind or not folders:
            raise typer.BadParameter(f"{setting!r} is not KIND=FOLDER+FOLDER", param_hint="--source")
    return {kind: folders for kind, _, folders in pairs}


def responses(settings: list[str] | None) -> dict[str, str] | None:
    """Read ``BANK=FILE`` settings; a file alone is that of ``anp-bank``.

    Raises
    ------
    typer.BadParameter
        One has no file, or two are of the same bank.
    """
    if not settings:
        return None
    found: dict[str, str] = {}
    for setting in settings:
        bank, _, file = (setting if "=" in setting else f"anp-bank={setting}").partition("=")
        if not bank or not file:
            raise typer.BadParameter(f"{setting!r} is not FILE or BANK=FILE", param_hint="--responses")
        if bank in found:
            raise typer.BadParameter(f"{bank} has two files; give one", param_hint="--responses")
        found[bank] = file
    return found


def parameters(settings: list[str] | None) -> dict[str, dict[str, Any]] | None:
    """Read ``METHOD:parameter=value`` settings; values are JSON where they can be, else text."""
    import json

    if not settings:
        return None
    found: dict[str, dict[str, Any]] = {}
    for setting in settings:
        target, equals, value = setting.partition("=")
        method, colon, parameter = target.rpartition(":")
        if not (equals and colon and method and parameter):
            raise typer.BadParameter(f"{setting!r} is not METHOD:parameter=value", param_hint="--set")
        try:
            found.setdefault(method, {})[parameter] = json.loads(value)
        except (ValueError, RecursionError):
            found.setdefault(method, {})[parameter] = value
    return found
