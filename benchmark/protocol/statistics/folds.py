"""What can be said of a metric, and of two methods' difference, from the folds of a cross-validation.

The training sets of different folds overlap, so the values are not independent and the usual t interval is
too short. Nadeau & Bengio (2003, "Inference for the Generalization Error", Machine Learning 52) widen it: the
variance of the mean of J values is taken as (1/J + n_test/n_train) times their sample variance.
"""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

OF = "expected value of the method"
"""What intervals over folds are intervals of: the method, trained on other images and tested on others."""

POWER = 0.8
"""Power at which `FoldTest.detectable` is given."""

TINY = 1e-12
"""A spread below it is rounding: the folds are equal."""


@dataclasses.dataclass(frozen=True)
class FoldTest:
    """A paired comparison of two methods on the same folds.

    Attributes
    ----------
    difference : float
        Mean over folds of the first method's value minus the second's.
    low, high : float
        Corrected resampled t interval of the expected difference.
    p : float or None
        Two-sided p-value of no expected difference; None where every fold gave the same difference, other
        than 0, so that the folds tell nothing of its spread.
    detectable : float
        The expected difference that this test finds with 80 % power, given the spread over folds seen here.
    """

    difference: float
    low: float
    high: float
    p: float | None
    detectable: float


def mean(values: Sequence[float]) -> float:
    """Mean over folds (and seeds), as the paper averages them.

    Raises
    ------
    ValueError
        There are no values.
    """
    if not len(values):
        raise ValueError("no values to average: every fold of the cell is missing")
    return math.fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float | None:
    """Sample standard deviation over folds (J - 1 in the denominator); None below two values.

    It describes how much the folds differ. It is not the standard error of their mean.
    """
    if len(values) < 2:
        return None
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def correction(n_train: Sequence[int], n_test: Sequence[int]) -> float:
    """Nadeau and Bengio's term n_test / n_train; of unequal folds, the ratio of the sums.

    Raises
    ------
    ValueError
        The lengths differ, or a training set is empty.
    """
    if len(n_train) != len(n_test):
        raise ValueError(
            f"{len(n_train)} training sizes but {len(n_test)} test sizes; give one of each a fold"
        )
    if min(n_train, default=0) < 1:
        raise ValueError(f"training sizes must be at least 1, not {min(n_train, default=0)}")
    return sum(n_test) / sum(n_train)


def resampled_interval(
    values: Sequence[float], n_train: Sequence[int], n_test: Sequence[int], confidence: float = 0.95
) -> tuple[float, float] | None:
    """Corrected resampled t interval of a metric.

    An interval of the *expected* value of the metric: of the method, trained on a fresh set of n_train images
    from the population that these images come from, and tested on others of it. It is not an interval of the
    one model that will be shipped, nor of other sources of images; it takes the labels as true; and it is
    approximate: the variance of cross-validation has no unbiased estimate (Bengio & Grandvalet 2004).

    Parameters
    ----------
    values : sequence of float, length J
        The metric on each fold; of repeated cross-validation, on each fold of each repetition.
    n_train, n_test : sequence of int, length J
        Images that each fold trained and tested on.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    (float, float), or None
        Lower and upper limit, centred on the mean and not clipped; None below two values.

    Raises
    ------
    ValueError
        The lengths differ, or ``confidence`` is not between 0 and 1.
    """
    _check(confidence, len(values), n_train)
    error = _standard_error(values, n_train, n_test)
    if error is None:
        return None
    half = float(stats.t.ppf(0.5 + confidence / 2, df=len(values) - 1)) * error
    centre = mean(values)
    return centre - half, centre + half


def paired_resampled_test(
    first: Sequence[float],
    second: Sequence[float],
    n_train: Sequence[int],
    n_test: Sequence[int],
    confidence: float = 0.95,
) -> FoldTest | None:
    """Corrected resampled t-test of two methods that were tested on the same folds (Nadeau & Bengio 2003).

    Of repeated cross-validation every fold of every repetition counts, with one less degree of freedom than
    there are values (Bouckaert & Frank 2004). The test is conservative where methods change little with the
    training images.

    Parameters
    ----------
    first, second : sequence of float, length J
        A metric of each method on each fold, in one order.
    n_train, n_test : sequence of int, length J
        Images that each fold trained and tested on.

    Returns
    -------
    FoldTest, or None
        None below two folds.

    Raises
    ------
    ValueError
        The lengths differ, or ``confidence`` is not between 0 and 1.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values; a paired test needs the same folds of both")
    differences = [a - b for a, b in zip(first, second, strict=True)]
    _check(confidence, len(differences), n_train)
    error = _standard_error(differences, n_train, n_test)
    if error is None:
        return None
    centre, df = mean(differences), len(differences) - 1
    half = float(stats.t.ppf(0.5 + confidence / 2, df)) * error
    detectable = float(stats.t.ppf(0.5 + confidence / 2, df) + stats.t.ppf(POWER, df)) * error
    if error <= TINY:
        p = 1.0 if abs(centre) <= TINY else None
    else:
        p = float(2 * stats.t.sf(abs(centre) / error, df))
    return FoldTest(centre, centre - half, centre + half, p, detectable)


def _check(confidence: float, values: int, n_train: Sequence[int]) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a probability between 0 and 1, such as 0.95, not {confidence}")
    if values != len(n_train):
        raise ValueError(f"{values} values but {len(n_train)} training sizes; give one of each a fold")


def _standard_error(values: Sequence[float], n_train: Sequence[int], n_test: Sequence[int]) -> float | None:
    """Of the mean over folds, corrected; None below two values."""
    ratio = correction(n_train, n_test)
    deviation = standard_deviation(values)
    return None if deviation is None else deviation * math.sqrt(1 / len(values) + ratio)


def proportion_error(proportion: float, n: int) -> float:
    """Standard error of a proportion of n images, such as a pooled accuracy: sqrt(p (1 - p) / n).

    The images count as independent draws and the models as given; near .75 on 882 images it is .015.
    """
    if n < 1 or not 0 <= proportion <= 1:
        raise ValueError(f"a proportion from 0 to 1 of at least one image, not {proportion} of {n}")
    return float(np.sqrt(proportion * (1 - proportion) / n))
