"""How good given solutions of squared hinge problems are, in double precision on the examples as given."""

import numpy as np

from baselines.blas_threads import threaded_map

ROWS = 2048
"""Examples read at a time; the order of the sums never changes."""

ROUNDING = 1e-12
"""Share of the objective that double-precision sums may be wrong by; part of every certified gap."""


def certify(
    X: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray,
    cost: tuple[np.ndarray, np.ndarray],
    multipliers: np.ndarray | None = None,
    threads: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Objective of given detectors and a proven bound on how far it is above the minimum.

    Any multipliers alpha_i >= 0 are a point of the dual problem, whose value is a lower bound of the minimum.
    With s_i = 1 - y_i z_i, the slack, and x_i with the constant feature, the objective exceeds the bound by::

        1/2 |w - sum_i alpha_i y_i x_i|^2
          + sum_i (2 C_i max(0, s_i) - alpha_i)^2 / (4 C_i) + alpha_i (max(0, s_i) - s_i)

    The natural multipliers 2 C_i max(0, s_i) leave only half the squared length of the gradient.

    Parameters
    ----------
    X : ndarray of float, shape (n, d)
    labels : ndarray of int8, shape (n, K)
        1, -1, or 0 where not used.
    weights : ndarray of float64, shape (d, K)
    bias : ndarray of float64, shape (K,)
    cost : pair of ndarray of float64, shape (K,)
        C of the positive and of the negative examples.
    multipliers : ndarray of float, shape (K, n), optional
        alpha_i / sqrt(2 C_i), where negative 0 instead; by default the natural ones.
    threads : int, optional
        By default as many as BLAS uses. The result does not depend on it.

    Returns
    -------
    objective : ndarray of float64, shape (K,)
    gap : ndarray of float64, shape (K,)
        Excess over the lower bound, as a share of it; infinite where no positive bound is proven.
    """
    root_up, root_down = np.sqrt(2 * cost[0]), np.sqrt(2 * cost[1])

    def part(rows: slice) -> tuple[np.ndarray, ...]:
        x, y = X[rows].astype(np.float64), labels[rows]
        mask = np.where(y > 0, root_up, np.where(y < 0, -root_down, 0.0))
        slack = np.abs(mask) - mask * (x @ weights + bias)
        short = np.maximum(slack, 0)
        loss = np.einsum("nk,nk->k", short, short) / 2
        excess = np.zeros_like(loss)
        if multipliers is not None:
            dual = np.maximum(multipliers[:, rows].T.astype(np.float64), 0)
            wrong = short - dual
            excess = np.einsum("nk,nk->k", wrong, wrong) / 2 + np.einsum("nk,nk->k", dual, short - slack)
            short = dual
        short *= mask
        return loss, excess, x.T @ short, short.sum(axis=0)

    loss, excess, slope, offset = 0.0, 0.0, weights.copy(), bias.copy()
    blocks = [slice(first, first + ROWS) for first in range(0, len(X), ROWS)]
    with threaded_map(threads) as run:
        for one in run(part, blocks):
            loss, excess, slope, offset = loss + one[0], excess + one[1], slope - one[2], offset - one[3]
    objective = (np.einsum("dk,dk->k", weights, weights) + bias**2) / 2 + loss
    excess = excess + (np.einsum("dk,dk->k", slope, slope) + offset**2) / 2 + ROUNDING * objective
    bound = objective - excess
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where(bound > 0, excess / bound, np.where(objective > 0, np.inf, 0.0))
    return objective, gap
