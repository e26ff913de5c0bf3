"""Many linear SVMs with squared hinge loss on one design matrix, solved together.

Detector k minimises what LIBLINEAR's primal solver does (Fan et al. 2008, solver 2)::

    f(w, b) = 1/2 (|w|^2 + b^2) + sum_i C_i max(0, 1 - y_i (w.x_i + b))^2

where C_i is the detector's C times the weight of the example's class, and the bias is the weight of a
constant feature of 1. Examples that a detector does not use have C_i = 0.

The detectors share the examples, so they share the spectrum of the examples: `hinge_descent` preconditions
conjugate gradients with it, which advance all detectors with two matrix products a step. Where few examples
are active the problem is small, and `hinge_newton` solves it exactly. Whoever solved it, `hinge_certificate`
measures in double precision how good the result is.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from baselines.blas_threads import threaded_map
from baselines.hinge_certificate import certify
from baselines.hinge_descent import descend
from baselines.hinge_newton import solve_working_sets

BLOCK = 64
"""Detectors that one thread advances together: wide enough for BLAS, small enough for the cache."""

ROWS = 2048
"""Examples rotated at a time."""


@dataclasses.dataclass(frozen=True)
class Design:
    """Examples prepared once for any number of fits.

    Attributes
    ----------
    X : ndarray of float32 or float64, shape (n, d)
        The examples as given.
    rotated : ndarray of float32, shape (n, r)
        The examples, with the constant feature, in the basis of their principal axes; r = min(n, d + 1).
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
    """K linear detectors and how close each is to its optimum.

    Attributes
    ----------
    weights : ndarray of float64, shape (d, K)
    bias : ndarray of float64, shape (K,)
    objective : ndarray of float64, shape (K,)
        f of each detector.
    gap : ndarray of float64, shape (K,)
        Certified: f exceeds its minimum by at most this share of the minimum.
    """

    weights: np.ndarray
    bias: np.ndarray
    objective: np.ndarray
    gap: np.ndarray


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
            f"examples must be float32 or float64 of shape (n, d), n > 0; got {X.dtype} {X.shape}"
        )
    if not np.isfinite(X).all():
        row = int(np.flatnonzero(~np.isfinite(X).all(axis=1))[0])
        raise ValueError(f"example {row} has a feature that is not finite; leave it out or mend its features")
    n, d = X.shape
    blocks = [slice(first, first + ROWS) for first in range(0, n, ROWS)]
    with threaded_map(threads) as run:
        if d + 1 <= n:
            moments = sum(run(lambda rows: _products(_with_constant(X[rows]).T), blocks))
            spectrum, basis = np.linalg.eigh(moments)
        else:
            spectrum, left = np.linalg.eigh(_products(_with_constant(X)))
            # Axes without examples are not defined by them; the orthogonalisation gives them any direction.
            basis = np.linalg.qr(_with_constant(X).T.astype(np.float64) @ left[:, ::-1])[0][:, ::-1]
        rotation = basis.astype(np.float32)
        rotated = np.concatenate(list(run(lambda rows: _with_constant(X[rows]) @ rotation, blocks)))
    return Design(X, rotated.astype(np.float32, copy=False), basis, spectrum.clip(0) / n)


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
        A `Design` (see `prepare`) saves work where the same examples are fitted more than once.
    labels : ndarray of int, shape (n, K)
        1 positive, -1 negative, 0 not used by that detector.
    cost : float or ndarray, shape (K,)
        C of each detector.
    positive_weight, negative_weight : float or ndarray, shape (K,)
        What C is multiplied by for the positive and for the negative examples of each detector.
    tolerance : float
        Gap to reach, as a share of the minimum; it is certified, see `SquaredHingeFit.gap`.
    device : str
        ``cpu``, or a device of PyTorch (``cuda``) on which the descent runs.
    threads : int, optional
        On the CPU; by default as many as BLAS uses. The result does not depend on it.

    Returns
    -------
    SquaredHingeFit
        In the order of the columns of ``labels``. A gap above ``tolerance`` is reported, not hidden.

    Raises
    ------
    ValueError
        Labels of another shape or value, a cost or weight that is not positive, or a device without PyTorch.
    """
    design = examples if isinstance(examples, Design) else prepare(np.asarray(examples), threads)
    labels = _checked_labels(labels, len(design.X))
    count = labels.shape[1]
    each = _per_detector("cost", cost, count)
    up = each * _per_detector("positive_weight", positive_weight, count)
    down = each * _per_detector("negative_weight", negative_weight, count)
    # Detectors with alike numbers of positive examples share a block: they need alike work.
    order = np.argsort((labels > 0).sum(axis=0), kind="stable")
    state = np.zeros((count, design.rotated.shape[1]))
    weights, bias = np.zeros((design.X.shape[1], count)), np.zeros(count)
    objective, gap = np.zeros(count), np.full(count, np.inf)
    for dtype in (np.float32, np.float64):
        width = BLOCK if device == "cpu" else count
        blocks = np.array_split(order, -(-len(order) // width)) if len(order) else []
        solve = _solver(design, labels, (up, down), state, tolerance, dtype, device)
        with threaded_map(threads) as run:
            solved = list(run(solve, blocks))
        state[np.concatenate(blocks)] = np.concatenate([found for found, _, _ in solved])
        stacked = design.basis @ state[order].T
        weights[:, order], bias[order] = stacked[:-1], stacked[-1]
        exact = np.concatenate([block[which] for block, (_, which, _) in zip(blocks, solved, strict=True)])
        multipliers = np.concatenate([duals for _, _, duals in solved])
        for which, duals in ((np.setdiff1d(order, exact), None), (exact, multipliers)):
            objective[which], gap[which] = certify(
                design.X,
                labels[:, which],
                weights[:, which],
                bias[which],
                (up[which], down[which]),
                duals,
                threads,
            )
        # What single precision could not settle goes on in double precision from where it stands.
        order = order[gap[order] > tolerance]
        if len(order) == 0:
            break
    return SquaredHingeFit(weights, bias, objective, gap)


Solved = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Weights of some detectors (k, r), which of them were solved exactly (k,), and the multipliers of those."""


def _solver(
    design: Design,
    labels: np.ndarray,
    cost: tuple[np.ndarray, np.ndarray],
    state: np.ndarray,
    tolerance: float,
    dtype: type,
    device: str,
) -> Callable[[np.ndarray], Solved]:
    """A function that solves some detectors from where they stand."""
    rotated = design.rotated
    if dtype != np.float32:
        rotated = _with_constant(design.X).astype(dtype, copy=False) @ design.basis
    up, down = np.sqrt(2 * cost[0]), np.sqrt(2 * cost[1])

    def solve(detectors: np.ndarray) -> Solved:
        y = np.ascontiguousarray(labels[:, detectors].T)
        mask = np.where(y > 0, up[detectors, None], np.where(y < 0, -down[detectors, None], 0))
        mask = mask.astype(dtype, copy=False)
        # Half the tolerance leaves room for the rounding of this precision.
        found, exact = descend(
            rotated, design.spectrum, mask, state[detectors].astype(dtype), tolerance / 2, device
        )
        found[exact], multipliers = solve_working_sets(rotated, mask[exact], found[exact], tolerance / 2)
        return found, exact, multipliers

    return solve


def _with_constant(x: np.ndarray) -> np.ndarray:
    return np.concatenate([x, np.ones((len(x), 1), dtype=x.dtype)], axis=1)


def _products(rows: np.ndarray) -> np.ndarray:
    return (rows @ rows.T).astype(np.float64)


def _per_detector(name: str, value: float | np.ndarray, count: int) -> np.ndarray:
    values = np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError(f"{name} must be positive and finite for every detector; got {value!r}")
    return values


def _checked_labels(labels: np.ndarray, n: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 2 or len(labels) != n:
        raise ValueError(f"labels must have shape ({n}, K), a row an example; got {labels.shape}")
    wrong = ~np.isin(labels, (-1, 0, 1))
    if wrong.any():
        raise ValueError(f"labels are 1 positive, -1 negative, 0 not used; got {labels[wrong][0]!r}")
    return labels.astype(np.int8)
