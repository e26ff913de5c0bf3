"""The robustness study of a run: its methods, fitted as its cells are, scored on images made worse.

Rows lie in ``robustness/rows`` of the run's folder; what they depend on is what the run's cells do, and the
corruptions.
"""

import dataclasses
import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from benchmark.data.corruptions import CORRUPTIONS, LEVELS, Corruption
from benchmark.data.fingerprint import source_hashes
from benchmark.protocol.robustness_row import (
    FOLDER,
    RobustnessRow,
    read_robustness_row,
    write_robustness_row,
)
from benchmark.protocol.row import Cell, RowError
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.corrupted import Answers, FoldTask, run_fold
from benchmark.run.engine import Local, in_parallel
from benchmark.run.execute import environment, manifest, needs_of, used_artefacts
from benchmark.run.fingerprint import changes, key_of
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.plan import Plan, PlannedCell, method_params
from benchmark.run.prepare import Progress, learn_artefacts, prepare_features
from benchmark.stages import CROSS_VALIDATION

MODULE = "benchmark.data.corruptions"


@dataclasses.dataclass(frozen=True)
class PlannedRow:
    """A row of the study: the run's cell, what it depends on, and the stored row if it still holds."""

    cell: PlannedCell
    depends: dict[str, Any]
    key: str
    stored: RobustnessRow | None
    why: str


@dataclasses.dataclass(frozen=True)
class RobustnessPlan:
    """All rows of the study.

    Attributes
    ----------
    plan : Plan
        Of the run, of one subset: those of its cells are to run whose rows here are missing, so that their
        features are prepared.
    rows : tuple of PlannedRow
    corruptions : tuple of Corruption
    """

    plan: Plan
    rows: tuple[PlannedRow, ...]
    corruptions: tuple[Corruption, ...]

    @property
    def to_run(self) -> list[PlannedRow]:
        """Rows that will be computed."""
        return [row for row in self.rows if row.stored is None]


@dataclasses.dataclass(frozen=True)
class RobustnessResult:
    """All rows of the plan, in its order, and how many of them were computed now."""

    rows: tuple[RobustnessRow, ...]
    ran: int

    @property
    def failed(self) -> list[RobustnessRow]:
        """Rows of methods that failed."""
        return [row for row in self.rows if row.status == "failed"]


def plan_robustness(
    plan: Plan, folder: Path, corruptions: Sequence[Corruption] = CORRUPTIONS
) -> RobustnessPlan:
    """Decide which rows to compute: those that are not stored as they would be now.

    Parameters
    ----------
    plan : Plan
        Of the run, for one subset and seed.
    folder : Path
        Of the run.

    Raises
    ------
    FolderError
        The study holds rows of other methods that no table could show beside these.
    RowError
        One of those is damaged.
    """
    cells = [planned for planned in plan.cells if planned.cell.stage == CROSS_VALIDATION]
    rows = [_plan_row(planned, corruptions, folder / FOLDER / "rows") for planned in cells]
    _check_neighbours(folder / FOLDER / "rows", rows)
    waiting = {row.cell.cell for row in rows if row.stored is None}
    asked = [dataclasses.replace(planned, run=planned.cell in waiting) for planned in cells]
    return RobustnessPlan(dataclasses.replace(plan, cells=tuple(asked)), tuple(rows), tuple(corruptions))


def _plan_row(planned: PlannedCell, corruptions: Sequence[Corruption], folder: Path) -> PlannedRow:
    depends = planned.depends | {
        "corruptions": {str(c): LEVELS[c.kind][c.strength - 1] for c in corruptions},
        "corrupted by": source_hashes([MODULE], ("benchmark",))[MODULE],
    }
    key, stored = key_of(depends), _stored(folder / planned.cell.file_name)

    def row(kept: RobustnessRow | None, why: str) -> PlannedRow:
        return PlannedRow(planned, depends, key, kept, why)

    if stored is None:
        return row(None, "new")
    if stored.status != "ok":
        return row(None, f"again: {stored.status} before ({stored.reason})")
    if stored.key == key:
        return row(stored, "")
    if planned.skip and _way(stored.cell, stored.depends) == _way(planned.cell, depends):
        return row(stored, f"kept as stored: {planned.skip}")
    return row(None, f"again: {'; '.join(changes(stored.depends, depends))} changed")


def _check_neighbours(folder: Path, planned: Sequence[PlannedRow]) -> None:
    """Refuse to put rows beside those of other images, folds or corruptions."""
    names = {row.cell.cell.file_name for row in planned}
    others = [path for path in sorted(folder.glob("*.json")) if path.name not in names]
    for other in map(read_robustness_row, others if planned else []):
        cell = planned[0].cell.cell
        ours, theirs = _way(cell, planned[0].depends), _way(other.cell, other.depends)
        differ = [name for name in ours if ours[name] != theirs[name]]
        if differ:
            # a row of the same name would be replaced; one of another subset or seed has a name of its own
            same = (cell.dataset, cell.subset, cell.seed) == (
                other.cell.dataset,
                other.cell.subset,
                other.cell.seed,
            )
            anew = f"give {other.cell.method} among --methods to study it anew, or " if same else ""
            raise FolderError(
                f"{folder}: holds {other.cell}, studied with {' and '.join(differ)} other than these: one "
                f"table cannot show both; {anew}delete {folder.parent}"
            )


def _way(cell: Cell, depends: Mapping[str, Any]) -> dict[str, Any]:
    """What all rows of a study must have in common, by the name that a message gives it."""
    named = {"dataset": "images", "protocol": "protocol", "folds": "folds", "corruptions": "corruptions"}
    common = {said: depends.get(name) for name, said in named.items()}
    return {
        "subset": cell.subset,
        "seed": cell.seed,
        **common,
        "code of the corruptions": depends.get("corrupted by"),
    }


def run_robustness(planned: RobustnessPlan, folder: RunFolder, progress: Progress) -> RobustnessResult:
    """Compute and store the rows that are missing. Interrupting it loses the folds in flight alone.

    Parameters
    ----------
    folder : RunFolder
        Of the run: its artefacts are used, and learned where they are missing.

    Raises
    ------
    FeatureError
        Features could not be stored.
    KeyboardInterrupt
        As raised; every child process is ended first.
    """
    engine = Local(planned.plan.config.workers)
    engine.prepare(needs_of(planned.plan, folder))
    try:
        broken = learn_artefacts(planned.plan, folder, progress, engine)
        faults = prepare_features(planned.plan, broken, progress, engine)
        found = {row.cell: row for row in _run_folds(planned, folder, faults, progress)}
    except BaseException:
        isolated.stop_all()
        raise
    rows = (row.stored or found[row.cell.cell] for row in planned.rows)
    return RobustnessResult(tuple(rows), len(found))


def study_manifest(planned: RobustnessPlan, started: datetime.datetime) -> dict[str, Any]:
    """What the study was made of and with."""
    return manifest(planned.plan, started) | {
        "study": FOLDER,
        "corruptions": list(map(str, planned.corruptions)),
    }


def _stored(path: Path) -> RobustnessRow | None:
    try:
        return read_robustness_row(path) if path.exists() else None
    except RowError:
        return None


def _run_folds(
    planned: RobustnessPlan, folder: RunFolder, faults: Mapping[str, str], progress: Progress
) -> Iterator[RobustnessRow]:
    if not planned.to_run:
        return
    store = ArtefactStore(folder.path / "artefacts")
    by_fold = [list(rows) for _, rows in itertools.groupby(sorted(planned.to_run, key=_fold), key=_fold)]
    board = _Board(len(by_fold), len(planned.corruptions), progress)
    calls = (joblib.delayed(_run_one)(planned, rows, faults, folder, store, board) for rows in by_fold)
    for rows in in_parallel(planned.plan.config.workers, calls):
        for row in rows:
            write_robustness_row(row, folder.path / FOLDER / "rows")
            yield row


def _fold(row: PlannedRow) -> tuple[int, int]:
    return row.cell.cell.seed, row.cell.cell.fold


def _run_one(
    planned: RobustnessPlan,
    rows: Sequence[PlannedRow],
    faults: Mapping[str, str],
    folder: RunFolder,
    store: ArtefactStore,
    board: "_Board",
) -> list[RobustnessRow]:
    """Every method that is asked for in one fold."""
    plan, cell = planned.plan, rows[0].cell.cell
    folds = plan.folds[cell.seed]
    train = folds.train(cell.subset, cell.fold, plan.config.train_on)
    test = folds.test(cell.subset, cell.fold)
    images = plan.dataset.images.sealed()
    answers = {row.cell.cell.method: _cannot(row, faults) for row in rows}
    able = [name for name, answer in answers.items() if not answer.error]
    scratch = folder.path / FOLDER
    scratch.mkdir(parents=True, exist_ok=True)
    task = FoldTask(
        params={name: method_params(plan.method(name), plan.config, plan.artefacts) for name in able},
        seed=cell.seed,
        subset=cell.subset,
        fold=cell.fold,
        train=images[train],
        labels=plan.dataset.labels[train],
        test=images[test],
        corruptions=planned.corruptions,
        scratch=str(scratch),
        imports=plan.config.imports,
    )
    outcome = isolated.call(
        run_fold, task, threads=plan.config.threads, listen=lambda told: board.listen(cell.fold, told)
    )
    if isolated.stopping():
        raise KeyboardInterrupt
    board.finish(cell.fold, outcome.error)
    for name in able:
        answers[name] = (outcome.value or {}).get(name) or Answers(
            error=outcome.error, details={"traceback": outcome.traceback}
        )
    return [_row(plan, row, test, answers[row.cell.cell.method], store) for row in rows]


def _cannot(row: PlannedRow, faults: Mapping[str, str]) -> Answers:
    """Why a method cannot be fitted at all; without error if it can."""
    fault = faults.get(row.cell.cell.method, "")
    return Answers(error=row.cell.skip or fault, skipped=bool(row.cell.skip))


def _row(
    plan: Plan, row: PlannedRow, test: np.ndarray, answers: Answers, store: ArtefactStore
) -> RobustnessRow:
    """Join the scores with the labels, which the runner alone holds."""
    dataset, spec = plan.dataset, plan.method(row.cell.cell.method)
    ok = not answers.error
    return RobustnessRow(
        cell=row.cell.cell,
        family=spec.family,
        folds=plan.folds[row.cell.cell.seed].k,
        protocol=plan.config.protocol,
        status="ok" if ok else "skipped" if answers.skipped else "failed",
        reason=answers.error,
        key=row.key,
        depends=row.depends,
        images=[dataset.ids[i] for i in test],
        labels=dataset.labels[test].tolist(),
        groups=dataset.images.groups[test].tolist(),
        scores={name: scores.tolist() for name, scores in answers.scores.items()} if ok else {},
        details=(used_artefacts(spec, plan, store) if ok else {}) | answers.details,
        environment=environment(*spec.libraries),
        seconds=answers.seconds,
        published=dataset.published,
    )


class _Board:
    """Shows how far the folds are that run beside each other."""

    def __init__(self, folds: int, corruptions: int, progress: Progress) -> None:
        self.progress, self.done = progress, dict[int, float]()
        self.steps = corruptions + 2
        progress.start("corrupted images", folds * self.steps, "steps")
        self.said = 0

    def listen(self, fold: int, told: isolated.Told) -> None:
        """Take in one message of a fold; its own steps count as a share of ours."""
        self.done[fold] = self.steps * told.done / max(told.total, 1)
        self._say(told.note)

    def finish(self, fold: int, note: str) -> None:
        """A fold has ended."""
        self.done[fold] = self.steps
        self._say(note)

    def _say(self, note: str) -> None:
        now = int(sum(self.done.values()))
        self.progress.advance(now - self.said, note)
        self.said = now
