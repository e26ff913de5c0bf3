"""Any network of timm (PyTorch Image Models, Apache-2.0), from weights on disk."""

import dataclasses
from typing import Any, ClassVar

from deep.backbone import PLAIN, Backbone, Describe, UnknownNetworkError, is_installed

INSTALL = "pip install timm"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimmFeatures(Backbone):
    """What the classifier of a timm network sees.

    Attributes
    ----------
    network : str
        Such as ``vit_base_patch16_224``, with or without the tag of its weights.
    """

    network: str
    libraries: ClassVar[tuple[str, ...]] = ("torch", "timm")

    def missing(self) -> str:
        """The library, or the file of weights."""
        if not is_installed("timm"):
            return f"needs the library timm: {INSTALL}"
        return "" if self.weights is not None else f"needs the weights of {self.network}: give --weights FILE"

    def open(self) -> Describe:
        """The network with its weights."""
        from deep.frozen import Entrance, frozen
        from deep.state_dict import load_strictly, read_state_dict

        network = _build(self.network)
        load_strictly(network, read_state_dict(self.file.path), self.file.path, f"timm's {self.network}")
        frozen(network)
        side, mean, deviation = _recipe(network)
        enter = Entrance(side, mean, deviation)

        def describe(pixels: Any) -> Any:
            return network.forward_head(network.forward_features(enter(pixels)), pre_logits=True)

        return describe


def timm_features(network: str) -> TimmFeatures:
    """Features of a network of timm.

    Raises
    ------
    UnknownNetworkError
        timm is installed and has no network of that name.
    """
    if not is_installed("timm"):
        return TimmFeatures(network=network)
    import timm

    known = timm.list_models()
    if network.partition(".")[0] not in known:
        raise UnknownNetworkError("timm", network, known)
    config = timm.models.get_pretrained_cfg(network)
    side = config.input_size[-1] if config is not None else PLAIN
    return TimmFeatures(network=network, size=max(PLAIN, side))


def _build(network: str) -> Any:
    import timm
    import torch

    with torch.random.fork_rng(devices=[]):
        return timm.create_model(network, pretrained=False)


def _recipe(network: Any) -> tuple[int, tuple[float, float, float], tuple[float, float, float]]:
    """Side of the input, mean and standard deviation of pixels 0 to 255."""
    import timm.data

    config = timm.data.resolve_model_data_config(network)
    mean, deviation = (tuple(255 * value for value in config[name]) for name in ("mean", "std"))
    return config["input_size"][-1], mean, deviation
