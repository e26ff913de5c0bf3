"""The embedded source domain, drawn when needed, as training sources of pairs and of attributes."""

import csv
import dataclasses
from pathlib import Path

import numpy as np

from benchmark.data import synthetic
from benchmark.data.source import Source
from benchmark.data.source_images import SourceImages, source_images
from benchmark.data.store import FeatureStore

TABLE, ATTRIBUTE = "source.csv", "attribute:"
BY_QUERY, BY_VOTES = "query", "simulated votes"

_DEFAULT = synthetic.Source()


def load_anps(folder: Path, store: FeatureStore, settings: synthetic.Source = _DEFAULT) -> Source:
    """The pictures with the adjective-noun pair that found each, some of them wrongly.

    Parameters
    ----------
    folder : Path
        Where generated datasets are kept; the pictures are drawn there unless they are there.

    Returns
    -------
    Source
        Supported by ``query``; the true labels are those of what the pictures show.
    """
    rows, found = _read(folder, store, settings)
    values = {row["anp"]: float(row["sentiment"]) for row in rows}
    anps = tuple(sorted(values))
    queries = np.array([anps.index(row["anp"]) for row in rows], dtype=np.int64)
    positive = found.any(queries[:, None] == np.arange(len(anps)))
    wrong = sum(row["anp"] != row["drawn_anp"] for row in rows)
    return Source(
        name="synthetic",
        images=found.images,
        names=found.names,
        concepts=anps,
        positive=positive,
        judged=np.ones_like(positive),
        support=(BY_QUERY,) * len(anps),
        sentiment=np.array([values[anp] for anp in anps]),
        labels=found.agreed([int(row["weak_label"]) for row in rows]),
        true_labels=found.agreed([int(row["true_label"]) for row in rows]),
        notes=(*_notes(found, settings), f"{wrong} of {len(rows)} show another pair than their query says"),
    )


def load_attributes(folder: Path, store: FeatureStore, settings: synthetic.Source = _DEFAULT) -> Source:
    """The same pictures with the attributes that three simulated annotators saw.

    As in the SUN Attribute database, two votes of three make a positive and one judges nothing.

    Returns
    -------
    Source
        Supported by ``simulated votes``; without sentiment.
    """
    rows, found = _read(folder, store, settings)
    columns = [name for name in rows[0] if name.startswith(ATTRIBUTE)]
    votes = np.array([[int(row[name]) for name in columns] for row in rows], dtype=np.int64)
    first = votes[[int(of_image[0]) for of_image in found.rows]]
    return Source(
        name="synthetic",
        images=found.images,
        names=found.names,
        concepts=tuple(name.removeprefix(ATTRIBUTE) for name in columns),
        positive=first >= 2,
        judged=first != 1,
        support=(BY_VOTES,) * len(columns),
        sentiment=None,
        labels=np.full(len(found.names), -1, dtype=np.int64),
        notes=_notes(found, settings),
    )


def _read(
    folder: Path, store: FeatureStore, settings: synthetic.Source
) -> tuple[list[dict[str, str]], SourceImages]:
    place = synthetic.draw_source(folder, **dataclasses.asdict(settings))
    with (place / TABLE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["image"] for row in rows]
    return rows, source_images([place / name for name in names], names, store)


def _notes(found: SourceImages, settings: synthetic.Source) -> tuple[str, ...]:
    drawn = f"generated drawings, not photographs (n={settings.n}, seed={settings.seed})"
    return (*found.notes, drawn)
