"""``compare``: two runs, or two methods of one run: paired tests, and the images that changed sides."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.protocol.row import Row
    from benchmark.report.comparison import Contest


def compare(
    first: Annotated[str, typer.Argument(help="Folder of a run, or a method's name.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    out: Annotated[Path, typer.Option(help="Two methods: the folder of their run.")] = o.DEFAULT_OUT,
    to: Annotated[
        Path | None, typer.Option(help="Folder for pairs.csv, changed.csv and sheets of the pictures.")
    ] = None,
    data_dir: o.DataDir = None,
    cache: o.Cache = None,
    no_images: Annotated[bool, typer.Option("--no-images", help="Draw no sheets.")] = False,
) -> None:
    """Compare two runs method by method, or two methods of one run.

    Examples:

      python -m benchmark compare results/latest results/again

      python -m benchmark compare LCH+BoW SentiBank --out results/reference --to comparison
    """
    from rich.console import Console

    from benchmark.report.comparison import compare_methods, compare_runs
    from benchmark.run.folder import RunFolder

    console = Console()
    folders = (Path(first), Path(second))
    if all((folder / "rows").is_dir() for folder in folders):
        rows = (RunFolder(folders[0]).rows(), RunFolder(folders[1]).rows())
        contests = compare_runs(*rows, _names(*folders))
        where, apart = folders[0], _differences(*rows)
    elif any((folder / "rows").is_dir() for folder in folders):
        lacking = folders[0] if (folders[1] / "rows").is_dir() else folders[1]
        raise typer.BadParameter(
            f"{lacking} has no rows, so it is no folder of a run; give two folders or two methods",
            param_hint="compare",
        )
    else:
        contests = compare_methods(RunFolder(out).rows(), first, second)
        where, apart = out, []
    _print(contests, console)
    for line in apart:
        console.print(line, highlight=False, markup=False, style="dim")
    if to is not None:
        _write(contests, to, where, (data_dir, cache), no_images, console)


def _names(first: Path, second: Path) -> tuple[str, str]:
    """What tells the folders apart: their last names, or the whole paths where those are alike."""
    short = (first.resolve().name, second.resolve().name)
    return short if short[0] != short[1] else (first.as_posix(), second.as_posix())


def _differences(first: "list[Row]", second: "list[Row]") -> list[str]:
    """What the scores of the two runs depended on differently, and for which methods."""
    from benchmark.run.fingerprint import changes

    known = {row.cell: row for row in first}
    found: dict[str, list[str]] = {}
    for row in second:
        if row.cell in known:
            for change in changes(known[row.cell].depends, row.depends):
                methods = found.setdefault(change, [])
                if row.cell.method not in methods:
                    methods.append(row.cell.method)
    if not found:
        return ["The rows of both runs depended on the same code, data, libraries and settings."]
    return [f"differs: {change} ({', '.join(methods)})" for change, methods in found.items()]


def _print(contests: "list[Contest]", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from benchmark.report.cells import short, signed
    from benchmark.report.estimates import FOLDS, IMAGES
    from benchmark.report.pairs import MCNEMAR, Pair

    def limits(pair: Pair) -> str:
        return "" if pair.low is None else f"{signed(pair.low)}\n{signed(pair.high)}"

    for stage in dict.fromkeys(contest.stage for contest in contests):
        title = f"Accuracy, {stage}: first less second, 95 % intervals over images and over folds"
        table = Table(title=Text(title), title_justify="left")
        for head in ("", "Subset", "First\nsecond", "Diff.", "Images", "Folds"):
            table.add_column(head, overflow="fold")
        table.add_column("Right alone", justify="right")
        table.add_column("McNemar p\n(Holm)", justify="right")
        for contest in (contest for contest in contests if contest.stage == stage):
            over, exact = contest.pair("accuracy", IMAGES), contest.pair("accuracy", MCNEMAR)
            folds = [p for p in contest.pairs if (p.metric, p.test) == ("accuracy", FOLDS)]
            won = sum(image.right == contest.first for image in contest.changed)
            p = "" if exact.p_holm is None else f"{exact.p:.3f}\n({exact.p_holm:.3f})"
            table.add_row(
                Text(contest.name),
                contest.subset,
                "\n".join(map(short, contest.accuracy)),
                signed(over.difference),
                limits(over),
                limits(folds[0]) if folds else "",
                f"{won}\n{len(contest.changed) - won}",
                p,
            )
        console.print(table)


def _write(
    contests: "list[Contest]",
    to: Path,
    run: Path,
    places: tuple[Path | None, Path | None],
    no_images: bool,
    console: "Console",
) -> None:
    from benchmark.cli.opening import Places, open_data
    from benchmark.cli.pictures import picture_source
    from benchmark.data.files import write_bytes
    from benchmark.report.comparison import comparison_files
    from benchmark.report.comparison_figure import changed_files
    from benchmark.run.folder import RunFolder

    files = comparison_files(contests)
    if not no_images and any(contest.changed for contest in contests):
        data = RunFolder(run).manifest().get("config", {}).get("data", "auto")
        pictures = picture_source(open_data(data, Places(*places), console))
        for number, contest in enumerate((c for c in contests if c.changed), start=1):
            for kind, drawn in changed_files(contest, pictures).items():
                files[f"changed_{number:02d}_{contest.subset}.{kind}"] = drawn
    for name, content in files.items():
        write_bytes(to / name, content)
    console.print(f"{len(files)} files written in {to}", highlight=False)
