"""What transfer brings: the fine-tuned network (Table 6) less the untuned one (Table 5), image by image."""

import dataclasses

import numpy as np

from benchmark.report.evidence import Evidence
from benchmark.report.network_facts import networks_of
from benchmark.report.outcomes import image_groups
from benchmark.report.paired import MEASURED, Scored, exchange, intervals
from benchmark.report.pooled import Pooled, pool
from benchmark.report.resampling import Interval
from benchmark.stages import CROSS_VALIDATION, ZERO_TRANSFER

UNTUNED, TUNED = "untuned", "fine-tuned"
OF = "these fitted networks on other images of the target"
"""What the intervals are of; not of networks trained again."""


@dataclasses.dataclass(frozen=True)
class Gain:
    """One line of ``transfer.csv``; the fields are its columns.

    Attributes
    ----------
    method, subset, metric : str
        What was measured, on all images of the subset at once.
    untuned, fine_tuned : float or None
        Of the network as it came from the source (Table 5), and of the pooled out-of-fold scores of those
        that were fine-tuned (Table 6, where folds are averaged instead); of several seeds the mean.
    gain : float or None
        Fine-tuned less untuned.
    low, high : float or None
        95 % BCa bootstrap interval of the gain.
    won, lost : int or None
        Images that fine-tuning set right, and wrong (accuracy alone; of the first seed).
    mcnemar_p : float or None
        Exact test of the two numbers.
    images : int
        That both stages tested.
    interval : str
        What it is of.
    artefacts : str
        The network.
    status, reason : str
        ``ok``, or why there is no gain.
    """

    method: str
    subset: str
    metric: str
    untuned: float | None
    fine_tuned: float | None
    gain: float | None
    low: float | None
    high: float | None
    won: int | None
    lost: int | None
    mcnemar_p: float | None
    images: int
    interval: str
    artefacts: str
    status: str
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(Gain))


def transfer_gains(evidence: Evidence) -> list[Gain]:
    """The gain of every method that was tested in both stages, by subset and metric."""
    both = [m for m in evidence.methods(ZERO_TRANSFER) if m in evidence.methods(CROSS_VALIDATION)]
    subsets = [s for s in evidence.subsets(ZERO_TRANSFER) if s in evidence.subsets(CROSS_VALIDATION)]
    return [gain for method in both for subset in subsets for gain in _gains(evidence, method, subset)]


def _gains(evidence: Evidence, method: str, subset: str) -> list[Gain]:
    stages = (ZERO_TRANSFER, CROSS_VALIDATION)
    groups = [evidence.group(stage, method, subset) for stage in stages]
    networks = networks_of(row for group in groups for row in group.rows)
    label = "; ".join(network.label for network in networks)
    reasons = [f"{group.stage}: {group.reason or 'not run'}" for group in groups if group.status != "ok"]
    if len(networks) > 1:
        reasons.append(f"the two stages used different networks ({label})")
    if reasons:
        lacking = (*(None,) * 8, 0, "", label, "incomplete", "; ".join(reasons))
        return [Gain(method, subset, metric, *lacking) for metric in MEASURED]
    scored = _scored(evidence, method, subset)
    found = intervals(scored, [(TUNED, UNTUNED)], "transfer", subset)
    changed = exchange(scored, TUNED, UNTUNED)
    gains = []
    for metric in MEASURED:
        difference = found[f"{TUNED} - {UNTUNED}", metric]
        counted = metric == "accuracy"
        gains.append(
            Gain(
                method,
                subset,
                metric,
                found[UNTUNED, metric].value,
                found[TUNED, metric].value,
                difference.value,
                difference.low,
                difference.high,
                changed.won if counted else None,
                changed.lost if counted else None,
                changed.p if counted else None,
                len(scored.images),
                OF if difference.low is not None else "",
                label,
                *_status(difference),
            )
        )
    return gains


def _scored(evidence: Evidence, method: str, subset: str) -> Scored:
    """Scores of both stages on the images that both tested."""
    pooled: dict[str, list[Pooled]] = {UNTUNED: [], TUNED: []}
    for name, stage in ((UNTUNED, ZERO_TRANSFER), (TUNED, CROSS_VALIDATION)):
        for seed in evidence.seeds(stage, method, subset):
            found = pool(evidence, stage, method, subset, seed)
            pooled[name] += [found] if found is not None else []
    everything = [one for found in pooled.values() for one in found]
    images = tuple(sorted(set.intersection(*(set(one.images) for one in everything))))
    labels = dict(zip(everything[0].images, everything[0].labels, strict=True))
    return Scored(
        images,
        np.array([labels[image] for image in images], dtype=np.int64),
        {name: np.stack([_at(one, images) for one in found]) for name, found in pooled.items()},
        image_groups(evidence.rows),
    )


def _at(pooled: Pooled, images: tuple[str, ...]) -> np.ndarray:
    scores = dict(zip(pooled.images, pooled.scores, strict=True))
    return np.array([scores[image] for image in images])


def _status(difference: Interval) -> tuple[str, str]:
    return ("ok", difference.reason) if difference.value is not None else ("undefined", difference.reason)
