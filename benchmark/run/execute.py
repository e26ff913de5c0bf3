"""Carrying out a plan: features first, then cells, each row stored as soon as it is there."""

import dataclasses
import datetime
import platform
import sys
from collections.abc import Iterator
from typing import Any, Protocol

import joblib
import numpy as np

from benchmark import __version__
from benchmark.data.extractor import Extractor, Pixels
from benchmark.data.fingerprint import processor, versions
from benchmark.data.imageset import BATCH
from benchmark.method import extractors
from benchmark.protocol.row import Row, write_row
from benchmark.run import isolated
from benchmark.run.cell import Scores, Task, compute_features, run_cell
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, PlannedCell, method_params


class Progress(Protocol):
    """Told how far a stage is; see `benchmark.cli.progress`."""

    def start(self, stage: str, total: int, unit: str) -> None: ...

    def advance(self, count: int, note: str = "") -> None: ...


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


class FeatureError(RuntimeError):
    """A feature could not be computed; the message says which, of how many images, and why."""


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
        prepare_features(plan, progress)
        rows = list(_run_cells(plan, folder, progress))
    except BaseException:
        isolated.stop_all()
        raise
    failed = [row for row in rows if row.status == "failed"]
    skipped = [row for row in rows if row.status == "skipped"]
    return RunResult(len(rows), len(plan.cells) - len(rows), failed, skipped)


def prepare_features(plan: Plan, progress: Progress) -> None:
    """Compute every feature that the cells to run will read, once per image."""
    needed = _needed(plan)
    missing = {extractor: plan.dataset.images.missing(extractor) for extractor in needed}
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *missing.values()]))
    if len(wanted) == 0:
        return
    progress.start("features", len(wanted), "images")
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    images = plan.dataset.images
    calls = (
        joblib.delayed(isolated.call)(compute_features, images[at], needed, threads=plan.config.threads)
        for at in batches
    )
    for outcome in _parallel(plan, calls):
        if outcome.error:
            names = ", ".join(type(extractor).__name__ for extractor in needed)
            raise FeatureError(
                f"features ({names}) of {plan.dataset.name}: {outcome.error}\n{outcome.traceback}"
            )
        progress.advance(outcome.value)


def _needed(plan: Plan) -> list[Extractor]:
    names = {planned.cell.method for planned in plan.to_run}
    found: list[Extractor] = []
    for method in plan.methods:
        if method.name in names:
            found += [Pixels(size=size) for size in method.image_sizes]
            found += extractors(method.build(**method_params(method, plan.config)))
    return list(dict.fromkeys(found))


def _parallel(plan: Plan, calls: Iterator[Any]) -> Iterator[Any]:
    # Threads only wait: each call runs in a process of its own.
    return joblib.Parallel(n_jobs=plan.config.workers, backend="threading", return_as="generator_unordered")(
        calls
    )


def _run_cells(plan: Plan, folder: RunFolder, progress: Progress) -> Iterator[Row]:
    if not plan.to_run:
        return
    progress.start("cells", len(plan.to_run), "cells")
    calls = (joblib.delayed(_run_one)(plan, planned) for planned in plan.to_run)
    for row in _parallel(plan, calls):
        write_row(row, folder.rows_path)
        progress.advance(
            1, str(row.cell) if row.status == "ok" else f"{row.cell}: {row.status}, {row.reason}"
        )
        yield row


def _run_one(plan: Plan, planned: PlannedCell) -> Row:
    cell, config = planned.cell, plan.config
    folds = plan.folds[cell.seed]
    train = folds.train(cell.subset, cell.fold, config.train_on)
    test = folds.test(cell.subset, cell.fold)
    images = plan.dataset.images.sealed()
    spec = next(method for method in plan.methods if method.name == cell.method)
    task = Task(
        method=cell.method,
        params=method_params(spec, config),
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
    return _row(plan, planned, train, test, outcome)


def _row(
    plan: Plan, planned: PlannedCell, train: np.ndarray, test: np.ndarray, outcome: isolated.Outcome
) -> Row:
    """Join the scores with the labels, which the runner alone holds."""
    dataset, cell = plan.dataset, planned.cell
    labels = dataset.labels[train]
    given: Scores | None = outcome.value
    scores = [] if given is None else given.scores.tolist()
    return Row(
        cell=cell,
        family=next(method.family for method in plan.methods if method.name == cell.method),
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
        scores=scores,
        predictions=[int(score >= 0.5) for score in scores],
        n_train=len(train),
        n_train_positive=int(labels.sum()),
        details={"traceback": outcome.traceback} if given is None else given.details,
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
