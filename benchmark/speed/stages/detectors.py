"""Detector banks: many linear SVMs on the same images, solved together or one by one."""

import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from benchmark.speed.product import product
from benchmark.speed.stage import Case, Check, Peer, Settings, Side

TOLERANCE = 1e-3
"""Share by which the objective may exceed its minimum."""

TRIED = 20
"""Classes that the peer is given; its time is scaled to all."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """Detectors to be learned from generated features.

    Attributes
    ----------
    images, features : int
        Size of the design matrix.
    positives : tuple of int
        Images that show the concept of each detector; all the others are its negatives.
    cost : float
        C.
    balanced : bool
        Whether positives and negatives have the same say, as in a bank, or every image.
    """

    images: int
    features: int
    positives: tuple[int, ...]
    cost: float
    balanced: bool = False

    @property
    def name(self) -> str:
        """Its size in words."""
        weights = ", balanced" if self.balanced else ""
        return f"{len(self.positives):,} on {self.images:,} x {self.features:,}, C = {self.cost:g}{weights}"

    def weights(self, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What multiplies C for the positives and for the negatives of each detector, both of shape (K,)."""
        positives = (labels == 1).sum(axis=0)
        if not self.balanced:
            return np.ones(len(positives)), np.ones(len(positives))
        return len(labels) / (2 * positives), len(labels) / (2 * (len(labels) - positives))


def cases(settings: Settings) -> Iterator[Case]:
    """A bank of detectors with all other images as negatives, to 0.1 % of the least objective, all cores."""
    for problem in problems(settings.quick):
        X, labels = make_problem(problem)
        some = np.linspace(0, len(problem.positives) - 1, TRIED).round().astype(np.int64)
        theirs = OneVsRest(X, labels[:, some], problem, settings)
        theirs.start()
        ours = functools.partial(solve, X, labels, problem, settings.device)
        yield Case(
            name=problem.name,
            unit="detectors",
            products=(Side("fit_squared_hinge", ours, len(problem.positives)),),
            peers=(Peer(Side("OneVsRestClassifier(LinearSVC)", theirs.run, TRIED), reach=50),),
            check=functools.partial(compare, X, labels, problem, some),
            rounds=3,
            warm=False,
            note=(
                f"generated features; the peer, LinearSVC(dual=False) with n_jobs={settings.cores}, fits "
                f"{TRIED} classes spread over all sizes, and its time is scaled to all"
            ),
        )


def problems(quick: bool) -> tuple[Problem, ...]:
    """What is measured: the size of SentiBank at two costs, and the size of a bank from 13,213 captions."""
    if quick:
        return (Problem(400, 30, (20,) * TRIED, 1.0, balanced=True),)
    share = (np.arange(213) + 0.5) / 213
    mined = 15 + 14 * (share / (1 - share)) ** 0.75  # few have many: the median is 29
    return (
        Problem(24_000, 1500, (20,) * 1200, 1.0),
        Problem(24_000, 1500, (20,) * 1200, 0.1),
        Problem(13_213, 1500, tuple(int(n) for n in mined.clip(max=570)), 0.1, balanced=True),
    )


def make_problem(problem: Problem, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Features like the principal components of images', and labels.

    The variance of component j falls as 1 / j; each image shows about one concept, which shifts it by a tenth
    of the spread. Centred, of mean squared length 1.

    Returns
    -------
    X : ndarray of float32, shape (n, d)
    labels : ndarray of int8, shape (n, K)
        1 or -1.
    """
    rng = np.random.default_rng(seed)
    spread = ((1 + np.arange(problem.features)) ** -0.5).astype(np.float32)
    X = rng.standard_normal((problem.images, problem.features), dtype=np.float32)
    labels = np.full((problem.images, len(problem.positives)), -1, dtype=np.int8)
    free = rng.permutation(np.resize(np.arange(problem.images), sum(problem.positives)))
    for k, shown in enumerate(np.split(free, np.cumsum(problem.positives)[:-1])):
        labels[shown, k] = 1
        X[shown] += 0.1 * rng.standard_normal(problem.features, dtype=np.float32)
    X *= spread
    X -= X.mean(axis=0)
    X /= np.sqrt(np.mean(np.einsum("nd,nd->n", X, X)))
    return X, labels


Solution = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Weights (d, K), bias (K,) and certified gap (K,); a peer's gap is infinite, since it certifies nothing."""


def solve(X: np.ndarray, labels: np.ndarray, problem: Problem, device: str) -> Solution:
    """The product: all detectors together."""
    fit = product("baselines.squared_hinge", "fit_squared_hinge")(
        X, labels, problem.cost, *problem.weights(labels), tolerance=TOLERANCE, device=device
    )
    return fit.weights, fit.bias, fit.gap


class OneVsRest:
    """The peer: scikit-learn's one-vs-rest over LIBLINEAR's primal solver, a process a core.

    The features are a file that its processes map: so none is sent a copy.
    """

    def __init__(self, X: np.ndarray, labels: np.ndarray, problem: Problem, settings: Settings) -> None:
        place = settings.scratch / "features.npy"
        place.unlink(missing_ok=True)
        np.save(place, X.astype(np.float64))  # what LIBLINEAR computes with
        self._X, self._labels = _mapped(place), (labels == 1).astype(np.int64)
        svm = LinearSVC(dual=False, C=problem.cost, class_weight="balanced" if problem.balanced else None)
        self._classifier = OneVsRestClassifier(svm, n_jobs=settings.cores)

    def start(self) -> None:
        """Start its processes, so that this is not timed."""
        rows = np.unique(np.concatenate([np.arange(50), self._labels.argmax(axis=0)]))
        self._classifier.fit(self._X[rows, :2], self._labels[rows])

    def run(self) -> Solution:
        """Fit all classes."""
        fitted = self._classifier.fit(self._X, self._labels).estimators_
        weights = np.stack([svm.coef_[0] for svm in fitted], axis=1)
        bias = np.array([svm.intercept_[0] for svm in fitted])
        return weights, bias, np.full(len(bias), np.inf)


def _mapped(path: Path) -> np.ndarray:
    return np.load(path, mmap_mode="r", allow_pickle=False)


def compare(
    X: np.ndarray,
    labels: np.ndarray,
    problem: Problem,
    some: np.ndarray,
    ours: tuple[Solution],
    theirs: tuple[Solution],
) -> list[Check]:
    """The objectives of both sides, by the definition, on the classes that both solved."""
    weights, bias, gap = ours[0]
    mine = objective(X, labels[:, some], problem, weights[:, some], bias[some])
    other = objective(X, labels[:, some], problem, *theirs[0][:2])
    bound = mine / (1 + gap[some])
    least = np.minimum(mine, other)
    over, certified, peers = (mine / least - 1).max(), gap.max(), (other / bound - 1).max()
    demanded = f"at most {TOLERANCE:.1%}"
    honest = bool((bound <= other * (1 + 1e-6)).all())
    return [
        Check("objective above the peer's", f"{over:.4%} at most", demanded, bool(over <= TOLERANCE)),
        Check("certified gap of all detectors", f"{certified:.4%}", demanded, bool(certified <= TOLERANCE)),
        Check("certified bounds below what the peer found", str(honest), "True", honest),
        Check("the peer's objective above that bound", f"{peers:.4%}", "nothing", True),
    ]


def objective(
    X: np.ndarray, labels: np.ndarray, problem: Problem, weights: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    """``1/2 (|w|^2 + b^2) + sum_i C_i max(0, 1 - y_i (w.x_i + b))^2`` of each detector, shape (K,)."""
    up, down = problem.weights(labels)
    total = (np.einsum("dk,dk->k", weights, weights) + bias**2) / 2
    for start in range(0, len(X), 2000):
        y = labels[start : start + 2000].astype(np.float64)
        short = np.maximum(0, 1 - y * (X[start : start + 2000].astype(np.float64) @ weights + bias))
        total += problem.cost * (np.where(y > 0, up, down) * short**2).sum(axis=0)
    return total
