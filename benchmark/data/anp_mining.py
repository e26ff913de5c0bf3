"""Adjective-noun pairs in text: the weak labels that SentiBank took from tags, taken from any text.

Borth et al. 2013 ("Large-scale Visual Sentiment Ontology and Detectors Using Adjective Noun Pairs", section
3.2) combined adjectives and nouns by part of speech; here the pair has to stand in the text of the image.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmark.data.files import write_bytes
from benchmark.data.fingerprint import source_hashes, value_hash
from benchmark.data.part_of_speech import ADJECTIVE, NOUN, Word, tag_words, versions
from benchmark.data.store import FeatureStore
from benchmark.data.synonyms import (
    ADJECTIVES,
    COMPOUNDS,
    GERUND_NOUNS,
    GROUP_OF,
    NOUNS,
    THINGS,
    UNSEEN_ADJECTIVES,
    UNSEEN_NOUNS,
)
from benchmark.data.tweet_text import clean_text

WINDOW = 3
"""An adjective stands at most so many words before its noun; commas and conjunctions do not count."""

SUPPORT = 15
"""Images that a pair needs to become a concept."""

_Members = dict[int, set["Pair"]]
"""Images of a concept, each with the pairs that made it one."""

_BETWEEN, _NEGATIONS = (",", "and", "or", "&"), ("not", "n't", "no", "never", "without")


@dataclasses.dataclass(frozen=True, order=True)
class Pair:
    """An adjective before a noun.

    Attributes
    ----------
    adjective, noun : str
        Dictionary forms as the text has them, such as ``huge`` and ``puppy``.
    """

    adjective: str
    noun: str

    @property
    def merged(self) -> tuple[str, str]:
        """Adjective and noun as they are counted, such as ``big`` and ``dog``."""
        return ADJECTIVES.get(self.adjective, self.adjective), NOUNS.get(self.noun, self.noun)

    @property
    def concept(self) -> str:
        """Name of the concept, such as ``big_dog``."""
        return "_".join(self.merged)


@dataclasses.dataclass(frozen=True)
class MinedConcepts:
    """Which of n images show which of K concepts, as far as their texts say.

    Attributes
    ----------
    names : tuple of str
        ``big_dog``; or ``sad_people``, where ``people`` is a group of nouns.
    positive, judged : ndarray of bool, shape (n, K)
        An image is not judged on ``sad_people`` if its text has the adjective and a noun of the group as
        another concept (``sad_girl``), nor on anything if it has no text.
    forms : tuple of mapping of Pair to int
        The pairs that each concept stands for, and how many images have each.
    """

    names: tuple[str, ...]
    positive: np.ndarray
    judged: np.ndarray
    forms: tuple[Mapping[Pair, int], ...]


def pairs_of(text: str) -> list[Pair]:
    """Adjective-noun pairs of a text, each once, in their order.

    The noun is the head of its compound (``traffic light`` is a ``light``); adjectives joined by commas,
    ``and`` or ``or`` all belong to it. Pairs behind a negation are left out.
    """
    found: dict[Pair, None] = {}
    for segment in clean_text(text).segments:
        found.update(dict.fromkeys(_pairs(tag_words(segment))))
    return list(found)


def mine(texts: Sequence[str], store: FeatureStore) -> list[list[Pair]]:
    """Pairs of every text, read from the store where they were found before."""
    code = source_hashes([__name__, "benchmark.data.tweet_text", "benchmark.data.part_of_speech"])
    path = store.root / "mined-pairs" / f"{value_hash([list(texts), code, versions()])}.json"
    stored = _stored(path)
    if stored is not None and len(stored) == len(texts):
        return stored
    known = {text: pairs_of(text) for text in dict.fromkeys(texts)}
    mined = [known[text] for text in texts]
    lists = [[[pair.adjective, pair.noun] for pair in pairs] for pairs in mined]
    write_bytes(path, json.dumps(lists, separators=(",", ":")).encode())
    return mined


def _stored(path: Path) -> list[list[Pair]] | None:
    """Pairs that were found before; None where there are none or their file is damaged."""
    try:
        lists = json.loads(path.read_bytes())
        found = [[Pair(*pair) for pair in pairs] for pairs in lists]
        words = (word for pairs in found for pair in pairs for word in (pair.adjective, pair.noun))
        return found if all(isinstance(word, str) for word in words) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def concepts(
    pairs: Sequence[Iterable[Pair]],
    texts: Sequence[str],
    bearing: Collection[str] = (),
    support: int = SUPPORT,
) -> MinedConcepts:
    """Choose the concepts that enough images have.

    A pair becomes a concept if ``support`` images with different texts have it (a tweet sent twice counts
    once). The pairs of an adjective that fall short are joined over the groups of their nouns, and a join
    becomes a concept on the same condition: ``abandoned_buildings`` of abandoned churches, houses and
    factories. What still falls short is joined once more, over all nouns, where the adjective bears
    sentiment: ``scary_things``.

    Parameters
    ----------
    pairs : sequence of iterable of Pair
        Of each image.
    texts : sequence of str
        Of each image; empty where it has none.
    bearing : collection of str
        Adjectives, as counted, that bear sentiment.
    support : int
        At least 1.
    """
    cleaned = [clean_text(text).words.casefold() for text in texts]
    kept: dict[str, _Members] = {}
    waiting = _by_name(pairs)
    for level in (_single, _grouped, lambda pair: _anything(pair, bearing)):
        joined: dict[str, _Members] = {}
        for members in waiting.values():
            for i, found in members.items():
                for pair in found:
                    if (name := level(pair)) is not None:
                        joined.setdefault(name, {}).setdefault(i, set()).add(pair)
        enough = {name for name, members in joined.items() if len({cleaned[i] for i in members}) >= support}
        kept |= {name: joined[name] for name in enough}
        waiting = {
            name: members
            for name, members in waiting.items()
            if not enough & {level(pair) for found in members.values() for pair in found}
        }
    return _matrices(kept, len(pairs), np.array([bool(text) for text in cleaned], dtype=bool))


def _by_name(pairs: Sequence[Iterable[Pair]]) -> dict[str, "_Members"]:
    found: dict[str, _Members] = {}
    for i, of_image in enumerate(pairs):
        for pair in of_image:
            if _seen(pair):
                found.setdefault(pair.concept, {}).setdefault(i, set()).add(pair)
    return found


def _single(pair: Pair) -> str | None:
    return pair.concept


def _grouped(pair: Pair) -> str | None:
    adjective, noun = pair.merged
    return f"{adjective}_{GROUP_OF[noun]}" if noun in GROUP_OF and pair.concept not in COMPOUNDS else None


def _anything(pair: Pair, bearing: Collection[str]) -> str | None:
    adjective = pair.merged[0]
    return f"{adjective}_{THINGS}" if adjective in bearing and pair.concept not in COMPOUNDS else None


def _matrices(kept: Mapping[str, "_Members"], n: int, has_text: np.ndarray) -> MinedConcepts:
    names = sorted(kept)
    positive = np.zeros((n, len(names)), dtype=bool)
    judged = np.repeat(has_text[:, None], len(names), axis=1)
    for k, name in enumerate(names):
        positive[list(kept[name]), k] = True
        adjective, noun = name.split("_", 1)
        for other in names:
            word, thing = other.split("_", 1)
            if other != name and word == adjective and (noun == THINGS or GROUP_OF.get(thing) == noun):
                judged[list(kept[other]), k] = False
    judged |= positive
    forms = tuple(Counter(pair for found in kept[name].values() for pair in found) for name in names)
    return MinedConcepts(tuple(names), positive, judged, forms)


def _pairs(words: Sequence[Word]) -> list[Pair]:
    found: list[Pair] = []
    waiting: list[tuple[int, str]] = []
    i = passed = 0
    while i < len(words):
        word = words[i]
        if word.kind == ADJECTIVE:
            if not any(before.text in _NEGATIONS for before in words[max(0, i - 2) : i]):
                waiting.append((passed, word.lemma))
        elif word.kind == NOUN:
            end = i
            while end + 1 < len(words) and words[end + 1].kind == NOUN:
                end += 1
            noun = _head(words[i : end + 1])
            near = [adjective for at, adjective in waiting if passed - at <= WINDOW]
            if NOUNS.get(noun, noun) == "photo":
                near = _black_and_white(near)
            found.extend(Pair(adjective, noun) for adjective in near)
            waiting, i = [], end
        elif word.text not in _BETWEEN:
            waiting = []
        i += 1
        passed += word.text not in _BETWEEN
    return found


def _head(nouns: Sequence[Word]) -> str:
    """The last noun of a compound that is no verb in -ing."""
    names = [noun.lemma for noun in nouns]
    while len(names) > 1 and names[-1].endswith("ing") and names[-1] not in GERUND_NOUNS:
        names.pop()
    return names[-1]


def _black_and_white(adjectives: list[str]) -> list[str]:
    """Of a photograph, ``black and white`` is one property."""
    if not {"black", "white"} <= set(adjectives):
        return adjectives
    return ["black-and-white", *(word for word in adjectives if word not in ("black", "white"))]


def _seen(pair: Pair) -> bool:
    """Whether a pair may name something that a photograph shows."""
    words = pair.merged
    if words[0] in UNSEEN_ADJECTIVES or words[1] in UNSEEN_NOUNS:
        return pair.concept in COMPOUNDS
    return all(len(word) > 2 and word.replace("-", "").isalpha() and word.isascii() for word in words)
