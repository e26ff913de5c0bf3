"""Any pretrained network whose weights are on disk, as a frozen backbone: ``run --backbone resnet50``."""

from collections.abc import Callable

from sklearn.preprocessing import StandardScaler

from baselines.pipeline import ImagePipeline, make_image_pipeline
from benchmark.method import ParameterError
from benchmark.method_kinds import register_kind
from benchmark.stages import CROSS_VALIDATION, ZERO_TRANSFER
from deep.backbone import Backbone, UnknownNetworkError
from deep.clip_features import ClipAnswers, ClipFeatures, clip_answers, clip_features
from deep.frozen_features import FrozenFeatures
from deep.logistic_classifier import LogisticClassifier
from deep.timm_features import TimmFeatures, timm_features
from deep.torchvision_features import TorchvisionFeatures, torchvision_features
from deep.zero_shot import ZeroShot


def _named(find: Callable[[str], Backbone], network: str) -> Backbone:
    """A backbone by its name, of which the user is to hear if it is wrong."""
    try:
        return find(network)
    except UnknownNetworkError as error:
        raise ParameterError(str(error)) from None


def _classified(backbone: Backbone) -> ImagePipeline:
    return make_image_pipeline(FrozenFeatures(backbone), StandardScaler(), LogisticClassifier())


@register_kind("torchvision", family="modern", libraries=TorchvisionFeatures.libraries)
def of_torchvision(network: str) -> ImagePipeline:
    """Frozen features of a network of torchvision (--backbone), logistic regression."""
    return _classified(_named(torchvision_features, network))


@register_kind("timm", family="modern", libraries=TimmFeatures.libraries)
def of_timm(network: str) -> ImagePipeline:
    """Frozen features of a network of timm (--backbone), logistic regression."""
    return _classified(_named(timm_features, network))


@register_kind("open_clip", family="modern", libraries=ClipFeatures.libraries)
def of_open_clip(network: str) -> ImagePipeline:
    """Frozen features of an image tower of open_clip (--backbone), logistic regression."""
    return _classified(_named(clip_features, network))


@register_kind(
    "zero-shot", family="modern", stages=(ZERO_TRANSFER, CROSS_VALIDATION), libraries=ClipAnswers.libraries
)
def zero_shot(network: str) -> ZeroShot:
    """Prompts on a network of open_clip (--backbone); nothing is fitted."""
    return ZeroShot(_named(clip_answers, network))
