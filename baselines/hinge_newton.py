"""Exact solution of squared hinge problems in which few examples are active.

The minimum does not change if the examples that meet their margin are left out, and without them the problem
is no larger than the number of the others. So a working set is solved exactly, the examples outside that fall
short of their margin there join it, and when none does it is the solution of the whole problem. The minimum
over a working set is a lower bound of the minimum over all, since every example only adds to f.

In the terms of `hinge_descent`: with ``b_i = m_i a_i`` the solution is ``w = sum_i u_i b_i`` with
``u_i = max(0, v_i)``, and among the active examples ``u + (b_i.b_j) u = |m|``.
"""

import numpy as np
import scipy.linalg

from baselines.hinge_line_search import line_minimum

ROUNDS = 50
"""Working sets of one detector at most."""

NEWTON_STEPS = 60
"""Active sets tried within one working set at most."""

PRODUCTS = 2**26
"""Entries of scalar products kept at a time: detectors are taken in parts that need no more memory."""

INNER = 0.1
"""Share of the tolerance that a working set's own solution may be off by."""

FULL = 0.05
"""How far from 1 the length of a step may be to be taken as a full step of Newton's method."""

SMALLEST = 64
"""Examples that a working set may grow by in any case; beyond that it may double."""

NEAR = 0.05
"""Examples that exceed their margin by up to this share are in the first working set too."""


def newton_price(active: np.ndarray, r: int) -> np.ndarray:
    """Operations that the exact solution takes: scalar products of the active examples, and factorisations.

    A factorisation takes a third of ``active ** 3``, runs at about half speed, and there are some thirty.
    """
    return active**2 * (r + 20 * active)


def solve_working_sets(
    rotated: np.ndarray, mask: np.ndarray, start: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Solve some detectors exactly.

    Parameters
    ----------
    rotated : ndarray of float, shape (n, r)
    mask : ndarray of float, shape (k, n)
        y_i sqrt(2 C_i); 0 where not used.
    start : ndarray of float, shape (k, r)
        Where the first working set is looked for.
    tolerance : float
        Relative gap.

    Returns
    -------
    weights : ndarray of float, shape (k, r)
    multipliers : ndarray of float, shape (k, n)
        u_i: a point of the dual problem that proves how good the weights are.
    """
    found, multipliers = start.copy(), np.zeros_like(mask)
    slack = _slack(rotated, mask, start)
    first = (mask != 0) & (slack > -NEAR * np.abs(mask))
    memory = np.cumsum(first.sum(axis=1) ** 2) // PRODUCTS
    for part in np.split(np.arange(len(mask)), np.flatnonzero(np.diff(memory)) + 1):
        sets = {k: _WorkingSet(rotated, mask[k], slack[k], np.flatnonzero(first[k])) for k in part}
        for _ in range(ROUNDS):
            if len(part) == 0:
                break
            for k in part:
                found[k] = sets[k].solve(tolerance)
            true = _slack(rotated, mask[part], found[part])
            part = part[[sets[k].extend(v, tolerance) for k, v in zip(part, true, strict=True)]]
        for k, working_set in sets.items():
            multipliers[k, working_set.members] = working_set.dual
    return found, multipliers


def _slack(rotated: np.ndarray, mask: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.abs(mask) - mask * (weights @ rotated.T)


class _WorkingSet:
    """The examples of one detector that are solved exactly, and their state.

    Their multipliers u give the weights; their slack is what they miss of their margin there.
    """

    def __init__(self, rotated: np.ndarray, mask: np.ndarray, slack: np.ndarray, members: np.ndarray) -> None:
        self._rotated, self._mask = rotated, mask
        self.members, self._margin = members, np.abs(mask[members])
        rows = self._rows(members)
        self._products = rows @ rows.T
        # The multipliers with which the examples that are active now would all just stay so.
        active = np.flatnonzero(slack[members] > 0)
        self.dual = np.zeros(len(members), dtype=rows.dtype)
        inside = self._products[np.ix_(active, active)]
        self.dual[active] = np.maximum(_solve_shifted(inside, self._margin[active]), 0)
        self._slack = self._margin - self._products @ self.dual
        self._repeated = False

    def _rows(self, members: np.ndarray) -> np.ndarray:
        return self._mask[members, None] * self._rotated[members]

    def solve(self, tolerance: float) -> np.ndarray:
        """Weights that minimise f over the working set, shape (r,)."""
        for _ in range(NEWTON_STEPS):
            excess, objective = self._excess(self._slack)
            if excess <= INNER * tolerance * objective or not self._step():
                break
        return self.dual @ self._rows(self.members)

    def _excess(self, slack: np.ndarray) -> tuple[float, float]:
        """Duality gap of the weights that the multipliers give, and their objective, over the members.

        A multiplier may be negative on the way; that is no point of the dual problem, where it counts as 0.
        """
        short = np.maximum(slack, 0)
        dual, negative = np.maximum(self.dual, 0), np.minimum(self.dual, 0)
        wrong = short - dual
        excess = wrong @ wrong / 2 + dual @ (short - slack)
        if negative.any():
            excess += negative @ self._products @ negative / 2
        return excess, (self.dual @ (self._margin - slack) + short @ short) / 2

    def _step(self) -> bool:
        """One step of Newton's method; False where rounding leaves no way down."""
        active = np.flatnonzero(self._slack > 0)
        # Only active examples keep a multiplier; taking one away moves the slack of the active ones.
        towards = -self.dual
        towards[active] = 0
        aim = self._slack[active] - self.dual[active] - self._products[active] @ towards
        towards[active] = _solve_shifted(self._products[np.ix_(active, active)], aim)
        change = self._products @ towards
        ascent, length = self.dual @ change, towards @ change
        slope = ascent - self._slack[active] @ change[active]
        if not slope < 0:
            return False
        row = (self._slack[None], change[None], ascent[None], length[None], slope[None])
        step = line_minimum(np, *row)[0]
        if abs(step - 1) < FULL:
            step = step.dtype.type(1)  # a full step leaves exactly 0 where there should be no multiplier
        self.dual = self.dual + step * towards
        self._slack = self._slack - step * change
        return True

    def extend(self, slack: np.ndarray, tolerance: float) -> bool:
        """Take in the examples that fall short of their margin; False if the solution is good enough.

        Parameters
        ----------
        slack : ndarray of float, shape (n,)
            Of all examples, at the weights that `solve` gave.
        """
        short = slack.copy()
        short[self.members] = 0
        new = np.flatnonzero(short > 0)
        excess, objective = self._excess(slack[self.members])
        outside = short[new] @ short[new] / 2
        repeated, self._repeated = self._repeated, len(new) == 0
        if excess + outside <= tolerance * (objective + outside) or (repeated and self._repeated):
            return False
        # The first working sets may be far too small, and their solutions then fail nearly everywhere.
        if len(new) > max(len(self.members), SMALLEST):
            new = np.sort(new[np.argsort(-short[new], kind="stable")[: max(len(self.members), SMALLEST)]])
        self._exchange(slack, new)
        return True

    def _exchange(self, slack: np.ndarray, new: np.ndarray) -> None:
        """Take in new members and let those go that are idle and far from their margin."""
        idle = (self.dual == 0) & (slack[self.members] < -NEAR * self._margin)
        old = np.flatnonzero(~idle)
        self.members = np.concatenate([self.members[old], new])
        self._margin = np.abs(self._mask[self.members])
        self.dual = np.concatenate([self.dual[old], np.zeros(len(new), dtype=self.dual.dtype)])
        self._slack = slack[self.members]
        if len(new) > 0 or idle.any():
            rows = self._rows(self.members)
            across = rows @ rows[len(old) :].T
            products = np.empty((len(rows), len(rows)), dtype=rows.dtype)
            products[: len(old), : len(old)] = self._products[np.ix_(old, old)]
            products[:, len(old) :] = across
            products[len(old) :, : len(old)] = across[: len(old)].T
            self._products = products


def _solve_shifted(products: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve (I + products) x = right."""
    products[np.diag_indices(len(products))] += 1
    try:
        factor = scipy.linalg.cho_factor(products, lower=True, check_finite=False)
    except np.linalg.LinAlgError:  # nearly dependent examples at a large C are beyond single precision
        factor = scipy.linalg.cho_factor(products.astype(np.float64), lower=True, check_finite=False)
    return scipy.linalg.cho_solve(factor, right, check_finite=False).astype(right.dtype)
