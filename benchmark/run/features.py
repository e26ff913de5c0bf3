"""Computing features of a batch of images, and what each took. Runs in a process of its own."""

import dataclasses
import time
from collections.abc import Iterator, Sequence

import numpy as np

from benchmark.data.extractor import Extractor
from benchmark.data.files import WriteError
from benchmark.data.imageset import BATCH, ImageSet
from benchmark.run.isolated import cpu_seconds


@dataclasses.dataclass(frozen=True)
class FeatureCost:
    """What one feature of a batch took: of ``images`` images, the rest being stored already.

    Attributes
    ----------
    feature : str
    images : int
    seconds, cpu_seconds : float
    fingerprint : str
        Of the feature.
    error : str
        Why it could not be computed; empty otherwise.
    """

    feature: str
    images: int
    seconds: float
    cpu_seconds: float
    fingerprint: str = ""
    error: str = ""


Lacking = Sequence[tuple[Extractor, np.ndarray]]
"""Features, and the indices of the images of which each is to be computed."""


def lacking(images: ImageSet, extractors: Sequence[Extractor]) -> Lacking:
    """What has to be computed before all of these features are stored.

    What a feature is computed from (pixels, descriptors) comes before it, so that its own time is its own.
    """
    found: dict[str, tuple[Extractor, np.ndarray]] = {}
    for extractor in extractors:
        wanted = images.missing(extractor)
        for one in (*_sources(extractor), extractor):
            missing, name = wanted[images[wanted].missing(one)], one.fingerprint()
            _, before = found.get(name, (one, missing))
            found[name] = one, np.union1d(before, missing)
    return [(extractor, indices) for extractor, indices in found.values() if len(indices)]


def feature_batches(
    images: ImageSet, extractors: Sequence[Extractor], size: int = BATCH
) -> list[tuple[ImageSet, Lacking]]:
    """What is lacking, as calls of `compute_features` for ``size`` images at most.

    The process that gives the calls has looked into the store; who carries them out need not look again. Its
    index grows with all that is stored, and to read it for every batch would take longer from batch to batch.
    """
    todo = lacking(images, extractors)
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *(indices for _, indices in todo)]))
    calls: list[tuple[ImageSet, Lacking]] = []
    for start in range(0, len(wanted), size):
        at = wanted[start : start + size]
        part = [(one, np.flatnonzero(np.isin(at, indices))) for one, indices in todo]
        calls.append((images[at].carrying(), [(one, where) for one, where in part if len(where)]))
    return calls


def compute_features(images: ImageSet, todo: Lacking) -> tuple[FeatureCost, ...]:
    """Compute and store the features of some images; one that cannot be computed does not end the others.

    Raises
    ------
    OSError
        The store cannot be written to: nothing else could be kept either.
    """
    costs = []
    for extractor, indices in todo:
        start, cpu, error = time.perf_counter(), cpu_seconds(), ""
        try:
            images[indices].describe(extractor)
        except WriteError:
            raise
        except Exception as problem:  # a feature may raise anything
            error = f"{type(problem).__name__}: {problem}"
        spent = time.perf_counter() - start, cpu_seconds() - cpu
        costs.append(
            FeatureCost(feature_name(extractor), len(indices), *spent, extractor.fingerprint(), error)
        )
    return tuple(costs)


def _sources(extractor: Extractor) -> Iterator[Extractor]:
    """What a feature is computed from, the first things first."""
    source = extractor.source
    for one in source if isinstance(source, tuple) else (source,):
        if one is not None:
            yield from _sources(one)
            yield one


def feature_name(extractor: Extractor) -> str:
    """Its class and the settings that are not the usual ones, where they are numbers or words."""
    changed = []
    for field in dataclasses.fields(extractor):
        value = getattr(extractor, field.name)
        if isinstance(value, bool | int | float | str) and value != field.default:
            changed.append(f"{field.name}={value}")
    return f"{type(extractor).__name__}({', '.join(changed)})" if changed else type(extractor).__name__
