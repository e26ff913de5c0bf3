"""Artefacts of a run: what each depends on, and learning those that are not stored."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmark.data.dataset import Dataset
from benchmark.data.fingerprint import processor, source_hashes, versions
from benchmark.data.guard import drop_near_duplicates
from benchmark.data.open_source import open_source
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.method import Artefact, ArtefactSpec, MethodSpec
from benchmark.protocol.seeds import derive_seed
from benchmark.registry import Registry
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.fingerprint import key_of


@dataclasses.dataclass(frozen=True)
class PlannedArtefact:
    """An artefact of the plan: its source is open, its key known; it may not be learned yet.

    Attributes
    ----------
    spec : ArtefactSpec
    source : Source
        Without copies of target images.
    depends : dict
        What it is made from.
    seed : int
        Of everything random in learning it.
    artefact : Artefact
        Where it lies or will lie.
    """

    spec: ArtefactSpec
    source: Source
    depends: Mapping[str, Any]
    seed: int
    artefact: Artefact

    @property
    def stored(self) -> bool:
        """Whether it is learned already."""
        return self.artefact.path.exists()


@dataclasses.dataclass(frozen=True)
class ArtefactPlaces:
    """Where sources are looked for, where features are kept, and where artefacts are."""

    data_dir: Path
    store: FeatureStore
    root: Path


def plan_artefacts(
    config: RunConfig,
    methods: tuple[MethodSpec, ...],
    registry: Registry,
    dataset: Dataset,
    places: ArtefactPlaces,
) -> dict[str, PlannedArtefact]:
    """The artefacts that the methods need and whose source is at hand, by name.

    Sources hold no copy of a target image: those found are left out and named in the source's notes.

    Raises
    ------
    ConfigError
        A source of a kind that no artefact needs.
    """
    names = sorted({name for method in methods for name in method.artefacts.values()})
    specs = [registry.artefacts[name] for name in names]
    known = {spec.source for spec in registry.artefacts.values()}
    unknown = sorted(set(config.sources) - known)
    if unknown:
        raise ConfigError(
            f"--source {unknown[0]}=...: no such kind of source; known: {', '.join(sorted(known))}"
        )
    sources: dict[str, Source] = {}
    planned = {}
    for spec in specs:
        where = config.sources.get(spec.source) or ("synthetic" if dataset.name == "synthetic" else "")
        if not where:
            continue
        if spec.source not in sources:
            opened = open_source(spec.source, where, places.data_dir, places.store)
            sources[spec.source], _ = drop_near_duplicates(opened, dataset.images)
        planned[spec.name] = _plan_one(spec, sources[spec.source], config, places.root)
    return planned


def _plan_one(spec: ArtefactSpec, source: Source, config: RunConfig, root: Path) -> PlannedArtefact:
    seed = derive_seed(0, "artefact", spec.name)
    depends = {
        "artefact": spec.name,
        "source": source.digest,
        "sources": source_hashes([spec.train.__module__]),
        "libraries": versions(),
        "processor": processor(),
        "threads": config.threads,
        "seed": seed,
    }
    key = key_of(depends)
    return PlannedArtefact(
        spec, source, depends, seed, Artefact(spec.name, str(ArtefactStore(root).path(spec.name, key)), key)
    )


def missing_artefacts(method: MethodSpec, planned: Mapping[str, PlannedArtefact], registry: Registry) -> str:
    """Why a method cannot run: the source that is not at hand; empty where nothing is missing."""
    lacking = sorted({name for name in method.artefacts.values() if name not in planned})
    if not lacking:
        return ""
    kinds = sorted({registry.artefacts[name].source for name in lacking})
    options = " ".join(f"--source {kind}=FOLDER+FOLDER" for kind in kinds)
    return (
        f"needs the artefact {', '.join(lacking)}, learned from a source that was not given; give {options}"
    )


def learn(planned: PlannedArtefact, store: ArtefactStore) -> str:
    """Learn an artefact and store it whole, unless it is there; returns the hash of its files.

    Runs in a process of its own.
    """

    def make(folder: Path) -> dict[str, Any]:
        card = dict(planned.spec.train(planned.source, folder, planned.seed))
        source = planned.source
        about = {"name": source.name, "images": len(source), "notes": list(source.notes)}
        return {"source": about, **card}

    spec = planned.spec
    return store.get_or_make(spec.name, planned.depends, planned.artefact.digest, make).digest
