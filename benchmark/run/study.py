"""A study carried out: each cell in a process of its own, stored as soon as it is there."""

import dataclasses
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import joblib
import numpy as np

from benchmark.data.imageset import BATCH, opaque_ids
from benchmark.data.source import Source
from benchmark.protocol.label_noise import flip_labels
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.study_cell import ArmRecord, Images, StudyCell, write_study_cell
from benchmark.run import isolated
from benchmark.run.device import chosen_device
from benchmark.run.engine import in_parallel
from benchmark.run.execute import environment
from benchmark.run.prepare import Progress
from benchmark.run.study_plan import CELLS, PlannedStudyCell, StudyPlan
from benchmark.study import LearnArms, StudyTask


@dataclasses.dataclass(frozen=True)
class StudyResult:
    """All cells of the plan, in its order, and how many of them were computed now."""

    cells: tuple[StudyCell, ...]
    ran: int

    @property
    def failed(self) -> list[StudyCell]:
        """Cells that hold no scores."""
        return [cell for cell in self.cells if cell.status == "failed"]


def run_study(plan: StudyPlan, progress: Progress) -> StudyResult:
    """Compute and store the cells that are missing. Interrupting it loses the cells in flight alone.

    Raises
    ------
    KeyboardInterrupt
        As raised; every child process is ended first.
    """
    isolated.allow_calls()
    isolated.import_first(plan.spec.libraries)
    try:
        _prepare_pictures(plan, progress)
        found = {(cell.seed, cell.noise): cell for cell in _run_cells(plan, progress)}
    except BaseException:
        isolated.stop_all()
        raise
    cells = (planned.stored or found[planned.seed, planned.noise] for planned in plan.cells)
    return StudyResult(tuple(cells), len(found))


def _prepare_pictures(plan: StudyPlan, progress: Progress) -> None:
    """Decode the images once, not in every cell."""
    if not plan.to_run:
        return
    parts = (plan.split.train, plan.split.test)
    wanted = [
        (part.images[missing[start : start + BATCH]], extractor)
        for extractor in plan.spec.extractors(plan.settings, plan.split.train)
        for part in parts
        for missing in [part.images.missing(extractor)]
        for start in range(0, len(missing), BATCH)
    ]
    if not wanted:
        return
    progress.start("reading images", sum(len(images) for images, _ in wanted), "images")
    for images, extractor in wanted:
        images.prepare(extractor)
        progress.advance(len(images))


def _run_cells(plan: StudyPlan, progress: Progress) -> Iterator[StudyCell]:
    if not plan.to_run:
        return
    board = Board(plan.spec.name, len(plan.to_run), progress)
    calls = (joblib.delayed(_run_one)(plan, planned, board) for planned in plan.to_run)
    for cell in in_parallel(plan.config.jobs or joblib.cpu_count(), calls):
        write_study_cell(cell, plan.folder / CELLS)
        yield cell


def _run_one(plan: StudyPlan, planned: PlannedStudyCell, board: "Board") -> StudyCell:
    train, test, config = plan.split.train, plan.split.test, plan.config
    labels = flip_labels(train.labels, planned.noise, planned.seed)
    task = StudyTask(
        source=dataclasses.replace(train, labels=labels, true_labels=None),
        images=test.images.sealed(),
        seed=derive_seed(planned.seed, "study", plan.spec.name),
        settings=plan.settings,
        device=chosen_device(config.device),
        threads=config.threads,
    )
    name = f"seed {planned.seed} noise {planned.noise:g}"
    outcome = isolated.call(
        learn_arms,
        plan.spec.learn,
        task,
        threads=config.threads,
        listen=lambda told: board.listen(name, told),
    )
    if isolated.stopping():
        raise KeyboardInterrupt
    board.finish(name, outcome.error)
    return StudyCell(
        study=plan.spec.name,
        source=train.name,
        seed=planned.seed,
        noise=planned.noise,
        status="failed" if outcome.error else "ok",
        reason=outcome.error,
        key=planned.key,
        depends=planned.depends,
        train=_images(train),
        test=_images(test),
        learned_labels=labels.tolist(),
        arms=outcome.value or {},
        environment=environment(*plan.spec.libraries),
        seconds=outcome.seconds,
        peak_memory=outcome.peak_memory,
    )


def learn_arms(learn: LearnArms, task: StudyTask) -> dict[str, ArmRecord]:
    """Learn the arms and look whether they are what the contract says; runs in a process of its own.

    Raises
    ------
    ValueError
        There are no arms, or one is not of the task's images.
    """
    arms = learn(dataclasses.replace(task, tell=isolated.tell))
    if not arms:
        raise ValueError(f"{learn.__qualname__} learned no arm; return one for each model that is compared")
    for name, arm in arms.items():
        if arm.scores.shape != (len(task.images),) or arm.learned.shape != (len(task.source),):
            raise ValueError(
                f"{name}: scores of shape {arm.scores.shape} and marks of shape "
                f"{arm.learned.shape} for {len(task.images)} and {len(task.source)} images"
            )
    return {
        name: ArmRecord(
            scores=arm.scores.astype(np.float64).tolist(),
            learned=arm.learned.astype(bool).tolist(),
            iterations=int(arm.iterations),
            details=_finite(arm.details),
        )
        for name, arm in arms.items()
    }


def _finite(details: Mapping[str, Any]) -> dict[str, Any]:
    """Without numbers that JSON has no word for: what could not be measured is left out."""
    found = {key: _finite(value) if isinstance(value, Mapping) else value for key, value in details.items()}
    return {key: value for key, value in found.items() if not isinstance(value, float) or np.isfinite(value)}


def _images(part: Source) -> Images:
    unknown: Sequence[int] = [-1] * len(part)
    return Images(
        ids=list(opaque_ids(part.images)),
        groups=part.images.groups.tolist(),
        weak=part.labels.tolist(),
        true=list(unknown if part.true_labels is None else part.true_labels.tolist()),
    )


class Board:
    """What cells that run side by side say of their steps, as the progress of one stage."""

    def __init__(self, stage: str, cells: int, progress: Progress) -> None:
        self.stage, self.cells, self.progress = stage, cells, progress
        self._each = 0
        self._done: dict[str, int] = {}
        self._lock = threading.Lock()

    def listen(self, cell: str, told: isolated.Told) -> None:
        """Take in one message. All cells have as many steps: the first that speaks says how many."""
        with self._lock:
            if not self._each:
                self._each = told.total
                self.progress.start(self.stage, told.total * self.cells, "steps")
            self.progress.advance(told.done - self._done.get(cell, 0), f"{cell}: {told.note}")
            self._done[cell] = told.done

    def finish(self, cell: str, note: str) -> None:
        """A cell has ended, perhaps before its last step."""
        with self._lock:
            if self._each:
                self.progress.advance(self._each - self._done.get(cell, 0), f"{cell}: {note or 'done'}")
                self._done[cell] = self._each
