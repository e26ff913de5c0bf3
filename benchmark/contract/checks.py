"""What every method must hold, one function a demand.

Each check takes a `Subject` and raises `ContractError` with what was demanded, what was found and where to
look. ``CHECKS`` lists those of fitting, the most telling failure first; `checks_of` those that apply to one.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from benchmark.contract.world import contract_dataset, learn_artefacts, odd_images, relabelled
from benchmark.data.dataset import Dataset
from benchmark.data.extractor import Pixels
from benchmark.data.fingerprint import plain
from benchmark.data.imageset import ImageSet
from benchmark.method import MethodSpec, components, extractors
from benchmark.protocol.folds import draw_folds
from benchmark.registry import load_registry
from benchmark.run import fitted, isolated
from benchmark.run.cell import Scores, Task, build, positive_scores, run_cell
from benchmark.run.plan import device_parameters
from benchmark.stages import CROSS_VALIDATION


class ContractError(AssertionError):
    """A method breaks the contract; the message says which demand, what was found, and where to look."""


@dataclasses.dataclass(frozen=True)
class Subject:
    """A method under check and the folder that the checks may use.

    Attributes
    ----------
    spec : MethodSpec
        The method.
    folder : Path
        For generated images, features and models.
    imports : tuple of str
        Modules that register it, for the processes that run it.
    settings : mapping of str to mapping
        Of artefacts, by their names; as they are set by default where not given.
    """

    spec: MethodSpec
    folder: Path
    imports: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def dataset(self) -> Dataset:
        """The generated images."""
        return contract_dataset(self.folder)

    @functools.cached_property
    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Training and test indices of the first fold over all images."""
        folds = draw_folds(self.dataset)
        return folds.train("three", 1), folds.test("three", 1)

    @functools.cached_property
    def params(self) -> dict[str, Any]:
        """The artefacts that the method needs, learned from the embedded source, and the CPU as its device.

        Equal bytes are demanded below, and a GPU gives them only where it is told to, and slower.
        """
        artefacts = learn_artefacts(
            self.spec, load_registry(self.imports), self.dataset, self.folder, self.settings
        )
        return artefacts | dict.fromkeys(device_parameters(self.spec), "cpu")

    def build(self) -> Any:
        """A new estimator with its artefacts and the seeds of one cell."""
        return build(self.spec, self.params, 0, "three", 1)

    @functools.cached_property
    def fitted(self) -> Any:
        """The method fitted on the first training part; not to be fitted again."""
        train, _ = self.split
        with isolated.limited_threads(1):
            return self.build().fit(self.dataset.images[train], self.dataset.labels[train])

    def score(self, method: Any, images: ImageSet) -> np.ndarray:
        """P(positive) of images, checked."""
        with isolated.limited_threads(1):
            return positive_scores(self.spec.name, method.predict_proba(images), len(images))

    def run(
        self, dataset: Dataset, train: np.ndarray, test: np.ndarray, subset: str = "three", fold: int = 1
    ) -> np.ndarray:
        """P(positive) as the runner computes it: in a process of its own, without test labels."""
        images = dataset.images
        for size in self.spec.image_sizes:
            images.prepare(Pixels(size=size))
        for extractor in extractors(self.spec.build(**self.params)):
            images.prepare(extractor)
        images = images.sealed()
        task = Task(
            self.spec.name,
            self.params,
            0,
            subset,
            fold,
            images[train],
            dataset.labels[train],
            images[test],
            self.imports,
        )
        outcome = isolated.call(run_cell, task)
        demand(not outcome.error, f"a cell runs to its end; it said: {outcome.error}\n{outcome.traceback}")
        scores: Scores = outcome.value
        return scores.scores

    @functools.cached_property
    def clean(self) -> np.ndarray:
        """P(positive) of the first fold's test images, nothing meddled with."""
        return self.run(self.dataset, *self.split)


def demand(held: bool, what: str) -> None:
    """Raise unless a demand is held."""
    if not held:
        raise ContractError(what)


def check_estimator(subject: Subject) -> None:
    """The factory returns a new scikit-learn estimator whose settings can be cloned and written down."""
    first, second = subject.spec.factory(), subject.spec.factory()
    demand(
        first is not second,
        "the factory returns a new estimator each time; it returned the same object twice",
    )
    before = plain(first)
    try:
        copy = clone(first)
    except RuntimeError as error:
        raise ContractError(
            f"clone() keeps every parameter; do not change them in __init__ ({error})"
        ) from error
    demand(plain(copy) == before, "clone() keeps every parameter; do not change them in __init__")
    own = {id(part) for _, part in components(first)} & {id(part) for _, part in components(second)}
    demand(not own, "two estimators share a component; make the components inside the factory")


def check_probabilities(subject: Subject) -> None:
    """`fit` returns the estimator and `predict_proba` gives (n, 2) probabilities."""
    train, test = subject.split
    method = subject.build()
    with isolated.limited_threads(1):
        returned = method.fit(subject.dataset.images[train], subject.dataset.labels[train])
    demand(returned is method, f"fit returns self; it returned {type(returned).__name__}")
    scores = subject.score(method, subject.dataset.images[test])
    demand(scores.shape == (len(test),), f"one score an image; got shape {scores.shape}")


def check_sealed(subject: Subject) -> None:
    """Everything that a method reads was declared: it runs on images without files."""
    demand(len(subject.clean) == len(subject.split[1]), "one score a test image")


def check_repeats(subject: Subject) -> None:
    """The same seed gives the same bytes."""
    first, second = subject.clean, subject.run(subject.dataset, *subject.split)
    demand(
        first.tobytes() == second.tobytes(),
        f"two fits with the same random_state differ by up to {np.abs(first - second).max():.2g}; "
        "take all randomness from random_state",
    )


def check_inputs_unchanged(subject: Subject) -> None:
    """`fit` leaves the labels alone."""
    train, _ = subject.split
    labels = subject.dataset.labels[train].copy()
    labels.flags.writeable = False
    try:
        with isolated.limited_threads(1):
            subject.build().fit(subject.dataset.images[train], labels)
    except ValueError as error:
        raise ContractError(f"fit may not write into labels; copy them first ({error})") from error


def check_each_image_alone(subject: Subject) -> None:
    """An image's score depends on that image: not on its place, nor on what else is scored."""
    _, test = subject.split
    images = subject.dataset.images[test]
    together = subject.score(subject.fitted, images)
    reversed_ = subject.score(subject.fitted, images[::-1])[::-1]
    alone = np.concatenate([subject.score(subject.fitted, images[[i]]) for i in range(min(8, len(images)))])
    for name, other in (("in reverse order", reversed_), ("one at a time", alone)):
        worst = np.abs(together[: len(other)] - other).max()
        demand(worst < 1e-6, f"scores {name} differ by {worst:.2g}; a score may depend on its own image only")


def check_test_labels_unseen(subject: Subject) -> None:
    """*Poison*: other labels on the test images, byte-identical scores."""
    train, test = subject.split
    clean = subject.clean
    labels = subject.dataset.labels.copy()
    labels[test] = 1 - labels[test]
    poisoned = subject.run(relabelled(subject.dataset, labels), train, test)
    demand(clean.tobytes() == poisoned.tobytes(), "scores changed with the labels of the test images")


def check_test_images_unseen(subject: Subject) -> None:
    """*Codebook*: other test images beside an image, byte-identical score: nothing was fitted on them."""
    train, test = subject.split
    half = len(test) // 2
    whole = subject.clean
    part = subject.run(subject.dataset, train, test[:half])
    worst = float(np.abs(whole[:half] - part).max())
    demand(
        worst < 1e-6, f"scores changed by {worst:.2g} with the other test images; fit on training images only"
    )


def check_refit(subject: Subject) -> None:
    """Fitting again forgets the first fit."""
    train, test = subject.split
    method = subject.build()
    with isolated.limited_threads(1):
        method.fit(subject.dataset.images[test], subject.dataset.labels[test])
        method.fit(subject.dataset.images[train], subject.dataset.labels[train])
    fresh = subject.score(subject.fitted, subject.dataset.images[test])
    again = subject.score(method, subject.dataset.images[test])
    demand(
        again.tobytes() == fresh.tobytes(),
        f"a second fit differs from a first by {np.abs(again - fresh).max():.2g}; fit starts anew each time",
    )


def check_odd_images(subject: Subject) -> None:
    """Single-colour, one-pixel-wide and tiny images get a score."""
    odd = odd_images(subject.folder / "odd")
    subject.score(subject.fitted, odd.images)


def check_one_class(subject: Subject) -> None:
    """A training set of one class is refused with a ValueError, or answered with that class."""
    train, test = subject.split
    positive = train[subject.dataset.labels[train] == 1]
    try:
        with isolated.limited_threads(1):
            method = subject.build().fit(
                subject.dataset.images[positive], np.ones(len(positive), dtype=np.int64)
            )
    except ValueError as error:
        demand(bool(str(error)), "refusing a training set of one class needs a message")
        return
    scores = subject.score(method, subject.dataset.images[test])
    demand(bool((scores >= 0.5).all()), "trained on positives alone, yet it predicts negatives")


def check_null(subject: Subject) -> None:
    """*Null*: shuffled labels over the whole protocol score at chance.

    Whatever door a method might smuggle labels through (files, global state, the feature store), it would
    know the shuffled ones too. The bound is four standard errors of the AUC under the null (Hanley & McNeil).
    """
    labels = np.random.default_rng(17).permutation(subject.dataset.labels)
    dataset = relabelled(subject.dataset, labels)
    folds = draw_folds(dataset)
    excess = []
    for fold in range(1, folds.k + 1):
        train, test = folds.train("three", fold), folds.test("three", fold)
        scores = subject.run(dataset, train, test, fold=fold)
        excess.append(roc_auc_score(labels[test], scores) - 0.5)
    # Per-fold AUCs are averaged: pooling would mix folds whose scores have different offsets. Under the null
    # the AUC of m positives and n negatives has variance (m + n + 1) / (12 m n); here m, n are a fold's.
    m, n = labels.sum() / folds.k, (1 - labels).sum() / folds.k
    error = float(np.sqrt((m + n + 1) / (12 * m * n) / folds.k))
    mean = float(np.mean(excess))
    demand(
        mean < 4 * error,
        f"labels shuffled at random are predicted with AUC {0.5 + mean:.3f}, chance is .5 within "
        f"{4 * error:.3f}: the method knows labels that it was not given",
    )


def check_stored(subject: Subject) -> None:
    """A fitted method is stored without pickle and scores the same afterwards."""
    _, test = subject.split
    path = subject.folder / "stored" / fitted.MODEL
    path.parent.mkdir(exist_ok=True)
    fitted.save(subject.fitted, path)
    before = subject.score(subject.fitted, subject.dataset.images[test])
    after = subject.score(fitted.load(path, subject.spec), subject.dataset.images[test])
    demand(
        before.tobytes() == after.tobytes(),
        "scores differ after storing and loading; keep state in attributes",
    )


def check_untuned(subject: Subject) -> None:
    """A method that is tested untuned gives probabilities before it is fitted, the same after it was."""
    _, test = subject.split
    images = subject.dataset.images[test]
    with isolated.limited_threads(1):
        before = positive_scores(subject.spec.name, subject.build().untuned_proba(images), len(test))
    if CROSS_VALIDATION in subject.spec.stages:
        with isolated.limited_threads(1):
            after = positive_scores(subject.spec.name, subject.fitted.untuned_proba(images), len(test))
        demand(before.tobytes() == after.tobytes(), "untuned_proba knows nothing of fit; it changed with it")


def checks_of(spec: MethodSpec) -> list[Callable[[Subject], None]]:
    """The checks that apply to a method: those of fitting where it is fitted, of its artefact where asked."""
    checks: list[Callable[[Subject], None]] = [check_estimator]
    if CROSS_VALIDATION in spec.stages:
        checks = list(CHECKS)
    return checks if spec.stages == (CROSS_VALIDATION,) else [*checks, check_untuned]


CHECKS: Sequence[Callable[[Subject], None]] = (
    check_estimator,
    check_probabilities,
    check_sealed,
    check_repeats,
    check_inputs_unchanged,
    check_each_image_alone,
    check_test_labels_unseen,
    check_test_images_unseen,
    check_refit,
    check_odd_images,
    check_one_class,
    check_stored,
    check_null,
)
