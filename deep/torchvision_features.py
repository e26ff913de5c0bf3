"""Any classification network of torchvision, from weights on disk (torchvision: BSD-3-Clause)."""

import dataclasses
from pathlib import Path
from typing import Any, ClassVar

from benchmark.data.known_file import KnownFile
from deep.backbone import PLAIN, Backbone, Describe, UnknownNetworkError


@dataclasses.dataclass(frozen=True, kw_only=True)
class TorchvisionFeatures(Backbone):
    """What the last layer of a torchvision network sees: the input of its classifier.

    Attributes
    ----------
    network : str
        Such as ``resnet50``.
    """

    network: str
    libraries: ClassVar[tuple[str, ...]] = ("torch", "torchvision")

    def missing(self) -> str:
        """The weights, where no file is given and none lies in the cache of torch.hub."""
        if self.weights is not None:
            return ""
        entry = _releases(self.network)[0]
        return (
            f"needs the weights of {self.network}: give --weights FILE, "
            f"or put {entry.url} into {_hub_folder()} under its own name"
        )

    def open(self) -> Describe:
        """The network with its weights."""
        import torch

        from deep.frozen import Entrance, LastInput, frozen
        from deep.state_dict import load_strictly, read_state_dict

        with torch.random.fork_rng(devices=[]):
            network = _untrained(self.network)
        load_strictly(
            network, read_state_dict(self.file.path), self.file.path, f"torchvision's {self.network}"
        )
        recipe = _recipe(_release(self.network, self.file.path))
        enter = Entrance(recipe.side, recipe.mean, recipe.deviation)
        last = LastInput(frozen(network), torch.zeros(1, 3, recipe.side, recipe.side))
        return lambda pixels: last(enter(pixels))


def torchvision_features(network: str) -> TorchvisionFeatures:
    """Features of a network of torchvision, with weights from the cache of torch.hub where they lie there.

    Raises
    ------
    UnknownNetworkError
        torchvision has no classification network of that name.
    """
    releases = _releases(network)
    found = [_hub_folder() / Path(entry.url).name for entry in releases]
    file = next((path for path in found if path.is_file()), None)
    recipe = _recipe(releases[0] if file is None else _release(network, file))
    return TorchvisionFeatures(
        network=network,
        size=max(PLAIN, recipe.side),
        weights=None if file is None else KnownFile.of(file),
    )


@dataclasses.dataclass(frozen=True)
class _Recipe:
    side: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


def _untrained(network: str) -> Any:
    """The network as torchvision builds it for its released weights, without them."""
    from torchvision import models

    # Only with weights does torchvision itself turn these two's pixels into those that they were trained on.
    more = {"transform_input": True} if network in ("googlenet", "inception_v3") else {}
    return models.get_model(network, weights=None, **more)


def _recipe(release: Any) -> _Recipe:
    """How the pixels were prepared that released weights were trained on; theirs are 0 to 1."""
    transforms = release.transforms()
    mean, deviation = (tuple(255 * value for value in values) for values in (transforms.mean, transforms.std))
    return _Recipe(transforms.crop_size[0], mean, deviation)


def _releases(network: str) -> list[Any]:
    """The released weights of a network, the first first."""
    from torchvision import models

    known = models.list_models(module=models)
    if network not in known:
        raise UnknownNetworkError("torchvision", network, known)
    return list(models.get_model_weights(network))


def _release(network: str, file: Path) -> Any:
    """The release that a file is by its name; else the first, whose pixels most training shares."""
    releases = _releases(network)
    return next((entry for entry in releases if Path(entry.url).name == file.name), releases[0])


def _hub_folder() -> Path:
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints"
