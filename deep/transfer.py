"""Domain transfer (You et al. 2015, Algorithm 2): a trained network fine-tuned on the training folds."""

import copy
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import StratifiedGroupKFold

from deep.distributed import Ranks
from deep.feed import Feed, make_feed
from deep.log import Status
from deep.network import Network
from deep.pixels import PixelSource, as_pixels
from deep.processor import CPU, chosen_dtype
from deep.scoring import Scores, run_network, score
from deep.settings import TrainingSettings
from deep.training import train

MOST = 4
"""Settings that may be compared on the inner hold-out."""

HELD_OUT = 5
"""One part in so many of the training images is held out to choose the settings."""


def _settings(name: str, trained: Any, learning_rate: float, passes: float) -> TrainingSettings:
    return TrainingSettings(
        name=name,
        learning_rate=learning_rate,
        passes=passes,
        batch=64,
        trained=trained,
        class_balanced=False,
        keep="last",
    )


FINE_TUNING = (
    _settings("head, 8 passes", "fully-connected", 2e-4, 8.0),
    _settings("all, 4 passes", "all", 1e-4, 4.0),
    _settings("all, 10 passes", "all", 1e-4, 10.0),
    _settings("all, 10 passes at 3e-4", "all", 3e-4, 10.0),
)
"""What is compared by default (this project's choice: the paper does not say how it fine-tuned)."""


@dataclasses.dataclass(frozen=True)
class FineTuned:
    """A network fitted to the training folds.

    Attributes
    ----------
    network : Network
    chosen : TrainingSettings
        Of those offered, the one with the least log loss on the inner hold-out.
    trials : tuple of dict
        ``settings``, ``auc``, ``accuracy``, ``log_loss`` of each on the hold-out; empty where there was
        nothing to choose.
    """

    network: Network
    chosen: TrainingSettings
    trials: tuple[dict[str, Any], ...]
    device: torch.device = CPU

    def predict_proba(self, pixels: PixelSource | np.ndarray) -> np.ndarray:
        """P(negative) and P(positive), float64 of shape (n, 2), of images as `fine_tune` takes them."""
        dtype = chosen_dtype(self.chosen.dtype, self.device)
        return score(self.network, pixels, dtype=dtype, device=self.device).probabilities


def fine_tune(
    network: Network,
    pixels: PixelSource | np.ndarray,
    labels: np.ndarray,
    *,
    groups: np.ndarray | None = None,
    settings: Sequence[TrainingSettings] = FINE_TUNING,
    seed: int = 0,
    device: torch.device = CPU,
    threads: int | None = None,
    report: Callable[[Status], None] | None = None,
) -> FineTuned:
    """Algorithm 2, line 4, for one fold: fine-tune a copy of ``network`` on the training images.

    Where several settings are offered, each is tried on four fifths of the training images and judged on the
    rest; the best is fitted to all of them.

    Parameters
    ----------
    network : Network
        Trained on the source; stays as it is.
    pixels : PixelSource, or ndarray of uint8, shape (n, side, side, 3)
        Images of the training folds, at least as large as the network's input.
    labels : ndarray of int, shape (n,)
        1 positive, 0 negative.
    groups : ndarray of int, shape (n,), optional
        Duplicates share a number and stay on one side of the inner hold-out.
    settings : sequence of TrainingSettings
        1 to 4.
    seed : int
        Of the hold-out, the order, the crops and dropout.

    Raises
    ------
    ValueError
        No settings or more than four, or a class is missing.
    CollapsedTrainingError
        The network that was fitted tells no images apart.
    """
    if not 1 <= len(settings) <= MOST:
        raise ValueError(f"{len(settings)} fine-tuning settings; offer 1 to {MOST}")
    feed = make_feed(as_pixels(pixels), labels, network, seed=seed, device=device)
    ranks = Ranks(device=device)
    trials: list[dict[str, Any]] = []
    split = None if len(settings) == 1 else inner_hold_out(feed.labels, groups, seed)
    if split is not None:
        trials = [_try(network, feed, split, choice, seed, ranks, threads) for choice in settings]
    losses = [trial["log_loss"] for trial in trials]
    chosen = settings[int(np.argmin(losses))] if trials else settings[0]
    tuned = train(
        copy.deepcopy(network), feed, chosen, seed=seed, ranks=ranks, threads=threads, report=report
    )
    return FineTuned(tuned.network, chosen, tuple(trials), device)


def inner_hold_out(
    labels: np.ndarray, groups: np.ndarray | None, seed: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Indices to train on and to hold out, stratified, groups whole.

    None where a class has too few groups for both sides.
    """
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    parts = min(HELD_OUT, *(len(np.unique(groups[labels == label])) for label in (0, 1)))
    if parts < 2:
        return None
    splitter = StratifiedGroupKFold(parts, shuffle=True, random_state=seed)
    for train_index, held_index in splitter.split(labels, labels, groups):
        if len(np.unique(labels[train_index])) == 2 and len(np.unique(labels[held_index])) == 2:
            return train_index, held_index
    return None


def _try(
    network: Network,
    feed: Feed,
    split: tuple[np.ndarray, np.ndarray],
    settings: TrainingSettings,
    seed: int,
    ranks: Ranks,
    threads: int | None,
) -> dict[str, Any]:
    """Scores of one choice of settings on the inner hold-out."""
    trained, held = feed.part(split[0]), feed.part(split[1])
    result = train(copy.deepcopy(network), trained, settings, seed=seed, ranks=ranks, threads=threads)
    outputs = run_network(result.network, held, chosen_dtype(settings.dtype, ranks.device))
    scores = Scores.of(outputs.probabilities, held.labels)
    return {"settings": settings.name, **dataclasses.asdict(scores)}
