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
from benchmark.run.train_artefacts import ArtefactPlaces, learn, missing_artefacts, plan_artefacts


@dataclasses.dataclass(frozen=True)
class FitRequest:
    """What the user asked to be fitted, as the options were given."""

    method: str
    seed: int
    data: str
    source: list[str] | None
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
        A picture is missing.
    """
    console = Console(stderr=True)
    registry = load_registry(o.names(request.imports) or ())
    spec = registry[request.method]
    keys = hash_files(paths, [str(path) for path in paths])
    dataset = open_data(request.data, Places(request.data_dir, request.cache), console)
    params = _params(request, spec, registry, dataset, console)
    with console.status(f"fitting {spec.name} on {len(dataset)} images"):
        artefact = fitted.fit_on_all(
            spec, params, dataset, request.seed, ArtefactStore(request.out / "artefacts")
        )
    model = fitted.load(artefact.path / fitted.MODEL, spec)
    with tempfile.TemporaryDirectory() as folder:
        yield spec, model, ImageSet(keys, FeatureStore(folder), paths=paths)


def _params(
    request: FitRequest, spec: MethodSpec, registry: Registry, dataset: Dataset, console: Console
) -> dict[str, Any]:
    """Parameters of the method, its artefacts among them, learned now where they are not stored."""
    config = RunConfig(sources=o.sources(request.source) or {}, params=o.parameters(request.settings) or {})
    places = Places(request.data_dir, request.cache)
    root = request.out / "artefacts"
    planned = plan_artefacts(
        config,
        (spec,),
        registry,
        dataset,
        ArtefactPlaces(data_folder(request.data_dir), places.store(), root),
    )
    lacking = missing_artefacts(spec, planned, registry)
    if lacking:
        raise ConfigError(f"{spec.name} {lacking}")
    for one in planned.values():
        with (
            console.status(f"learning {one.spec.name} from {one.source.name}"),
            limited_threads(config.threads),
        ):
            learn(one, ArtefactStore(root))
    return method_params(spec, config, planned)
