"""Scene attributes: photographs of SUN with the votes of the SUN Attribute database.

An attribute counts as shown where two of three people voted for it (Patterson & Hays 2012, section 3), as not
shown where nobody did; one vote judges nothing. Two weaker supplements may be added, by name: the mean votes
of an image's category where nobody voted on the image itself, and words in captions of other photographs.
"""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark.data.caption_attributes import caption_attributes
from benchmark.data.captions import read_captions
from benchmark.data.dataset import DatasetError
from benchmark.data.labels import looks_like_image
from benchmark.data.source import Source
from benchmark.data.source_images import SourceImages, source_images
from benchmark.data.store import FeatureStore
from benchmark.data.sun_annotations import VOTES, SunAnnotations, read_annotations

KINDS = ("human votes", "category mean", "caption words")
"""Where a label may come from, the strongest first."""


@dataclasses.dataclass(frozen=True)
class SunSettings:
    """Which supplements are used, and how.

    Attributes
    ----------
    category_mean : bool
        Label never-annotated images by the mean of their category.
    shown, absent : float
        Share of votes (0 to 1) from which a category shows an attribute, and up to which it does not; in
        between it judges nothing.
    """

    category_mean: bool = True
    shown: float = 0.6
    absent: float = 0.1


@dataclasses.dataclass(frozen=True)
class _Rows:
    """Labelled files of one kind of support: positive and judged are bool, shape (rows, K)."""

    kind: int
    names: list[str]
    paths: list[Path]
    positive: np.ndarray
    judged: np.ndarray


def load(
    folder: Path,
    annotations: Path,
    store: FeatureStore,
    captions: Sequence[Path] = (),
    settings: SunSettings | None = None,
) -> Source:
    """Join photographs to votes by their SUN file names.

    Parameters
    ----------
    folder : Path
        ``<category>/sun_<id>.jpg``, categories nested or not.
    annotations : Path
        Folder of ``attributes.mat``, ``images.mat`` and ``attributeLabels_continuous.mat``.
    captions : sequence of Path, optional
        Folders of captioned photographs (see `benchmark.data.captions`) that supply ``caption words``.

    Raises
    ------
    DatasetError
        No photograph of the database is in ``folder``, or files cannot be read.
    """
    settings = settings or SunSettings()
    votes = read_annotations(annotations)
    files = {path.relative_to(folder).as_posix(): path for path in _photographs(folder)}
    known = votes.rows
    voted = [name for name in files if files[name].name in known]
    if not voted:
        raise DatasetError(
            f"{folder}: none of {len(files)} photographs is in the SUN Attribute database (by name, such as "
            f"{Path(votes.images[0]).name}); give a folder of SUN photographs"
        )
    parts = [_by_votes(voted, files, votes)]
    others = [name for name in files if files[name].name not in known]
    categories = category_means(voted, votes)
    if settings.category_mean:
        parts.append(_by_category(others, files, categories, len(votes.attributes), settings))
    if captions:
        parts.append(_by_captions(captions, votes.attributes))
    rows = [(name, path) for part in parts for name, path in zip(part.names, part.paths, strict=True)]
    found = source_images([path for _, path in rows], [name for name, _ in rows], store)
    positive, judged, kinds = _strongest(found, parts)
    return Source(
        name="sun" if not captions else "+".join(["sun", *(place.name for place in captions)]),
        images=found.images,
        names=found.names,
        concepts=votes.attributes,
        positive=positive,
        judged=judged,
        support=_support(positive, judged, kinds),
        sentiment=None,
        labels=np.full(len(found.names), -1, dtype=np.int64),
        notes=(*found.notes, *_notes(positive, kinds, len(others), categories, settings)),
    )


def human_voted(source: Source, annotations: Path) -> np.ndarray:
    """Which images of a source people voted on: the only ones on which average precision is measured.

    Returns
    -------
    ndarray of bool, shape (n,)
        To be used with ``source.judged``, since one vote of three judges nothing.
    """
    known = read_annotations(annotations).rows
    return np.array([Path(name).name in known for name in source.names], dtype=bool)


def category_means(voted: Sequence[str], votes: SunAnnotations) -> dict[str, tuple[str, np.ndarray]]:
    """Mean share of votes (0 to 1) of the SUN category that each folder of photographs is.

    A folder is the category that most of its photographs in the database have: names differ
    (``football_stadium`` is ``stadium/football``). The mean is over all images of the category in the
    database, so it includes the votes on the folder's own: average precision on those images is then partly
    recognition of the scene.

    Returns
    -------
    dict of str to (str, ndarray of float64, shape (K,))
        Folder to SUN category and means; folders without a photograph in the database are not in it.
    """
    rows, categories = votes.rows, votes.categories
    tally: dict[str, Counter[str]] = {}
    for name in voted:
        path = Path(name)
        tally.setdefault(path.parent.as_posix(), Counter())[categories[rows[path.name]]] += 1
    of_category: dict[str, list[int]] = {}
    for row, category in enumerate(categories):
        of_category.setdefault(category, []).append(row)
    found = {}
    for place, counts in tally.items():
        category = min(counts, key=lambda name, counts=counts: (-counts[name], name))  # type: ignore[misc]
        found[place] = (category, votes.votes[of_category[category]].mean(axis=0) / VOTES)
    return found


def _photographs(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if looks_like_image(path.name) and path.is_file())
    if not found:
        raise DatasetError(f"{folder}: no photograph there; give a folder of <category>/sun_<id>.jpg")
    return found


def _by_votes(names: list[str], files: dict[str, Path], votes: SunAnnotations) -> _Rows:
    rows = votes.rows
    counts = votes.votes[[rows[files[name].name] for name in names]]
    return _Rows(0, names, [files[name] for name in names], counts >= 2, counts != 1)


def _by_category(
    names: list[str],
    files: dict[str, Path],
    categories: dict[str, tuple[str, np.ndarray]],
    width: int,
    settings: SunSettings,
) -> _Rows:
    chosen = [name for name in names if Path(name).parent.as_posix() in categories]
    means = np.array([categories[Path(name).parent.as_posix()][1] for name in chosen]).reshape(-1, width)
    shown = means >= settings.shown
    return _Rows(1, chosen, [files[name] for name in chosen], shown, shown | (means <= settings.absent))


def _by_captions(folders: Sequence[Path], attributes: Sequence[str]) -> _Rows:
    read = [caption for place in folders for caption in read_captions(place)]
    positive, judged = caption_attributes([caption.text for caption in read], attributes)
    telling = np.flatnonzero(positive.any(axis=1))
    return _Rows(
        2,
        [read[i].name for i in telling],
        [read[i].path for i in telling],
        positive[telling],
        judged[telling],
    )


def _strongest(found: SourceImages, parts: Sequence[_Rows]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels of each image from its strongest kind of support, and which kind that is."""
    positive = np.concatenate([part.positive for part in parts])
    judged = np.concatenate([part.judged for part in parts])
    kind = np.concatenate([np.full(len(part.names), part.kind) for part in parts])
    chosen = [rows[kind[rows] == kind[rows].min()] for rows in found.rows]
    shown = np.array([positive[rows].any(axis=0) for rows in chosen], dtype=bool)
    return (
        shown,
        shown | np.array([judged[rows].any(axis=0) for rows in chosen], dtype=bool),
        np.array([kind[rows[0]] for rows in chosen], dtype=np.int64),
    )


def _support(positive: np.ndarray, judged: np.ndarray, kinds: np.ndarray) -> tuple[str, ...]:
    """Kinds that give each attribute positives, joined by ``+``; ``none`` where nothing does."""
    mixes = []
    for k in range(positive.shape[1]):
        given = [name for i, name in enumerate(KINDS) if positive[(kinds == i) & judged[:, k], k].any()]
        mixes.append(" + ".join(given) or "none")
    return tuple(mixes)


def _notes(
    positive: np.ndarray,
    kinds: np.ndarray,
    others: int,
    categories: dict[str, tuple[str, np.ndarray]],
    settings: SunSettings,
) -> list[str]:
    counts = positive[kinds == 0].sum(axis=0)
    notes = [
        f"{int((kinds == 0).sum())} photographs bear human votes: {int((counts > 0).sum())} of {len(counts)} "
        f"attributes have a positive among them, {int((counts >= 20).sum())} have 20 or more"
    ]
    if settings.category_mean:
        places = ", ".join(f"{place} as {name}" for place, (name, _) in sorted(categories.items()))
        notes.append(
            f"category mean labels {int((kinds == 1).sum()):,} of {others:,} photographs without votes: "
            f"{places}"
        )
    elif others:
        notes.append(f"{others:,} photographs without votes were left out")
    if (kinds == 2).any():
        notes.append(f"caption words label {int((kinds == 2).sum()):,} further photographs")
    return notes
