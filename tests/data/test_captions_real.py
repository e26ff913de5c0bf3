"""What is mined from the real captions and tweets."""

from pathlib import Path

import numpy as np
import pytest

from benchmark.data.store import FeatureStore

pytest.importorskip("HanTa")
pytest.importorskip("lemminflect")
pytest.importorskip("vaderSentiment")

from benchmark.data.anp_mining import concepts, mine
from benchmark.data.captions import CaptionSettings, _weak_label, concept_sentiment, read_captions
from benchmark.data.sentiment_values import SentimentValues
from benchmark.data.vso_lists import find_ontology, read_ontology

pytestmark = pytest.mark.real


def test_captions_and_tweets_hold_concepts_enough_and_their_labels_agree_with_people(
    real_data: Path, store: FeatureStore
) -> None:
    """At least 150 concepts of 15 images, 25 of them negative; weak labels of tweets agree on 75 %."""
    captions = [item for name in ("coco", "mvsa") for item in read_captions(real_data / name)]
    values = SentimentValues(read_ontology(find_ontology(real_data / "vso")))
    pairs = mine([item.text for item in captions], store)
    words = {pair.merged[0] for found in pairs for pair in found}
    bearing = {word for word in words if values.bears_sentiment(word)}
    mined = concepts(pairs, [item.text for item in captions], bearing)
    assert len(mined.names) >= 200
    assert mined.positive.sum(axis=0).min() >= 15
    worth = concept_sentiment(mined, values)
    assert (worth < 0).sum() >= 25
    assert {"busy_street", "black-and-white_photo", "abandoned_buildings"} <= set(mined.names)
    weak = np.array(
        [
            _weak_label(item, found, values, CaptionSettings())
            for item, found in zip(captions, pairs, strict=True)
        ]
    )
    told = np.array([item.label for item in captions])
    both = (weak >= 0) & (told >= 0)
    assert both.sum() > 2000
    assert (weak[both] == told[both]).mean() > 0.75
