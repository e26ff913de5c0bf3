"""A fold of the robustness study: methods fitted once, then asked of its test images made worse.

Runs in a process of its own. No test label reaches this module.
"""

import dataclasses
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.corruptions import Corruption, corrupt
from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.data.store import FeatureStore
from benchmark.method import Method, MethodSpec, NotAvailable, extractors
from benchmark.protocol.robustness_row import CLEAN
from benchmark.registry import load_registry
from benchmark.run.cell import build, details_of, positive_scores
from benchmark.run.isolated import tell
from benchmark.run.scratch import scratch_folder


@dataclasses.dataclass(frozen=True)
class FoldTask:
    """What a fold needs.

    Attributes
    ----------
    params : mapping of str to mapping
        Methods to fit, and their parameters.
    seed, subset, fold
        As of the run's cells, whose estimators these are.
    train : ImageSet
    labels : ndarray of int, shape (n,)
        Of the training images.
    test : ImageSet
        Sealed; its pixels are stored.
    corruptions : sequence of Corruption
    scratch : str
        Folder for the corrupted pixels and their features, which are gone afterwards.
    imports : tuple of str
        Modules that register methods.
    """

    params: Mapping[str, Mapping[str, Any]]
    seed: int
    subset: str
    fold: int
    train: ImageSet
    labels: np.ndarray
    test: ImageSet
    corruptions: Sequence[Corruption]
    scratch: str
    imports: tuple[str, ...] = ()


@dataclasses.dataclass
class Answers:
    """What became of one method: scores by corruption, or why there are none."""

    scores: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    error: str = ""
    skipped: bool = False


def run_fold(task: FoldTask) -> dict[str, Answers]:
    """Fit every method, then score the images as they are and under each corruption.

    A method that fails is left out from then on; the others go on.
    """
    registry = load_registry(task.imports)
    found = {name: Answers() for name in task.params}
    fitted: dict[str, Method] = {}
    steps = len(task.params) + 1 + len(task.corruptions)
    for i, (name, params) in enumerate(task.params.items()):
        tell(i, steps, f"fold {task.fold}: fitting {name}")
        with _Noting(found[name], "fit"):
            method = build(registry[name], params, task.seed, task.subset, task.fold)
            fitted[name] = method.fit(task.train, task.labels)
            found[name].details = details_of(method)
    _score(CLEAN, task.test, fitted, found)
    sizes = sorted({size for name in fitted for size in pixel_sizes(registry[name], fitted[name])})
    for i, corruption in enumerate(task.corruptions, start=len(task.params) + 1):
        tell(i, steps, f"fold {task.fold}: {corruption}")
        with scratch_folder(Path(task.scratch)) as folder:
            images = corrupted(task.test, corruption, sizes, folder)
            _score(str(corruption), images, fitted, found)
    tell(steps, steps, f"fold {task.fold}")
    return found


def corrupted(images: ImageSet, corruption: Corruption, sizes: Sequence[int], folder: Path) -> ImageSet:
    """The same images made worse, in a store of their own, at each size of their pixels."""
    store = FeatureStore(folder)
    # keys of their own: a method that remembers features by key must not take them for the clean images
    clean: list[str] = images._keys.tolist()
    keys = [f"{key}-{corruption.kind}-{corruption.strength}" for key in clean]
    worse = ImageSet(keys, store, images.groups)
    for size in sizes:
        for start in range(0, len(images), BATCH):
            part = slice(start, start + BATCH)
            pixels = np.asarray(images[part].features(Pixels(size=size)))
            values = [corrupt(one, corruption, key) for one, key in zip(pixels, clean[part], strict=True)]
            store.put(Pixels(size=size), keys[part], np.stack(values))
    return worse


def pixel_sizes(spec: MethodSpec, method: Method) -> set[int]:
    """Sizes of the pixels that a method reads, by itself or for its features."""
    found = set(spec.image_sizes)
    waiting: list[Extractor] = list(extractors(method))
    while waiting:
        one = waiting.pop()
        source = one.source
        if source is None:
            found.add(one.size)
        else:
            waiting.extend(source if isinstance(source, tuple) else (source,))
    return found


def _score(
    variant: str, images: ImageSet, fitted: Mapping[str, Method], found: Mapping[str, Answers]
) -> None:
    for name, method in fitted.items():
        answers = found[name]
        if answers.error:
            continue
        with _Noting(answers, variant):
            answers.scores[variant] = positive_scores(name, method.predict_proba(images), len(images))


class _Noting:
    """Keeps how long a step of a method took; an error is kept as the method's and does not end the fold."""

    def __init__(self, answers: Answers, step: str) -> None:
        self.answers, self.step = answers, step

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        self.answers.seconds[self.step] = time.perf_counter() - self.start
        if error is None or not isinstance(error, Exception):
            return False
        self.answers.skipped = isinstance(error, NotAvailable)
        self.answers.error = str(error) if self.answers.skipped else f"{type(error).__name__}: {error}"
        self.answers.details = {"traceback": traceback.format_exc()}
        self.answers.scores = {}
        return True
