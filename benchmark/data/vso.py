"""The images of SentiBank and of the Visual Sentiment Ontology: a folder an adjective-noun pair.

``bi_concepts1553/<adjective_noun>/*.jpg`` (Borth et al. 2013): Flickr returned each image for the query of
its pair, which is its weak label; the sign of the pair's sentiment is the weak sentiment of the image.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.fingerprint import digest
from benchmark.data.labels import looks_like_image
from benchmark.data.part_of_speech import noun_lemma
from benchmark.data.sentiment_values import SentimentValues
from benchmark.data.source import Source
from benchmark.data.source_images import SourceImages, some, source_images
from benchmark.data.store import FeatureStore
from benchmark.data.vso_lists import ONTOLOGY_FILE, WHERE, find_ontology, read_ontology
from benchmark.data.vso_partition import Partition, read_partition

SUPPORTED_BY = "query"
PLACEHOLDER = 10
"""A file that more pairs share is no photograph: it is what the server sent for deleted ones."""


@dataclasses.dataclass(frozen=True)
class VsoSettings:
    """Which images are taken.

    Attributes
    ----------
    most : int or None
        Images of a pair at most, chosen by the hash of their names; None for all.
    fewest : int
        Pairs with fewer images are left out.
    """

    most: int | None = None
    fewest: int = 15


def load(
    folder: Path,
    store: FeatureStore,
    vso_lists: Path | None = None,
    partition: Path | None = None,
    settings: VsoSettings | None = None,
) -> Source:
    """Read the released layout.

    Every image is judged on every pair: another pair's image counts as a negative, as in the paper; where
    partition files speak of a pair, it is judged only on the images that they list for it.

    Parameters
    ----------
    folder : Path
        ``bi_concepts1553``, or a folder that holds it.
    vso_lists : Path, optional
        Folder of ``3244ANPs.txt``; without it the file is looked for in ``folder``, and where it is not
        there VADER rates the pairs.
    partition : Path, optional
        A partition file or a folder of them, see `read_partition`.

    Raises
    ------
    DatasetError
        No folder of a pair with enough images, or files that cannot be read.
    """
    settings = settings or VsoSettings()
    root = find_images(folder)
    files = list_pairs(root, settings)
    parts = Partition(None, {}) if partition is None else read_partition(partition, files)
    chosen = [
        (f"{anp}/{path.name}", anp, path)
        for anp, paths in files.items()
        for path in paths
        if parts.images is None or f"{anp}/{path.name}" in parts.images
    ]
    anps = tuple(sorted({anp for _, anp, _ in chosen}))
    if not anps:
        raise DatasetError(f"{partition}: lists no image of {root}; give the partition files of these images")
    values, origin = _values(folder, vso_lists)
    sentiment = np.array([_sentiment(anp, values) for anp in anps])
    row_anps = np.array([anps.index(anp) for _, anp, _ in chosen], dtype=np.int64)
    worth = np.nan_to_num(sentiment)
    row_labels = np.where(worth == 0, -1, worth > 0)[row_anps]
    names = [name for name, _, _ in chosen]
    found, spread = _without_placeholders(
        source_images([path for _, _, path in chosen], names, store), row_anps
    )
    positive, judged = _labels(found, names, row_anps, anps, parts)
    return Source(
        name="vso",
        images=found.images,
        names=found.names,
        concepts=anps,
        positive=positive,
        judged=judged,
        support=(SUPPORTED_BY,) * len(anps),
        sentiment=sentiment,
        labels=found.agreed(row_labels),
        notes=(*found.notes, *_notes(files, anps, spread, origin, sentiment, parts)),
    )


def find_images(folder: Path) -> Path:
    """The folder whose subfolders are pairs: ``folder``, or the nearest one below it.

    Raises
    ------
    DatasetError
        There is none.
    """
    level = [folder]
    for _ in range(4):
        for place in level:
            if any(_is_pair(child) for child in _children(place)):
                return place
        level = [child for place in level for child in _children(place)]
    raise DatasetError(
        f"{folder}: no folders named adjective_noun with images; give the folder bi_concepts1553 of the "
        "SentiBank release"
    )


def list_pairs(root: Path, settings: VsoSettings) -> dict[str, list[Path]]:
    """Images of each pair, in order of their names.

    Raises
    ------
    DatasetError
        No pair has enough images, or two folders differ by capitals alone.
    """
    found: dict[str, list[Path]] = {}
    for place in filter(_is_pair, _children(root)):
        files = sorted(path for path in place.iterdir() if looks_like_image(path.name) and path.is_file())
        if settings.most is not None:
            files = sorted(sorted(files, key=lambda path: digest(path.name))[: settings.most])
        name = place.name.lower()
        if name in found:
            raise DatasetError(f"{root}: two folders are called {name}, but for capitals; join or rename one")
        if len(files) >= settings.fewest:
            found[name] = files
    if not found:
        raise DatasetError(
            f"{root}: no pair has {settings.fewest} images; give more images, or a lower limit"
        )
    return found


def _children(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir()) if folder.is_dir() else []


def _is_pair(folder: Path) -> bool:
    """Whether a folder is named adjective_noun (and is not ``bi_concepts1553`` itself) and holds images."""
    adjective, _, noun = folder.name.partition("_")
    if not adjective.replace("-", "").isalpha() or not noun.replace("-", "").replace("_", "").isalpha():
        return False
    return any(looks_like_image(path.name) for path in folder.iterdir())


def _values(folder: Path, vso_lists: Path | None) -> tuple[SentimentValues, str]:
    if vso_lists is not None:
        place = find_ontology(vso_lists)
    else:
        near = [folder, folder.parent] if folder.name.startswith("bi_concepts") else [folder]
        place = next((path for spot in near for path in sorted(spot.glob(f"**/{ONTOLOGY_FILE}"))), Path())
        if not place.is_file():
            return SentimentValues(None), f"VADER alone rates the pairs: {WHERE}"
    return SentimentValues(read_ontology(place)), f"sentiment from {place.name}"


def _sentiment(anp: str, values: SentimentValues) -> float:
    listed = math.nan if values.ontology is None else values.ontology.pairs.get(anp, math.nan)
    if not math.isnan(listed):
        return listed
    adjective, noun = anp.split("_", 1)
    return values.pair(adjective, noun_lemma(noun)).value


def _without_placeholders(found: SourceImages, row_anps: np.ndarray) -> tuple[SourceImages, list[str]]:
    pairs = [len(set(row_anps[rows].tolist())) for rows in found.rows]
    keep = np.array([i for i, count in enumerate(pairs) if count <= PLACEHOLDER], dtype=np.int64)
    dropped = [found.names[i] for i, count in enumerate(pairs) if count > PLACEHOLDER]
    if not dropped:
        return found, []
    return dataclasses.replace(
        found,
        images=found.images[keep],
        names=tuple(found.names[i] for i in keep),
        rows=tuple(found.rows[i] for i in keep),
    ), dropped


def _labels(
    found: SourceImages, names: Sequence[str], row_anps: np.ndarray, anps: Sequence[str], parts: Partition
) -> tuple[np.ndarray, np.ndarray]:
    """Positive and judged, bool (n, K): by the folders, and by partition files for pairs that have them."""
    positive = found.any(row_anps[:, None] == np.arange(len(anps)))
    judged = np.ones_like(positive)
    for k, anp in enumerate(anps):
        images = parts.judged.get(anp)
        if images is None:
            continue
        judged[:, k] = False
        for i, rows in enumerate(found.rows):
            told = [images[names[row]] for row in rows if names[row] in images]
            if told:
                judged[i, k], positive[i, k] = True, any(told)
    return positive, judged


def _notes(
    files: Mapping[str, list[Path]],
    anps: Sequence[str],
    spread: Sequence[str],
    origin: str,
    sentiment: np.ndarray,
    parts: Partition,
) -> list[str]:
    notes = [
        f"{len(anps)} pairs: {int((sentiment > 0).sum())} positive, {int((sentiment < 0).sum())} negative, "
        f"{int(np.isnan(sentiment).sum())} of no known sentiment; {origin}"
    ]
    if spread:
        notes.append(f"files shared by more than {PLACEHOLDER} pairs were left out: {some(spread)}")
    if parts.judged:
        notes.append(f"partition files say for {len(parts.judged)} pairs which images judge them")
    if parts.images is not None:
        total = sum(map(len, files.values()))
        notes.append(f"the partition lists {len(parts.images):,} of {total:,} images; the others stay out")
    return notes
