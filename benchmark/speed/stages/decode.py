"""Decoding: from the bytes of a JPEG file to 256 x 256 pixels."""

import functools
import io
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageOps

from benchmark.data.pixels import decode
from benchmark.run.isolated import limited_threads
from benchmark.speed.inputs import jpeg, photographs
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

SIDE = 256

CLOSE = 2.0
"""Grey levels that the pixels may differ by on average: another filter, not another picture."""

SIZES = ((768, 1024), (453, 600))
"""Heights and widths: a photograph as sites show it, and the median one of the Twitter set."""


def cases(settings: Settings) -> Iterator[Case]:
    """A JPEG file to 256 x 256 pixels, the centre crop of the scaled image, one core."""
    for height, width in SIZES[:1] if settings.quick else SIZES:
        n = 3 if settings.quick else 200
        drawn = [jpeg(picture) for picture in photographs(min(n, 20), height, width)]
        files = [drawn[i % len(drawn)] for i in range(n)]
        with limited_threads(1):
            ours = Side("decode", functools.partial(all_of, decode, files), n)
            theirs = Side("PIL convert, resize", functools.partial(all_of, with_pillow, files), n)
            yield Case(
                name=f"JPEG of {width} x {height}",
                unit="images",
                products=(ours,),
                peers=(Peer(theirs, reach=3 if (height, width) == SIZES[0] else None),),
                check=lambda ours, theirs: [near(ours[0], theirs[0])],
                rounds=7,
                note=f"generated photographs, {np.mean([len(data) for data in drawn]) / 1000:.0f} kB a file",
            )


def all_of(function: Callable[[bytes], np.ndarray], files: list[bytes]) -> list[np.ndarray]:
    """Decode one file after the other."""
    return [function(data) for data in files]


def with_pillow(data: bytes) -> np.ndarray:
    """The peer: Pillow's own way to a square picture."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return np.asarray(ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.BICUBIC))


def near(ours: list[np.ndarray], theirs: list[np.ndarray]) -> Check:
    """Both show the same picture."""
    apart = float(np.mean([np.abs(a.astype(int) - b).mean() for a, b in zip(ours, theirs, strict=True)]))
    return Check("mean difference in grey levels", f"{apart:.2f}", f"at most {CLOSE:g}", apart <= CLOSE)
