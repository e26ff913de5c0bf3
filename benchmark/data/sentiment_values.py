"""What adjective-noun pairs and texts are worth: the Visual Sentiment Ontology, its rule, and VADER."""

import dataclasses
import functools
import math
from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmark.data.part_of_speech import missing_package, noun_lemma
from benchmark.data.vso_lists import Ontology

VADER_RANGE = 4.0
"""VADER rates words from -4 to 4."""

LISTED, RULE, LEXICON, UNKNOWN = "VSO list", "VSO rule", "VADER", "none"


@dataclasses.dataclass(frozen=True)
class SentimentValue:
    """A value and where it comes from.

    Attributes
    ----------
    value : float
        About -2 to 2; NaN where nothing is known.
    origin : str
        ``VSO list``, ``VSO rule``, ``VADER`` or ``none``.
    """

    value: float
    origin: str


class SentimentValues:
    """Sentiment of adjective-noun pairs.

    A pair in the ontology has its value. For any other the ontology's own rule is applied: the adjective's
    value plus the noun's share on the adjective's side, ``a + p`` for a positive and ``a - (1 - p)`` for a
    negative adjective, where p (0 to 1) is read off the noun's pairs in the list (see `noun_shares`). Where
    the ontology lacks the adjective, and without an ontology, VADER's ratings of the two words (Hutto &
    Gilbert 2014), each divided by 4, are added. An adjective that neither knows gives no value, unless VADER
    rates the noun.

    Parameters
    ----------
    ontology : Ontology, optional
        The released lists; without them VADER is all there is.
    """

    def __init__(self, ontology: Ontology | None = None) -> None:
        self.ontology = ontology
        self._pairs = {} if ontology is None else _by_lemma(ontology.pairs)
        self._adjectives = {} if ontology is None else dict(ontology.adjectives)
        self._shares = {} if ontology is None else noun_shares(ontology)

    def pair(self, adjective: str, noun: str) -> SentimentValue:
        """Value of a pair in dictionary forms."""
        listed = self._pairs.get((adjective, noun))
        if listed is not None:
            return SentimentValue(listed, LISTED)
        return self.by_rule(adjective, noun)

    def by_rule(self, adjective: str, noun: str) -> SentimentValue:
        """Value of a pair as if the ontology did not list it."""
        share = self._shares.get(noun)
        worth = self._adjectives.get(adjective)
        if worth is not None and share is not None:
            return SentimentValue(worth + (share if worth > 0 else share - 1), RULE)
        if worth is not None:
            return SentimentValue(worth, RULE)
        ratings = [rating for rating in (_rating(adjective), _rating(noun)) if rating]
        if not ratings:
            return SentimentValue(math.nan, UNKNOWN)
        return SentimentValue(sum(ratings) / VADER_RANGE, LEXICON)

    def bears_sentiment(self, adjective: str) -> bool:
        """Whether the ontology or VADER knows a value of the adjective."""
        return adjective in self._adjectives or bool(_rating(adjective))


def noun_shares(ontology: Ontology) -> dict[str, float]:
    """Share p (0 to 1) of each noun, read off the list.

    In the list a noun adds one constant to all its positive adjectives and one less 1 to its negative ones
    (``dog``: +.45 and -.55), but for pairs corrected by hand; the median over its pairs recovers it.

    Returns
    -------
    dict of str to float
        Singular noun to p.
    """
    found: dict[str, list[float]] = {}
    for name, value in ontology.pairs.items():
        adjective, noun = name.split("_", 1)
        worth = ontology.adjectives.get(adjective)
        if worth:
            found.setdefault(noun_lemma(noun), []).append(value - worth + (0 if worth > 0 else 1))
    return {noun: min(1.0, max(0.0, median(values))) for noun, values in found.items()}


def text_sentiment(text: str) -> float:
    """Compound sentiment of a text by VADER, -1 to 1; 0 where it knows no word.

    Raises
    ------
    MissingPackageError
        vaderSentiment is not installed.
    """
    return float(_vader().polarity_scores(text)["compound"])


def _by_lemma(pairs: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Pairs by their dictionary forms; of singular and plural (``happy_girl``, ``happy_girls``) the mean."""
    found: dict[tuple[str, str], list[float]] = {}
    for name, value in pairs.items():
        adjective, noun = name.split("_", 1)
        found.setdefault((adjective, noun_lemma(noun)), []).append(value)
    return {pair: sum(values) / len(values) for pair, values in found.items()}


def _rating(word: str) -> float:
    return float(_vader().lexicon.get(word, 0.0))


@functools.lru_cache(maxsize=1)
def _vader() -> Any:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError as error:
        raise missing_package("vaderSentiment", "rating texts and words") from error
    return SentimentIntensityAnalyzer()
