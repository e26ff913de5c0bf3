"""The small generated dataset that the checks run on."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset, vote_subsets
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.data.synthetic import World, load
from benchmark.method import Artefact, MethodSpec, NotAvailable, unavailable
from benchmark.registry import Registry
from benchmark.run.artefacts import ArtefactStore
from benchmark.run.config import RunConfig
from benchmark.run.engine import Local
from benchmark.run.prepare import learn_artefact
from benchmark.run.train_artefacts import ArtefactPlaces, plan_artefacts

SIZE = 150
"""Images: enough that a method which knows the labels stands out from chance by far."""


SOURCE = "synthetic:n=600"
"""What artefacts are learned from: about eleven images of each pair."""


def contract_dataset(folder: Path, n: int = SIZE) -> Dataset:
    """A part of the embedded dataset, drawn into ``folder``."""
    return load(folder / "data", FeatureStore(folder / "features"), World(n=n, seed=11))


def learn_artefacts(
    spec: MethodSpec,
    registry: Registry,
    dataset: Dataset,
    folder: Path,
    settings: Mapping[str, Mapping[str, Any]],
) -> dict[str, Artefact]:
    """The artefacts of a method by parameter, learned from the embedded source, kept in ``folder``.

    Parameters
    ----------
    settings : mapping of str to mapping
        Of artefacts, by their names.

    Raises
    ------
    NotAvailable
        The features that one is learned from cannot be computed on this machine.
    RuntimeError
        One cannot be learned.
    """
    sources = {registry.artefacts[name].source: SOURCE for name in spec.artefacts.values()}
    places = ArtefactPlaces(folder / "data", FeatureStore(folder / "features"), folder / "artefacts")
    params = {name: dict(given) for name, given in settings.items()}
    config = RunConfig(sources=sources, params=params, device="cpu")
    planned = plan_artefacts(config, (spec,), registry, dataset, places)
    engine = Local(config.workers)
    for one in planned.values():
        if one.stored:
            continue
        if isinstance(one.source, Source):
            reason = unavailable(one.spec.features(one.settings, one.source))
            if reason:
                raise NotAvailable(reason)
        error = learn_artefact(one, ArtefactStore(places.root), 1, Silent(), engine)
        if error:
            raise RuntimeError(f"artefact {one.spec.name}: {error}")
    return {parameter: planned[name].artefact for parameter, name in spec.artefacts.items()}


class Silent:
    """Progress that nobody watches."""

    def start(self, stage: str, total: int, unit: str) -> None:
        """A stage begins."""

    def advance(self, count: int, note: str = "") -> None:
        """It is further."""


def relabelled(dataset: Dataset, labels: np.ndarray) -> Dataset:
    """The same images with other labels, votes turned round to match."""
    votes = dataset.votes
    if votes is not None:
        votes = np.where((labels == dataset.labels)[:, None], votes, votes[:, ::-1])
    return dataclasses.replace(dataset, labels=np.asarray(labels, dtype=np.int64), votes=votes)


def odd_images(folder: Path) -> Dataset:
    """Images that defeat careless features: one colour, one pixel wide, one pixel, grey noise."""
    from PIL import Image

    rng = np.random.default_rng(5)
    pictures = {
        "black": np.zeros((40, 40, 3)),
        "white": np.full((40, 40, 3), 255),
        "red": np.full((64, 48, 3), (255, 0, 0)),
        "one_pixel_wide": rng.integers(0, 256, (90, 1, 3)),
        "one_pixel": np.full((1, 1, 3), 77),
        "grey_noise": np.repeat(rng.integers(0, 256, (50, 70, 1)), 3, axis=2),
    }
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.png" for name in pictures]
    for path, picture in zip(paths, pictures.values(), strict=True):
        Image.fromarray(picture.astype(np.uint8)).save(path)
    labels = np.array([1, 0, 1, 0, 1, 0])
    votes = np.stack([5 * (1 - labels), 5 * labels], axis=1)
    names = [path.name for path in paths]
    return build_dataset(
        "odd",
        paths,
        names,
        labels,
        FeatureStore(folder / "features"),
        votes=votes,
        subsets=vote_subsets(votes),
    )
