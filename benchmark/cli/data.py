"""``data``: fetch the published images, check a set of images, show a sheet of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.data.check import Check
    from benchmark.data.fetch import Fetched

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Fetch, check and show the images.")

NAMED = 20
"""Names of one kind that are printed before the rest is only counted (`--all` prints every one)."""

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
) -> int:
    """Download the published images; give the command again to go on after an interruption.

    Every file is checked against its SHA-256. The images are photographs of third parties without a stated
    licence: see benchmark/data/README.md before you pass them on.

    [b]python -m benchmark data fetch twitter --data-dir ~/sentiment[/b]
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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
    return _tell_fetched(fetched, Console(), data_dir)


@app.command("check")
def check(
    spec: Spec = "auto",
    data_dir: DataDir = None,
    cache: Cache = None,
    every: Annotated[bool, typer.Option("--all", help="Print every name, however many there are.")] = False,
) -> int:
    """Look at every file: what is there, missing, damaged, twice, unusual, and how it compares with the paper.

    Exit code 0: the set can be used as it is; 1: something is missing or damaged, and is named.

    [b]python -m benchmark data check twitter[/b]
    [b]python -m benchmark data check ~/my_photos[/b]
    """
    from rich.console import Console

    from benchmark.data.check import check as look
    from benchmark.data.locations import cache_folder, data_folder
    from benchmark.data.store import FeatureStore

    with Console(stderr=True).status("looking at every image"):
        found = look(spec, data_folder(data_dir), FeatureStore(cache_folder(cache) / "features"))
    _tell_check(found, Console(), None if every else NAMED)
    return 0 if found.ok else 1


@app.command("show")
def show(
    spec: Spec = "auto",
    out: Annotated[Path, typer.Option(help="PNG, JPEG, WebP or PDF file to write.")] = Path("sheet.png"),
    rows: Annotated[int, typer.Option(min=1, max=50)] = 5,
    columns: Annotated[int, typer.Option(min=1, max=50)] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the images.")] = 0,
    data_dir: DataDir = None,
    cache: Cache = None,
) -> int:
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
    return 0


def _tell_fetched(fetched: "Fetched", console: "Console", data_dir: Path | None) -> int:
    """Say what a fetch came to; return the exit code."""
    counts = f"{fetched.count('fetched'):,} fetched, {fetched.count('kept'):,} there already"
    again = "python -m benchmark data fetch twitter" + (f" --data-dir {data_dir}" if data_dir else "")
    if not fetched.failed:
        console.print(f"{fetched.folder}: complete ({counts})", markup=False, highlight=False)
        return 0
    console.print(
        f"{fetched.folder}: {counts}, {len(fetched.failed):,} missing:", markup=False, highlight=False
    )
    _names(console, [f"{outcome.name}: {outcome.reason}" for outcome in fetched.failed], NAMED)
    console.print(f"What is there is kept. To go on: {again}", markup=False, highlight=False)
    return 1


def _tell_check(found: "Check", console: "Console", most: int | None) -> None:
    """Print a check: sizes, counts, and each kind of fault with its images."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    say(f"{found.name} in {found.where}: {found.size:,} labelled images")
    _tell_counts(found, console)
    exact = [pair for pair in found.twins if pair.exact]
    near = [pair for pair in found.twins if not pair.exact]
    for title, pairs in (("byte-identical pairs", exact), ("near-duplicate pairs", near)):
        conflicts = sum(pair.conflict for pair in pairs)
        say(f"{title}: {len(pairs)}, of which {conflicts} with opposite labels (kept in one fold)")
        told = [
            f"{pair.first} = {pair.second}"
            + ("" if pair.exact else f" ({pair.distance} of 64 bits differ)")
            + (" OPPOSITE LABELS" if pair.conflict else "")
            for pair in sorted(pairs, key=lambda pair: not pair.conflict)
        ]
        _names(console, told, most)
    for oddity, names in found.odd.items():
        say(f"{oddity}: {len(names)} (handled)")
        _names(console, list(names), most)
    if found.unlabelled:
        say(f"images without a label, left out: {len(found.unlabelled)}")
        _names(console, list(found.unlabelled), most)
    for note in found.notes:
        say(f"note: {note}")
    for title, problems in (("missing or empty", found.missing), ("damaged", found.damaged)):
        if problems:
            say(f"{title}: {len(problems)}")
            _names(console, list(problems), None)
    if found.ok:
        say("ok: every image is there and can be decoded")
    else:
        say(
            "not usable as it is: put these files there (or fetch them again), or remove their lines from the labels"
        )


def _tell_counts(found: "Check", console: "Console") -> None:
    from rich.table import Table

    table = Table("subset", *(("positive", "negative", "total")), box=None, pad_edge=False)
    if found.table4:
        table.add_column("Table 4")
    for subset, (positive, negative) in found.counts.items():
        cells = [subset, str(positive), str(negative), str(positive + negative)]
        if found.table4:
            published = found.table4[subset]
            same = "the same" if published == (positive, negative) else "different"
            cells.append(f"{published[0]} / {published[1]}: {same}")
        table.add_row(*cells)
    console.print(table)


def _names(console: "Console", names: list[str], most: int | None) -> None:
    shown = names if most is None else names[:most]
    for name in shown:
        console.print(f"  {name}", markup=False, highlight=False, soft_wrap=True)
    if len(shown) < len(names):
        console.print(f"  and {len(names) - len(shown):,} more (--all)", markup=False, highlight=False)
