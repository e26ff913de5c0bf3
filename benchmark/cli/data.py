"""``data``: fetch the published images, check a set of images, show a sheet of it or of a training source."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Fetch, check and show the images.")

Spec = Annotated[
    str,
    typer.Argument(
        metavar="NAME|PATH",
        help="auto, twitter, synthetic (synthetic:n=200,seed=1), or a folder or CSV file of yours.",
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(help="Where downloaded and generated images live. [$SENTIMENT_DATA]", show_default=False),
]
Cache = Annotated[
    Path | None, typer.Option(help="Where decoded images are kept. [$SENTIMENT_CACHE]", show_default=False)
]


@app.command("fetch")
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="twitter: the 1,269 images of the paper's test set.")
    ],
    data_dir: DataDir = None,
    url: Annotated[
        str | None,
        typer.Option(help="Another copy: an https address below which images/ lies.", show_default=False),
    ] = None,
    connections: Annotated[int, typer.Option(min=1, max=32, help="Files at a time.")] = 8,
    attempts: Annotated[int, typer.Option(min=1, max=20, help="Attempts for each file.")] = 4,
) -> None:
    """Download the published images; give the command again to go on after an interruption.

    Every file is checked against its SHA-256. The images are photographs of third parties without a stated
    licence: see benchmark/data/README.md before you pass them on.

    [b]python -m benchmark data fetch twitter --data-dir ~/sentiment[/b]
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from benchmark.cli.findings import tell_fetched
    from benchmark.data.download import Patience
    from benchmark.data.fetch import TWITTER_URL, Outcome, fetch_twitter
    from benchmark.data.locations import data_folder
    from benchmark.data.open import unknown_dataset
    from benchmark.data.twitter import NAME, manifest

    if name != NAME:
        raise unknown_dataset(name, (NAME,), "only the Twitter set is fetched")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("images", total=len(manifest()))

        def tell(outcome: Outcome) -> None:
            progress.advance(task)

        fetched = fetch_twitter(
            data_folder(data_dir),
            url or TWITTER_URL,
            connections=connections,
            patience=Patience(attempts=attempts),
            tell=tell,
        )
    options = f" --data-dir {data_dir}" * bool(data_dir) + f" --url {url}" * bool(url)
    tell_fetched(fetched, Console(), f"python -m benchmark data fetch twitter{options}")
    raise typer.Exit(1 if fetched.failed else 0)


@app.command("check")
def check(
    spec: Spec = "auto",
    data_dir: DataDir = None,
    cache: Cache = None,
    every: Annotated[bool, typer.Option("--all", help="Print every name, however many there are.")] = False,
) -> None:
    """Look at every file: what is there, missing, damaged, twice or unusual, and the paper's counts beside.

    Exit code 0: the set can be used as it is; 1: something is missing or damaged, and is named.

    [b]python -m benchmark data check twitter[/b]
    [b]python -m benchmark data check ~/my_photos[/b]
    """
    from rich.console import Console

    from benchmark.cli.findings import tell_check
    from benchmark.data.check import check as look
    from benchmark.data.locations import cache_folder, data_folder
    from benchmark.data.store import FeatureStore

    with Console(stderr=True).status("looking at every image"):
        found = look(spec, data_folder(data_dir), FeatureStore(cache_folder(cache) / "features"))
    tell_check(found, Console(), everything=every)
    raise typer.Exit(0 if found.ok else 1)


@app.command("show")
def show(
    spec: Spec = "auto",
    out: Annotated[Path, typer.Option(help="PNG, JPEG, WebP or PDF file to write.")] = Path("sheet.png"),
    rows: Annotated[int, typer.Option(min=1, max=50)] = 5,
    columns: Annotated[int, typer.Option(min=1, max=50)] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the images.")] = 0,
    data_dir: DataDir = None,
    cache: Cache = None,
) -> None:
    """Draw a sheet of random images with their labels and votes, cut as the methods see them.

    [b]python -m benchmark data show synthetic --out sheet.png --rows 4 --columns 6[/b]
    """
    from rich.console import Console

    from benchmark.data.locations import cache_folder, data_folder
    from benchmark.data.open import describe, open_dataset
    from benchmark.data.sheet import check_format, contact_sheet, save_sheet
    from benchmark.data.store import FeatureStore

    check_format(out)
    with Console(stderr=True).status("reading images"):
        dataset = open_dataset(spec, data_folder(data_dir), FeatureStore(cache_folder(cache) / "features"))
        save_sheet(contact_sheet(dataset, rows, columns, seed), out)
    console = Console()
    console.print(describe(dataset, spec), markup=False, highlight=False)
    console.print(f"Sheet: {out}", markup=False, highlight=False)


@app.command("sheet")
def sheet(
    source: Annotated[
        str,
        typer.Option(metavar="KIND=FOLDER+FOLDER", help='A training source: --source "anps=coco+mvsa+vso".'),
    ],
    out: Annotated[Path, typer.Option(help="PNG, JPEG, WebP or PDF file to write.")] = Path("sheet.png"),
    order: Annotated[
        str, typer.Option(help="Which concepts: frequent, or by sentiment: positive, negative.")
    ] = "frequent",
    rows: Annotated[int, typer.Option(min=1, max=200, help="Concepts.")] = 20,
    examples: Annotated[int, typer.Option(min=1, max=40, help="Random images of each.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the images.")] = 0,
    data_dir: DataDir = None,
    cache: Cache = None,
) -> None:
    """Say what a training source holds (images, pairs or attributes, labels) and draw a sheet to look at.

    [b]python -m benchmark data sheet --source "anps=coco+mvsa+vso" --out sheet.png[/b]
    [b]python -m benchmark data sheet --source attributes=synthetic:n=200 --rows 10[/b]
    """
    from rich.console import Console

    from benchmark.cli.findings import tell_source
    from benchmark.cli.options import sources
    from benchmark.data.locations import cache_folder, data_folder
    from benchmark.data.open_source import open_source
    from benchmark.data.sheet import check_format, save_sheet
    from benchmark.data.source_sheet import check_order, concept_sheet
    from benchmark.data.store import FeatureStore

    check_format(out)
    check_order(order)
    ((kind, spec),) = (sources([source]) or {}).items()
    store = FeatureStore(cache_folder(cache) / "features")
    with Console(stderr=True).status("reading images and their labels"):
        found = open_source(kind, spec, data_folder(data_dir), store)
        save_sheet(concept_sheet(found, rows, examples, order, seed), out)
    console = Console()
    tell_source(found, console)
    console.print(f"Sheet: {out}", markup=False, highlight=False)
