"""Carrying out a plan: features first, then cells, each row stored as soon as it is there."""

import dataclasses
import datetime
import platform
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import joblib
import numpy as np

from benchmark import __version__
from benchmark.data.fingerprint import processor, versions
from benchmark.method import MethodSpec
from benchmark.protocol.row import Row, write_row
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.cell import Scores, Task, run_cell
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, PlannedCell, method_params
from benchmark.run.prepare import Progress, in_parallel, learn_artefacts, prepare_features


@dataclasses.dataclass(frozen=True)
class RunResult:
    """What a run did.

    Attributes
    ----------
    ran, reused : int
        Cells.
    failed, skipped : list of Row
        Rows that hold no scores.
    """

    ran: int
    reused: int
    failed: list[Row]
    skipped: list[Row]


def execute(plan: Plan, folder: RunFolder, progress: Progress) -> RunResult:
    """Compute what the plan says and store it.

    Interrupting it loses the cells in flight and nothing else.

    Raises
    ------
    FeatureError
        A feature of some image could not be computed.
    KeyboardInterrupt
        As raised; every child process is ended first.
    """
    isolated.allow_calls()
    try:
        broken = learn_artefacts(plan, folder, progress)
        prepare_features(plan, broken, progress)
        rows = list(_run_cells(plan, folder, broken, progress))
    except BaseException:
        isolated.stop_all()
        raise
    failed = [row for row in rows if row.status == "failed"]
    skipped = [row for row in rows if row.status == "skipped"]
    return RunResult(len(rows), len(plan.cells) - len(rows), failed, skipped)


def _run_cells(plan: Plan, folder: RunFolder, broken: Mapping[str, str], progress: Progress) -> Iterator[Row]:
    if not plan.to_run:
        return
    progress.start("cells", len(plan.to_run), "cells")
    store = ArtefactStore(folder.path / "artefacts")
    calls = (joblib.delayed(_run_one)(plan, planned, broken, store) for planned in plan.to_run)
    for row in in_parallel(plan.config.workers, calls):
        write_row(row, folder.rows_path)
        progress.advance(
            1, str(row.cell) if row.status == "ok" else f"{row.cell}: {row.status}, {row.reason}"
        )
        yield row


def _run_one(plan: Plan, planned: PlannedCell, broken: Mapping[str, str], store: ArtefactStore) -> Row:
    cell, config = planned.cell, plan.config
    folds = plan.folds[cell.seed]
    train = folds.train(cell.subset, cell.fold, config.train_on)
    test = folds.test(cell.subset, cell.fold)
    images = plan.dataset.images.sealed()
    spec = plan.method(cell.method)
    fault = next((broken[name] for name in spec.artefacts.values() if name in broken), "")
    if planned.skip or fault:
        return _row(
            plan, planned, train, test, isolated.Outcome(error=planned.skip or fault, skipped=not fault), {}
        )
    task = Task(
        method=cell.method,
        params=method_params(spec, config, plan.artefacts),
        seed=cell.seed,
        subset=cell.subset,
        fold=cell.fold,
        train=images[train],
        labels=plan.dataset.labels[train],
        test=images[test],
        imports=config.imports,
    )
    outcome = isolated.call(run_cell, task, threads=config.threads)
    if isolated.stopping():
        raise KeyboardInterrupt
    return _row(plan, planned, train, test, outcome, _used(spec, plan, store))


def _used(spec: MethodSpec, plan: Plan, store: ArtefactStore) -> dict[str, Any]:
    """What a row says of the artefacts it used: the hash of their files and their cards' summaries."""
    found = {}
    for name in spec.artefacts.values():
        stored = store.read(name, plan.artefacts[name].artefact.digest)
        found[name] = {"files": stored.digest, **dict(stored.card.get("summary", {}))}
    return {"artefacts": found} if found else {}


def _row(
    plan: Plan,
    planned: PlannedCell,
    train: np.ndarray,
    test: np.ndarray,
    outcome: isolated.Outcome,
    used: dict[str, Any],
) -> Row:
    """Join the scores with the labels, which the runner alone holds."""
    dataset, cell = plan.dataset, planned.cell
    labels = dataset.labels[train]
    given: Scores | None = outcome.value
    scores = [] if given is None else given.scores.tolist()
    return Row(
        cell=cell,
        family=plan.method(cell.method).family,
        folds=plan.folds[cell.seed].k,
        protocol=plan.config.protocol,
        train_on=plan.config.train_on,
        status="ok" if given is not None else "skipped" if outcome.skipped else "failed",
        reason=outcome.error if given is None else "",
        key=planned.key,
        depends=planned.depends,
        images=[dataset.ids[i] for i in test],
        labels=dataset.labels[test].tolist(),
        votes=None if dataset.votes is None else [(int(a), int(b)) for a, b in dataset.votes[test]],
        groups=dataset.images.groups[test].tolist(),
        scores=scores,
        predictions=[int(score >= 0.5) for score in scores],
        n_train=len(train),
        n_train_positive=int(labels.sum()),
        details=used | ({"traceback": outcome.traceback} if given is None else given.details),
        environment=environment(),
        seconds={"total": outcome.seconds, **({} if given is None else given.seconds)},
        peak_memory=outcome.peak_memory,
        published=dataset.published,
    )


def environment() -> dict[str, Any]:
    """What a row or a run was computed on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "benchmark": __version__,
        "libraries": versions(),
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
