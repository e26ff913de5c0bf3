"""The plan of a study: one cell a seed and level of label noise, which are stored, and why others are not."""

import dataclasses
import itertools
from pathlib import Path
from typing import Any

from benchmark.data.fingerprint import plain, processor, source_hashes, value_hash, versions
from benchmark.data.source import Source
from benchmark.protocol.label_noise import flip_labels
from benchmark.protocol.source_split import SourceSplit, split_source
from benchmark.protocol.study_cell import StudyCell, StudyCellError, file_name, read_study_cell
from benchmark.run.device import chosen_device
from benchmark.run.fingerprint import changes, key_of
from benchmark.study import StudySpec

CELLS = "cells"
"""Folder of the cells' files inside that of the study."""


@dataclasses.dataclass(frozen=True)
class StudyConfig:
    """How a study is carried out.

    Attributes
    ----------
    seeds : tuple of int
        Of everything random: exchanged labels, weights, order, dropout, selection.
    noise : tuple of float
        Shares of the training part's weak labels that are exchanged, on top of what is wrong already.
    jobs : int
        Cells at a time; 0: as many as there are processors.
    threads : int
        Of the numeric libraries in a cell. Results can change with it.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    noise: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3)
    jobs: int = 0
    threads: int = 1
    device: str = "auto"


@dataclasses.dataclass(frozen=True)
class PlannedStudyCell:
    """A cell of the plan: what it depends on, whether it will be computed, and why."""

    seed: int
    noise: float
    depends: dict[str, Any]
    key: str
    stored: StudyCell | None
    why: str


@dataclasses.dataclass(frozen=True)
class StudyPlan:
    """All cells of a study and what they share."""

    spec: StudySpec
    settings: Any
    config: StudyConfig
    split: SourceSplit
    folder: Path
    cells: tuple[PlannedStudyCell, ...]

    @property
    def to_run(self) -> list[PlannedStudyCell]:
        """Cells that will be computed, in order."""
        return [cell for cell in self.cells if cell.stored is None]


def plan_study(
    spec: StudySpec, settings: Any, source: Source, config: StudyConfig, folder: Path
) -> StudyPlan:
    """Decide what to compute: what is not stored as it would be now, and what failed before.

    Raises
    ------
    DatasetError
        The source is too small to hold a part of it out.
    """
    split = split_source(source)
    cells = tuple(
        _plan_cell(spec, settings, split, config, folder / CELLS, seed, noise)
        for noise, seed in itertools.product(config.noise, config.seeds)
    )
    return StudyPlan(spec, settings, config, split, folder, cells)


def _plan_cell(
    spec: StudySpec,
    settings: Any,
    split: SourceSplit,
    config: StudyConfig,
    folder: Path,
    seed: int,
    noise: float,
) -> PlannedStudyCell:
    depends = {
        "study": spec.name,
        "seed": seed,
        "noise": noise,
        "source": split.train.digest,
        "tested": split.test.digest,
        "true labels": value_hash([split.train.true_labels, split.test.true_labels]),
        "settings": plain(settings),
        "sources": source_hashes([spec.learn.__module__, flip_labels.__module__]),
        "libraries": versions(*spec.libraries),
        "processor": processor(),
        "device": chosen_device(config.device),
        "threads": config.threads,
    }
    key, path = key_of(depends), folder / file_name(seed, noise)

    def planned(stored: StudyCell | None, why: str) -> PlannedStudyCell:
        return PlannedStudyCell(seed, noise, depends, key, stored, why)

    if not path.exists():
        return planned(None, "new")
    try:
        stored = read_study_cell(path)
    except StudyCellError as error:
        return planned(None, f"again: {error}")
    if stored.key != key:
        return planned(None, f"again: {'; '.join(changes(stored.depends, depends))} changed")
    if stored.status != "ok":
        return planned(None, f"again: failed before ({stored.reason})")
    return planned(stored, "reused: nothing that it depends on changed")
