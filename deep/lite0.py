"""EfficientNet-Lite0 (Tan & Le 2019; the "lite" variant of the TensorFlow TPU models, 2020)."""

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from deep.frozen import frozen
from deep.state_dict import load_strictly, read_state_dict

EPSILON = 1e-3
"""Of batch normalisation, as the network was trained with."""

MEAN, DEVIATION = 127.0, 128.0
"""Of pixel values, the same for red, green and blue."""

STEM, HEAD, CLASSES = 32, 1280, 1000

STAGES = (
    # blocks, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""EfficientNet-B0 without squeeze-and-excitation, with ReLU6."""


def stage_ends() -> list[int]:
    """Index of each stage's last block among all blocks."""
    return [sum(stage[0] for stage in STAGES[: k + 1]) - 1 for k in range(len(STAGES))]


class SameConvolution(nn.Conv2d):
    """A convolution padded as TensorFlow pads: the output has ceil(side / stride) pixels a side.

    Where the padding is odd, right and bottom get the pixel more. PyTorch pads both sides alike, which would
    shift every feature map.
    """

    def __init__(self, before: int, after: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> None:
        super().__init__(before, after, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve images, shape (n, c, h, w)."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        down, right = (max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[-2:])
        x = functional.pad(x, (right // 2, right - right // 2, down // 2, down - down // 2))
        return functional.conv2d(x, self.weight, None, self.stride, groups=self.groups)


class Block(nn.Module):
    """Inverted residual bottleneck: expand, convolve each channel alone, project (Sandler et al. 2018)."""

    def __init__(self, before: int, after: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = before * expansion
        self.expands = expansion != 1
        self.residual = stride == 1 and before == after
        if self.expands:
            self.expand_conv = SameConvolution(before, wide)
            self.bn0 = nn.BatchNorm2d(wide, EPSILON)
        self.depthwise_conv = SameConvolution(wide, wide, kernel, stride, groups=wide)
        self.bn1 = nn.BatchNorm2d(wide, EPSILON)
        self.project_conv = SameConvolution(wide, after)
        self.bn2 = nn.BatchNorm2d(after, EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (n, before, h, w) to (n, after, ceil(h / stride), ceil(w / stride))."""
        y = functional.relu6(self.bn0(self.expand_conv(x))) if self.expands else x
        y = functional.relu6(self.bn1(self.depthwise_conv(y)))
        y = self.bn2(self.project_conv(y))
        return x + y if self.residual else y


class Lite0(nn.Module):
    """Images to the logits of the 1,000 ImageNet classes.

    Layers are named as in the released weights, without the underscores that begin all their parts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = SameConvolution(3, STEM, 3, 2)
        self.bn0 = nn.BatchNorm2d(STEM, EPSILON)
        blocks, channels = [], STEM
        for repeats, kernel, stride, expansion, after in STAGES:
            for i in range(repeats):
                blocks.append(Block(channels, after, kernel, stride if i == 0 else 1, expansion))
                channels = after
        self.blocks = nn.ModuleList(blocks)
        self.conv_head = SameConvolution(channels, HEAD)
        self.bn1 = nn.BatchNorm2d(HEAD, EPSILON)
        self.fc = nn.Linear(HEAD, CLASSES)

    def maps(self, images: Tensor) -> list[Tensor]:
        """Feature maps of every block and, last, of the head, shape (n, 1280, h / 32, w / 32).

        Parameters
        ----------
        images : Tensor of float32, shape (n, 3, h, w)
            Normalised.
        """
        x = functional.relu6(self.bn0(self.conv_stem(images)))
        maps = []
        for block in self.blocks:
            x = block(x)
            maps.append(x)
        return [*maps, functional.relu6(self.bn1(self.conv_head(x)))]

    def features(self, images: Tensor) -> Tensor:
        """What the classifier sees, the mean of the last maps: shape (n, 1280), 0 to 6."""
        return self.maps(images)[-1].mean(dim=(2, 3))

    def forward(self, images: Tensor) -> Tensor:
        """Logits, shape (n, 1000)."""
        logits: Tensor = self.fc(self.features(images))
        return logits


def load_lite0(path: Path) -> Lite0:
    """The network with weights from a file in the form of the released one, frozen.

    Raises
    ------
    KnownFileError
        The file does not hold them.
    """
    network = Lite0()
    state = read_state_dict(path)
    own = {name.removeprefix("_").replace("._", "."): value for name, value in state.items()}
    load_strictly(network, own, path, "EfficientNet-Lite0")
    return frozen(network)
