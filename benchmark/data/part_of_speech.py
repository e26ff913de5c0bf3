"""Words with their part of speech and dictionary form, from a tagger whose model is in its package.

The tagger is HanTa (Wartena, "A Probabilistic Morphology Model for German Lemmatization", KONVENS 2019; its
English model was trained on the British National Corpus, whose tag set it uses); dictionary forms of nouns
come from lemminflect. Both are small, need no download and no network.
"""

import dataclasses
import functools
import importlib.metadata
import re
from typing import Any

ADJECTIVE, NOUN, OTHER = "adjective", "noun", "other"

PACKAGES = ("HanTa", "lemminflect")
INSTALL = "pip install 'visual-sentiment-benchmark[captions]'"

_ADJECTIVES, _NOUNS = ("AJ0", "AJC", "AJS"), ("NN0", "NN1", "NN2")
_TOKENS = re.compile(r"\w+(?=n't\b)|n't\b|'(?:s|m|d|re|ve|ll)\b|[^\W_]+(?:-[^\W_]+)*|[^\w\s]")

_KEPT = frozenset(
    {"ski", "people", "pants", "jeans", "shorts", "glasses", "sunglasses", "clothes", "scissors", "tennis"}
    | {
        "news",
        "lens",
        "canvas",
        "stairs",
        "woods",
        "goggles",
        "headphones",
        "graffiti",
        "ruins",
        "binoculars",
    }
)
"""Nouns that are their own singular, or whose singular is another thing (glasses, woods)."""

_IRREGULAR = {"leaves": "leaf", "ppl": "people", "folk": "people", "folks": "people", "persons": "person"}


class MissingPackageError(RuntimeError):
    """An optional package is needed here and not installed; the message says how to install it."""


@dataclasses.dataclass(frozen=True)
class Word:
    """One token.

    Attributes
    ----------
    text : str
        As written, in small letters.
    lemma : str
        Dictionary form: the singular of a noun, the base form of an adjective.
    kind : str
        ``adjective``, ``noun`` (no names) or ``other``.
    """

    text: str
    lemma: str
    kind: str


def tag_words(text: str) -> list[Word]:
    """Tag the words of one sentence.

    Raises
    ------
    MissingPackageError
        The tagger is not installed.
    """
    tokens = _TOKENS.findall(text)
    if not tokens:
        return []
    words = []
    for token, lemma, tag in _tagger().tag_sent(tokens):
        token = token.lower()
        if tag in _NOUNS:
            words.append(Word(token, noun_lemma(token), NOUN))
        elif tag in _ADJECTIVES:
            words.append(Word(token, lemma.lower() if tag != "AJ0" else token, ADJECTIVE))
        else:
            words.append(Word(token, token, OTHER))
    return words


@functools.lru_cache(maxsize=100_000)
def noun_lemma(noun: str) -> str:
    """The singular of a noun; pairs of things that have no other singular (``jeans``) stay.

    Raises
    ------
    MissingPackageError
        lemminflect is not installed.
    """
    noun = noun.lower()
    if noun in _IRREGULAR or noun in _KEPT or not noun.isascii():
        return _IRREGULAR.get(noun, noun)
    try:
        import lemminflect
    except ImportError as error:
        raise missing_package("lemminflect", "finding the singular of nouns") from error
    found = lemminflect.getLemma(noun, upos="NOUN")
    return str(found[0]).lower() if found else noun


def versions() -> dict[str, str]:
    """Versions of the packages that decide on tags and lemmas."""
    try:
        return {name: importlib.metadata.version(name) for name in PACKAGES}
    except importlib.metadata.PackageNotFoundError as error:
        raise missing_package(str(error.name), "reading captions") from error


def missing_package(name: str, purpose: str) -> MissingPackageError:
    """The error for a package that is not installed."""
    return MissingPackageError(f"{purpose} needs the package {name}, which is not installed: {INSTALL}")


@functools.lru_cache(maxsize=1)
def _tagger() -> Any:
    try:
        from HanTa import HanoverTagger
    except ImportError as error:
        raise missing_package("HanTa", "finding adjectives and nouns in text") from error
    return HanoverTagger.HanoverTagger("morphmodel_en.pgz")
