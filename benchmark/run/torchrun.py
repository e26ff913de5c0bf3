"""Learning a network on several processes, as ``torchrun`` starts them."""

import os
import tempfile
from pathlib import Path

from benchmark.run.artefacts import ArtefactStore
from benchmark.run.config import ConfigError
from benchmark.run.train_artefacts import PlannedArtefact, learn, task_of


def process() -> tuple[int, int]:
    """Number of this process, from 0, and how many there are; (0, 1) where ``torchrun`` started none."""
    return int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))


def learn_together(planned: PlannedArtefact, store: ArtefactStore) -> None:
    """Learn an artefact in all processes at once; the first stores it.

    Its key is the same as that of one process, and its card says how many there were: the losses agree within
    rounding (1e-5 in float32 without dropout).

    Raises
    ------
    ConfigError
        What it starts from is not stored, or it is not a network: only those divide their batches.
    """
    lacking = [name for name, artefact in planned.needs.items() if not artefact.path.exists()]
    if lacking:
        raise ConfigError(
            f"{planned.spec.name} starts from {lacking[0]}, which is not learned yet; learn it first"
        )
    if not planned.spec.all_processors:
        raise ConfigError(f"{planned.spec.name} is learned by one process; start it without torchrun")
    rank, _ = process()
    if planned.stored:
        return
    if rank == 0:
        learn(planned, store)
        return
    with tempfile.TemporaryDirectory() as folder:
        _take_part(planned, Path(folder), store)


def _take_part(planned: PlannedArtefact, folder: Path, store: ArtefactStore) -> None:
    """Learn as one that is not the first: what it makes is thrown away."""
    try:
        planned.spec.train(task_of(planned, folder, store))
    except FileNotFoundError:
        # The first has stored it and removed what this process still read in the end: all is there.
        if not planned.stored:
            raise
