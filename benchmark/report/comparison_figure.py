"""A sheet of the images that changed sides between two methods or two runs."""

from collections.abc import Sequence

from benchmark.report import drawing
from benchmark.report.comparison import Changed, Contest
from benchmark.report.grids import Pictures
from benchmark.report.sheet import Block, Tile, draw_sheet

MOST = 24
"""Tiles of each block."""


def changed_files(contest: Contest, pictures: Pictures) -> dict[str, bytes]:
    """The sheet as ``png`` and ``pdf``: images that the first alone gets right, then those of the second.

    Raises
    ------
    ValueError
        No image changed sides.
    """
    blocks = []
    for name in (contest.first, contest.second):
        images = [image for image in contest.changed if image.right == name]
        if images:
            blocks.append(Block(_title(name, images), [_tile(image) for image in images[:MOST]]))
    title = f"{contest.first} against {contest.second}, {contest.subset}: images that changed sides"
    with drawing.style():
        return drawing.picture_bytes(draw_sheet(title, blocks, pictures))


def _title(name: str, images: Sequence[Changed]) -> str:
    more = f", the {MOST} on which the two are widest apart" if len(images) > MOST else ""
    return f"{len(images)} that only {name} gets right{more}"


def _tile(image: Changed) -> Tile:
    label = "positive" if image.label else "negative"
    votes = f" {image.votes}" if image.votes else ""
    scores = f"{image.score_first:.2f} | {image.score_second:.2f}".replace("0.", ".")
    return Tile(image.image, f"{label}{votes}\nP(pos.) {scores}")
