"""SIFT: keypoints and descriptors of decoded images."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import joblib
import numpy as np

from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.data.store import FeatureStore
from benchmark.run import isolated
from benchmark.run.engine import in_parallel
from benchmark.run.features import compute_features, feature_batches
from benchmark.speed.inputs import photographs
from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side, SpeedError

SIDE = 256


def cases(settings: Settings) -> Iterator[Case]:
    """SIFT of decoded 256 x 256 images, all cores."""
    n = 6 if settings.quick else 4 * BATCH * settings.cores
    pixels = photographs(n, SIDE, SIDE)
    ours = StoredSift(pixels, settings.scratch / "store", settings.cores)
    yield Case(
        name="SIFT",
        unit="images",
        products=(Side("a process a core, one thread each, stored", ours.run, n, before=ours.empty),),
        peers=(
            Peer(
                Side("OpenCV's own threads", lambda: with_opencv_threads(pixels, settings.cores), n),
                reach=1.2,
            ),
        ),
        check=lambda found, theirs: [*equal_descriptors(found[0], theirs[0]), ours.asked_again()],
        rounds=7,
        note=f"generated images, {settings.cores} cores; the product's time includes writing its store",
    )


class StoredSift:
    """The product: features are computed as `run` does it, in a process a batch, and kept.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, side, side, 3)
    folder : Path
        Of the stores; a new one for each run.
    workers : int
        Processes at a time.
    """

    def __init__(self, pixels: np.ndarray, folder: Path, workers: int) -> None:
        self._pixels, self._folder, self._workers = pixels, folder, workers
        self._sift: Extractor = product("baselines.features.sift", "Sift")(size=SIDE)
        self._numbers = itertools.count()

    def empty(self) -> None:
        """Begin with a store that holds the pixels and no SIFT."""
        shutil.rmtree(self._folder, ignore_errors=True)
        store = FeatureStore(self._folder / str(next(self._numbers)))
        keys = [f"image{i:05d}" for i in range(len(self._pixels))]
        for start in range(0, len(keys), BATCH):
            store.put(Pixels(size=SIDE), keys[start : start + BATCH], self._pixels[start : start + BATCH])
        self._images = ImageSet(keys, store)

    def run(self) -> list[np.ndarray]:
        """Compute and store; returns the descriptors, read from the store."""
        batch = min(BATCH, -(-len(self._images) // self._workers))
        calls = (
            joblib.delayed(isolated.call)(compute_features, *given, threads=1)
            for given in feature_batches(self._images, [self._sift], batch)
        )
        for outcome in in_parallel(self._workers, calls):
            if outcome.error:
                raise SpeedError(f"SIFT of a batch: {outcome.error}")
        found = self._images.features(self._sift)
        return np.split(found.values, np.cumsum(found.counts)[:-1])

    def asked_again(self) -> Check:
        """No image is described twice."""
        missing = len(self._images.missing(self._sift))
        return Check("images to describe when asked again", str(missing), "0", missing == 0)


def with_opencv_threads(pixels: np.ndarray, threads: int) -> list[np.ndarray | None]:
    """The peer: one image after the other, with OpenCV's own threads."""
    with isolated.limited_threads(threads):
        detector = cv2.SIFT.create()
        return [
            detector.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None)[1] for image in pixels
        ]


def equal_descriptors(ours: list[np.ndarray], theirs: list[np.ndarray | None]) -> list[Check]:
    """The same descriptors in the same order, image by image."""
    differ = sum(
        not np.array_equal(a[:, :128], np.empty((0, 128)) if b is None else b)
        for a, b in zip(ours, theirs, strict=True)
    )
    mean = np.mean([len(rows) for rows in ours])
    return [
        Check("images whose descriptors differ", str(differ), "0", differ == 0),
        Check("keypoints an image", f"{mean:.0f}", "more than 0", bool(mean > 0)),
    ]
