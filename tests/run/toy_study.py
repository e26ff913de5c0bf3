"""A study that learns nothing: what it is shown can be seen in what it answers."""

import dataclasses
import os
import signal
from collections.abc import Mapping

import numpy as np

from benchmark.data.extractor import Pixels
from benchmark.study import CNN, NO_REMOVAL, PCNN, RANDOM, Arm, StudySpec, StudyTask

SIZE = 40


@dataclasses.dataclass(frozen=True)
class Toy:
    """Settings of it."""

    mood: str = "calm"

    def __post_init__(self) -> None:
        if self.mood not in ("calm", "cross", "fatal", "short"):
            raise ValueError(f"mood {self.mood!r} is unknown")


def learn(task: StudyTask) -> Mapping[str, Arm]:
    """Four arms with the mean brightness as score; details say what was seen."""
    if task.settings.mood == "cross":
        raise ArithmeticError("not today")
    if task.settings.mood == "fatal":
        os.kill(os.getpid(), signal.SIGKILL)
    task.tell(1, 2, "half")
    pixels = task.images.features(Pixels(size=SIZE))
    scores = np.asarray(pixels).reshape(len(pixels), -1).mean(axis=1) / 255
    if task.settings.mood == "short":
        scores = scores[1:]
    everything = np.ones(len(task.source), dtype=bool)
    kept = np.arange(len(task.source)) % 5 > 0
    details = {
        "positive": int(task.source.labels.sum()),
        "judged": task.source.true_labels is not None,
        "seed": task.seed,
        "sealed": task.images._paths is None,
        "nothing": {"auc": float("nan")},
    }
    task.tell(2, 2, "done")
    masks = {CNN: everything, PCNN: kept, RANDOM: kept[::-1], NO_REMOVAL: everything}
    return {name: Arm(scores, mask, 7, details) for name, mask in masks.items()}


STUDY = StudySpec(
    name="toy",
    source="anps",
    learn=learn,
    extractors=lambda settings, source: (Pixels(size=SIZE),),
    settings=Toy(),
    quick=Toy(),
    summary="A toy.",
)
