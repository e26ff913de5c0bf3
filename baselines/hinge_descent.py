"""Preconditioned conjugate gradients for many squared hinge problems at once.

In the terms used here a detector is ``f(w) = 1/2 |w|^2 + 1/2 sum_i max(0, v_i)^2`` with the slack
``v_i = |m_i| - m_i a_i.w``, where a_i is an example in the basis of the principal axes of all examples and
``m_i = y_i sqrt(2 C_i)`` its mask: 0 where the detector does not use it.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from baselines.hinge_line_search import line_minimum
from baselines.hinge_newton import newton_price

STEPS = 1000
"""Descent ends here at the latest."""

FREE = 8
"""Steps that a detector's exact solution may cost before any step was taken."""

HEAVY = 256
"""Most examples of one class that a detector's preconditioner holds exactly."""

STALE = 0.2
"""Share by which the active weight of a detector changes before its preconditioner follows."""

HEAVIER = 3.0
"""How much more an example of the rare class must weigh than one of the other to be held exactly."""

RECOUNT = 4
"""Steps after which the active examples are counted again."""

SETTLED = 0.02
"""Share by which their number may have changed for the price of the exact solution to be believed."""


def descend(
    rotated: np.ndarray,
    spectrum: np.ndarray,
    mask: np.ndarray,
    start: np.ndarray,
    tolerance: float,
    device: str = "cpu",
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise until a gap is certified or the exact solution has become the cheaper way.

    Which way is cheaper is not known beforehand, so a detector keeps taking steps until they have cost as
    much as its exact solution would: at most twice the best choice. Prices are counted operations, not
    timings, so the outcome does not depend on the machine.

    Parameters
    ----------
    rotated : ndarray of float, shape (n, r)
    spectrum : ndarray of float64, shape (r,)
        Mean square of the columns.
    mask : ndarray of float, shape (k, n)
        y_i sqrt(2 C_i); 0 where not used.
    start : ndarray of float, shape (k, r)
    tolerance : float
        Relative gap.
    device : str
        ``cpu`` or a device of PyTorch.

    Returns
    -------
    weights : ndarray of float, shape (k, r)
    exact : ndarray of bool, shape (k,)
        Those left for the exact solution.
    """
    xp, place = _backend(device)
    near = _Preconditioner(xp, place, rotated, spectrum, mask)
    state = _Descent(xp, near, place(rotated), place(mask), place(start))
    weights, exact = start.copy(), np.zeros(len(mask), dtype=bool)
    left = np.arange(len(mask))
    n, r = rotated.shape
    counted = used = (mask != 0).sum(axis=1)
    for step in range(STEPS + 1):
        done = _numpy(state.gap()) <= tolerance
        bought = np.full(len(left), step == STEPS)
        if step % RECOUNT == 0:
            active = used if step == 0 else _numpy(state.active())
            settled = abs(active - counted[left]) <= SETTLED * active
            counted[left] = active
            paid = 4 * n * r * (max(step, FREE) if device == "cpu" else FREE)
            bought |= settled & (newton_price(active, r) <= paid)
        bought &= ~done
        going = ~(done | bought)
        # Dropping rows copies the others, which pays only where a good part can go.
        if going.sum() <= 0.8 * len(left) or step == STEPS:
            weights[left[~going]] = _numpy(state.weights)[~going]
            exact[left[bought]] = True
            left = left[going]
            if len(left) == 0:
                break
            state.keep(np.flatnonzero(going))
        state.step()
    return weights, exact


class _Descent:
    """The state of some detectors, a row each."""

    def __init__(self, xp: ModuleType, near: "_Preconditioner", rotated: Any, mask: Any, start: Any) -> None:
        self._xp, self._near = xp, near
        self._rotated, self._mask, self.weights = rotated, mask, start
        self._slack = abs(mask)
        if bool((start != 0).any()):
            self._slack -= mask * (start @ rotated.T)
        self._direction: Any = None
        self._last: Any = None
        self._last_decrement: Any = None
        self._measure()

    def _measure(self) -> None:
        """Objective and gradient where the detectors stand."""
        short = self._xp.clip(self._slack, 0, None)
        self._objective = (_dot(self._xp, self.weights, self.weights) + _dot(self._xp, short, short)) / 2
        short *= self._mask
        self._gradient = self.weights - short @ self._rotated

    def gap(self) -> Any:
        """Duality gap as a share of the lower bound, shape (k,); infinite where that is not positive."""
        excess = _dot(self._xp, self._gradient, self._gradient) / 2
        bound = self._objective - excess
        missing = bound <= 0
        gap = excess / self._xp.where(missing, 1 + 0 * bound, bound)
        return self._xp.where(missing & (self._objective > 0), float("inf") + 0 * bound, gap)

    def active(self) -> Any:
        """Number of active examples, shape (k,)."""
        return (self._slack > 0).sum(1)

    def keep(self, rows: np.ndarray) -> None:
        """Go on with some of the detectors."""
        self._near.keep(rows)
        self._mask, self._slack, self.weights = self._mask[rows], self._slack[rows], self.weights[rows]
        self._objective, self._gradient = self._objective[rows], self._gradient[rows]
        if self._direction is not None:
            self._direction, self._last = self._direction[rows], self._last[rows]
            self._last_decrement = self._last_decrement[rows]

    def step(self) -> None:
        """One step of preconditioned nonlinear conjugate gradients (Polak & Ribiere, never negative)."""
        xp, gradient = self._xp, self._gradient
        steepest = self._near.apply(gradient, self._slack)
        decrement = _dot(xp, gradient, steepest)
        direction = -steepest
        if self._direction is not None:
            turn = (decrement - _dot(xp, self._last, steepest)) / self._last_decrement
            direction += xp.clip(turn, 0, None)[:, None] * self._direction
        slope = _dot(xp, gradient, direction)
        astray = slope >= 0
        direction = xp.where(astray[:, None], -steepest, direction)
        slope = xp.where(astray, -decrement, slope)
        change = direction @ self._rotated.T
        change *= self._mask
        ascent, length = _dot(xp, self.weights, direction), _dot(xp, direction, direction)
        far = line_minimum(xp, self._slack, change, ascent, length, slope)[:, None]
        self.weights = self.weights + far * direction
        change *= far
        self._slack -= change
        self._direction, self._last, self._last_decrement = direction, gradient, decrement
        self._measure()


class _Preconditioner:
    """The Hessian of each detector as its spectrum would have it, inverted.

    The active examples of a detector are taken to be spread like all examples: ``I + c diag(spectrum)``,
    where c is the sum of their squared masks. The examples of a rare class that weigh much more than the
    others are not: as long as they are few, they enter exactly, as a correction of low rank (Woodbury's
    identity).
    """

    def __init__(
        self,
        xp: ModuleType,
        place: Callable[[np.ndarray], Any],
        rotated: np.ndarray,
        spectrum: np.ndarray,
        mask: np.ndarray,
    ) -> None:
        self._xp, self._spectrum = xp, place(spectrum.astype(rotated.dtype))
        index, held = _heavy_examples(mask)
        self._numbers, self._index, self._held = place(np.arange(len(mask))), place(index), place(held)
        self._rows = place(rotated[index] * held[:, :, None])
        self._squares = place(mask * mask)
        self._weight = place(np.full(len(mask), -1, dtype=mask.dtype))
        self._diagonal = place(np.ones((len(mask), len(spectrum)), dtype=mask.dtype))
        self._inner = place(np.zeros((*index.shape, index.shape[1]), dtype=mask.dtype))

    def keep(self, rows: np.ndarray) -> None:
        """Go on with some of the detectors."""
        for name in ("_index", "_held", "_rows", "_squares", "_weight", "_diagonal", "_inner"):
            setattr(self, name, getattr(self, name)[rows])

    def apply(self, gradient: Any, slack: Any) -> Any:
        """The preconditioned gradient, shape (k, r)."""
        self._refresh(slack)
        scaled = self._diagonal * gradient
        if self._index.shape[1] == 0:
            return scaled
        inner = self._inner @ (self._rows @ scaled[:, :, None])
        return scaled - self._diagonal * (self._rows.swapaxes(1, 2) @ inner)[:, :, 0]

    def _refresh(self, slack: Any) -> None:
        """Follow the active examples where they changed enough; in between it has to stay the same."""
        at_held = slack[self._numbers[: len(slack), None], self._index] > 0
        weight = (self._squares * (slack > 0)).sum(1) - (self._held**2 * at_held).sum(1)
        weight = self._xp.clip(weight, 0, None)
        old = np.flatnonzero(_numpy(abs(weight - self._weight) > STALE * abs(self._weight)))
        self._weight[old] = weight[old]
        self._diagonal[old] = 1 / (1 + weight[old][:, None] * self._spectrum)
        for k in old if self._index.shape[1] > 0 else ():
            rows = self._rows[k] * at_held[k][:, None]
            inner = (rows * self._diagonal[k]) @ rows.T
            inner += self._xp.diag(self._xp.ones_like(inner[0]))
            self._inner[k] = self._xp.linalg.inv(inner) * at_held[k]


def _heavy_examples(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The examples that preconditioners hold exactly (k, p), and their masks, 0 where there are fewer."""
    heaviest, lightest = mask.max(axis=1), -mask.min(axis=1)
    rare = (heaviest**2 >= HEAVIER * lightest**2) & (lightest > 0)
    places = [
        np.flatnonzero(row > 0) if one else np.empty(0, np.int64) for row, one in zip(mask, rare, strict=True)
    ]
    places = [found if len(found) <= HEAVY else found[:0] for found in places]
    index = np.zeros((len(mask), max(map(len, places))), dtype=np.int64)
    held = np.zeros(index.shape, dtype=mask.dtype)
    for k, found in enumerate(places):
        index[k, : len(found)], held[k, : len(found)] = found, mask[k, found]
    return index, held


def _dot(xp: ModuleType, a: Any, b: Any) -> Any:
    """Scalar products of the rows of two arrays of shape (k, m)."""
    return xp.einsum("km,km->k", a, b)


def _backend(device: str) -> tuple[ModuleType, Callable[[np.ndarray], Any]]:
    """The array library for a device, and how an array gets there."""
    if device == "cpu":
        return np, np.asarray
    try:
        import torch
    except ImportError as error:
        raise ValueError(
            f"device {device!r} needs PyTorch (pip install torch); or use device 'cpu'"
        ) from error
    return torch, lambda array: torch.tensor(array, device=device)


def _numpy(array: Any) -> np.ndarray:
    return array if isinstance(array, np.ndarray) else array.cpu().numpy()
