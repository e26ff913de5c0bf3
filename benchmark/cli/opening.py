"""From options to a dataset and a plan: what ``run`` and ``status`` both begin with."""

import dataclasses
from pathlib import Path

from rich.console import Console

from benchmark.data.dataset import Dataset
from benchmark.data.files import remove_partial
from benchmark.data.locations import cache_folder, data_folder
from benchmark.data.open import describe, open_dataset
from benchmark.data.store import FeatureStore
from benchmark.registry import load_registry
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


def open_plan(config: RunConfig, places: Places, out: Path, console: Console) -> Plan:
    """Open the dataset and make the plan."""
    registry = load_registry(config.imports)
    for name in config.methods:
        registry[name]
    dataset = open_data(config.data, places, console)
    artefacts = ArtefactPlaces(data_folder(places.data_dir), places.store(), out / "artefacts")
    with console.status("planning"):
        return make_plan(config, dataset, registry, RunFolder(out), artefacts)
