"""A detector bank as an artefact: features it sees, learning it from a source, its answers as a feature."""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import joblib
import numpy as np
from scipy.special import logit
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from baselines.detectors import CARD, BankSettings, DetectorBank
from baselines.features.pyramid import WordPyramid
from baselines.held_out import FILE as HELD_OUT
from baselines.vocabulary import Vocabulary
from benchmark.data.extractor import Extractor
from benchmark.data.files import write_bytes, write_with
from benchmark.data.imageset import ImageSet
from benchmark.data.released_answers import ReleasedAnswers, ReleasedColumns, read_columns
from benchmark.method import Artefact, ArtefactTask

VOCABULARIES = "vocabularies.npz"

SUREST = 1e-4
"""Answers closer than this to 0 and 1 count as this close: beyond, a sigmoid only extrapolates."""

FINEST = 1e-6
"""The same for released probabilities: most of a softmax over 2,089 concepts lies below 1e-4."""


@dataclasses.dataclass(frozen=True)
class LocalWords:
    """Local descriptors that a bank sees as visual words in a two-layer spatial pyramid with max pooling.

    Attributes
    ----------
    name : str
        Of their vocabulary in the bank's files.
    keypoints : Extractor
        See `baselines.features.local`.
    length : float
        Usual length of a descriptor, see `WordPyramid`.
    words : int
        Size of the vocabulary.
    """

    name: str
    keypoints: Extractor
    length: float
    words: int = 1000


@dataclasses.dataclass(frozen=True)
class BankFeatures:
    """What the detectors of a bank see, side by side in this order."""

    plain: tuple[Extractor, ...]
    local: tuple[LocalWords, ...]

    @property
    def extractors(self) -> tuple[Extractor, ...]:
        """What can be computed before any vocabulary is known."""
        return (*self.plain, *(words.keypoints for words in self.local))

    def learn(self, images: ImageSet, seed: int) -> dict[str, np.ndarray]:
        """Vocabularies by name, ndarrays of uint8, shape (words, d), learned without labels."""
        return {
            local.name: images.learned(Vocabulary(words=local.words, seed=seed, descriptors=local.keypoints))
            for local in self.local
        }

    def joined(self, vocabularies: Mapping[str, np.ndarray]) -> tuple[Extractor, ...]:
        """All features, given the vocabularies."""
        pyramids = (
            WordPyramid(vocabulary=vocabularies[local.name], keypoints=local.keypoints, length=local.length)
            for local in self.local
        )
        return (*self.plain, *pyramids)


def train_bank(
    task: ArtefactTask, features: BankFeatures, settings: BankSettings | None = None
) -> dict[str, Any]:
    """Learn a bank from the task's source and write its files into the task's folder.

    Vocabularies and principal components are learned from all source images without labels; see
    `baselines.detectors` for what is held out when detectors are judged. Beside the detectors' files stands
    ``held_out.json``, whose ``pictures`` are the images to look at (see `HeldOut.telling`), by their keys.

    Returns
    -------
    dict
        For the artefact's card.
    """
    source, folder = task.source, task.folder
    vocabularies = features.learn(source.images, task.seed)
    write_with(folder / VOCABULARIES, lambda file: np.savez(file, **vocabularies))  # type: ignore[arg-type]
    X = _join([source.images.features(extractor) for extractor in features.joined(vocabularies)])
    labels = np.where(source.judged, np.where(source.positive, 1, -1), 0).astype(np.int8)
    # The solver gives the same bytes on any number of threads, so it may have all; a bank is learned alone.
    bank = DetectorBank(settings, joblib.cpu_count(), task.tell).fit(
        X, labels, source.concepts, source.images.groups, source.measured, task.seed, source.support
    )
    sentiment = np.full(len(source.concepts), np.nan) if source.sentiment is None else source.sentiment
    about = {
        "support": dict(zip(source.concepts, source.support, strict=True)),
        "sentiment": {n: float(v) for n, v in zip(source.concepts, sentiment, strict=True) if np.isfinite(v)},
    }
    bank.save(folder, about)
    pictures = {"pictures": bank.held_out_.telling(source.keys)}
    write_bytes(folder / HELD_OUT, json.dumps(pictures, separators=(",", ":")).encode() + b"\n")
    return {"summary": {"source": source.name, "images": len(source), **bank.summary}}


def _join(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Feature arrays of n images side by side, float32, shape (n, d)."""
    return np.concatenate(
        [np.asarray(part, dtype=np.float32).reshape(len(part), -1) for part in parts], axis=1
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConceptAnswers(Extractor):
    """Answers of a bank's detectors.

    Attributes
    ----------
    bank : Artefact
        Written by `train_bank`.
    features : BankFeatures
        Those that it was learned with.
    """

    bank: Artefact
    features: BankFeatures

    @property
    def source(self) -> tuple[Extractor, ...]:
        """The features that the detectors see."""
        return self.features.joined(_vocabularies(self.bank.path))

    def extract(self, pixels: tuple[np.ndarray, ...]) -> np.ndarray:
        """Let the detectors answer.

        Parameters
        ----------
        pixels : tuple of ndarrays
            Features of n images.

        Returns
        -------
        ndarray of float32, shape (n, number of detectors)
            0 to 1.
        """
        return _bank(self.bank.path).respond(_join(pixels))


@functools.lru_cache(maxsize=4)
def _bank(path: Path) -> DetectorBank:
    return DetectorBank.load(path)


@functools.lru_cache(maxsize=4)
def _vocabularies(path: Path) -> dict[str, np.ndarray]:
    with np.load(path / VOCABULARIES, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


class ConceptResponses(TransformerMixin, BaseEstimator):
    """Describes an image by how strongly each concept of a bank is seen in it.

    The bank was learned here, or is a file of released responses: then nothing is known of it but the
    concepts and whether its numbers are probabilities.

    Parameters
    ----------
    features : BankFeatures
        Those that the bank was learned with.
    bank : Artefact, optional
        Given by the runner.
    """

    def __init__(self, features: BankFeatures, bank: Artefact | None = None) -> None:
        self.features = features
        self.bank = bank

    @property
    def extractor(self) -> Extractor | None:
        """The detectors' answers; None before a bank is given."""
        return None if self.bank is None else self._answers(self.bank)

    @property
    def concepts(self) -> tuple[str, ...]:
        """Names of the detectors, in the order of the columns."""
        released = self._released
        return _bank(self._given().path).names if released is None else released.concepts

    @property
    def sentiment(self) -> dict[str, float]:
        """Sentiment value of each concept that has one; released responses say none."""
        if self._released is not None:
            return {}
        return dict(json.loads((self._given().path / CARD).read_text())["sentiment"])

    def fit(self, images: ImageSet, y: Any = None) -> Self:
        """Nothing is learned here: the bank was before."""
        self._given()
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        """Log odds of each concept; of released responses that are no probabilities, these as they are.

        Returns
        -------
        ndarray of float64, shape (n, K)
        """
        answers = images.features(self._answers(self._given())).astype(np.float64)
        released = self._released
        if released is not None and not released.probabilities:
            return answers
        least = SUREST if released is None else FINEST
        return logit(np.clip(answers, least, 1 - least))

    def _answers(self, bank: Artefact) -> Extractor:
        if read_columns(bank.path) is not None:
            return ReleasedAnswers(digest=bank.digest)
        return ConceptAnswers(bank=bank, features=self.features)

    @property
    def _released(self) -> ReleasedColumns | None:
        return read_columns(self._given().path)

    def _given(self) -> Artefact:
        if self.bank is None:
            raise ValueError(
                "no detector bank was given; run it with --source or --responses, or set the parameter `bank`"
            )
        return self.bank

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
