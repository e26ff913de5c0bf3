"""Sentribute: detectors of scene attributes as a description of an image (Yuan et al. 2013)."""

from collections.abc import Mapping
from typing import Any

from sklearn.preprocessing import StandardScaler

from baselines.asymmetric_bagging import AsymmetricBagging
from baselines.concept_bank import BankFeatures, ConceptResponses, LocalWords, train_bank
from baselines.concept_pipeline import ConceptPipeline, make_concept_pipeline
from baselines.features.gist import Gist
from baselines.features.hog import Hog2x2
from baselines.features.regions import RegionHistograms
from baselines.features.self_similarity import SelfSimilarity
from baselines.linear_classifier import LinearClassifier
from benchmark.method import ArtefactTask, register, register_artefact

FEATURES = BankFeatures(
    plain=(Gist(), RegionHistograms()),
    local=(LocalWords("hog", Hog2x2(), 630.0), LocalWords("self-similarity", SelfSimilarity(), 900.0)),
)
"""Features of Patterson & Hays (2012): GIST, HOG 2x2 and self-similarity as visual words, colour histograms.

The histograms are of fixed regions in place of geometric contexts, see `RegionHistograms`.
"""


@register_artefact("attribute-bank", source="attributes", extractors=FEATURES.extractors, responses=True)
def learn_attribute_bank(task: ArtefactTask) -> Mapping[str, Any]:
    """Detectors of the SUN scene attributes."""
    return train_bank(task, FEATURES)


@register(
    "Sentribute",
    family="mid-level",
    published="Table 6",
    artefacts={"conceptresponses__bank": "attribute-bank"},
)
def sentribute() -> ConceptPipeline:
    """Responses of scene-attribute detectors, linear SVM with asymmetric bagging."""
    classifier = AsymmetricBagging(LinearClassifier(), bags=10)
    return make_concept_pipeline(ConceptResponses(FEATURES), StandardScaler(), classifier)
