"""Any photographs with text, such as captions, tweets or tags, as a source of weak labels.

A folder holds ``captions.csv``, whose first line is ``image,text`` or ``image,text,label``, and the images,
beside it or in ``images/``. An image may have several lines. ``label`` is what people said of the image
(``positive``, ``negative``, ``neutral`` or empty): for judging weak labels, never for training.
"""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark.data.anp_mining import SUPPORT, MinedConcepts, Pair, concepts, mine
from benchmark.data.dataset import DatasetError
from benchmark.data.labels import locate, read_cells
from benchmark.data.sentiment_values import SentimentValues, text_sentiment
from benchmark.data.source import Source
from benchmark.data.source_images import SourceImages, source_images
from benchmark.data.store import FeatureStore
from benchmark.data.synonyms import COMPOUNDS
from benchmark.data.tweet_text import clean_text, is_post
from benchmark.data.vso_lists import WHERE, find_ontology, read_ontology

TABLE = "captions.csv"
LABELS = {"positive": 1, "negative": 0, "neutral": -1, "": -1}
SUPPORTED_BY = "mined ANP"


@dataclasses.dataclass(frozen=True)
class CaptionSettings:
    """How weak labels are made of texts.

    Attributes
    ----------
    support : int
        Images that a pair needs to become a concept.
    compound : float
        A post is labelled where VADER's score of its text is beyond this, 0 to 1.
    """

    support: int = SUPPORT
    compound: float = 0.2


@dataclasses.dataclass(frozen=True)
class Caption:
    """One line of a table of captions.

    Attributes
    ----------
    name : str
        ``<folder>/<image>``.
    path : Path
    text : str
    label : int
        What people said: 1 positive, 0 negative, -1 neutral or unknown.
    post : bool
        Most texts of its folder are posts (mentions, hashtags, links), not descriptions.
    """

    name: str
    path: Path
    text: str
    label: int
    post: bool


def load(
    folders: Sequence[Path],
    store: FeatureStore,
    vso_lists: Path | None = None,
    settings: CaptionSettings | None = None,
) -> Source:
    """Mine a source of adjective-noun pairs from captioned photographs.

    The weak sentiment of an image is the sign of VADER's score of its text if it was posted (where a text
    tells how someone feels), and the sign of the mean value of its pairs if it was captioned (where VADER
    would take ``fire hydrant`` for a misfortune). Texts of one image that disagree leave it unknown.

    Parameters
    ----------
    folders : sequence of Path
        Each with its table; several are joined into one source, named ``coco+mvsa`` after them.
    vso_lists : Path, optional
        Folder of the released lists (``--vso-lists``); without it VADER rates the pairs, and a note says so.

    Raises
    ------
    DatasetError
        A table or an image is missing, a line cannot be read, or no pair has enough images.
    MissingPackageError
        The optional packages that read text are not installed.
    """
    settings = settings or CaptionSettings()
    captions = _read_all(folders)
    values = SentimentValues(None if vso_lists is None else read_ontology(find_ontology(vso_lists)))
    found = source_images([item.path for item in captions], [item.name for item in captions], store)
    of_rows = mine([item.text for item in captions], store)
    of_images = [{pair for row in rows for pair in of_rows[row]} for rows in found.rows]
    texts = ["\n".join(captions[row].text for row in rows) for rows in found.rows]
    adjectives = {pair.merged[0] for pairs in of_images for pair in pairs}
    bearing = {word for word in adjectives if values.bears_sentiment(word)}
    mined = concepts(of_images, texts, bearing, settings.support)
    if not mined.names:
        raise DatasetError(
            f"no adjective-noun pair has {settings.support} images among {len(texts)}; "
            "give more captioned photographs, or a smaller support"
        )
    labels = found.agreed(
        [_weak_label(item, of_rows[row], values, settings) for row, item in enumerate(captions)]
    )
    told = found.agreed([item.label for item in captions])
    return Source(
        name="+".join(folder.name for folder in folders),
        images=found.images,
        names=found.names,
        concepts=mined.names,
        positive=mined.positive,
        judged=mined.judged,
        support=(SUPPORTED_BY,) * len(mined.names),
        sentiment=concept_sentiment(mined, values),
        labels=labels,
        true_labels=told if (told >= 0).any() else None,
        notes=(*found.notes, *_notes(found, mined, of_images, labels, told, values, settings)),
    )


def _read_all(folders: Sequence[Path]) -> list[Caption]:
    if not folders:
        raise DatasetError(f"no folder of captioned photographs given; give one with a {TABLE} in it")
    if len({folder.name for folder in folders}) < len(folders):
        raise DatasetError(f"two folders are called the same: {', '.join(map(str, folders))}; rename one")
    return [caption for folder in folders for caption in read_captions(folder)]


def read_captions(folder: Path) -> list[Caption]:
    """Read the table of a folder.

    Raises
    ------
    DatasetError
        There is no table, a column is missing, or a line has too many cells or an unknown label.
    """
    table = folder / TABLE
    lines = read_cells(table) if table.is_file() else []
    if not lines:
        raise DatasetError(f"{table}: missing or empty; write a table whose first line is image,text[,label]")
    header = [cell.casefold() for cell in lines[0].cells]
    columns = {cell: i for i, cell in enumerate(header)}
    if not {"image", "text"} <= columns.keys():
        raise lines[0].error("no columns image and text", "the first line must be image,text[,label]")
    twice = [name for name in ("image", "text", "label") if header.count(name) > 1]
    if twice:
        raise lines[0].error(f"the column {twice[0]} comes twice", "keep one of them")
    names, texts, labels = [], [], []
    for line in lines[1:]:
        line.check_width(len(header))
        cells = (*line.cells, *[""] * (len(header) - len(line.cells)))
        label = cells[columns["label"]].casefold() if "label" in columns else ""
        if label not in LABELS:
            raise line.error(f"label {label!r} is unknown", "use positive, negative, neutral or nothing")
        name = line.path_name(columns["image"])
        if not name or ".." in name.split("/") or name.startswith("/"):
            raise line.error(f"{name!r} names no image of the folder", "write its name")
        names.append(name)
        texts.append(cells[columns["text"]])
        labels.append(LABELS[label])
    places = locate(names, [folder / "images", folder] if (folder / "images").is_dir() else [folder])
    posted = 2 * sum(map(is_post, texts)) > len(texts)
    return [
        Caption(f"{folder.name}/{name}", place, text, label, posted)
        for name, place, text, label in zip(names, places, texts, labels, strict=True)
    ]


def concept_sentiment(mined: MinedConcepts, values: SentimentValues) -> np.ndarray:
    """Sentiment of each concept, float64 (K,): the mean over its pairs, weighted by their images.

    NaN where pairs without a value have more of the images, and for compounds such as ``hot_dog``.
    """
    return np.array(
        [
            math.nan
            if name in COMPOUNDS
            else _mean([(values.pair(p.adjective, p.noun).value, n) for p, n in forms.items()])
            for name, forms in zip(mined.names, mined.forms, strict=True)
        ]
    )


def _mean(weighted: Sequence[tuple[float, int]]) -> float:
    known = [(value, count) for value, count in weighted if not math.isnan(value)]
    weight = sum(count for _, count in known)
    if 2 * weight <= sum(count for _, count in weighted):
        return math.nan
    return sum(value * count for value, count in known) / weight


def _weak_label(
    caption: Caption, pairs: Sequence[Pair], values: SentimentValues, settings: CaptionSettings
) -> int:
    if caption.post:
        score = text_sentiment(clean_text(caption.text).words)
        return -1 if abs(score) <= settings.compound else int(score > 0)
    found = [values.pair(p.adjective, p.noun).value for p in pairs if p.concept not in COMPOUNDS]
    known = [value for value in found if not math.isnan(value)]
    total = sum(known)
    return -1 if total == 0 else int(total > 0)


def _notes(
    found: SourceImages,
    mined: MinedConcepts,
    pairs: Sequence[set[Pair]],
    labels: np.ndarray,
    told: np.ndarray,
    values: SentimentValues,
    settings: CaptionSettings,
) -> list[str]:
    held = [pair for of_image in pairs for pair in of_image]
    worth = concept_sentiment(mined, values)
    notes = [
        f"{len(found.names):,} images with text; {sum(map(bool, pairs)):,} have an adjective-noun pair, "
        f"{len(set(held)):,} pairs in all",
        f"{len(mined.names)} concepts with {settings.support} or more images: {int((worth > 0).sum())} "
        f"positive, {int((worth < 0).sum())} negative, {int(np.isnan(worth).sum())} of no known sentiment",
        f"weak sentiment: {int((labels == 1).sum()):,} images positive, {int((labels == 0).sum()):,} "
        f"negative, {int((labels < 0).sum()):,} unknown",
    ]
    both = (labels >= 0) & (told >= 0)
    if both.any():
        share = float((labels[both] == told[both]).mean())
        notes.append(f"the weak sentiment agrees with people's on {share:.1%} of {int(both.sum()):,} images")
    if values.ontology is None:
        notes.append(f"without the Visual Sentiment Ontology, VADER alone rates the pairs: {WHERE}")
    return notes
