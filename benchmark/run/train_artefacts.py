"""Artefacts of a run: what each depends on, and learning those that are not stored."""

import dataclasses
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmark.data.dataset import Dataset
from benchmark.data.fingerprint import plain, processor, source_hashes, versions
from benchmark.data.guard import drop_near_duplicates
from benchmark.data.imageset import ImageSet
from benchmark.data.open_source import open_source
from benchmark.data.released import read_responses
from benchmark.data.released_answers import ReleasedAnswers
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.data.target_responses import TargetResponses, target_responses
from benchmark.method import Artefact, ArtefactSpec, ArtefactTask, MethodSpec
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.source_split import split_source
from benchmark.registry import Registry
from benchmark.run import isolated
from benchmark.run.artefacts import ArtefactError, ArtefactStore
from benchmark.run.config import ConfigError, RunConfig
from benchmark.run.device import chosen_device
from benchmark.run.fingerprint import key_of


@dataclasses.dataclass(frozen=True)
class PlannedArtefact:
    """An artefact of the plan: its source is open, its key known; it may not be learned yet.

    Attributes
    ----------
    spec : ArtefactSpec
    source : Source or TargetResponses
        What it is learned from: without copies of target images and without ``test``; or released responses,
        which take the place of what would be learned.
    depends : dict
        What it is made from.
    artefact : Artefact
        Where it lies or will lie.
    test : Source or None
        The part of the source that it is tested on.
    settings : object
        Of the artefact, with what the user changed.
    needs : mapping of str to Artefact
        What it starts from.
    seed : int
        Of everything random in learning it.
    device : str
        ``auto``, ``cpu`` or ``cuda``.
    threads : int
        With which it is learned.
    """

    spec: ArtefactSpec
    source: Source | TargetResponses
    depends: Mapping[str, Any]
    artefact: Artefact
    test: Source | None = None
    settings: Any = None
    needs: Mapping[str, Artefact] = dataclasses.field(default_factory=dict)
    seed: int = 0
    device: str = "auto"
    threads: int = 1

    @property
    def stored(self) -> bool:
        """Whether it is learned already, and its files are whole."""
        path = self.artefact.path
        try:
            ArtefactStore(path.parent).read_at(path, self.spec.name)
        except ArtefactError:
            return False
        return True


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
    """The artefacts that the methods need and whose source or responses are at hand, each behind its needs.

    Sources hold no copy of a target image: those found are left out and named in the source's notes. Released
    responses have no images that could be looked at; their notes say so.

    Raises
    ------
    ConfigError
        A source of a kind that no artefact needs, or responses for what they cannot stand for.
    DatasetError
        A source or a file of responses cannot be used, or lacks target images.
    """
    _check_names(config, registry)
    opened: dict[str, Source] = {}
    planned: dict[str, PlannedArtefact] = {}
    wanted = [name for method in methods for name in method.artefacts.values()]
    for spec in needed_artefacts(wanted, registry):
        if spec.name in config.responses:
            responses = target_responses(read_responses(Path(config.responses[spec.name])), dataset)
            planned[spec.name] = _plan_released(spec, responses, dataset.images, places.root)
            continue
        where = config.sources.get(spec.source) or ("synthetic" if dataset.name == "synthetic" else "")
        if not where or any(name not in planned for name in spec.needs):
            continue
        if spec.source not in opened:
            whole = open_source(spec.source, where, places.data_dir, places.store)
            opened[spec.source], _ = drop_near_duplicates(whole, dataset.images)
        planned[spec.name] = _plan_one(spec, opened[spec.source], planned, config, places.root)
    return planned


def _check_names(config: RunConfig, registry: Registry) -> None:
    """Refuse sources and responses for what nothing here is called."""
    specs = registry.artefacts.values()
    for option, what, given, known in (
        ("--source", "kind of source", config.sources, {spec.source for spec in specs}),
        ("--responses", "bank", config.responses, {spec.name for spec in specs if spec.responses}),
    ):
        unknown = sorted(set(given) - known)
        if unknown:
            raise ConfigError(
                f"{option} {unknown[0]}=...: no such {what}; known: {', '.join(sorted(known)) or 'none'}"
            )


def needed_artefacts(names: Iterable[str], registry: Registry) -> list[ArtefactSpec]:
    """Artefacts by these names and all that they start from, each behind what it needs."""

    def walk(name: str) -> Iterator[ArtefactSpec]:
        spec = registry.artefacts[name]
        for other in spec.needs:
            yield from walk(other)
        yield spec

    return list({spec.name: spec for name in names for spec in walk(name)}.values())


def _plan_one(
    spec: ArtefactSpec, source: Source, planned: Mapping[str, PlannedArtefact], config: RunConfig, root: Path
) -> PlannedArtefact:
    seed = derive_seed(0, "artefact", spec.name)
    settings = spec.configured(config.params.get(spec.name, {}))
    test = None
    if spec.tested:
        split = split_source(source)
        source, test = split.train, split.test
    needs = {name: planned[name].artefact for name in spec.needs}
    threads = config.learning_threads if spec.all_processors else config.threads
    device = chosen_device(config.device)
    depends = {
        "artefact": spec.name,
        "source": source.digest,
        "settings": plain(settings),
        "needs": {name: artefact.digest for name, artefact in needs.items()},
        "sources": source_hashes([spec.train.__module__]),
        "libraries": versions(*spec.libraries),
        "processor": processor(),
        "device": device,
        "threads": threads,
        "seed": seed,
    }
    return PlannedArtefact(
        spec=spec,
        source=source,
        depends=depends,
        artefact=_place(spec, depends, root),
        test=test,
        settings=settings,
        needs=needs,
        seed=seed,
        device=device,
        threads=threads,
    )


def _plan_released(
    spec: ArtefactSpec, responses: TargetResponses, images: ImageSet, root: Path
) -> PlannedArtefact:
    depends = {
        "artefact": spec.name,
        "responses": responses.digest,
        "images": images.keys_digest,
        "sources": source_hashes([TargetResponses.__module__]),
    }
    return PlannedArtefact(spec, responses, depends, _place(spec, depends, root))


def _place(spec: ArtefactSpec, depends: Mapping[str, Any], root: Path) -> Artefact:
    key = key_of(depends)
    return Artefact(spec.name, str(ArtefactStore(root).path(spec.name, key)), key)


def missing_artefacts(method: MethodSpec, planned: Mapping[str, PlannedArtefact], registry: Registry) -> str:
    """Why a method cannot run: the source that is not at hand; empty where nothing is missing."""
    lacking = sorted({name for name in method.artefacts.values() if name not in planned})
    if not lacking:
        return ""
    kinds = sorted({registry.artefacts[name].source for name in lacking})
    options = " ".join(f"--source {kind}=FOLDER+FOLDER" for kind in kinds)
    released = " ".join(f"--responses {name}=FILE" for name in lacking if registry.artefacts[name].responses)
    return (
        f"needs the artefact {', '.join(lacking)}, learned from a source that was not given; give {options}"
        + (f", or where you hold the responses of such a bank, {released}" if released else "")
    )


def put_released(planned: Iterable[PlannedArtefact], images: ImageSet, names: Sequence[str]) -> None:
    """Put the responses that were released for some images where their features are kept.

    Parameters
    ----------
    names : sequence of str
        Of the images, by which the files know them. No method learns them.

    Raises
    ------
    DatasetError
        A file lacks images: the first are named.
    """
    for one in planned:
        if isinstance(one.source, TargetResponses):
            images.put(ReleasedAnswers(digest=one.artefact.digest), one.source.responses.of(names))


def learn(planned: PlannedArtefact, store: ArtefactStore) -> str:
    """Learn an artefact, or copy released responses, unless it is stored; returns the hash of its files.

    One whose files are damaged is learned again. What an attempt left to go on from is kept until then,
    whether it was killed or failed for want of disk, memory or a peer; not where the learning itself came to
    nothing, since it would only do so again.
    """
    spec, source = planned.spec, planned.source

    def make(folder: Path) -> dict[str, Any]:
        if isinstance(source, TargetResponses):
            return source.save(folder)
        card = dict(spec.train(task_of(planned, folder, store)))
        about = {"name": source.name, "images": len(source), "notes": list(source.notes)}
        if planned.test is not None:
            about["test images"] = len(planned.test)
        return {"source": about, **card}

    damage = store.discard_damaged(spec.name, planned.artefact.digest)
    if damage:
        isolated.tell(0, 1, f"learned again: {damage}")
    try:
        digest = store.get_or_make(spec.name, planned.depends, planned.artefact.digest, make).digest
    except RuntimeError as error:
        if type(error).__module__.partition(".")[0] == spec.train.__module__.partition(".")[0]:
            _forget_unfinished(spec.name, store)
        raise
    _forget_unfinished(spec.name, store)
    return digest


def task_of(planned: PlannedArtefact, folder: Path, store: ArtefactStore) -> ArtefactTask:
    """What learning an artefact into a folder is given."""
    if isinstance(planned.source, TargetResponses):
        raise TypeError(f"{planned.spec.name} is given by {planned.source.name}: nothing is learned")
    return ArtefactTask(
        source=planned.source,
        folder=folder,
        seed=planned.seed,
        unfinished=store.unfinished(planned.spec.name, planned.artefact.digest),
        settings=planned.settings,
        needs=planned.needs,
        device=planned.device,
        threads=planned.threads,
        tell=isolated.tell,
    )


def _forget_unfinished(name: str, store: ArtefactStore) -> None:
    """Remove what attempts at an artefact left to go on from."""
    for old in store.all_unfinished(name):
        shutil.rmtree(old, ignore_errors=True)
