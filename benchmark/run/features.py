"""Computing features of a batch of images, and what each took. Runs in a process of its own."""

import dataclasses
import time
from collections.abc import Iterator, Sequence

from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.run.isolated import cpu_seconds


@dataclasses.dataclass(frozen=True)
class FeatureCost:
    """What one feature of a batch took: of ``images`` images, the rest being stored already."""

    feature: str
    images: int
    seconds: float
    cpu_seconds: float


def compute_features(images: ImageSet, extractors: Sequence[Extractor]) -> tuple[FeatureCost, ...]:
    """Compute and store the features of some images where they are missing.

    What a feature is computed from (pixels, descriptors) comes before it, so that its own time is its own.
    """
    costs = []
    for extractor in extractors:
        lacking = images[images.missing(extractor)]
        for one in (*_sources(extractor), extractor):
            missing = lacking[lacking.missing(one)]
            if len(missing):
                start, cpu = time.perf_counter(), cpu_seconds()
                missing.prepare(one)
                spent = time.perf_counter() - start, cpu_seconds() - cpu
                costs.append(FeatureCost(_name(one), len(missing), *spent))
    return tuple(costs)


def _sources(extractor: Extractor) -> Iterator[Extractor]:
    """What a feature is computed from, the first things first."""
    source = extractor.source
    for one in source if isinstance(source, tuple) else (source,):
        if one is not None:
            yield from _sources(one)
            yield one


def _name(extractor: Extractor) -> str:
    """Its class and the settings that are not the usual ones, where they are numbers or words."""
    changed = []
    for field in dataclasses.fields(extractor):
        value = getattr(extractor, field.name)
        if isinstance(value, bool | int | float | str) and value != field.default:
            changed.append(f"{field.name}={value}")
    return f"{type(extractor).__name__}({', '.join(changed)})" if changed else type(extractor).__name__
