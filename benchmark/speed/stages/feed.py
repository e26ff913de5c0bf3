"""The feed of a network: random crops, mirrored and normalised, as batches."""

import functools
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmark.speed.inputs import jpeg, photographs
from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

SIDE, CROP, BATCH = 256, 227, 128
MEAN = 128


def cases(settings: Settings) -> Iterator[Case]:
    """Crops of 227 x 227 from 256 x 256 images, batches of 128 as float32; all processors."""
    import torch

    n = 32 if settings.quick else 1024
    batch = 8 if settings.quick else BATCH
    pictures = photographs(min(n, 64), SIDE, SIDE)
    drawn = [jpeg(picture) for picture in pictures]
    files = [drawn[i % len(drawn)] for i in range(n)]
    pixels = np.stack([pictures[i % len(pictures)] for i in range(n)])
    device = torch.device(settings.device)
    ours = Side("decoded store", functools.partial(from_store, pixels, batch, device), n)
    theirs = Side(
        "DataLoader, 2 workers, PIL", functools.partial(from_loader, files, batch, settings.cores), n
    )
    yield Case(
        name=f"crops of {CROP} from {SIDE}",
        unit="images",
        products=(ours,),
        peers=(Peer(theirs, reach=2.5),),
        check=lambda ours, theirs: [same_size(ours[0], theirs[0])],
        rounds=5,
        note="the store holds decoded pixels; the DataLoader decodes JPEG files of the same images each pass",
    )


def from_store(pixels: np.ndarray, batch: int, device: Any) -> tuple[int, float]:
    """One pass of the product's feed: images given, and their mean value."""
    import torch

    architecture = product("deep.architecture", "Architecture").parse("2CONV-4FC", size=CROP)
    normalisation = product("deep.normalisation", "Normalisation")((MEAN, MEAN, MEAN), 1 / 64)
    network = product("deep.network", "Network")(architecture, normalisation)
    source = product("deep.pixels", "ArrayPixels")(pixels)
    feed = product("deep.feed", "make_feed")(source, np.arange(len(pixels)) % 2, network, device=device)
    total, value = 0, 0.0
    for made in feed.batches(0, batch, torch.float32):
        total += len(made.labels)
        value += float(made.images[0, :, :CROP, :CROP].mean())
        if total >= len(pixels):
            break
    return total, value


class Files:
    """The peer's dataset: a JPEG file to a normalised crop, as the documentation of PyTorch does it."""

    def __init__(self, files: list[bytes]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, i: int) -> tuple[Any, int]:
        from PIL import Image
        from torchvision.transforms import functional as F  # noqa: N812

        image = Image.open(io.BytesIO(self.files[i])).convert("RGB")
        top, left = np.random.randint(0, SIDE - CROP + 1, 2)
        image = F.crop(image, int(top), int(left), CROP, CROP)
        if np.random.random() < 0.5:
            image = F.hflip(image)
        return F.normalize(F.to_tensor(image), [MEAN / 255] * 3, [64 / 255] * 3), i % 2


def from_loader(files: list[bytes], batch: int, workers: int) -> tuple[int, float]:
    """One pass of the peer."""
    from torch.utils.data import DataLoader

    loader: Any = DataLoader(Files(files), batch_size=batch, shuffle=True, num_workers=workers)  # type: ignore[arg-type]
    total, value = 0, 0.0
    for images, labels in loader:
        total += len(labels)
        value += float(images[0].mean())
    return total, value


def same_size(ours: tuple[int, float], theirs: tuple[int, float]) -> Check:
    """Both gave every image once."""
    return Check("images given", str(ours[0]), str(theirs[0]), ours[0] == theirs[0])
