"""The exact line search of squared hinge problems, many at once.

Along a direction every problem is a convex piecewise quadratic of one variable, with one kink an example.
"""

from types import ModuleType
from typing import Any

STEPS = 6
"""Newton steps at most; two are usual."""

FLAT = 0.05
"""A point is accepted where the slope has fallen to this share of what it was at the start."""


def line_minimum(xp: ModuleType, slack: Any, change: Any, ascent: Any, length: Any, slope: Any) -> Any:
    """How far to go: nearly the minimum of 1/2 |w + t d|^2 + 1/2 sum_i max(0, v_i - t c_i)^2 over t.

    Newton's method on the derivative, kept inside the bracket that convexity gives; it is exact as soon as
    the active examples stay the same.

    Parameters
    ----------
    xp : module
        numpy or torch, whose arrays the others are.
    slack : array, shape (k, n)
        v, at t = 0.
    change : array, shape (k, n)
        c.
    ascent, length : array, shape (k,)
        w.d and d.d.
    slope : array, shape (k,)
        The derivative at t = 0, below 0.

    Returns
    -------
    array, shape (k,)
        t, not negative.
    """
    moving = change * (slack > 0)
    step = -slope / (length + _dot(xp, moving, moving))
    low, high = 0 * step, step + float("inf")
    for _ in range(STEPS):
        short = slack - step[:, None] * change
        active = short > 0
        short *= active
        moving = change * active
        tilt = ascent + step * length - _dot(xp, short, moving)
        if bool((abs(tilt) <= FLAT * abs(slope)).all()):
            return step
        low, high = xp.where(tilt <= 0, step, low), xp.where(tilt > 0, step, high)
        newton = step - tilt / (length + _dot(xp, moving, moving))
        inside = (newton > low) & (newton < high)
        step = xp.where(inside, newton, xp.where(high < float("inf"), (low + high) / 2, 2 * step))
    # The derivative is not above 0 at `low`, so by convexity f is not above its start there.
    return xp.where(low > 0, low, step)


def _dot(xp: ModuleType, a: Any, b: Any) -> Any:
    """Scalar products of the rows of two arrays of shape (k, n)."""
    return xp.einsum("kn,kn->k", a, b)
