"""McNemar's exact test: of two classifiers on the same images, which errs where the other does not."""

import dataclasses

import numpy as np
from scipy import stats


@dataclasses.dataclass(frozen=True)
class Discordance:
    """Where two classifiers differ.

    Attributes
    ----------
    first, second : int
        Groups of images on which the first, or the second, is right more often than the other. A group is an
        image, or a set of copies of one.
    p : float
        Two-sided exact p-value of both being equally probable.
    """

    first: int
    second: int
    p: float


def mcnemar(first: np.ndarray, second: np.ndarray, groups: np.ndarray) -> Discordance:
    """McNemar's exact test (1947) of the accuracies of two classifiers; a group of copies counts once.

    It takes the classifiers as they are: of pooled out-of-fold predictions, the models that were fitted.

    Parameters
    ----------
    first, second : ndarray of bool, shape (n,)
        Whether each classifier is right on each image.
    groups : ndarray of int, shape (n,)
        Copies of one image share a number.

    Raises
    ------
    ValueError
        The lengths differ.
    """
    if not len(first) == len(second) == len(groups):
        raise ValueError(
            f"{len(first)} and {len(second)} results of {len(groups)} images; a paired test needs all of both"
        )
    _, of = np.unique(groups, return_inverse=True)
    net = np.bincount(of, weights=np.asarray(first, float) - np.asarray(second, float))
    wins, losses = int((net > 0).sum()), int((net < 0).sum())
    p = float(stats.binomtest(wins, wins + losses).pvalue) if wins + losses else 1.0
    return Discordance(wins, losses, p)
