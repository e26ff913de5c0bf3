"""Methods fitted on all labelled images: for ``predict``, ``explain`` and ``concepts``."""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator, Mapping
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

    methods: tuple[str, ...]
    seed: int
    data: str
    source: list[str] | None
    responses: list[str] | None
    settings: list[str] | None
    imports: str | None
    out: Path
    data_dir: Path | None
    cache: Path | None


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Pictures of the user's, and what the user calls them."""

    images: ImageSet
    names: list[str]


@dataclasses.dataclass(frozen=True)
class FittedMethod:
    """A method fitted on every labelled image of a dataset."""

    spec: MethodSpec
    model: Any
    dataset: Dataset


def fit_methods(request: FitRequest, pictures: Pictures | None = None) -> list[FittedMethod]:
    """Fit the methods, or read them where they were fitted before.

    Parameters
    ----------
    pictures : Pictures, optional
        Of the user's: where responses were released for them, they are put where their features are.

    Raises
    ------
    ConfigError
        A method needs an artefact whose source was not given.
    DatasetError
        Released responses are given and their file lacks an image.
    """
    console = Console(stderr=True)
    registry = load_registry(o.names(request.imports) or ())
    specs = tuple(registry[name] for name in request.methods)
    dataset = open_data(request.data, Places(request.data_dir, request.cache), console)
    config = RunConfig(
        sources=o.sources(request.source) or {},
        responses=o.responses(request.responses) or {},
        params=o.parameters(request.settings) or {},
    )
    planned = _planned(request, specs, registry, config, dataset)
    if pictures is not None:
        put_released(planned.values(), pictures.images, pictures.names)
    put_released(planned.values(), dataset.images, dataset.names)
    for one in planned.values():
        with console.status(f"{one.spec.name} from {one.source.name}"), limited_threads(one.threads):
            learn(one, ArtefactStore(request.out / "artefacts"))
    found = []
    for spec in specs:
        with console.status(f"fitting {spec.name} on {len(dataset)} images"):
            artefact = fitted.fit_on_all(
                spec,
                method_params(spec, config, planned),
                dataset,
                request.seed,
                ArtefactStore(request.out / "artefacts"),
            )
        found.append(FittedMethod(spec, fitted.load(artefact.path / fitted.MODEL, spec), dataset))
    return found


@contextlib.contextmanager
def fit_and_open(request: FitRequest, paths: list[Path]) -> Iterator[tuple[FittedMethod, ImageSet]]:
    """Fit the only method of a request, and open pictures of the user's.

    The pictures' features live in a temporary folder and are gone when the block ends.

    Raises
    ------
    ConfigError
        The method needs an artefact whose source was not given.
    DatasetError
        A picture is missing, or released responses are given and their file lacks it.
    """
    names = [str(path) for path in paths]
    keys = hash_files(paths, names)
    with tempfile.TemporaryDirectory() as folder:
        pictures = ImageSet(keys, FeatureStore(folder), paths=paths)
        (method,) = fit_methods(request, Pictures(pictures, names))
        yield method, pictures


def _planned(
    request: FitRequest,
    specs: tuple[MethodSpec, ...],
    registry: Registry,
    config: RunConfig,
    dataset: Dataset,
) -> Mapping[str, PlannedArtefact]:
    """All artefacts of the methods."""
    store = Places(request.data_dir, request.cache).store()
    places = ArtefactPlaces(data_folder(request.data_dir), store, request.out / "artefacts")
    planned = plan_artefacts(config, specs, registry, dataset, places)
    for spec in specs:
        lacking = missing_artefacts(spec, planned, registry)
        if lacking:
            raise ConfigError(f"{spec.name} {lacking}")
    return planned
