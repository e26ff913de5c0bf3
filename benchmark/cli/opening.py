"""From options to a dataset and a plan: what ``run`` and ``status`` both begin with."""

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.files import remove_partial
from benchmark.data.locations import cache_folder, data_folder
from benchmark.data.open import describe, open_dataset
from benchmark.data.open_source import open_source
from benchmark.data.source import GENERATED, Source
from benchmark.data.store import FeatureStore
from benchmark.protocol.row import Row
from benchmark.registry import load_registry
from benchmark.report.network_facts import used_networks
from benchmark.report.trained_network import EMOTIONS
from benchmark.run.config import RunConfig
from benchmark.run.folder import RunFolder
from benchmark.run.plan import Plan, make_plan
from benchmark.run.train_artefacts import ArtefactPlaces


@dataclasses.dataclass(frozen=True)
class Places:
    """Folders that the user gave, or None for the defaults."""

    data_dir: Path | None = None
    cache: Path | None = None

    def store(self) -> FeatureStore:
        """The feature store in the cache folder, cleared of what killed runs left half-written."""
        folder = cache_folder(self.cache) / "features"
        remove_partial(folder)
        return FeatureStore(folder)


def open_data(spec: str, places: Places, console: Console) -> Dataset:
    """Open a dataset and say plainly which it is."""
    with console.status("reading images and looking for duplicates") as status:

        def tell(done: int, total: int) -> None:
            status.update(f"drawing the embedded images: {done} of {total}")

        dataset = open_dataset(spec, data_folder(places.data_dir), places.store(), tell)
    console.print(describe(dataset, spec), highlight=False, markup=False)
    for note in dataset.notes:
        console.print(f"  note: {note}", highlight=False, markup=False)
    return dataset


def open_network_sources(
    rows: Iterable[Row], out: Path, config: Mapping[str, Any], places: Places, console: Console
) -> list[Source]:
    """The sources of the networks that rows used and that stand in the run's folder, for their pictures.

    Parameters
    ----------
    config : mapping
        Settings of the run, from its manifest: they say where the sources are. One that is no longer there is
        named on the screen and left out.
    """
    known = load_registry(tuple(config.get("imports", ()))).artefacts
    networks = used_networks(rows).values()
    here = [network for network in networks if (out / "artefacts" / network.folder / EMOTIONS).is_file()]
    kinds = {known[network.artefact].source: network.source for network in here if network.artefact in known}
    sources = []
    for kind, name in kinds.items():
        where = config.get("sources", {}).get(kind) or (GENERATED if name == GENERATED else "")
        if not where:
            continue
        try:
            with console.status(f"reading {where}"):
                sources.append(open_source(kind, where, data_folder(places.data_dir), places.store()))
        except DatasetError as error:
            console.print(f"pictures of {name} are left out: {error}", style="yellow", markup=False)
    return sources


def open_plan(config: RunConfig, places: Places, out: Path, console: Console) -> Plan:
    """Open the dataset and make the plan."""
    registry = load_registry(config.imports)
    for name in config.methods:
        registry[name]
    dataset = open_data(config.data, places, console)
    artefacts = ArtefactPlaces(data_folder(places.data_dir), places.store(), out / "artefacts")
    with console.status("planning"):
        return make_plan(config, dataset, registry, RunFolder(out), artefacts)
