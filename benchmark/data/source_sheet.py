"""A sheet of concepts with example images, for people to look at what a source calls what."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmark.data.dataset import DatasetError
from benchmark.data.sheet import INK, NEGATIVE, PAPER, POSITIVE
from benchmark.data.source import Source

CELL, GAP, MARGIN, TEXT, HEAD = 112, 6, 16, 190, 34
FADED = "#8a8d91"
ORDERS = ("frequent", "positive", "negative")


def concept_sheet(
    source: Source, rows: int = 20, examples: int = 8, order: str = "frequent", seed: int = 0
) -> Image.Image:
    """Draw concepts, a row each, with random images that show them.

    Parameters
    ----------
    rows, examples : int
        Concepts, 1 to 200, and images of each, 1 to 40.
    order : str
        ``frequent``: those with most images first; ``positive`` or ``negative``: by sentiment, which the
        source must have.
    seed : int
        Chooses the images.

    Raises
    ------
    DatasetError
        A number is out of range, the order is unknown, or the source has no sentiment to order by.
    """
    if not (1 <= rows <= 200 and 1 <= examples <= 40):
        raise DatasetError(f"{rows} rows of {examples} images: give 1 to 200 rows of 1 to 40 images")
    shown = ranked(source, order)[:rows]
    rng = np.random.default_rng(seed)
    width = 2 * MARGIN + TEXT + examples * (CELL + GAP)
    sheet = Image.new("RGB", (width, 2 * MARGIN + HEAD + len(shown) * (CELL + GAP)), PAPER)
    draw = ImageDraw.Draw(sheet)
    title = f"{source.name}: {len(source):,} images, {len(source.concepts)} concepts; {len(shown)} of them"
    draw.text((MARGIN, MARGIN), title, fill=INK, font=ImageFont.load_default(size=18))
    for place, k in enumerate(shown):
        top = MARGIN + HEAD + place * (CELL + GAP)
        _describe(draw, source, k, top)
        holding = np.flatnonzero(source.positive[:, k])
        for column, i in enumerate(rng.permutation(holding)[:examples]):
            picture = Image.fromarray(source.images.load(int(i)))
            left = MARGIN + TEXT + column * (CELL + GAP)
            sheet.paste(picture.resize((CELL, CELL), Image.Resampling.LANCZOS), (left, top))
    return sheet


def ranked(source: Source, order: str) -> Sequence[int]:
    """Concepts in an order, see `concept_sheet`; without sentiment they are left out of the last two."""
    counts = source.positive.sum(axis=0)
    if order == "frequent":
        return [int(k) for k in np.lexsort((np.arange(len(counts)), -counts))]
    check_order(order)
    if source.sentiment is None:
        raise DatasetError(f"{source.name} has no sentiment to order its concepts by; use 'frequent'")
    value = source.sentiment if order == "positive" else -source.sentiment
    known = np.flatnonzero(value > 0)
    return [int(k) for k in known[np.lexsort((-counts[known], -value[known]))]]


def check_order(order: str) -> None:
    """Whether concepts can be ordered so.

    Raises
    ------
    DatasetError
        The order is none of `ORDERS`.
    """
    if order not in ORDERS:
        raise DatasetError(f"order {order!r} is unknown; use {', '.join(ORDERS)}")


def _describe(draw: ImageDraw.ImageDraw, source: Source, k: int, top: int) -> None:
    large, small = ImageFont.load_default(size=15), ImageFont.load_default(size=12)
    value = np.nan if source.sentiment is None else float(source.sentiment[k])
    color = INK if np.isnan(value) or value == 0 else POSITIVE if value > 0 else NEGATIVE
    name = source.concepts[k]
    while draw.textlength(name, large) > TEXT - GAP:
        name = f"{name.rstrip('…')[:-1]}…"
    draw.text((MARGIN, top + 14), name, fill=color, font=large)
    counts = f"{int(source.positive[:, k].sum()):,} images"
    worth = "" if source.sentiment is None else ", no sentiment" if np.isnan(value) else f", {value:+.2f}"
    draw.text((MARGIN, top + 36), counts + worth, fill=color, font=small)
    support = source.support[k].replace(" + ", "\n")
    draw.multiline_text((MARGIN, top + 54), support, fill=FADED, font=small)
