"""Image towers of open_clip (MIT licence), from weights on disk; and what prompts say of an image.

Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision".
"""

import dataclasses
from typing import Any, ClassVar

from deep.backbone import PLAIN, Backbone, Describe, UnknownNetworkError, is_installed

INSTALL = "pip install open_clip_torch"

NEGATIVE = (
    "a photo that evokes negative feelings",
    "a sad photo",
    "an unpleasant photo",
    "a photo of something frightening or disgusting",
)
POSITIVE = (
    "a photo that evokes positive feelings",
    "a happy photo",
    "a pleasant photo",
    "a photo of something lovely or beautiful",
)
"""Written down before any image was scored with them."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClipFeatures(Backbone):
    """The image's place in the space that it shares with texts, of length 1.

    Attributes
    ----------
    network : str
        Such as ``ViT-B-32``.
    """

    network: str
    libraries: ClassVar[tuple[str, ...]] = ("torch", "open-clip-torch")

    def missing(self) -> str:
        """The library, or the file of weights."""
        if not is_installed("open_clip"):
            return f"needs the library open_clip: {INSTALL}"
        return "" if self.weights is not None else f"needs the weights of {self.network}: give --weights FILE"

    def open(self) -> Describe:
        """The image tower with its weights."""
        return self._opened()[1]

    def _opened(self) -> tuple[Any, Describe]:
        """The whole network, and what gives the features of an image."""
        import open_clip

        from deep.frozen import Entrance, frozen
        from deep.state_dict import load_strictly, read_state_dict

        network = _build(self.network)
        load_strictly(network, read_state_dict(self.file.path), self.file.path, f"open_clip's {self.network}")
        frozen(network)
        config = open_clip.get_model_preprocess_cfg(network)
        side, mean, deviation = _side(config), *(tuple(255 * v for v in config[k]) for k in ("mean", "std"))
        enter = Entrance(side, mean, deviation)
        return network, lambda pixels: network.encode_image(enter(pixels), normalize=True)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClipAnswers(ClipFeatures):
    """How much nearer an image is to negative and to positive prompts: two logits.

    A class is the mean of its prompts' places, of length 1; a logit is the cosine to it times the scale that
    the network learned.

    Attributes
    ----------
    negative, positive : tuple of str
        The prompts.
    """

    negative: tuple[str, ...] = NEGATIVE
    positive: tuple[str, ...] = POSITIVE

    def open(self) -> Describe:
        """The image tower with its weights, and the prompts through the text tower."""
        import open_clip
        import torch
        from torch.nn.functional import normalize

        network, describe = self._opened()
        tokens = open_clip.get_tokenizer(self.network)
        with torch.inference_mode():
            classes = [
                normalize(network.encode_text(tokens(list(prompts)), normalize=True).mean(dim=0), dim=0)
                for prompts in (self.negative, self.positive)
            ]
            towards = network.logit_scale.exp() * torch.stack(classes, dim=1)
        return lambda pixels: describe(pixels) @ towards


def clip_features(network: str) -> ClipFeatures:
    """Features of a network of open_clip.

    Raises
    ------
    UnknownNetworkError
        open_clip is installed and has no network of that name.
    """
    return ClipFeatures(network=network, size=_size(network))


def clip_answers(network: str) -> ClipAnswers:
    """Answers of a network of open_clip to the prompts; raises as `clip_features`."""
    return ClipAnswers(network=network, size=_size(network))


def _size(network: str) -> int:
    """Side of the images to read."""
    if not is_installed("open_clip"):
        return PLAIN
    import open_clip

    known = open_clip.list_models()
    if network not in known:
        raise UnknownNetworkError("open_clip", network, known)
    side = open_clip.get_model_config(network)["vision_cfg"]["image_size"]
    return max(PLAIN, max(side) if isinstance(side, list | tuple) else side)


def _side(config: dict[str, Any]) -> int:
    size = config["size"]
    return int(max(size)) if isinstance(size, list | tuple) else int(size)


def _build(network: str) -> Any:
    """The network without weights; open_clip's warning that it has none is no news here."""
    import logging

    import open_clip
    import torch

    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with torch.random.fork_rng(devices=[]):
            return open_clip.create_model(network, pretrained=None)
    finally:
        logging.disable(disabled)
