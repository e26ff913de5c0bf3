"""Before the cells: artefacts learned, and every feature that a cell will read computed once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import joblib
import numpy as np

from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.data.source import Source
from benchmark.method import MethodSpec, extractors
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.cell import compute_features
from benchmark.run.config import RunConfig
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, method_params, tested_source
from benchmark.run.train_artefacts import PlannedArtefact, learn, put_released
from benchmark.stages import SOURCE_TEST


class Progress(Protocol):
    """Told how far a stage is; see `benchmark.cli.progress`."""

    def start(self, stage: str, total: int, unit: str) -> None: ...

    def advance(self, count: int, note: str = "") -> None: ...


class FeatureError(RuntimeError):
    """A feature could not be computed; the message says which, of how many images, and why."""


def learn_artefacts(plan: Plan, folder: RunFolder, progress: Progress) -> dict[str, str]:
    """Learn the artefacts that the cells to run need and that are not stored.

    Returns
    -------
    dict of str to str
        Why, for each artefact that could not be learned.
    """
    used = {name for spec in _methods_to_run(plan) for name in spec.artefacts.values()}
    broken: dict[str, str] = {}
    for planned in _with_needs(used, plan):
        lacking = [name for name in planned.needs if name in broken]
        if lacking:
            broken[planned.spec.name] = broken[lacking[0]]
        elif not planned.stored:
            error = _learn_one(planned, ArtefactStore(folder.path / "artefacts"), plan.config, progress)
            if error:
                broken[planned.spec.name] = f"artefact {planned.spec.name}: {error}"
    return broken


def _with_needs(names: set[str], plan: Plan) -> list[PlannedArtefact]:
    """Artefacts by these names and what they start from, in the order of the plan."""
    for planned in reversed(list(plan.artefacts.values())):
        names = names | set(planned.needs) if planned.spec.name in names else names
    return [planned for name, planned in plan.artefacts.items() if name in names]


def _learn_one(planned: PlannedArtefact, store: ArtefactStore, config: RunConfig, progress: Progress) -> str:
    """Learn an artefact in a process of its own; returns what went wrong."""
    source, stage = planned.source, f"keeping {planned.source.name}"
    if isinstance(source, Source):
        needed, stage = list(planned.spec.features(planned.settings, source)), f"learning {planned.spec.name}"
        _compute(f"features of {source.name}", source.images, needed, config, progress)
    steps = StepProgress(stage, progress)
    outcome = isolated.call(learn, planned, store, threads=planned.threads, listen=steps.listen)
    if isolated.stopping():
        raise KeyboardInterrupt
    steps.finish(outcome.error)
    return outcome.error


class StepProgress:
    """Shows what a call says of its own steps; a call that says nothing is one step."""

    def __init__(self, stage: str, progress: Progress) -> None:
        self.stage, self.progress = stage, progress
        self.done, self.total = 0, 0
        progress.start(stage, 1, "artefacts")

    def listen(self, told: isolated.Told) -> None:
        """Take in one message; another total begins another part."""
        if told.total != self.total:
            self.done, self.total = 0, told.total
            self.progress.start(self.stage, told.total, "steps")
        self.progress.advance(told.done - self.done, told.note)
        self.done = told.done

    def finish(self, note: str) -> None:
        """The call has ended."""
        if not self.total:
            self.progress.advance(1, note)


def prepare_features(plan: Plan, broken: Mapping[str, str], progress: Progress) -> None:
    """Compute every feature that the cells to run will read, once per image; take those that are given.

    Raises
    ------
    FeatureError
        A feature of some image could not be computed.
    """
    put_released(plan.artefacts.values(), plan.dataset.images, plan.dataset.names)
    found: list[Extractor] = []
    of_sources: dict[str, tuple[ImageSet, list[Extractor]]] = {}
    for method in _methods_to_run(plan):
        if any(name in broken for name in method.artefacts.values()):
            continue
        needed: list[Extractor] = [Pixels(size=size) for size in method.image_sizes]
        needed += extractors(method.build(**method_params(method, plan.config, plan.artefacts)))
        found += needed
        test = tested_source(method, plan.artefacts)
        if test is not None and SOURCE_TEST in method.stages:
            of_sources.setdefault(test.digest, (test.images, []))[1].extend(needed)
    _compute("features", plan.dataset.images, list(dict.fromkeys(found)), plan.config, progress)
    for images, wanted in of_sources.values():
        _compute("features of the source", images, list(dict.fromkeys(wanted)), plan.config, progress)


def _methods_to_run(plan: Plan) -> list[MethodSpec]:
    names = {planned.cell.method for planned in plan.to_run if not planned.skip}
    return [method for method in plan.methods if method.name in names]


def _compute(
    stage: str, images: ImageSet, needed: Sequence[Extractor], config: RunConfig, progress: Progress
) -> None:
    missing = [images.missing(extractor) for extractor in needed]
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *missing]))
    if len(wanted) == 0:
        return
    progress.start(stage, len(wanted), "images")
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    calls = (
        joblib.delayed(isolated.call)(compute_features, images[at], list(needed), threads=config.threads)
        for at in batches
    )
    for outcome in in_parallel(config.workers, calls):
        if isolated.stopping():
            raise KeyboardInterrupt
        if outcome.error:
            names = ", ".join(type(extractor).__name__ for extractor in needed)
            raise FeatureError(f"{stage} ({names}): {outcome.error}\n{outcome.traceback}")
        progress.advance(outcome.value)


def in_parallel(workers: int, calls: Iterator[Any]) -> Iterator[Any]:
    """Carry out calls of `isolated.call`, some at a time, and give their outcomes as they come."""
    # Threads only wait: each call runs in a process of its own.
    return joblib.Parallel(n_jobs=workers, backend="threading", return_as="generator_unordered")(calls)
