"""Many linear SVMs with squared hinge loss on one design matrix, solved together.

Detector k minimises what LIBLINEAR's primal solver does (Fan et al. 2008, solver 2)::

    f(w, b) = 1/2 (|w|^2 + b^2) + sum_i C_i max(0, 1 - y_i (w.x_i + b))^2

where C_i is the detector's C times the weight of its class and the bias is one more weight, of a constant
feature. Examples that a detector does not use have C_i = 0.

The detectors share the examples, so they share the spectrum of the examples: `hinge_descent` uses it to
precondition conjugate gradients that advance all detectors with two matrix products a step. Where few examples
are active the problem is small, and `hinge_newton` solves it exactly. Whoever solved it, `certify` measures
how good the result is in double precision on the examples as they were given.
"""

import dataclasses
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import threadpoolctl

from baselines.hinge_descent import descend
from baselines.hinge_newton import solve_working_sets

BLOCK = 64
"""Detectors that one thread advances together: wide enough for BLAS, small enough for the cache."""

ROWS = 2048
"""Examples read at a time where sums run over all of them; the order of the sums never changes."""

ROUNDING = 1e-12
"""Share of the objective that double-precision sums may be wrong by; part of every certified gap."""


@dataclasses.dataclass(frozen=True)
class Design:
    """Examples prepared once for any number of fits.

    Attributes
    ----------
    X : ndarray of float32 or float64, shape (n, d)
        The examples as given.
    rotated : ndarray of float32, shape (n, r)
        The examples with a constant feature of 1 appended, in the basis of their principal axes;
        r = min(n, d + 1).
    basis : ndarray of float64, shape (d + 1, r)
        The principal axes, orthonormal columns.
    spectrum : ndarray of float64, shape (r,)
        Mean square of the examples along each axis.
    """

    X: np.ndarray
    rotated: np.ndarray
    basis: np.ndarray
    spectrum: np.ndarray


@dataclasses.dataclass(frozen=True)
class SquaredHingeFit:
    """K linear detectors and how close each is to the optimum.

    Attributes
    ----------
    weights : ndarray of float64, shape (d, K)
    bias : ndarray of float64, shape (K,)
    objective : ndarray of float64, shape (K,)
        f at the solution.
    gap : ndarray of float64, shape (K,)
        Certified: f exceeds the minimum by at most this share of the minimum.
    """

    weights: np.ndarray
    bias: np.ndarray
    objective: np.ndarray
    gap: np.ndarray

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """w.x + b of examples (n, d) for each detector, shape (n, K)."""
        return X @ self.weights.astype(X.dtype) + self.bias.astype(X.dtype)


def prepare(X: np.ndarray, threads: int | None = None) -> Design:
    """Rotate the examples to their principal axes.

    The penalty does not depend on the basis, so the minimum is the same; but along these axes the Hessian of
    every detector is nearly diagonal, which is what makes few steps suffice.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (n, d)
        At least one example; finite.
    threads : int, optional
        By default as many as BLAS uses. The result does not depend on it.

    Raises
    ------
    ValueError
        Another shape or type, or a value that is not finite.
    """
    if X.ndim != 2 or len(X) == 0 or X.dtype not in (np.float32, np.float64):
        raise ValueError(
            f"examples must be float32 or float64 of shape (n, d), n >= 1; got {X.dtype} {X.shape}"
        )
    if not np.isfinite(X).all():
        row = int(np.flatnonzero(~np.isfinite(X).all(axis=1))[0])
        raise ValueError(f"example {row} holds a value that is not finite; leave it out or mend its features")
    n, d = X.shape
    with _single_threaded_blas(threads) as run:
        if d + 1 <= n:
            moments = sum(run(lambda rows: _gram(_augmented(X[rows])), _row_blocks(n)))
            spectrum, basis = np.linalg.eigh(moments)
        else:
            augmented = _augmented(X).astype(np.float64)
            spectrum, left = np.linalg.eigh(augmented @ augmented.T)
            basis = np.linalg.qr(augmented.T @ left[:, ::-1])[0][:, ::-1]
        rotation = np.ascontiguousarray(basis, dtype=np.float32)
        rotated = np.empty((n, len(spectrum)), dtype=np.float32)
        for rows, part in zip(
            _row_blocks(n), run(lambda rows: _augmented(X[rows]) @ rotation, _row_blocks(n)), strict=True
        ):
            rotated[rows] = part
    return Design(X, rotated, basis, spectrum.clip(0) / n)


def fit_squared_hinge(
    examples: np.ndarray | Design,
    labels: np.ndarray,
    cost: float | np.ndarray = 1.0,
    positive_weight: float | np.ndarray = 1.0,
    negative_weight: float | np.ndarray = 1.0,
    tolerance: float = 1e-3,
    device: str = "cpu",
    threads: int | None = None,
) -> SquaredHingeFit:
    """Fit K linear SVMs to shared examples.

    Parameters
    ----------
    examples : ndarray of float, shape (n, d), or Design
        A `Design` saves its preparation where the same examples are fitted more than once.
    labels : ndarray of int, shape (n, K)
        1 positive, -1 negative, 0 not used by that detector.
    cost : float or ndarray, shape (K,)
        C of each detector.
    positive_weight, negative_weight : float or ndarray, shape (K,)
        What C is multiplied by for the positive and for the negative examples of each detector.
    tolerance : float
        Gap to reach, as a share of the minimum; it is certified, see `SquaredHingeFit.gap`.
    device : str
        ``cpu``, or a device of PyTorch (``cuda``) on which to run the descent.
    threads : int, optional
        On the CPU; by default as many as BLAS uses. The result does not depend on it.

    Returns
    -------
    SquaredHingeFit
        In the order of the columns of ``labels``. A gap above ``tolerance`` is reported, not hidden.

    Raises
    ------
    ValueError
        Labels of another shape or value, or a cost or weight that is not positive.
    """
    design = examples if isinstance(examples, Design) else prepare(np.asarray(examples), threads)
    labels = _checked_labels(labels, len(design.X))
    count = labels.shape[1]
    costs = (_per_detector("cost", cost, count), _per_detector("positive_weight", positive_weight, count))
    up, down = costs[0] * costs[1], costs[0] * _per_detector("negative_weight", negative_weight, count)
    problem = _Problem(labels, up, down)
    # Detectors with alike numbers of positive examples share a block: they need alike work.
    order = np.lexsort((np.arange(count), (labels > 0).sum(axis=0)))
    blocks = np.array_split(order, max(-(-count // BLOCK), 1)) if device == "cpu" else [order]
    solution = np.zeros((count, design.rotated.shape[1]))
    for dtype in (np.float32, np.float64):
        duals = [np.empty(0)] * count
        with _single_threaded_blas(threads) as run:
            solve = _solver(design, problem, solution, tolerance, dtype, device)
            for block, (found, exact, multipliers) in zip(blocks, run(solve, blocks), strict=True):
                solution[block] = found
                ...
        stacked = design.basis @ solution.T
        weights, bias = stacked[:-1], stacked[-1]
        objective, gap = certify(design.X, labels, weights, bias, up, down, threads)
        # What single precision could not settle is finished in double precision from where it stands.
        unsettled = np.flatnonzero(gap > tolerance)
        if dtype == np.float64 or len(unsettled) == 0:
            break
        blocks = np.array_split(unsettled, -(-len(unsettled) // BLOCK))
    return SquaredHingeFit(weights, bias, objective, gap)


def certify(
    X: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray,
    positive_cost: np.ndarray,
    negative_cost: np.ndarray,
    threads: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Objective of given detectors and a proven bound on how far it is above the minimum.

    The multipliers 2 C_i max(0, 1 - y_i z_i) are a point of the dual problem, and the duality gap there is half
    the squared length of the gradient (f has curvature of at least 1 in every direction, so no less can be
    said from the gradient alone). All sums are in double precision.

    Parameters
    ----------
    X : ndarray of float, shape (n, d)
    labels : ndarray of int, shape (n, K)
    weights : ndarray of float64, shape (d, K)
    bias : ndarray of float64, shape (K,)
    positive_cost, negative_cost : ndarray of float64, shape (K,)
        C times the weight of the class.

    Returns
    -------
    objective : ndarray of float64, shape (K,)
    gap : ndarray of float64, shape (K,)
        (f - lower bound) / lower bound; infinite where no positive lower bound is proven.
    """

    def part(rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x, y = X[rows].astype(np.float64), labels[rows]
        signed = np.where(y > 0, positive_cost, np.where(y < 0, -negative_cost, 0.0))
        short = np.maximum(1 - np.sign(y) * (x @ weights + bias), 0)
        pull = signed * short
        return np.einsum("nk,nk->k", np.abs(pull), short), x.T @ pull, pull.sum(axis=0)

    loss, slope, offset = 0.0, -weights / 2, -bias / 2
    with _single_threaded_blas(threads) as run:
        for part_loss, part_slope, part_offset in run(part, _row_blocks(len(X))):
            loss, slope, offset = loss + part_loss, slope + part_slope, offset + part_offset
    objective = (np.einsum("dk,dk->k", weights, weights) + bias**2) / 2 + loss
    excess = 2 * (np.einsum("dk,dk->k", slope, slope) + offset**2) + ROUNDING * objective
    bound = objective - excess
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where(bound > 0, excess / bound, np.where(objective > 0, np.inf, 0.0))
    return objective, gap


@dataclasses.dataclass(frozen=True)
class _Problem:
    """Labels and the C of each class of each detector."""

    labels: np.ndarray
    up: np.ndarray
    down: np.ndarray

    def mask(self, detectors: np.ndarray, dtype: type) -> np.ndarray:
        """y_i sqrt(2 C_i), shape (k, n): multiplied by it, margins have unit curvature."""
        y = np.ascontiguousarray(self.labels[:, detectors].T)
        up, down = np.sqrt(2 * self.up[detectors]), np.sqrt(2 * self.down[detectors])
        mask = np.multiply(y > 0, up[:, None], dtype=dtype)
        np.copyto(mask, -down[:, None].astype(dtype), where=y < 0)
        return mask


def _solver(
    design: Design, problem: _Problem, start: np.ndarray, tolerance: float, dtype: type, device: str
) -> Callable[[np.ndarray], np.ndarray]:
    """A function that solves some detectors from where they stand; it returns weights (k, r)."""
    if dtype == np.float32:
        rotated = design.rotated
    else:
        rotated = np.concatenate([_augmented(design.X[r]) @ design.basis for r in _row_blocks(len(design.X))])

    def solve(detectors: np.ndarray) -> np.ndarray:
        mask = problem.mask(detectors, dtype)
        first = start[detectors].astype(dtype)
        # Half the tolerance leaves room for the rounding of this precision.
        found, exact = descend(rotated, design.spectrum, mask, first, tolerance / 2, device)
        found[exact] = solve_working_sets(rotated, mask[exact], found[exact], tolerance / 2)
        return found

    return solve


def _gram(x: np.ndarray) -> np.ndarray:
    return (x.T @ x).astype(np.float64)


def _augmented(x: np.ndarray) -> np.ndarray:
    """Examples with a constant feature of 1 appended, as single precision where they are that."""
    return np.concatenate([x, np.ones((len(x), 1), dtype=x.dtype)], axis=1)


def _row_blocks(n: int) -> list[slice]:
    return [slice(first, min(first + ROWS, n)) for first in range(0, n, ROWS)]


class _single_threaded_blas:  # noqa: N801  (used as a function)
    """Run tasks on threads of our own, each with a BLAS of one thread; yields an ordered ``map``.

    The tasks do not depend on the number of threads, and a BLAS of one thread repeats itself, so the result
    is the same bytes for any number of threads.
    """

    def __init__(self, threads: int | None) -> None:
        blas = [info["num_threads"] for info in threadpoolctl.threadpool_info() if info["user_api"] == "blas"]
        self._threads = max(blas, default=1) if threads is None else threads

    def __enter__(self) -> Callable[[Callable, Iterable], Iterable[Any]]:
        self._limits = threadpoolctl.threadpool_limits(1, user_api="blas")
        self._pool = ThreadPoolExecutor(self._threads)
        return self._pool.map

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._limits.restore_original_limits()


def _per_detector(name: str, value: float | np.ndarray, count: int) -> np.ndarray:
    values = np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(f"{name} must be positive and finite for every detector; got {value!r}")
    return values


def _checked_labels(labels: np.ndarray, n: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 2 or len(labels) != n:
        raise ValueError(f"labels must have shape ({n}, K), a row an example; got {labels.shape}")
    if not np.isin(labels, (-1, 0, 1)).all():
        odd = labels[~np.isin(labels, (-1, 0, 1))][0]
        raise ValueError(f"labels are 1 (positive), -1 (negative) or 0 (not used); got {odd!r}")
    return labels.astype(np.int8)
