"""Fitted methods as files, without pickle (skops)."""

from pathlib import Path
from typing import Any

import skops.io

from benchmark.data.dataset import Dataset
from benchmark.data.fingerprint import plain, processor, versions
from benchmark.method import Method, MethodSpec
from benchmark.run.artefacts import ArtefactError, ArtefactStore, StoredArtefact
from benchmark.run.cell import build, details_of
from benchmark.run.fingerprint import key_of, method_sources
from benchmark.run.isolated import limited_threads

MODEL = "model.skops"


def fit_on_all(
    spec: MethodSpec,
    params: dict[str, Any],
    dataset: Dataset,
    seed: int,
    store: ArtefactStore,
    threads: int = 1,
) -> StoredArtefact:
    """Fit a method on every labelled image of a dataset, once; kept as an artefact.

    Returns
    -------
    StoredArtefact
        Holds the model and a card that says what it was fitted on. No test figure applies to it: every
        labelled image was used.
    """
    method = build(spec, params, seed, "all images")
    depends = {
        "dataset": dataset.digest,
        "method": plain(method),
        "sources": method_sources(spec),
        "libraries": versions(*spec.libraries),
        "processor": processor(),
        "threads": threads,
    }

    def make(folder: Path) -> dict[str, Any]:
        with limited_threads(threads):
            method.fit(dataset.images, dataset.labels)
        save(method, folder / MODEL)
        return {
            "fitted on": f"all {len(dataset)} images of {dataset.name}, {int(dataset.labels.sum())} positive",
            "details": details_of(method),
            "limits": "fitted on every labelled image, so no figure of the tables is a test of this model",
        }

    return store.get_or_make(_file_name(spec.name), depends, key_of(depends), make)


def save(method: Method, path: Path) -> None:
    """Write a fitted method to a file."""
    skops.io.dump(method, path)


def load(path: Path, spec: MethodSpec) -> Method:
    """Read a fitted method; only types of this project and of the method's own package are made.

    Raises
    ------
    ArtefactError
        The file asks for any other type.
    """
    own = {"benchmark", "baselines", "deep", spec.factory.__module__.partition(".")[0]}
    asked = skops.io.get_untrusted_types(file=path)
    foreign = [name for name in asked if name.partition(".")[0] not in own]
    if foreign:
        raise ArtefactError(
            f"{path}: asks for the types {', '.join(foreign)}, which no model here has; delete it"
        )
    return skops.io.load(path, trusted=asked)


def _file_name(name: str) -> str:
    return "model-" + "".join(c if c.isascii() and (c.isalnum() or c in "-+") else "_" for c in name)
