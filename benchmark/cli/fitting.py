"""A method fitted on all labelled images, and the user's pictures for it; for ``predict`` and ``explain``."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmark.cli import options as o
from benchmark.cli.opening import Places, open_data
from benchmark.data.dataset import Dataset
from benchmark.data.duplicates import hash_files
from benchmark.data.imageset import ImageSet
from benchmark.data.locations import data_folder
from benchmark.data.store import FeatureStore
from benchmark.method import MethodSpec
from benchmark.registry import Registry, load_registry
from benchmark.run import fitted
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.isolated import limited_threads
from benchmark.run.plan import method_params
from benchmark.run.train_artefacts import (
    ArtefactPlaces,
    PlannedArtefact,
    learn,
    missing_artefacts,
    plan_artefacts,
    put_released,
)


@dataclasses.dataclass(frozen=True)
class FitRequest:
    """What the user asked to be fitted, as the options were given."""

    method: str
    seed: int
    data: str
    source: list[str] | None
    responses: list[str] | None
    settings: list[str] | None
    imports: str | None
    out: Path
    data_dir: Path | None
    cache: Path | None


@contextlib.contextmanager
def fit_and_open(request: FitRequest, paths: list[Path]) -> Iterator[tuple[MethodSpec, Any, ImageSet]]:
    """Fit the method, or read it where it was fitted before, and open the pictures.

    The pictures' features live in a temporary folder and are gone when the block ends.

    Raises
    ------
    ConfigError
        The method needs an artefact whose source was not given.
    DatasetError
        A picture is missing, or released responses are given and their file lacks it.
    """
    console = Console(stderr=True)
    registry = load_registry(o.names(request.imports) or ())
    spec = registry[request.method]
    keys = hash_files(paths, [str(path) for path in paths])
    dataset = open_data(request.data, Places(request.data_dir, request.cache), console)
    config = RunConfig(
        sources=o.sources(request.source) or {},
        responses=o.responses(request.responses) or {},
        params=o.parameters(request.settings) or {},
    )
    planned = _planned(request, config, spec, registry, dataset)
    store = ArtefactStore(request.out / "artefacts")
    with tempfile.TemporaryDirectory() as folder:
        pictures = ImageSet(keys, FeatureStore(folder), paths=paths)
        put_released(planned.values(), pictures, [str(path) for path in paths])
        put_released(planned.values(), dataset.images, dataset.names)
        for one in planned.values():
            with console.status(f"{one.spec.name} from {one.source.name}"), limited_threads(config.threads):
                learn(one, store)
        with console.status(f"fitting {spec.name} on {len(dataset)} images"):
            params = method_params(spec, config, planned)
            artefact = fitted.fit_on_all(spec, params, dataset, request.seed, store)
        yield spec, fitted.load(artefact.path / fitted.MODEL, spec), pictures


def _planned(
    request: FitRequest, config: RunConfig, spec: MethodSpec, registry: Registry, dataset: Dataset
) -> dict[str, PlannedArtefact]:
    """All artefacts of the method."""
    store = Places(request.data_dir, request.cache).store()
    places = ArtefactPlaces(data_folder(request.data_dir), store, request.out / "artefacts")
    planned = plan_artefacts(config, (spec,), registry, dataset, places)
    lacking = missing_artefacts(spec, planned, registry)
    if lacking:
        raise ConfigError(f"{spec.name} {lacking}")
    return planned
