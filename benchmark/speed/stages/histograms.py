"""GCH and LCH: joint RGB histograms of whole images and of their 4 x 4 blocks."""

from collections.abc import Iterator

import numpy as np

from benchmark.run.isolated import limited_threads
from benchmark.speed.inputs import photographs
from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

SIDE, BINS, GRID = 256, 4, 4

Histograms = tuple[np.ndarray, np.ndarray]
"""Counts of the whole images (n, 64) and of their blocks (n, 16, 64)."""


def cases(settings: Settings) -> Iterator[Case]:
    """Global and local colour histograms of decoded 256 x 256 images, one core."""
    n = 8 if settings.quick else 1500
    pixels = np.resize(photographs(min(n, 100), SIDE, SIDE), (n, SIDE, SIDE, 3))
    part = pixels[: max(4, n // 10)]
    with limited_threads(1):
        yield Case(
            name="GCH + LCH",
            unit="images",
            products=(Side("one pass for both", lambda: in_one_pass(pixels), n),),
            peers=(Peer(Side("np.histogramdd", lambda: with_histogramdd(part), len(part)), reach=12),),
            check=lambda ours, theirs: [equal_counts(ours[0], theirs[0])],
            rounds=7,
            note="generated images; the peer counts the blocks of a tenth of them and adds them up for GCH",
        )


def in_one_pass(pixels: np.ndarray) -> Histograms:
    """The product: blocks are counted once, and the global histogram is their sum."""
    merge = product("baselines.features.color", "merge_blocks")
    counts = product("baselines.features.color", "RgbHistogram")(size=SIDE, bins=BINS, grid=GRID).extract(
        pixels
    )
    return merge(counts, GRID, 1)[:, 0], merge(counts, GRID, GRID)


def with_histogramdd(pixels: np.ndarray) -> Histograms:
    """The peer: numpy's histogram of each block."""
    side = SIDE // GRID
    local = np.empty((len(pixels), GRID * GRID, BINS**3), dtype=np.int64)
    for image, blocks in zip(pixels, local, strict=True):
        for k in range(GRID * GRID):
            top, left = k // GRID * side, k % GRID * side
            colors = image[top : top + side, left : left + side].reshape(-1, 3)
            blocks[k] = np.histogramdd(colors, bins=(BINS,) * 3, range=[(0, 256)] * 3)[0].ravel()
    return local.sum(axis=1), local


def equal_counts(ours: Histograms, theirs: Histograms) -> Check:
    """Every count of the images that the peer did is the same."""
    n = len(theirs[0])
    wrong = sum(int(np.sum(a[:n] != b)) for a, b in zip(ours, theirs, strict=True))
    return Check("counts that differ", f"{wrong:,}", "0", wrong == 0)
