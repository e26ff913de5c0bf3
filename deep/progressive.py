"""Progressive training (You et al. 2015, Algorithm 1): images that the network is unsure of leave."""

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np

from deep.distributed import ALONE, Ranks
from deep.feed import Feed
from deep.log import Status
from deep.network import Network
from deep.processor import chosen_dtype
from deep.scoring import run_network
from deep.settings import TrainingSettings
from deep.training import TrainingResult, train


class SelectionError(RuntimeError):
    """Too little is left to train on; the message says how much and what to do."""


def removal_probability(scores: np.ndarray) -> np.ndarray:
    """Eq. 3: p_i = max(0, 2 - exp(|s_i1 - s_i2|)).

    1 where both classes score the same; 0 from a difference of ln 2 = .693 on. Labels play no part.

    Parameters
    ----------
    scores : ndarray of float, shape (n, 2)
        Softmax probabilities of the two classes, in any order.

    Returns
    -------
    ndarray of float64, shape (n,)
        0 to 1.
    """
    difference = np.abs(scores[:, 0] - scores[:, 1])
    return np.maximum(0.0, 2.0 - np.exp(difference))


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which training images stay.

    Attributes
    ----------
    kept, removed : ndarray of int64
        Indices of the images, ascending; together all of them.
    probability : ndarray of float64, shape (n,)
        Of removal, of each image.
    seed : int
        Of the sampling.
    """

    kept: np.ndarray
    removed: np.ndarray
    probability: np.ndarray
    seed: int

    def summary(self, labels: np.ndarray) -> dict[str, float]:
        """Table 2: how many images stay and leave, in all and by class.

        Parameters
        ----------
        labels : ndarray of int, shape (n,)
            1 positive, 0 negative; they had no part in the selection.

        Returns
        -------
        dict of str to number
            ``images``, ``kept``, ``removed``, ``kept_share``, and for ``positive`` and ``negative`` the same
            with the class behind them, such as ``kept_positive``. The share of an empty class is 0.
        """
        stays = np.zeros(len(self.probability), dtype=bool)
        stays[self.kept] = True
        found: dict[str, float] = {}
        classes = {"": np.ones(len(labels), dtype=bool), "_positive": labels == 1, "_negative": labels == 0}
        for name, members in classes.items():
            n, kept = int(members.sum()), int((stays & members).sum())
            found |= {f"images{name}": n, f"kept{name}": kept, f"removed{name}": n - kept}
            found[f"kept_share{name}"] = kept / n if n else 0.0
        return found


def select(scores: np.ndarray, seed: int) -> Selection:
    """Delete each image with its probability of removal (Algorithm 1, lines 3 to 5).

    Parameters
    ----------
    scores : ndarray of float, shape (n, 2)
        Of the trained network for its own training images.
    """
    probability = removal_probability(scores)
    removed = np.random.default_rng(seed).random(len(probability)) < probability
    return Selection(np.flatnonzero(~removed), np.flatnonzero(removed), probability, seed)


def train_progressively(
    network: Network,
    feed: Feed,
    settings: TrainingSettings,
    *,
    seed: int = 0,
    validation: Feed | None = None,
    ranks: Ranks = ALONE,
    threads: int | None = None,
    checkpoint: Path | None = None,
    log: Path | None = None,
    report: Callable[[Status], None] | None = None,
) -> tuple[TrainingResult, Selection]:
    """Algorithm 1 from line 2 on: score, select, and fine-tune the trained network on what remains.

    Parameters
    ----------
    network : Network
        Trained on ``feed`` (line 1). A copy of it is fine-tuned, from its weights.
    feed : Feed
        The images that it was trained on: each is scored by its centre crop, without dropout.
    settings : TrainingSettings
        Of the fine-tuning.
    seed : int
        Of the selection and of the fine-tuning.
    validation, ranks, threads, checkpoint, log, report
        As for `deep.training.train`.

    Returns
    -------
    TrainingResult
        PCNN.
    Selection

    Raises
    ------
    SelectionError
        No image of one of the classes is left: the network is unsure of nearly everything.
    """
    dtype = chosen_dtype(settings.dtype, ranks.device)
    scores = run_network(network.to(ranks.device), feed, dtype, ranks=ranks).probabilities
    selection = select(scores, seed)
    left = np.bincount(feed.labels[selection.kept], minlength=2)
    if left.min() == 0:
        raise SelectionError(
            f"Algorithm 1 leaves {left[1]} positive and {left[0]} negative of {len(feed)} training images: "
            "the network separates too few; train it longer before this stage"
        )
    result = train(
        copy.deepcopy(network),
        feed.part(selection.kept),
        settings,
        seed=seed,
        validation=validation,
        ranks=ranks,
        threads=threads,
        checkpoint=checkpoint,
        log=log,
        report=report,
    )
    return result, selection
