"""The plan of a run: which cells, what each depends on, which are stored and why the others are not."""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmark.data.dataset import Dataset
from benchmark.data.known_file import KnownFile
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.method import MethodSpec, extractors, unavailable
from benchmark.protocol.folds import FoldAssignment, draw_folds
from benchmark.protocol.row import SOURCE, Cell, Row, read_row
from benchmark.registry import Registry
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.device import AUTO, chosen_device
from benchmark.run.fingerprint import cell_depends, changes, key_of, method_sources, untuned_depends
from benchmark.run.folder import FolderError, RunFolder
from benchmark.run.train_artefacts import ArtefactPlaces, PlannedArtefact, missing_artefacts, plan_artefacts
from benchmark.stages import CROSS_VALIDATION, SOURCE_TEST, ZERO_TRANSFER


@dataclasses.dataclass(frozen=True)
class PlannedCell:
    """A cell of the plan.

    Attributes
    ----------
    cell : Cell
        Which.
    depends : dict
        What its scores depend on.
    key : str
        Hash of that.
    run : bool
        Whether it will be computed.
    why : str
        Why it is reused, run, or left.
    skip : str
        Why it cannot be computed here; its row says so, unless one with scores is stored.
    stored : bool
        Whether a row with scores is.
    """

    cell: Cell
    depends: dict[str, Any]
    key: str
    run: bool
    why: str
    skip: str = ""
    stored: bool = False


@dataclasses.dataclass(frozen=True)
class Plan:
    """All cells of a run and what they share."""

    config: RunConfig
    dataset: Dataset
    methods: tuple[MethodSpec, ...]
    folds: Mapping[int, FoldAssignment]
    artefacts: Mapping[str, PlannedArtefact]
    cells: tuple[PlannedCell, ...]

    def method(self, name: str) -> MethodSpec:
        """A method of the plan by its name."""
        return next(method for method in self.methods if method.name == name)

    @property
    def to_run(self) -> list[PlannedCell]:
        """Cells that will be computed, in order."""
        return [planned for planned in self.cells if planned.run]

    @property
    def kept(self) -> list[PlannedCell]:
        """Cells that could not be computed now and have a row with scores from before."""
        return [planned for planned in self.cells if planned.skip and not planned.run and planned.stored]


def _inside(folder: Path) -> ArtefactPlaces:
    """Where nothing else is said: all in the run's own folder."""
    return ArtefactPlaces(folder / "data", FeatureStore(folder / "features"), folder / "artefacts")


def make_plan(
    config: RunConfig,
    dataset: Dataset,
    registry: Registry,
    folder: RunFolder,
    places: ArtefactPlaces | None = None,
) -> Plan:
    """Decide what to compute.

    Parameters
    ----------
    places : ArtefactPlaces, optional
        Where sources are, and where features and artefacts are kept; inside the run's folder by default.

    Raises
    ------
    ConfigError
        A method, subset, fold or parameter that does not exist.
    FolderError
        The folder holds rows that may not stand beside these.
    """
    methods = tuple(registry[name] for name in config.methods or registry)
    subsets = _chosen("subset", config.subsets, tuple(dataset.subsets))
    folds = {seed: draw_folds(dataset, config.protocol, seed) for seed in config.seeds}
    k = next(iter(folds.values())).k
    numbers = _chosen("fold", config.folds, tuple(range(1, k + 1)))
    _check_settings(config, registry, folds)
    places = places or _inside(folder.path)
    artefacts = plan_artefacts(config, methods, registry, dataset, places)
    cells = []
    for method in methods:
        sources = method_sources(method)
        params = method_params(method, config, artefacts)
        skip = missing_artefacts(method, artefacts, registry) or _unavailable(method, params, artefacts)
        for cell in _cells(method, dataset.name, subsets, numbers, config.seeds):
            if cell.stage == CROSS_VALIDATION:
                depends = cell_depends(
                    cell, method, sources, params, dataset, folds[cell.seed], config.train_on, config.threads
                )
            else:
                test = tested_source(method, artefacts)
                tested = "" if test is None or cell.stage != SOURCE_TEST else test.digest
                depends = untuned_depends(cell, method, sources, params, dataset, tested)
            cells.append(_decide(cell, depends, folder.row(cell), config, skip))
    _check_neighbours(folder, dataset, config, {planned.cell for planned in cells})
    return Plan(config, dataset, methods, folds, artefacts, tuple(cells))


def _cells(
    method: MethodSpec, dataset: str, subsets: Sequence[str], folds: Sequence[int], seeds: Sequence[int]
) -> Iterator[Cell]:
    """The cells of a method, stage by stage."""
    for stage in method.stages:
        cell = Cell(stage=stage, method=method.name, dataset=dataset, subset=SOURCE, fold=0, seed=0)
        if stage == SOURCE_TEST:
            yield cell
        elif stage == ZERO_TRANSFER:
            yield from (cell.model_copy(update={"subset": subset}) for subset in subsets)
        else:
            for seed, subset, fold in itertools.product(seeds, subsets, folds):
                yield cell.model_copy(update={"subset": subset, "fold": fold, "seed": seed})


def tested_source(method: MethodSpec, artefacts: Mapping[str, PlannedArtefact]) -> Source | None:
    """The held-out part of the source of a method's artefact; None where there is none."""
    parts = (artefacts[name].test for name in method.artefacts.values() if name in artefacts)
    return next((part for part in parts if part is not None), None)


def method_params(
    method: MethodSpec, config: RunConfig, artefacts: Mapping[str, PlannedArtefact]
) -> dict[str, Any]:
    """Parameters set for a method: its artefacts, what the user gave, and ``device`` where it has one.

    A file given as ``weights`` counts by what it holds.

    Raises
    ------
    KnownFileError
        There is no such file.
    """
    params: dict[str, Any] = {
        parameter: artefacts[name].artefact
        for parameter, name in method.artefacts.items()
        if name in artefacts
    }
    for name, value in config.params.get(method.name, {}).items():
        is_file = name.rpartition("__")[2] == "weights" and isinstance(value, str)
        params[name] = KnownFile.of(value) if is_file else value
    devices = device_parameters(method)
    if devices and chosen_device(config.device) != AUTO:
        chosen = dict.fromkeys(devices, chosen_device(config.device))
        # what is only found here gives way to what was set for the method
        params = chosen | params if config.device == AUTO else params | chosen
    return params


def device_parameters(method: MethodSpec) -> list[str]:
    """Parameters of a method that say what it computes on; empty where it has no choice."""
    return [name for name in method.build().get_params() if name.rpartition("__")[2] == "device"]


def _unavailable(
    method: MethodSpec, params: Mapping[str, Any], artefacts: Mapping[str, PlannedArtefact]
) -> str:
    """Why a feature that a method or its artefact reads cannot be computed here; empty if all can."""
    needed = extractors(method.build(**params))
    for name in method.artefacts.values():
        one = artefacts[name]
        if isinstance(one.source, Source):
            needed += one.spec.features(one.settings, one.source)
    return unavailable(needed)


def _decide(
    cell: Cell, depends: dict[str, Any], stored: Row | None, config: RunConfig, skip: str
) -> PlannedCell:
    key, scored = key_of(depends), stored is not None and stored.status == "ok"

    def planned(run: bool, why: str) -> PlannedCell:
        return PlannedCell(cell, depends, key, run, why, skip, scored)

    if skip and stored is not None and scored and _beside(stored.depends, depends):
        return planned(False, f"kept as stored: {skip}")
    if skip:
        return planned(stored is not None or config.resume != "failed", f"skipped: {skip}")
    if stored is None:
        return planned(config.resume != "failed", "new: no valid row is stored")
    if config.resume == "failed":
        return planned(stored.status != "ok", f"stored as {stored.status}")
    if config.resume == "never":
        return planned(True, "again: --resume never")
    if stored.key != key:
        return planned(True, f"again: {'; '.join(changes(stored.depends, depends))} changed")
    if stored.status != "ok":
        return planned(True, f"again: {stored.status} before ({stored.reason})")
    return planned(False, "reused: nothing that it depends on changed")


def _beside(stored: Mapping[str, Any], depends: Mapping[str, Any]) -> bool:
    """Whether a row can stand in one table with those that are computed now."""
    return all(stored.get(name) == depends.get(name) for name in ("dataset", "folds", "protocol"))


def _chosen(kind: str, wanted: Sequence[Any], known: Sequence[Any]) -> tuple[Any, ...]:
    unknown = [item for item in wanted if item not in known]
    if unknown:
        raise ConfigError(
            f"no {kind} {unknown[0]!r} here; this dataset and protocol have {', '.join(map(str, known))}"
        )
    return tuple(item for item in known if item in wanted) if wanted else tuple(known)


def _check_settings(config: RunConfig, registry: Registry, folds: Mapping[int, FoldAssignment]) -> None:
    if not config.seeds:
        raise ConfigError("seeds is empty; give at least one, such as 0")
    if config.protocol == "campos" and config.seeds != (0,):
        raise ConfigError(
            "protocol campos has fixed folds: its only seed is 0; use --protocol grouped to repeat"
        )
    if config.train_on == "all" and any(assignment.pool is None for assignment in folds.values()):
        raise ConfigError(
            f"--train-on all does not go with --protocol {config.protocol}: subsets have folds of their own"
        )
    for name, params in config.params.items():
        if name in registry.artefacts:
            registry.artefacts[name].configured(params)
        else:
            registry[name].build(**params)


def _check_neighbours(folder: RunFolder, dataset: Dataset, config: RunConfig, planned: set[Cell]) -> None:
    """Refuse to put rows beside rows of other data or another protocol: no table could show both."""
    paths = sorted(folder.rows_path.glob("*.json"))
    names = {cell.file_name for cell in planned}
    for path in paths:
        if path.name in names:
            continue
        row = read_row(path)
        ours = {"dataset": dataset.digest, "protocol": config.protocol, "train-on": config.train_on}
        theirs = {"dataset": row.depends.get("dataset"), "protocol": row.protocol, "train-on": row.train_on}
        other = [name for name in ours if ours[name] != theirs[name]]
        if other:
            raise FolderError(
                f"{folder.path}: holds {row.cell} of dataset {row.cell.dataset}, made with another "
                f"{' and '.join(other)}; use another --out, or delete {folder.rows_path}"
            )
