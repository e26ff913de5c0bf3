"""Training a network: what comes out, and the one function that does it."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deep.distributed import ALONE, Ranks
from deep.feed import Feed
from deep.log import Status
from deep.network import Network
from deep.processor import describe_processor, keep_large_blocks, running_with
from deep.settings import TrainingSettings
from deep.training_loop import TrainingLoop


@dataclasses.dataclass(frozen=True)
class TrainingResult:
    """A trained network and how it came about.

    Attributes
    ----------
    network : Network
        With the weights that are kept.
    finished : bool
        False where it was told to stop earlier: the checkpoint holds the rest.
    steps : int
        Iterations done.
    passes : float
        Over the images.
    seconds, images_per_second : float
        Of the iterations alone, without validation.
    validations : tuple of dict
        ``pass``, ``step``, ``auc``, ``accuracy``, ``log_loss`` on the validation part, one a pass.
    kept : int
        Which of them the weights are of; -1: those of the last iteration.
    environment : dict
        What it ran on.
    """

    network: Network
    finished: bool
    steps: int
    passes: float
    seconds: float
    images_per_second: float
    validations: tuple[dict[str, float], ...]
    kept: int
    environment: dict[str, Any]

    @property
    def scores(self) -> Mapping[str, float]:
        """Validation scores of the weights that are kept; empty where nothing was validated."""
        return self.validations[self.kept] if self.validations else {}


def train(
    network: Network,
    feed: Feed,
    settings: TrainingSettings,
    *,
    seed: int = 0,
    validation: Feed | None = None,
    ranks: Ranks = ALONE,
    threads: int | None = None,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 300.0,
    log: Path | None = None,
    report: Callable[[Status], None] | None = None,
    stop_after: int | None = None,
) -> TrainingResult:
    """Train a network in place. Where the checkpoint exists, go on from it.

    At equal settings, images, seed, threads and processor, a CPU gives bit-identical weights, whether or not
    the training was interrupted.

    Parameters
    ----------
    network : Network
        Weights to start from.
    feed : Feed
        Training images, on the device of ``ranks``.
    seed : int
        Of dropout; order and crops are the feed's.
    validation : Feed, optional
        Part of the same source that is not trained on: scored after each pass, and where
        ``settings.keep`` says so, it decides which pass is kept. Never a part that results are reported on.
    ranks : Ranks
        Processes that train together; each gets the whole feed and takes its share of every batch.
    threads : int, optional
        Of a CPU.
    checkpoint : Path, optional
        File to write every ``checkpoint_seconds``, at the end of each pass and at the end.
    log : Path, optional
        CSV of the training (`deep.log`).
    report : callable, optional
        Told a `Status` every ``settings.log_every`` iterations.
    stop_after : int, optional
        Stop, with a checkpoint, once so many iterations are done.

    Raises
    ------
    CollapsedTrainingError
        It diverged, or its output is the same for all images, or no emotion unit responds to any.
    CheckpointError
        The checkpoint is of another training.
    """
    keep_large_blocks()
    with running_with(ranks.device, threads=threads, deterministic=settings.deterministic):
        loop = TrainingLoop(network, feed, settings, seed, validation, ranks, checkpoint, log, report)
        loop.run(checkpoint_seconds, stop_after)
        finished = loop.progress.step >= loop.steps
        if finished:
            loop.finish()
        progress = loop.progress
        return TrainingResult(
            network=loop.network.eval(),
            finished=finished,
            steps=progress.step,
            passes=progress.position / len(feed),
            seconds=progress.seconds,
            images_per_second=progress.position / max(progress.seconds, 1e-9),
            validations=tuple(progress.validations),
            kept=progress.kept,
            environment={
                **describe_processor(ranks.device, loop.dtype, settings.deterministic),
                "processes": ranks.size,
            },
        )
