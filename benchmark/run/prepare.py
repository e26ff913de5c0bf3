"""Before the cells: artefacts learned, and every feature that a cell will read computed once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source
from benchmark.method import MethodSpec, extractors
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.engine import Call, Engine, Local
from benchmark.run.features import Lacking, compute_features, feature_batches, feature_name
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, method_params, tested_source
from benchmark.run.train_artefacts import PlannedArtefact, learn, put_released
from benchmark.stages import SOURCE_TEST

ARTEFACTS, FEATURES = "artefacts", "features"
"""Stages of a run, in its profile."""


class Progress(Protocol):
    """Told how far a stage is; see `benchmark.cli.progress`."""

    def start(self, stage: str, total: int, unit: str) -> None: ...

    def advance(self, count: int, note: str = "") -> None: ...


class FeatureError(RuntimeError):
    """Features could not be stored; the message says which file, why, and what to do."""


def learn_artefacts(
    plan: Plan, folder: RunFolder, progress: Progress, engine: Engine | None = None
) -> dict[str, str]:
    """Learn the artefacts that the cells to run need and that are not stored.

    Parameters
    ----------
    engine : Engine, optional
        Where; on this machine by default.

    Returns
    -------
    dict of str to str
        Why, for each artefact that could not be learned.
    """
    engine = engine or Local(plan.config.workers)
    used = {name for spec in _methods_to_run(plan) for name in spec.artefacts.values()}
    broken: dict[str, str] = {}
    for planned in _with_needs(used, plan):
        lacking = [name for name in planned.needs if name in broken]
        if lacking:
            broken[planned.spec.name] = broken[lacking[0]]
        elif not planned.stored:
            store = ArtefactStore(folder.path / "artefacts")
            error = learn_artefact(planned, store, plan.config.threads, progress, engine)
            if error:
                broken[planned.spec.name] = f"artefact {planned.spec.name}: {error}"
    return broken


def _with_needs(names: set[str], plan: Plan) -> list[PlannedArtefact]:
    """Artefacts by these names and what they start from, in the order of the plan."""
    for planned in reversed(list(plan.artefacts.values())):
        names = names | set(planned.needs) if planned.spec.name in names else names
    return [planned for name, planned in plan.artefacts.items() if name in names]


def learn_artefact(
    planned: PlannedArtefact, store: ArtefactStore, threads: int, progress: Progress, engine: Engine
) -> str:
    """Learn an artefact in a process of its own, the features that it needs in as many as the engine has.

    Parameters
    ----------
    threads : int
        Of the numeric libraries in each process that computes features.

    Returns
    -------
    str
        What went wrong; empty where it is learned.
    """
    source, stage = planned.source, f"keeping {planned.source.name}"
    if isinstance(source, Source):
        needed, stage = list(planned.spec.features(planned.settings, source)), f"learning {planned.spec.name}"
        faults = _compute(f"features of {source.name}", source.images, needed, threads, progress, engine)
        if faults:
            return next(iter(faults.values()))
    steps = StepProgress(stage, progress)
    call = Call(0, learn, (planned, store), threads=planned.threads, listen=steps.listen)
    with engine.account.stage(ARTEFACTS):
        ((_, outcome),) = engine.outcomes([call])
    engine.account.call(ARTEFACTS, outcome)
    engine.account.add(
        ARTEFACTS,
        planned.spec.name,
        outcome.seconds,
        outcome.cpu_seconds,
        count=1,
        unit="artefacts",
        peak=outcome.peak_memory,
    )
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


def prepare_features(
    plan: Plan, broken: Mapping[str, str], progress: Progress, engine: Engine | None = None
) -> dict[str, str]:
    """Compute every feature that the cells to run will read, once per image; take those that are given.

    Parameters
    ----------
    broken : mapping of str to str
        Why, for each artefact that could not be learned.
    engine : Engine, optional
        Where; on this machine by default.

    Returns
    -------
    dict of str to str
        Why, for each method that cannot be tried: an artefact or a feature that it needs is missing.

    Raises
    ------
    FeatureError
        Features could not be stored.
    """
    engine = engine or Local(plan.config.workers)
    put_released(plan.artefacts.values(), plan.dataset.images, plan.dataset.names)
    faults: dict[str, str] = {}
    needs: dict[str, list[Extractor]] = {}
    of_sources: dict[str, tuple[ImageSet, list[str]]] = {}
    for method in _methods_to_run(plan):
        fault = next((broken[name] for name in method.artefacts.values() if name in broken), "")
        if fault:
            faults[method.name] = fault
            continue
        needed: list[Extractor] = [Pixels(size=size) for size in method.image_sizes]
        needs[method.name] = needed + extractors(
            method.build(**method_params(method, plan.config, plan.artefacts))
        )
        test = tested_source(method, plan.artefacts)
        if test is not None and SOURCE_TEST in method.stages:
            of_sources.setdefault(test.digest, (test.images, []))[1].append(method.name)
    parts = [("features", plan.dataset.images, list(needs))]
    parts += [("features of the source", images, names) for images, names in of_sources.values()]
    for stage, images, names in parts:
        wanted = [extractor for name in names for extractor in needs[name]]
        failed = _compute(stage, images, wanted, plan.config.threads, progress, engine)
        for name in names:
            whys = [failed.get(extractor.fingerprint()) for extractor in needs[name]]
            fault = next(filter(None, whys), "")
            if fault:
                faults[name] = fault
    return faults


def _methods_to_run(plan: Plan) -> list[MethodSpec]:
    names = {planned.cell.method for planned in plan.to_run if not planned.skip}
    return [method for method in plan.methods if method.name in names]


def _compute(
    stage: str,
    images: ImageSet,
    needed: Sequence[Extractor],
    threads: int,
    progress: Progress,
    engine: Engine,
) -> dict[str, str]:
    """Compute what is lacking; returns why, for each feature (its fingerprint) of which that failed.

    A batch whose process died is tried again, each feature in a process of its own: so it is known which one
    wanted too much, and the others are there.
    """
    batches = feature_batches(images, needed)
    if not batches:
        return {}
    progress.start(stage, sum(len(part) for part, _ in batches), "images")
    faults: dict[str, str] = {}
    died = []
    with engine.account.stage(FEATURES):
        for i, outcome in engine.outcomes(_calls(batches, faults, threads)):
            if _note(stage, outcome, faults, engine):
                died.append(batches[i])
            progress.advance(len(batches[i][0]))
        again = [(part, [one]) for part, todo in died for one in todo]
        for i, outcome in engine.outcomes(_calls(again, faults, threads)):
            if _note(stage, outcome, faults, engine):
                ((extractor, _),) = again[i][1]
                faults[extractor.fingerprint()] = f"{feature_name(extractor)}: {outcome.error}"
    return faults


def _calls(
    batches: Sequence[tuple[ImageSet, Lacking]], faults: Mapping[str, str], threads: int
) -> Iterator[Call]:
    """Calls for these batches, as they are asked for, without what has failed by then."""
    for i, (part, todo) in enumerate(batches):
        able = [(one, at) for one, at in todo if one.fingerprint() not in faults]
        yield Call(i, compute_features, (part, able), threads=threads)


def _note(stage: str, outcome: isolated.Outcome, faults: dict[str, str], engine: Engine) -> bool:
    """Put a batch's times into the account and its failures into ``faults``; whether its process died."""
    if outcome.traceback:
        raise FeatureError(f"{stage}: {outcome.error}")
    engine.account.call(FEATURES, outcome)
    for cost in outcome.value or ():
        if cost.error:
            faults.setdefault(cost.fingerprint, f"{cost.feature}: {cost.error}")
        engine.account.add(
            FEATURES,
            cost.feature,
            cost.seconds,
            cost.cpu_seconds,
            count=cost.images,
            unit="images",
            peak=outcome.peak_memory,
        )
    return bool(outcome.error)
