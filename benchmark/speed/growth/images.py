"""Many pictures at little cost: quilts of two drawn worlds each, in a folder.

Drawing a world takes some 20 ms, a quilt 2 ms. A quilt is a random part of one world beside a random part of
another, each perhaps mirrored, under a faint texture that costs JPEG and SIFT what photographs do. No two are
near-duplicates but by chance, and picture i is the same however many there are.
"""

import csv
import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmark.data.synthetic.capture import encode
from benchmark.data.synthetic.content import choose_content, generator
from benchmark.data.synthetic.picture import draw_picture
from benchmark.data.synthetic.world import ANPS
from benchmark.speed.inputs import photographs

WIDTH, HEIGHT = 360, 300
TEXTURES, TEXTURE = 16, 0.4
"""Textures drawn, and their share: pictures then have some 390 SIFT keypoints; photographs have 600."""

QUALITY = 85
TABLE = "images.csv"


@dataclasses.dataclass(frozen=True)
class Cloth:
    """What quilts are cut from.

    Attributes
    ----------
    worlds : int
        Pictures drawn, at least 2.
    pairs : int
        Adjective-noun pairs that they show, in turn.
    seed : int
        Of everything.
    """

    worlds: int = 500
    pairs: int = len(ANPS)
    seed: int = 0


@dataclasses.dataclass(frozen=True)
class Quilts:
    """The pictures of a folder.

    Attributes
    ----------
    paths : ndarray of str, shape (n,)
    keys : ndarray of str, shape (n,)
        SHA-256 of each file.
    shown : ndarray of int64, shape (n, 2)
        The pairs shown on the left and on the right.
    labels : ndarray of int64, shape (n,)
        Sentiment of the left one, 1 positive or 0 negative.
    """

    paths: np.ndarray
    keys: np.ndarray
    shown: np.ndarray
    labels: np.ndarray


def draw_quilts(folder: Path, first: int, last: int, cloth: Cloth, tell: Callable[[str], None]) -> None:
    """Draw pictures ``first`` to ``last - 1`` and add them to the folder's table."""
    tell(f"drawing {cloth.worlds} worlds")
    worlds = [_world(cloth, k) for k in range(cloth.worlds)]
    textures = photographs(TEXTURES, HEIGHT + 40, WIDTH + 40, cloth.seed)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TABLE).open("a", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        for i in range(first, last):
            rng = generator(cloth.seed, "quilt", i)
            a, b = rng.choice(len(worlds), 2, replace=False)
            data = encode(_quilt(worlds[a][0], worlds[b][0], textures, rng), QUALITY)
            name = f"{i:08d}.jpg"
            (folder / name).write_bytes(data)
            shown = (int(a) % cloth.pairs, int(b) % cloth.pairs)
            table.writerow([name, hashlib.sha256(data).hexdigest(), *shown, worlds[a][1]])
            if i % 500 == 0:
                tell(f"picture {i:,} of {last:,}")


def read_quilts(folder: Path, n: int) -> Quilts:
    """The first ``n`` pictures of a folder."""
    with (folder / TABLE).open(newline="") as file:
        rows = [row for row, _ in zip(csv.reader(file), range(n), strict=False)]
    return Quilts(
        paths=np.array([str(folder / row[0]) for row in rows], dtype=np.str_),
        keys=np.array([row[1] for row in rows], dtype=np.str_),
        shown=np.array([row[2:4] for row in rows], dtype=np.int64).reshape(-1, 2),
        labels=np.array([row[4] for row in rows], dtype=np.int64),
    )


def _world(cloth: Cloth, number: int) -> tuple[np.ndarray, int]:
    """A drawn picture and its sentiment."""
    rng = generator(cloth.seed, "cloth", number)
    anp = ANPS[number % cloth.pairs]
    content = choose_content(rng, anp, int(anp.sentiment > 0), 1.0)
    return draw_picture(content, rng), content.label


def _quilt(left: np.ndarray, right: np.ndarray, textures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    seam = int(rng.uniform(0.4, 0.65) * WIDTH)
    quilt = np.concatenate([_cut(left, seam, rng), _cut(right, WIDTH - seam, rng)], axis=1)
    texture = textures[rng.integers(len(textures))]
    top, start = rng.integers(41, size=2)
    texture = texture[top : top + HEIGHT, start : start + WIDTH]
    return np.asarray(cv2.addWeighted(quilt, 1.0, texture, TEXTURE, -120 * TEXTURE))


def _cut(world: np.ndarray, width: int, rng: np.random.Generator) -> np.ndarray:
    """A random part of a picture, (HEIGHT, width)."""
    scale = max(width / world.shape[1], HEIGHT / world.shape[0]) * rng.uniform(1.01, 1.3)
    scaled = cv2.resize(world, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top = rng.integers(scaled.shape[0] - HEIGHT + 1)
    start = rng.integers(scaled.shape[1] - width + 1)
    part = scaled[top : top + HEIGHT, start : start + width]
    return part[:, ::-1] if rng.random() < 0.5 else part
