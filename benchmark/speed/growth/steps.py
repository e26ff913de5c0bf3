"""The steps from image files to cells of Table 6, each as a run does it."""

import dataclasses
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.duplicates import duplicate_groups, hash_files
from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.data.perceptual import PerceptualHash
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.data.synthetic.world import ANPS
from benchmark.method import Artefact, ArtefactTask
from benchmark.run.cell import Task, run_cell
from benchmark.run.features import compute_features, feature_batches
from benchmark.speed.growth.borrow import borrow, lenders
from benchmark.speed.growth.clock import Clock
from benchmark.speed.growth.images import read_quilts
from benchmark.speed.product import product

FOLDS = 5
"""Every fifth image is tested, the others train."""


@dataclasses.dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    name, title : str
        What it is called and what it does, in a few words.
    run : callable
        Does it for a `Growing`, all work in calls of the `Clock`.
    streams : bool
        Holds a batch of images at a time, so that its memory should not grow with their number.
    adds : bool
        Has to do with the images alone that came since the last size; otherwise with all of them.
    """

    name: str
    title: str
    run: Callable[["Growing", Clock], None]
    streams: bool = True
    adds: bool = False


class Growing:
    """A set of images that has grown.

    Parameters
    ----------
    folder : Path
        Holds the pictures, and the store of their features.
    sizes : tuple of int
        How many there were, at last how many there are.
    pairs : int
        Adjective-noun pairs shown.
    sample : int, optional
        Images that are described one by one beyond the first size; the others borrow their features (and what
        they show) from those of the first size. By default all are described.

    Attributes
    ----------
    n, before : int
        Images now, and before.
    images : ImageSet
        All of them, with their files.
    """

    def __init__(self, folder: Path, sizes: tuple[int, ...], pairs: int, sample: int | None = None) -> None:
        self.folder, self.n, self.sample = folder, sizes[-1], sample
        self.first, self.before = sizes[0], (0, *sizes)[-2]
        self.quilts = read_quilts(folder / "images", self.n)
        self.store = FeatureStore(folder / "store")
        self.images = ImageSet(self.quilts.keys, self.store, paths=self.quilts.paths)
        self.concepts = tuple(anp.name for anp in ANPS[:pairs])
        self.lenders = np.arange(self.n)[:, None].repeat(2, axis=1)
        for before, n in itertools.pairwise(sizes):
            if sample is not None and n - before > sample:
                self.lenders[before : n - sample] = lenders(before, n - sample, self.first)
        shown, labels = self.quilts.shown[self.lenders[:, 0]], self.quilts.labels[self.lenders[:, 0]]
        self.quilts = dataclasses.replace(self.quilts, shown=shown, labels=labels)

    def describe(self, clock: Clock, extractors: list[Extractor], start: int) -> None:
        """Describe the images from ``start`` on: all, or a sample whose time stands for all."""
        timed = np.arange(start, self.n)
        if self.sample is not None and self.n > self.first:
            timed = timed[-self.sample :]
        given = np.arange(start, timed[0])
        with clock.stopped() as other:
            own = self.lenders[given, 0] == given
            for batch in feature_batches(self.images[given[own]], extractors):
                other.call(compute_features, *batch)
            given = given[~own]
            lend, which = self.images[: self.first], self.lenders[given]
            other.call(borrow, self.store, self.images[given], lend, which, extractors)
        for batch in feature_batches(self.images[timed], extractors):
            clock.call(compute_features, *batch)
        clock.factor = (self.n - start) / len(timed)

    @property
    def source(self) -> Source:
        """The images as a training source of the pairs that they show."""
        positive = np.zeros((self.n, len(self.concepts)), dtype=bool)
        positive[np.arange(self.n)[:, None], self.quilts.shown] = True
        return Source(
            name="quilts",
            images=self.images,
            names=tuple(Path(path).name for path in self.quilts.paths),
            concepts=self.concepts,
            positive=positive,
            judged=np.ones_like(positive),
            support=("query",) * len(self.concepts),
            sentiment=None,
            labels=self.quilts.labels,
        )

    @property
    def bank(self) -> Artefact:
        """The bank learned from these images."""
        return Artefact("anp-bank", str(self.folder / f"bank-{self.n}"), f"bank of {self.n} images")


def _open(growing: Growing, clock: Clock) -> None:
    clock.call(open_files, growing.images[growing.before :])


def open_files(images: ImageSet) -> None:
    """Hash the files, decode them, and hash what they look like."""
    names = [Path(path).name for path in images._paths]  # type: ignore[union-attr]
    hash_files([Path(path) for path in images._paths], names)  # type: ignore[union-attr]
    images.prepare(PerceptualHash())


def _duplicates(growing: Growing, clock: Clock) -> None:
    clock.call(duplicate_groups, growing.images, [str(path) for path in growing.quilts.paths])


def _describe(choose: Callable[[], list[Extractor]], growing: Growing, clock: Clock) -> None:
    growing.describe(clock, choose(), growing.before)


def _features(kinds: tuple[str, ...]) -> list[Extractor]:
    """Extractors of SentiBank and of the colour histograms whose class has one of these names."""
    histogram = product("baselines.color_histogram", "ColorHistogram")().extractor
    every = (histogram, *product("baselines.sentibank", "FEATURES").extractors)
    return [extractor for extractor in every if type(extractor).__name__ in kinds]


def _vocabularies(growing: Growing, clock: Clock) -> None:
    clock.call(learn_vocabularies, growing.images)


def learn_vocabularies(images: ImageSet) -> None:
    """The bank's two vocabularies, kept in the store."""
    product("baselines.sentibank", "FEATURES").learn(images, 0)


def _pyramids(growing: Growing, clock: Clock) -> None:
    features = product("baselines.sentibank", "FEATURES")
    pyramids = list(features.joined(features.learn(growing.images, 0))[len(features.plain) :])
    growing.describe(clock, pyramids, 0)


def _bank(growing: Growing, clock: Clock) -> None:
    growing.bank.path.mkdir()
    clock.call(learn_bank, growing.source, growing.bank.path)


def learn_bank(source: Source, folder: Path) -> None:
    """SentiBank's detectors, as the artefact ``anp-bank`` learns them, at one of the settings it tries."""
    features = product("baselines.sentibank", "FEATURES")
    settings = product("baselines.detectors", "BankSettings")(negatives=(0,), costs=(1.0,))
    task = ArtefactTask(source, folder, seed=0)
    product("baselines.concept_bank", "train_bank")(task, features, settings)


def _answers(growing: Growing, clock: Clock) -> None:
    features = product("baselines.sentibank", "FEATURES")
    answers = product("baselines.concept_bank", "ConceptAnswers")(bank=growing.bank, features=features)
    for batch in feature_batches(growing.images, [answers]):
        clock.call(compute_features, *batch)


def _cell(method: str, bank: str, growing: Growing, clock: Clock) -> None:
    every, images = np.arange(growing.n), growing.images.sealed()
    train = every[every % FOLDS != 0]
    params: dict[str, Any] = {bank: growing.bank} if bank else {}
    task = Task(
        method=method,
        params=params,
        seed=0,
        subset="all",
        fold=0,
        train=images[train],
        labels=growing.quilts.labels[train],
        test=images[every[every % FOLDS == 0]],
    )
    clock.call(run_cell, task)


def _described(*kinds: str) -> Callable[[Growing, Clock], None]:
    return partial(_describe, partial(_features, kinds))


STEPS = (
    Step("open", "read, decode and hash the files", _open, adds=True),
    Step("duplicates", "compare all perceptual hashes", _duplicates, streams=False),
    Step("histograms", "GCH and LCH", _described("RgbHistogram"), adds=True),
    Step("sift", "SIFT", _described("Sift"), adds=True),
    Step("gist", "GIST", _described("Gist"), adds=True),
    Step(
        "textures",
        "channel histograms, LBP, HOG 2x2",
        _described("ChannelHistogram", "LocalBinaryPatterns", "Hog2x2"),
        adds=True,
    ),
    Step("vocabularies", "1,000 words of SIFT and of HOG 2x2", _vocabularies),
    Step("pyramids", "both in spatial pyramids", _pyramids),
    Step("bank", "SentiBank's detectors, one of nine settings", _bank, streams=False),
    Step("answers", "of the detectors", _answers),
    Step("GCH", "a cell of Table 6", partial(_cell, "GCH", ""), streams=False),
    Step("GCH+BoW", "a cell, its vocabulary included", partial(_cell, "GCH+BoW", ""), streams=False),
    Step("SentiBank", "a cell", partial(_cell, "SentiBank", "conceptresponses__bank"), streams=False),
)
"""In their order; each finds in the store what those before it left."""
