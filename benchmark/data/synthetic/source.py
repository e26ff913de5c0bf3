"""The source domain: clean pictures found by an adjective-noun pair, weakly labelled by it ("Flickr")."""

import csv
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark.data.synthetic.capture import publish
from benchmark.data.synthetic.content import Content, choose_content, generator
from benchmark.data.synthetic.gallery import Progress, drawing_hash, make_folder, picture_name
from benchmark.data.synthetic.picture import draw_picture
from benchmark.data.synthetic.settings import Source
from benchmark.data.synthetic.world import ANPS, ATTRIBUTES, Anp

TABLE, CARD = "source.csv", "source.json"
ATTRIBUTE = "attribute:"
"""Begins the columns of attribute votes."""


def draw_source(
    folder: Path,
    n: int = 1000,
    seed: int = 0,
    *,
    noise: float = 0.2,
    attribute_reliability: float = 0.92,
    colour: float = 1.0,
    progress: Progress | None = None,
) -> Path:
    """Draw the source domain into ``folder/flickr-<hash of settings and drawing source>/``, unless there.

    ``source.csv`` has a line a picture: ``image`` (file name), ``anp`` (the query), ``sentiment`` (of the
    query, -2 to 2), ``weak_label`` (its sign, 1 or 0), ``true_label`` (of what the picture shows),
    ``drawn_anp`` (what it shows), ``scene``, ``caption``, and a column ``attribute:NAME`` for each attribute
    of the world: how many of three annotators saw it, 0 to 3.

    Parameters
    ----------
    n, seed, noise, attribute_reliability, colour
        As in `Source`.
    progress : callable, optional
        Told (done, n) after each picture.

    Returns
    -------
    Path
        The folder that holds the pictures and ``source.csv``.

    Raises
    ------
    DatasetError
        A setting lies outside its range.
    """
    settings = Source(n, seed, noise, attribute_reliability, colour)
    place = Path(folder) / f"flickr-{drawing_hash(settings)}"
    return make_folder(place, TABLE, _names, lambda part: _draw(part, settings, progress))


def _draw(folder: Path, source: Source, progress: Progress | None) -> None:
    rows: list[Sequence[object]] = []
    for i in range(source.n):
        query, content = plan_picture(source, i)
        name = picture_name(source.seed, "source", i)
        rng = generator(source.seed, "source pixels", i)
        (folder / name).write_bytes(publish(draw_picture(content, rng), rng))
        votes = _attribute_votes(content, source, i)
        caption = content.caption(query)
        weak = int(query.sentiment > 0)
        row = [
            name,
            query.name,
            query.sentiment,
            weak,
            content.label,
            content.anp.name,
            content.scene,
            caption,
        ]
        rows.append([*row, *votes])
        if progress is not None:
            progress(i + 1, source.n)
    (folder / CARD).write_text(json.dumps({"settings": dataclasses.asdict(source)}, indent=1))
    with (folder / TABLE).open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        columns = ["image", "anp", "sentiment", "weak_label", "true_label", "drawn_anp", "scene", "caption"]
        table.writerow([*columns, *(ATTRIBUTE + name for name in ATTRIBUTES)])
        table.writerows(rows)


def plan_picture(source: Source, number: int) -> tuple[Anp, Content]:
    """The query by which a picture was found, and what it shows."""
    rng = generator(source.seed, "source", number)
    turn = generator(source.seed, "source turns", number // len(ANPS)).permutation(len(ANPS))
    query = shown = ANPS[turn[number % len(ANPS)]]
    if rng.random() < source.noise:
        others = [anp for anp in ANPS if anp != query]
        shown = others[rng.integers(len(others))]
    return query, choose_content(rng, shown, int(shown.sentiment > 0), source.colour)


def _attribute_votes(content: Content, source: Source, number: int) -> list[int]:
    rng = generator(source.seed, "source attributes", number)
    holds = np.array([name in content.attributes for name in ATTRIBUTES])
    right = rng.random((3, len(ATTRIBUTES))) < source.attribute_reliability
    return np.where(right, holds, ~holds).sum(axis=0).tolist()


def _names(table: Path) -> list[str]:
    with table.open(newline="") as file:
        return [row["image"] for row in csv.DictReader(file)]
