"""How much the published figures alone can tell: standard errors from the number of images."""

import math
from collections.abc import Sequence

from benchmark.data.twitter import TABLE4
from benchmark.report.claims import ZERO, Contrast, Side
from benchmark.report.evidence import TABLES
from benchmark.report.published import lookup

INDEPENDENT = "independent errors, an upper bound"

Z = 1.959964
"""Of a 95 % interval."""


def published_value(side: Side, metric: str) -> float | None:
    """The published figure of one side of a contrast; None where there is none."""
    figure = lookup(TABLES[side.stage], side.method, side.subset, metric)
    return None if figure is None else figure.value


def certainty(contrast: Contrast, metric: str) -> str:
    """Letters of both published figures, such as ``A``."""
    sides = (contrast.left, contrast.right)
    found = [lookup(TABLES[side.stage], side.method, side.subset, metric) for side in sides]
    return "".join(dict.fromkeys(figure.certainty for figure in found if figure))


def standard_error(contrast: Contrast, metric: str, disagreement: float | None) -> tuple[float, str]:
    """Standard error of the published difference: of the models tested there, on other images.

    Parameters
    ----------
    disagreement : float, optional
        Share of images on which one side is right and the other is not, from rows of ours. The paper does not
        say it; without it the two count as erring independently, which is an upper bound for methods that
        tend to err on the same images.

    Returns
    -------
    float, str
        The error, and what it was computed from.
    """
    left, right = contrast.left, contrast.right
    sizes = [sum(TABLE4[side.subset]) for side in (left, right)]
    values = [published_value(side, metric) or 0.0 for side in (left, right)]
    if metric != "accuracy":
        return math.hypot(_f1_error(left), _f1_error(right)), INDEPENDENT
    nested = left.subset != right.subset
    if nested and left.stage == ZERO:
        # one model on a subset and on the wider one that holds it
        return _nested_error(values, sizes), "one model, the narrow subset in the wide one"
    if disagreement is None:
        return math.hypot(
            *(math.sqrt(p * (1 - p) / n) for p, n in zip(values, sizes, strict=True))
        ), INDEPENDENT
    basis = f"disagreement {disagreement:.3f} as in our rows"
    if nested:
        # two models on the narrow subset, and the second of them on the wide one
        return math.hypot(math.sqrt(disagreement / sizes[0]), _nested_error(values, sizes)), basis
    difference = values[0] - values[1]
    share = max(disagreement, abs(difference))
    return math.sqrt((share - difference**2) / sizes[0]), basis


def _nested_error(values: Sequence[float], sizes: Sequence[int]) -> float:
    """Of a model's accuracy on a subset less its accuracy on a wider one that holds it."""
    (p, q), (n, whole) = values, sizes
    added = min(max((whole * q - n * p) / (whole - n), 0.0), 1.0)
    variance = p * (1 - p) / n + added * (1 - added) / (whole - n)
    return (whole - n) / whole * math.sqrt(variance)


def _f1_error(side: Side) -> float:
    """Of a published F1, by the delta method from the published precision and recall and the class counts."""
    positive, negative = TABLE4[side.subset]
    precision, recall = (published_value(side, name) or 0.0 for name in ("precision", "recall"))
    hits = recall * positive
    false = hits * (1 / precision - 1) if precision else 0.0
    rate = min(false / negative, 1.0)
    total = positive + hits + false
    by_hits, by_false = 2 * (positive + false) / total**2, -2 * hits / total**2
    variance = by_hits**2 * positive * recall * (1 - recall) + by_false**2 * negative * rate * (1 - rate)
    return math.sqrt(variance)
