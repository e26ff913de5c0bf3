"""A detector bank and its method on features that are quick to compute, for tests."""

from collections.abc import Mapping
from typing import Any

from sklearn.preprocessing import StandardScaler

from baselines.concept_bank import BankFeatures, ConceptResponses, train_bank
from baselines.concept_pipeline import ConceptPipeline, make_concept_pipeline
from baselines.detectors import BankSettings
from baselines.features.rgb_histogram import ChannelHistogram
from baselines.linear_classifier import LinearClassifier
from benchmark.method import ArtefactTask, register, register_artefact

FEATURES = BankFeatures(plain=(ChannelHistogram(),), local=())
SETTINGS = BankSettings(negatives=(0,), costs=(1.0,), components=30, support=5)


@register_artefact("light-bank", source="attributes", extractors=FEATURES.extractors)
def learn_light_bank(task: ArtefactTask) -> Mapping[str, Any]:
    """Detectors of attributes by colour."""
    return train_bank(task, FEATURES, SETTINGS)


@register("LightBank", artefacts={"conceptresponses__bank": "light-bank"})
def light_bank() -> ConceptPipeline:
    """Responses of colour detectors, linear SVM."""
    return make_concept_pipeline(ConceptResponses(FEATURES), StandardScaler(), LinearClassifier())
