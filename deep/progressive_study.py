"""Algorithm 1 beside what it must be compared with: one network, fine-tuned on three sets of images."""

import copy
import dataclasses
from collections.abc import Callable
from typing import TypedDict

import numpy as np
import torch

from benchmark.data.extractor import Pixels
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM, Arm, StudyTask
from deep.distributed import Ranks, joined
from deep.feed import Feed
from deep.log import Status
from deep.network import Network
from deep.progressive import train_progressively
from deep.scoring import score
from deep.source_parts import split_parts, start_network
from deep.source_training import StudyTraining
from deep.training import TrainingResult, train


def learn_arms(task: StudyTask) -> dict[str, Arm]:
    """Train CNN, then fine-tune it as Algorithm 1 says and in two ways that tell its parts from each other.

    All three fine-tunings start from the same trained network, last equally many iterations at the same
    learning rates, and keep the best pass on the same validation images. *Random removal* leaves out as many
    images as Eq. 3 did: what it gains is not gained by choosing them. *No removal* goes on with all images,
    as many iterations in all as CNN and PCNN together: what it gains is gained by training longer.

    Raises
    ------
    SelectionError
        Eq. 3 leaves no image of one of the classes.
    CollapsedTrainingError
        A training came to nothing.
    """
    settings: StudyTraining = task.settings
    first_seed, second_seed, choice_seed = np.random.SeedSequence(task.seed).generate_state(3).tolist()
    with joined(task.device) as ranks:
        start = start_network(task.source, settings, first_seed)
        parts = split_parts(
            task.source, start.pixels, start.network, start.training, seed=first_seed, device=ranks.device
        )
        feed, n = parts.train, len(parts.train)
        second = settings.fine_tuning(start.preset.second)
        progress = _Progress(task, start.training.steps(n), second.steps(n))

        def options(name: str, seed: int) -> _Options:
            report = progress.of(name)
            return {
                "seed": seed,
                "validation": parts.validation,
                "ranks": ranks,
                "threads": task.threads,
                "report": report,
            }

        cnn = train(start.network, feed, start.training, **options(CNN, first_seed))
        arms = {CNN: _arm(task, start.preset.side, cnn, parts.train_index, cnn.steps)}
        again = feed.part(np.arange(n), seed=second_seed)
        pcnn, selection = train_progressively(cnn.network, again, second, **options(PCNN, second_seed))
        arms[PCNN] = _arm(
            task, start.preset.side, pcnn, parts.train_index[selection.kept], cnn.steps + pcnn.steps
        )
        as_long = dataclasses.replace(second, iterations=pcnn.steps, passes=None)
        chosen = np.random.default_rng(choice_seed).permutation(n)[: len(selection.kept)]
        for name, kept in ((RANDOM, np.sort(chosen)), (NO_REMOVAL, np.arange(n))):
            network, images = copy.deepcopy(cnn.network), again.part(kept)
            tuned = train(network, images, as_long, **options(name, second_seed))
            learned = parts.train_index[kept]
            arms[name] = _arm(task, start.preset.side, tuned, learned, cnn.steps + tuned.steps)
        return arms


class _Options(TypedDict):
    """What all trainings are given alike."""

    seed: int
    validation: Feed
    ranks: Ranks
    threads: int
    report: Callable[[Status], None]


def _arm(task: StudyTask, side: int, result: TrainingResult, learned: np.ndarray, iterations: int) -> Arm:
    """What a trained network says of the images to score."""
    mask = np.zeros(len(task.source), dtype=bool)
    mask[learned] = True
    scores = _score(result.network, task.images.features(Pixels(size=side)))
    details = {"validation": dict(result.scores), "environment": dict(result.environment)}
    return Arm(scores, mask, iterations, details)


def _score(network: Network, pixels: np.ndarray) -> np.ndarray:
    """In float32: an image's score may not depend on what else is in its batch."""
    device = next(network.parameters()).device
    return score(network, pixels, dtype=torch.float32, device=device).probabilities[:, 1]


class _Progress:
    """Tells how far all trainings are, in iterations as planned for a selection that keeps every image.

    Parameters
    ----------
    first, second : int
        Iterations of the training, and of each fine-tuning.
    """

    def __init__(self, task: StudyTask, first: int, second: int) -> None:
        self.tell = task.tell
        self.planned = {CNN: first, PCNN: second, RANDOM: second, NO_REMOVAL: second}

    def of(self, name: str) -> Callable[[Status], None]:
        """What is to be told of the training of one arm."""
        names = list(self.planned)
        before = sum(self.planned[earlier] for earlier in names[: names.index(name)])

        def report(status: Status) -> None:
            done = before + round(self.planned[name] * status.step / status.steps)
            note = f"{name}: {status.images_per_second:.0f} images/s, loss {status.loss:.3f}"
            self.tell(done, sum(self.planned.values()), note)

        return report
