"""What a cell's scores depend on, each part named; the row's key is its hash."""

from collections.abc import Mapping
from typing import Any

from benchmark.data.dataset import Dataset
from benchmark.data.fingerprint import plain, processor, source_hashes, value_hash, versions
from benchmark.method import MethodSpec, components
from benchmark.protocol import PROTOCOL_VERSION
from benchmark.protocol.folds import FoldAssignment
from benchmark.protocol.row import Cell
from benchmark.run.cell import build

RUNNER = "benchmark.run.cell"
"""The module that fits and scores; its imports reach the contract, the data layer and the seeds."""


def method_sources(spec: MethodSpec) -> dict[str, str]:
    """Hashes of the method's module, of its components' modules, of the runner's, and of their imports."""
    modules = {spec.factory.__module__, RUNNER}
    modules |= {type(part).__module__ for _, part in components(spec.build())}
    packages = ("benchmark", "baselines", "deep", spec.factory.__module__.partition(".")[0])
    return source_hashes(sorted(m for m in modules if m.partition(".")[0] in packages), packages)


def cell_depends(
    cell: Cell,
    spec: MethodSpec,
    sources: Mapping[str, str],
    params: Mapping[str, Any],
    dataset: Dataset,
    folds: FoldAssignment,
    train_on: str,
    threads: int,
) -> dict[str, Any]:
    """All that the scores of a cell depend on, as JSON-serialisable values.

    Parameters
    ----------
    sources : mapping of str to str
        From `method_sources`.
    params : mapping
        Parameters that the user changed; the record holds every parameter.
    """
    return {
        "cell": cell.model_dump(),
        "protocol": {"version": PROTOCOL_VERSION, "name": folds.protocol, "train_on": train_on},
        "folds": folds.digest,
        "dataset": dataset.digest,
        "method": plain(build(spec, params, cell.seed, cell.subset, cell.fold)),
        "sources": dict(sources),
        "libraries": versions(*spec.libraries),
        "processor": processor(),
        "threads": threads,
    }


def untuned_depends(
    cell: Cell,
    spec: MethodSpec,
    sources: Mapping[str, str],
    params: Mapping[str, Any],
    dataset: Dataset,
    tested: str,
) -> dict[str, Any]:
    """All that the scores of a cell without training images depend on.

    Parameters
    ----------
    tested : str
        Hash of the tested images and their labels.
    """
    return {
        "cell": cell.model_dump(),
        "protocol": {"version": PROTOCOL_VERSION},
        "dataset": dataset.digest,
        "tested": tested,
        "method": plain(build(spec, params, cell.seed, cell.subset, cell.fold)),
        "sources": dict(sources),
        "libraries": versions(*spec.libraries),
        "processor": processor(),
    }


def key_of(depends: Mapping[str, Any]) -> str:
    """The key of a row: the hash of what it depends on."""
    return value_hash(depends)


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between two records, as dotted names: ``sources: baselines.features.sift``.

    Examples
    --------
    >>> changes({"threads": 1, "sources": {"a": "1"}}, {"threads": 2, "sources": {"a": "2"}})
    ['sources: a', 'threads']
    """
    found = []
    for part in sorted({*before, *now}):
        old, new = before.get(part), now.get(part)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            inner = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
            found.append(f"{part}: {', '.join(inner)}")
        else:
            found.append(part)
    return found
