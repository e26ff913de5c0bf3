"""Training 2CONV-4FC: iterations of a batch of 128."""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

BATCH = 128
RATE = 1e-5
"""Learning rate: so low that rounding does not grow from one iteration to the next."""

CLOSE = 0.02
"""What the losses of an iteration may lie apart: other arithmetic, the same training."""

SCHEDULE = "The paper's whole schedule is 102.4 million images: divide by the rate."


def cases(settings: Settings) -> Iterator[Case]:
    """2CONV-4FC at 227 x 227, batch 128: forward, backward, step; all processors."""
    import torch

    device, steps = torch.device(settings.device), 2 if settings.quick else 12
    size, batch = (64, 8) if settings.quick else (227, BATCH)
    torch.set_num_threads(settings.cores)
    product("deep.processor", "keep_large_blocks")()
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (4 * batch, size, size, 3), dtype=np.uint8)
    labels = rng.integers(0, 2, len(pixels))
    dtype = product("deep.processor", "fast_dtype")(device)
    given = (pixels, labels, size, batch, steps, device)
    bare = functools.partial(_fast, *given, dtype=dtype, normalised=False)
    ours = Side("deep", functools.partial(_fast, *given, dtype=dtype), batch * steps)
    without = Side("without response normalisation", bare, batch * steps)
    plain = Side("plain PyTorch", functools.partial(_plain, *given), batch * steps)
    yield Case(
        name=f"2CONV-4FC, batch {batch}",
        unit="images",
        products=(ours,),
        peers=(Peer(plain, reach=None if device.type == "cuda" else 3), Peer(without, reach=0.9)),
        check=lambda ours, theirs: [same_losses(ours[0], theirs[0])],
        rounds=5,
        note=(
            f"{steps} iterations from the same weights and batches, {str(dtype).removeprefix('torch.')} "
            f"against float32; plain: contiguous, nn.LocalResponseNorm, AdamW; the ratio to the network "
            f"without response normalisation is the share of its speed that is kept. {SCHEDULE}"
        ),
    )


def _fast(
    pixels: np.ndarray,
    labels: np.ndarray,
    size: int,
    batch: int,
    steps: int,
    device: Any,
    dtype: Any,
    normalised: bool = True,
) -> list[float]:
    """The product's own loop."""
    import dataclasses
    import tempfile
    from pathlib import Path

    architecture = product("deep.architecture", "Architecture").parse(
        "2CONV-4FC", size=size, dropout=0.0, response_normalisation=normalised
    )
    normalisation = product("deep.normalisation", "Normalisation")((128, 128, 128), 1 / 64)
    network = product("deep.network", "build_network")(architecture, seed=1, normalisation=normalisation)
    ranks = product("deep.distributed", "Ranks")(device=device)
    source = product("deep.pixels", "ArrayPixels")(pixels)
    feed = product("deep.feed", "make_feed")(source, labels, network, mirror=False, device=device)
    settings = dataclasses.replace(
        product("deep.settings", "SMALL_SOURCE"),
        batch=batch,
        learning_rate=RATE,
        schedule="constant",
        class_balanced=False,
        passes=None,
        iterations=steps,
        keep="last",
        log_every=1,
        dtype="bfloat16" if str(dtype) == "torch.bfloat16" else "float32",
    )
    with tempfile.TemporaryDirectory() as folder:
        loop = product("deep.training_loop", "TrainingLoop")(
            network, feed, settings, 0, None, ranks, None, Path(folder) / "log.csv", None
        )
        loop.run(float("inf"), None)
        rows = product("deep.log", "read_log")(Path(folder) / "log.csv")
    return [row["loss"] for row in rows]


def _plain(
    pixels: np.ndarray, labels: np.ndarray, size: int, batch: int, steps: int, device: Any
) -> list[float]:
    """The peer: the same network as one would write it down, float32, contiguous."""
    import torch
    from torch import nn

    network = plain_network(pixels, size).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE)
    images = torch.from_numpy(pixels).to(device)
    targets = torch.from_numpy(labels).to(device)
    sampler = product("deep.sampler", "Sampler")(len(pixels), size, size, 0, False)
    losses = []
    for step in range(steps):
        at = torch.from_numpy(sampler.draw(step * batch, batch).index).to(device)
        x = (images[at].permute(0, 3, 1, 2).float() - 128) / 64
        loss = nn.functional.cross_entropy(network(x.contiguous()), targets[at])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


def plain_network(pixels: np.ndarray, size: int) -> Any:
    """The layers of Figure 2 as a `Sequential`, with the product's initial weights."""
    from torch import nn

    architecture = product("deep.architecture", "Architecture").parse("2CONV-4FC", size=size, dropout=0.0)
    network = product("deep.network", "build_network")(architecture, seed=1)
    side = round((architecture.flattened // 256) ** 0.5)
    plain = nn.Sequential(
        *(nn.Conv2d(3, 96, 11, 4), nn.ReLU(), nn.MaxPool2d(3, 2), nn.LocalResponseNorm(5)),
        *(nn.Conv2d(96, 256, 5, 2, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.LocalResponseNorm(5)),
        *(nn.Flatten(), nn.Linear(architecture.flattened, 512), nn.ReLU()),
        *(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 24), nn.ReLU(), nn.Linear(24, 2)),
    )
    theirs: list[Any] = [layer for layer in plain if hasattr(layer, "weight")]
    ours = [network.conv1, network.conv2, network.fc1, network.fc2, network.emotion, network.output]
    for layer, source in zip(theirs, ours, strict=True):
        weight = source.weight.detach().clone()
        if source is network.fc1:  # the product flattens pixels first, channels last
            weight = weight.view(-1, side, side, 256).permute(0, 3, 1, 2).reshape(weight.shape)
        layer.weight.data.copy_(weight)
        layer.bias.data.copy_(source.bias.detach())
    return plain


def same_losses(ours: list[float], theirs: list[float]) -> Check:
    """Both losses fall alike."""
    apart = float(np.abs(np.subtract(ours, theirs)).max())
    return Check("loss of an iteration, difference", f"{apart:.4f}", f"at most {CLOSE:g}", apart <= CLOSE)
