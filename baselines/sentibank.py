"""SentiBank: detectors of adjective-noun pairs as a description of an image (Borth et al. 2013)."""

from collections.abc import Mapping
from typing import Any

from sklearn.preprocessing import StandardScaler

from baselines.concept_bank import BankFeatures, ConceptResponses, LocalWords, train_bank
from baselines.concept_pipeline import ConceptPipeline, make_concept_pipeline
from baselines.features.gist import Gist
from baselines.features.hog import Hog2x2
from baselines.features.lbp import LocalBinaryPatterns
from baselines.features.rgb_histogram import ChannelHistogram
from baselines.features.sift import Sift
from baselines.linear_classifier import LinearClassifier
from benchmark.method import ArtefactTask, register, register_artefact

FEATURES = BankFeatures(
    plain=(ChannelHistogram(), Gist(), LocalBinaryPatterns()),
    local=(LocalWords("sift", Sift(), 512.0), LocalWords("hog", Hog2x2(), 630.0)),
)
"""Generic features of Borth et al.: colour, GIST, LBP and SIFT words in a two-layer pyramid.

Their fifth, 2,000 attribute features, came from detectors that were not released; words of HOG 2x2 stand in
its place.
"""


@register_artefact("anp-bank", source="anps", extractors=FEATURES.extractors, responses=True)
def learn_anp_bank(task: ArtefactTask) -> Mapping[str, Any]:
    """Detectors of adjective-noun pairs."""
    return train_bank(task, FEATURES)


@register(
    "SentiBank", family="mid-level", published="Table 6", artefacts={"conceptresponses__bank": "anp-bank"}
)
def sentibank() -> ConceptPipeline:
    """Responses of adjective-noun-pair detectors, linear SVM."""
    return make_concept_pipeline(ConceptResponses(FEATURES), StandardScaler(), LinearClassifier())
