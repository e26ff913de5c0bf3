"""``data show``: a sheet of images with their labels and votes, as a method sees them."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.files import write_with

CELL, FRAME, GAP, CAPTION, MARGIN = 176, 4, 10, 22, 16
POSITIVE, NEGATIVE, INK, PAPER = "#1a7f37", "#c62828", "#202124", "white"
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".pdf": "PDF", ".webp": "WEBP"}


def contact_sheet(dataset: Dataset, rows: int = 5, columns: int = 8, seed: int = 0) -> Image.Image:
    """Draw a random choice of images, the positive ones first, each framed by its label.

    Parameters
    ----------
    rows, columns : int
        1 to 50 each.
    seed : int
        Chooses the images; the same seed always chooses the same.

    Raises
    ------
    DatasetError
        Rows or columns out of range.
    """
    if not (1 <= rows <= 50 and 1 <= columns <= 50):
        raise DatasetError(f"{rows} rows of {columns} images: give 1 to 50 of each")
    shown = choose(dataset, rows * columns, seed)
    rows = -(-len(shown) // columns)
    step = (CELL + 2 * FRAME + GAP, CELL + 2 * FRAME + GAP + CAPTION)
    title, small = ImageFont.load_default(size=20), ImageFont.load_default(size=13)
    head = 2 * MARGIN + 24
    size = (max(columns * step[0] - GAP, 560) + 2 * MARGIN, head + rows * step[1])
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    positive = int(dataset.labels.sum())
    counts = f"{len(dataset):,} images, {positive:,} positive, {len(dataset) - positive:,} negative"
    draw.text((MARGIN, MARGIN), f"{dataset.name}: {counts}; {len(shown)} of them", fill=INK, font=title)
    for place, i in enumerate(shown):
        x, y = MARGIN + place % columns * step[0], head + place // columns * step[1]
        color = POSITIVE if dataset.labels[i] else NEGATIVE
        draw.rectangle((x, y, x + CELL + 2 * FRAME - 1, y + CELL + 2 * FRAME - 1), fill=color)
        picture = Image.fromarray(dataset.images.load(int(i))).resize((CELL, CELL), Image.Resampling.LANCZOS)
        sheet.paste(picture, (x + FRAME, y + FRAME))
        draw.text((x, y + CELL + 2 * FRAME + 3), caption(dataset, int(i)), fill=color, font=small)
    return sheet


def choose(dataset: Dataset, most: int, seed: int) -> np.ndarray:
    """Places of at most ``most`` random images: positive before negative, agreed before disputed."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(dataset))[:most]
    return chosen[np.lexsort((chosen, -dataset.agreement[chosen], -dataset.labels[chosen]))]


def caption(dataset: Dataset, i: int) -> str:
    """Label and votes of an image, such as ``positive, 4 of 5 votes``."""
    word = "positive" if dataset.labels[i] else "negative"
    if dataset.votes is None:
        return word
    return f"{word}, {int(dataset.votes[i, dataset.labels[i]])} of {int(dataset.votes[i].sum())} votes"


def check_format(path: Path) -> str:
    """The image format that a file name asks for.

    Raises
    ------
    DatasetError
        The name ends in none of `FORMATS`.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        ending = path.suffix or "nothing"
        raise DatasetError(f"{path}: a sheet cannot be a file ending in {ending}; use {', '.join(FORMATS)}")
    return kind


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Write a sheet, whole or not at all; its format is that of the file name."""
    kind = check_format(path)
    write_with(path, lambda file: sheet.save(file, format=kind))
