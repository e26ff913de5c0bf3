"""``bank show``: a bank's detectors as a table, and their best and worst pictures."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmark.cli.opening import Places
from benchmark.cli.pictures import picture_by_key
from benchmark.data.locations import data_folder
from benchmark.data.open_source import open_source
from benchmark.data.released_answers import read_columns
from benchmark.data.target_responses import read_values
from benchmark.report.bank_answers import read_bank_answers
from benchmark.report.bank_pictures import draw_bank_pictures
from benchmark.report.figure_file import save_figure
from benchmark.run.artefacts import ArtefactError
from benchmark.run.config import ConfigError


def tell_bank(console: Console, folder: Path, top: int) -> None:
    """Print what is known of a bank and of its best detectors; of released responses, of its columns."""
    card = _json(folder / "card.json")
    columns = read_columns(folder)
    if columns is None:
        _tell_detectors(console, folder, card, top)
    else:
        _tell_columns(console, folder, card, columns.concepts[:top])
    for note in card["source"]["notes"]:
        console.print(f"note: {note}", highlight=False, markup=False)


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ArtefactError(f"{path}: cannot be read ({error}); delete {path.parent} and run again") from None


def _tell_columns(console: Console, folder: Path, card: dict[str, Any], concepts: tuple[str, ...]) -> None:
    summary, values = card["summary"], read_values(folder)
    console.print(
        f"{folder.name}: {summary['source']}, {summary['file']}: {summary['columns']} columns of "
        f"{len(values)} images, read as {summary['read as']}",
        highlight=False,
        markup=False,
    )
    table = Table("concept", "least", "mean", "greatest", "standard deviation", box=None)
    for name, column in zip(concepts, values.T, strict=False):
        figures = (column.min(), column.mean(), column.max(), column.std())
        table.add_row(Text(name), *(f"{figure:.4g}" for figure in figures))
    console.print(table)


def _tell_detectors(console: Console, folder: Path, card: dict[str, Any], top: int) -> None:
    detectors = _json(folder / "detectors.json")
    summary, chosen = card["summary"], detectors["chosen"]
    kept = Counter(found["measured_on"] for found in detectors["quality"].values() if found["kept"])
    measured = ", ".join(f"{labels} ({count})" for labels, count in kept.most_common())
    console.print(
        f"{folder.name}: from {summary['source']} ({summary['images']} images); {summary['kept']} of "
        f"{summary['tried']} detectors beat chance; their mean AP {summary['mean_ap']:.3f}, chance "
        f"{summary['chance']:.3f}, measured on {measured}; negatives a positive: {chosen['negatives']}, "
        f"C {chosen['C']:g}",
        highlight=False,
        markup=False,
    )
    columns = ["concept", "AP", "chance", "images", "measured on", "labels from"]
    columns += ["sentiment"] if detectors["sentiment"] else []
    table = Table(*columns, box=None, pad_edge=False)
    ranked = sorted(detectors["quality"].items(), key=lambda item: -item[1]["ap"] * item[1]["kept"])
    for name, quality in ranked[:top]:
        value = detectors["sentiment"].get(name)
        table.add_row(
            Text(name if quality["kept"] else f"({name}: dropped)"),
            f"{quality['ap']:.3f}",
            f"{quality['chance']:.3f}",
            str(quality["positives"]),
            quality["measured_on"].removeprefix("held-out "),  # as all of them are
            Text(detectors["support"].get(name, "")),
            *["" if value is None else f"{value:+.2f}"][: len(columns) - 6],
        )
    console.print(table)
    dropped = detectors["dropped"]
    console.print(f"dropped: {', '.join(dropped) or 'none'}", highlight=False, markup=False)


def draw_bank(
    console: Console, folder: Path, path: Path, rows: int, kind: str, where: str | None, places: Places
) -> None:
    """Draw the pictures of a bank out of its source, and say how many it lacks.

    Parameters
    ----------
    folder, path : Path
        Of the bank; of the figure.
    rows : int
        Detectors, best and worst each.
    kind, where : str
        Of the source, as after ``--source``; where it is may be left out for the embedded one.

    Raises
    ------
    ConfigError
        It was not said where the source is, or that one holds none of the pictures.
    BankAnswersError
        The bank keeps no held-out answers.
    DatasetError
        The source cannot be opened.
    """
    bank = read_bank_answers(folder, rows)
    where = where or ("synthetic" if bank.source == "synthetic" else "")
    if not where:
        raise ConfigError(
            f"{bank.name} keeps no picture, only which they are; say where its source {bank.source} is: "
            f'--source "{kind}=FOLDER+FOLDER"'
        )
    with console.status(f"reading {where}"):
        source = open_source(kind, where, data_folder(places.data_dir), places.store())
        picture, missing = picture_by_key(source, bank.images)
        if len(missing) == len(bank.images):
            raise ConfigError(
                f"{where}: none of its {len(source):,} images is one of the {len(missing)} pictures of "
                f"{bank.name}; give the source that it was learned from ({bank.source})"
            )
        save_figure(lambda: draw_bank_pictures(bank, picture), path)
    console.print(f"pictures: {path}", highlight=False, markup=False)
    if missing:
        console.print(
            f"{len(missing)} of {len(bank.images)} pictures are not in {where}: grey tiles",
            highlight=False,
            markup=False,
        )
