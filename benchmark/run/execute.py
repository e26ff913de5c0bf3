"""Carrying out a plan: features first, then cells, each row stored as soon as it is there."""

import dataclasses
import datetime
import importlib.util
import platform
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from benchmark import __version__
from benchmark.data.fingerprint import processor, versions
from benchmark.data.imageset import ImageSet, opaque_ids, store_folder
from benchmark.data.locations import is_url
from benchmark.method import MethodSpec
from benchmark.protocol.row import Cell, Row, write_row
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.cell import Scores, Task, run_cell
from benchmark.run.device import chosen_device
from benchmark.run.engine import Call, Engine, Local, Needs
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, PlannedCell, device_parameters, method_params, tested_source
from benchmark.run.prepare import Progress, learn_artefacts, prepare_features
from benchmark.stages import CROSS_VALIDATION, SOURCE_TEST

NO_LABELS = np.empty(0, np.int64)
CELLS = "cells"
"""A stage of a run, in its profile."""


@dataclasses.dataclass(frozen=True)
class RunResult:
    """What a run did.

    Attributes
    ----------
    ran, reused : int
        Cells tried now, those without scores among them; cells whose rows with scores stood already.
    failed, skipped : list of Row
        Rows that hold no scores.
    """

    ran: int
    reused: int
    failed: list[Row]
    skipped: list[Row]


def execute(plan: Plan, folder: RunFolder, progress: Progress, engine: Engine | None = None) -> RunResult:
    """Compute what the plan says and store it.

    Interrupting it loses the cells in flight and nothing else.

    Parameters
    ----------
    engine : Engine, optional
        Where; on this machine by default.

    Raises
    ------
    FeatureError
        Features could not be stored.
    WorkerError, ClusterError
        The engine is a cluster, and it or a worker cannot be used.
    KeyboardInterrupt
        As raised; every child process is ended first.
    """
    engine = engine or Local(plan.config.workers)
    engine.prepare(needs_of(plan, folder))
    try:
        broken = learn_artefacts(plan, folder, progress, engine)
        faults = prepare_features(plan, broken, progress, engine)
        rows = list(_run_cells(plan, folder, faults, progress, engine))
    except BaseException:
        engine.stop()
        raise
    failed = [row for row in rows if row.status == "failed"]
    skipped = [row for row in rows if row.status == "skipped"]
    reused = sum(planned.stored and not planned.run for planned in plan.cells)
    return RunResult(len(rows), reused, failed, skipped)


def needs_of(plan: Plan, folder: RunFolder) -> Needs:
    """What the calls of a plan need; libraries of its methods are imported before processes are forked."""
    libraries = tuple(dict.fromkeys(name for method in plan.methods for name in method.libraries))
    modules = tuple(_module(name) for name in libraries if _installed(name))
    root = plan.dataset.root
    return Needs(
        libraries=libraries,
        modules=modules,
        imports=plan.config.imports,
        written=(folder.path.absolute(), store_folder(plan.dataset.images).absolute()),
        read=() if root is None or is_url(root) else (root.absolute(),),
        device=chosen_device(plan.config.device) if any(map(device_parameters, plan.methods)) else "",
    )


def _run_cells(
    plan: Plan, folder: RunFolder, faults: Mapping[str, str], progress: Progress, engine: Engine
) -> Iterator[Row]:
    if not plan.to_run:
        return
    progress.start("cells", len(plan.to_run), "cells")
    with engine.account.stage(CELLS):
        for row in _rows(plan, folder, faults, engine):
            write_row(row, folder.rows_path)
            progress.advance(
                1, str(row.cell) if row.status == "ok" else f"{row.cell}: {row.status}, {row.reason}"
            )
            yield row


def _rows(plan: Plan, folder: RunFolder, faults: Mapping[str, str], engine: Engine) -> Iterator[Row]:
    """Rows as they come: first those of cells that cannot be computed."""
    store = ArtefactStore(folder.path / "artefacts")
    to_run = []
    for planned in plan.to_run:
        fault = faults.get(planned.cell.method, "")
        if planned.skip or fault:
            outcome = isolated.Outcome(error=planned.skip or fault, skipped=not fault)
            yield _row(plan, planned, _parts(plan, planned.cell), outcome, {})
        else:
            to_run.append(planned)
    calls = (
        Call(i, run_cell, (_task(plan, planned.cell),), threads=plan.config.threads)
        for i, planned in enumerate(to_run)
    )
    for i, outcome in engine.outcomes(calls):
        cell = to_run[i].cell
        _count(cell.method, outcome, engine)
        used = used_artefacts(plan.method(cell.method), plan, store)
        yield _row(plan, to_run[i], _parts(plan, cell), outcome, used)


def _task(plan: Plan, cell: Cell) -> Task:
    """What a cell's process is given: of the test images, no label."""
    parts = _parts(plan, cell)
    return Task(
        method=cell.method,
        params=method_params(plan.method(cell.method), plan.config, plan.artefacts),
        seed=cell.seed,
        subset=cell.subset,
        fold=cell.fold,
        train=parts.train,
        labels=parts.train_labels,
        test=parts.test,
        imports=plan.config.imports,
    )


def _count(method: str, outcome: isolated.Outcome, engine: Engine) -> None:
    """Put a cell's times into the account."""
    account = engine.account
    account.call(CELLS, outcome)
    account.add(
        CELLS,
        method,
        outcome.seconds,
        outcome.cpu_seconds,
        count=1,
        unit="cells",
        peak=outcome.peak_memory,
    )
    for part, seconds in (outcome.value.seconds if outcome.value else {}).items():
        account.add(CELLS, method, seconds, part=part, count=1, unit="cells")


@dataclasses.dataclass(frozen=True)
class Parts:
    """The images of a cell, sealed, and what the runner alone knows of them."""

    train: ImageSet
    train_labels: np.ndarray
    test: ImageSet
    ids: tuple[str, ...]
    labels: np.ndarray
    votes: np.ndarray | None


def _parts(plan: Plan, cell: Cell) -> Parts:
    """Training and test images of a cell; without folds there are none to train on."""
    if cell.stage == SOURCE_TEST:
        source = tested_source(plan.method(cell.method), plan.artefacts)
        if source is None:
            nothing = plan.dataset.images[[]]
            return Parts(nothing, np.empty(0, np.int64), nothing, (), np.empty(0, np.int64), None)
        images = source.images.sealed()
        return Parts(
            images[[]], np.empty(0, np.int64), images, opaque_ids(source.images), source.labels, None
        )
    dataset = plan.dataset
    if cell.stage == CROSS_VALIDATION:
        folds = plan.folds[cell.seed]
        train = folds.train(cell.subset, cell.fold, plan.config.train_on)
        test = folds.test(cell.subset, cell.fold)
    else:
        train, test = NO_LABELS, np.flatnonzero(dataset.subsets[cell.subset])
    images = dataset.images.sealed()
    return Parts(
        images[train],
        dataset.labels[train],
        images[test],
        tuple(dataset.ids[i] for i in test),
        dataset.labels[test],
        None if dataset.votes is None else dataset.votes[test],
    )


def used_artefacts(spec: MethodSpec, plan: Plan, store: ArtefactStore) -> dict[str, Any]:
    """What a row says of the artefacts it used: the hash of their files and their cards' summaries."""
    found = {}
    for name in spec.artefacts.values():
        stored = store.read(name, plan.artefacts[name].artefact.digest)
        found[name] = {
            "key": stored.card["key"],
            "files": stored.digest,
            **dict(stored.card.get("summary", {})),
        }
    return {"artefacts": found} if found else {}


def _row(
    plan: Plan, planned: PlannedCell, parts: Parts, outcome: isolated.Outcome, used: dict[str, Any]
) -> Row:
    """Join the scores with the labels, which the runner alone holds."""
    cell = planned.cell
    given: Scores | None = outcome.value
    scores = [] if given is None else given.scores.tolist()
    return Row(
        cell=cell,
        family=plan.method(cell.method).family,
        folds=next(iter(plan.folds.values())).k,
        protocol=plan.config.protocol,
        train_on=plan.config.train_on,
        status="ok" if given is not None else "skipped" if outcome.skipped else "failed",
        reason=outcome.error if given is None else "",
        key=planned.key,
        depends=planned.depends,
        images=list(parts.ids),
        labels=parts.labels.tolist(),
        votes=None if parts.votes is None else [(int(a), int(b)) for a, b in parts.votes],
        groups=parts.test.groups.tolist(),
        scores=scores,
        predictions=[int(score >= 0.5) for score in scores],
        n_train=len(parts.train),
        n_train_positive=int(parts.train_labels.sum()),
        details=used | ({"traceback": outcome.traceback} if given is None else given.details),
        environment=environment(*plan.method(cell.method).libraries),
        seconds={"total": outcome.seconds, **({} if given is None else given.seconds)},
        peak_memory=outcome.peak_memory,
        published=plan.dataset.published and cell.stage != SOURCE_TEST,
    )


def _installed(distribution: str) -> bool:
    return importlib.util.find_spec(_module(distribution)) is not None


def _module(distribution: str) -> str:
    """The module of a distribution whose module is called the same but for hyphens."""
    return distribution.replace("-", "_")


def environment(*libraries: str) -> dict[str, Any]:
    """What a row or a run was computed on; ``libraries`` are distributions that count besides the usual."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "benchmark": __version__,
        "libraries": versions(*libraries),
        "processor": processor(),
    }


def manifest(plan: Plan, started: datetime.datetime) -> dict[str, Any]:
    """What is needed to run again, and what it was run with."""
    dataset = plan.dataset
    return {
        "config": plan.config.model_dump(mode="json"),
        "command": ["python", "-m", "benchmark", *sys.argv[1:]],
        "started": started.isoformat(timespec="seconds"),
        "dataset": {
            "name": dataset.name,
            "digest": dataset.digest,
            "images": len(dataset),
            "positive": int(dataset.labels.sum()),
            "published": dataset.published,
            "notes": list(dataset.notes),
            "folds": {str(seed): folds.digest for seed, folds in plan.folds.items()},
        },
        "methods": [method.name for method in plan.methods],
        "environment": environment(),
    }
