"""SentiBank and Sentribute with detectors that see the features of EfficientNet-Lite0: not the paper's rows.

What DeepSentiBank (Chen et al. 2014) was to SentiBank: the same concepts from the same source, the same
detectors and classifiers, other features.
"""

from collections.abc import Mapping
from typing import Any

from sklearn.preprocessing import StandardScaler

from baselines.asymmetric_bagging import AsymmetricBagging
from baselines.concept_bank import BankFeatures, ConceptResponses, train_bank
from baselines.concept_pipeline import ConceptPipeline, make_concept_pipeline
from baselines.linear_classifier import LinearClassifier
from benchmark.method import ArtefactTask, register, register_artefact
from deep.lite0_features import Lite0Features

FEATURES = BankFeatures(plain=(Lite0Features(stages=True),), local=())
LIBRARIES = Lite0Features.libraries
ANP_BANK, ATTRIBUTE_BANK = "anp-bank-lite0", "attribute-bank-lite0"


@register_artefact(ANP_BANK, source="anps", extractors=FEATURES.extractors, libraries=LIBRARIES)
def learn_anp_bank(task: ArtefactTask) -> Mapping[str, Any]:
    """Detectors of adjective-noun pairs on features of EfficientNet-Lite0."""
    return train_bank(task, FEATURES)


@register_artefact(ATTRIBUTE_BANK, source="attributes", extractors=FEATURES.extractors, libraries=LIBRARIES)
def learn_attribute_bank(task: ArtefactTask) -> Mapping[str, Any]:
    """Detectors of the SUN scene attributes on features of EfficientNet-Lite0."""
    return train_bank(task, FEATURES)


@register(
    "SentiBank-Lite0",
    family="modern",
    artefacts={"conceptresponses__bank": ANP_BANK},
    libraries=LIBRARIES,
)
def sentibank_lite0() -> ConceptPipeline:
    """SentiBank with detectors on features of EfficientNet-Lite0, linear SVM."""
    return make_concept_pipeline(ConceptResponses(FEATURES), StandardScaler(), LinearClassifier())


@register(
    "Sentribute-Lite0",
    family="modern",
    artefacts={"conceptresponses__bank": ATTRIBUTE_BANK},
    libraries=LIBRARIES,
)
def sentribute_lite0() -> ConceptPipeline:
    """Sentribute with detectors on features of EfficientNet-Lite0, linear SVM with asymmetric bagging."""
    classifier = AsymmetricBagging(LinearClassifier(), bags=10)
    return make_concept_pipeline(ConceptResponses(FEATURES), StandardScaler(), classifier)
