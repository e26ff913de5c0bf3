"""One cell: fit a method on training images and score test images. Runs in a process of its own.

No test label reaches this module.
"""

import dataclasses
import time
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from benchmark.data.imageset import ImageSet
from benchmark.method import Method, MethodSpec, Untuned, components
from benchmark.protocol.seeds import derive_seed
from benchmark.registry import load_registry


@dataclasses.dataclass(frozen=True)
class Task:
    """What a cell needs: all of it, and nothing of the test images but their pixels.

    Without training images (``labels`` is empty) the method is asked untuned.
    """

    method: str
    params: Mapping[str, Any]
    seed: int
    subset: str
    fold: int
    train: ImageSet
    labels: np.ndarray
    test: ImageSet
    imports: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Scores:
    """What a cell gives: P(positive) of each test image, what the method says of itself, and times."""

    scores: np.ndarray
    details: dict[str, Any]
    seconds: dict[str, float]


def run_cell(task: Task) -> Scores:
    """Fit and score.

    Raises
    ------
    ValueError
        The method's probabilities are not probabilities.
    """
    spec = load_registry(task.imports)[task.method]
    method = build(spec, task.params, task.seed, task.subset, task.fold)
    start = time.perf_counter()
    if len(task.labels):
        answer = method.fit(task.train, task.labels).predict_proba
    else:
        answer = cast(Untuned, method).untuned_proba
    fitted = time.perf_counter()
    scores = positive_scores(task.method, answer(task.test), len(task.test))
    seconds = {"fit": fitted - start, "score": time.perf_counter() - fitted}
    return Scores(scores, details_of(method), seconds)


def build(spec: MethodSpec, params: Mapping[str, Any], seed: int, *names: object) -> Method:
    """A new estimator with its parameters and seeds set.

    A seed belongs to a component, not to a method: two methods that share a component (a visual vocabulary,
    say) get the same one on the same images, so that it need not be learned twice.
    """
    method = spec.build(**params)
    seeds = {}
    for path, part in components(method):
        if "random_state" in part.get_params(deep=False):
            key = f"{path}__random_state" if path else "random_state"
            seeds[key] = derive_seed(seed, type(part).__name__, *names)
    return method.set_params(**seeds)


def positive_scores(name: str, probabilities: Any, n: int) -> np.ndarray:
    """Check a method's output and return P(positive), shape (n,)."""
    found = np.asarray(probabilities)
    if found.shape != (n, 2):
        raise ValueError(f"{name}.predict_proba returned shape {found.shape} for {n} images; return (n, 2)")
    found = found.astype(np.float64)
    if not np.isfinite(found).all() or found.min(initial=0) < 0 or found.max(initial=0) > 1 + 1e-9:
        raise ValueError(f"{name}.predict_proba returned values outside 0 to 1; return probabilities")
    if np.abs(found.sum(axis=1) - 1).max(initial=0) > 1e-6:
        raise ValueError(f"{name}.predict_proba returned rows that do not sum to 1")
    return np.minimum(found[:, 1], 1.0)


def details_of(method: Any) -> dict[str, Any]:
    """What a fitted method, or its last step, reports of itself in ``details_``."""
    last = method.steps[-1][1] if hasattr(method, "steps") else method
    return dict(getattr(method, "details_", None) or getattr(last, "details_", None) or {})
