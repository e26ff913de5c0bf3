"""The embedded dataset: a generated world whose truth is known. Nothing is shipped; it is drawn when needed.

Two domains, as in the paper: casual pictures with the votes of five simulated annotators (`load`, in place of
the Twitter set) and clean, weakly labelled ones found by adjective-noun pairs (`draw_source`, in place of
Flickr). What a picture shows (a happy dog, a ruined house) decides its sentiment; light and palette carry
part of the signal, small things around the subject another.
"""

import csv
from pathlib import Path

import numpy as np

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset, vote_subsets
from benchmark.data.store import FeatureStore
from benchmark.data.synthetic.gallery import Progress, drawing_hash, make_folder
from benchmark.data.synthetic.settings import Source, World
from benchmark.data.synthetic.source import draw_source
from benchmark.data.synthetic.target import LABELS, Truth, draw_world, load_truth

__all__ = ["Source", "Truth", "World", "draw_source", "load", "load_truth"]

_DEFAULT = World()


def load(
    folder: Path, store: FeatureStore, world: World = _DEFAULT, progress: Progress | None = None
) -> Dataset:
    """Read the target domain from ``folder/synthetic-<hash of settings and drawing source>/``; draw it first.

    It is drawn only where it is not there yet. The folder is made whole or not at all, and several processes
    may ask for it at once. Besides the pictures it holds ``labels.csv``
    (``image,label,votes_positive,votes_negative``) and ``truth.json`` (`load_truth`).

    Parameters
    ----------
    folder : Path
        Where generated datasets are kept; is made.
    world : World
        Settings.
    progress : callable, optional
        Told (done, n) after each picture that is drawn.

    Returns
    -------
    Dataset
        With votes, and the nested subsets ``five``, ``four``, ``three``. A subset without images is left out.
    """
    place = Path(folder) / f"synthetic-{drawing_hash(world)}"
    make_folder(place, LABELS, _names, lambda part: draw_world(part, world, progress))
    rows = _rows(place / LABELS)
    names = [row["image"] for row in rows]
    votes = np.array(
        [(int(row["votes_negative"]), int(row["votes_positive"])) for row in rows], dtype=np.int64
    )
    copies = sum(truth.duplicate_of is not None for truth in load_truth(place).values())
    return build_dataset(
        "synthetic",
        [place / name for name in names],
        names,
        [int(row["label"]) for row in rows],
        store,
        votes=votes,
        subsets={name: mask for name, mask in vote_subsets(votes).items() if mask.any()},
        published=False,
        notes=[
            f"generated drawings, not photographs (n={world.n}, seed={world.seed})",
            "votes of five simulated annotators",
            f"planted duplicates: {copies}",
        ],
        root=place,
    )


def _names(table: Path) -> list[str]:
    return [row["image"] for row in _rows(table)]


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="") as file:
        return list(csv.DictReader(file))
