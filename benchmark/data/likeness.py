"""When two images show the same picture: near perceptual hashes first, then agreeing thumbnails."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from benchmark.data.imageset import ImageSet
from benchmark.data.perceptual import Thumbnail

ROWS = 256
"""Images compared with all others at a time: 256 x 20,000 hashes are 41 MB."""


@dataclasses.dataclass(frozen=True)
class Likeness:
    """When two images count as the same picture.

    Attributes
    ----------
    distance : int
        Differing bits of the 64-bit perceptual hashes, at most.
    correlation : float
        Of the colour thumbnails, each around its plane of best fit (a picture's large gradient, such as sky
        above ground, is common to many pictures), at least.
    difference : float
        Root mean square difference of the thumbnails over the weaker one's contrast around that plane, at
        most. Being relative, it lets images without texture pass only if they agree exactly: such images
        cannot chain together.
    """

    distance: int = 12
    correlation: float = 0.85
    difference: float = 2.0


@dataclasses.dataclass(frozen=True)
class DuplicatePair:
    """Two images that show the same picture.

    Attributes
    ----------
    first, second : int
        Their places, the second in the other set if there are two.
    exact : bool
        The files hold the same bytes.
    distance : int
        Differing bits of the perceptual hashes, 0 to 64.
    difference : float
        Of the thumbnails, as in `Likeness`; 0 is equal.
    """

    first: int
    second: int
    exact: bool
    distance: int
    difference: float


def alike(
    images: ImageSet, others: ImageSet, mine: np.ndarray, theirs: np.ndarray, likeness: Likeness, same: bool
) -> Iterator[DuplicatePair]:
    """Find pairs whose hashes are near and whose thumbnails agree, some rows at a time.

    Parameters
    ----------
    mine, theirs : ndarray of uint64, shape (n,) and (m,)
        Perceptual hashes of ``images`` and of ``others``.
    same : bool
        The two sets are one: each pair is given once, the earlier image first.
    """
    for start in range(0, len(mine), ROWS):
        left = start if same else 0  # the pairs before it were seen the other way round
        bits = np.bitwise_count(mine[start : start + ROWS, None] ^ theirs[None, left:])
        first, second = np.nonzero(bits <= likeness.distance)
        distance = bits[first, second]
        first, second = first + start, second + left
        if same:
            keep = first < second
            first, second, distance = first[keep], second[keep], distance[keep]
        correlation, difference = _compare(*_thumbnails(images, first), *_thumbnails(others, second))
        agree = (correlation >= likeness.correlation) & (difference <= likeness.difference)
        for k in np.flatnonzero(agree):
            yield DuplicatePair(int(first[k]), int(second[k]), False, int(distance[k]), float(difference[k]))


def _thumbnails(images: ImageSet, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Thumbnails (m, pixels, 3) of the images at ``places``, each once, and which of them each place is."""
    used, which = np.unique(places, return_inverse=True)
    extractor = Thumbnail()
    if not len(used):
        return np.empty((0, extractor.side**2, 3), dtype=np.uint8), which
    return np.asarray(images[used].features(extractor)).reshape(len(used), -1, 3), which


def _compare(
    mine: np.ndarray, first: np.ndarray, theirs: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Correlation and relative difference, as in `Likeness`, of pairs of thumbnails, shape (pairs,)."""
    correlation, difference = np.zeros(len(first)), np.full(len(first), np.inf)
    side = round(mine.shape[1] ** 0.5)
    rows, columns = np.divmod(np.arange(side**2), side)
    plane, _ = np.linalg.qr(np.stack([np.ones(side**2), rows, columns], axis=1))
    for start in range(0, len(first), 2 * ROWS):
        part = slice(start, start + 2 * ROWS)
        a, b = mine[first[part]].astype(np.float64), theirs[second[part]].astype(np.float64)
        apart = np.sqrt(((a - b) ** 2).mean(axis=(1, 2)))
        a -= plane @ (plane.T @ a)
        b -= plane @ (plane.T @ b)
        contrast_a, contrast_b = np.sqrt((a**2).mean(axis=(1, 2))), np.sqrt((b**2).mean(axis=(1, 2)))
        weaker = np.minimum(contrast_a, contrast_b)
        textured = weaker > 1e-6  # what the fit of a flat image leaves over is rounding error
        np.divide((a * b).mean(axis=(1, 2)), contrast_a * contrast_b, out=correlation[part], where=textured)
        np.divide(apart, weaker, out=difference[part], where=textured)
        equal = apart == 0
        correlation[part][equal], difference[part][equal] = 1.0, 0.0
    return correlation, difference
