"""Agreement-aware accuracy: by how the annotators voted, beside the ceiling that label noise sets."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark.protocol.label_ceiling import JUDGES, Ceiling, ceilings, fit_p_value, fit_shares
from benchmark.report.evidence import Evidence
from benchmark.report.outcomes import Outcomes
from benchmark.report.pooled import widest_subset
from benchmark.report.resampling import resample

METRICS = ("accuracy", "balanced_accuracy", "auc")
"""Accuracy alone would mislead: the share of positives differs between the votes."""


@dataclasses.dataclass(frozen=True)
class ByVotes:
    """A metric on the images of one kind of votes; the fields are the columns of ``by_votes.csv``.

    Attributes
    ----------
    stage, method : str
        Whose scores.
    subset : str
        The widest: one model a fold for all kinds of votes.
    votes : str
        Votes of the majority and of the minority, such as ``4:1``.
    metric : str
        A name of `METRICS`.
    value, low, high : float or None
        Of the pooled predictions, with the 95 % BCa interval over images.
    images, positive : int
        How many there are, and how many of them are positive.
    majority : float
        Accuracy of always saying the commoner class.
    ceiling : float or None
        Best accuracy that can be expected (`benchmark.protocol.label_ceiling`, ``population``).
    reason : str
        Why something is missing.
    """

    stage: str
    method: str
    subset: str
    votes: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    images: int
    positive: int
    majority: float
    ceiling: float | None
    reason: str


@dataclasses.dataclass(frozen=True)
class LabelNoise:
    """A ceiling; the fields are the columns of ``ceiling.csv``.

    Attributes
    ----------
    images : str
        A subset such as ``five``, or votes such as ``4:1``.
    judge : str
        Whose agreement with the labels (`benchmark.protocol.label_ceiling.JUDGES`).
    value, low, high : float or None
        Expected agreement, 95 % interval.
    n : int
        Images that are asked about.
    a, b : float or None
        Of the Beta distribution.
    fit_p : float or None
        Chi-squared p-value of the model.
    reason : str
        Why there is none.
    """

    images: str
    judge: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    a: float | None
    b: float | None
    fit_p: float | None
    reason: str


COLUMNS = tuple(field.name for field in dataclasses.fields(ByVotes))
NOISE_COLUMNS = tuple(field.name for field in dataclasses.fields(LabelNoise))


def split_names(votes: np.ndarray) -> np.ndarray:
    """How each image was voted, such as ``4:1``; shape (n,)."""
    return np.array([f"{int(v.max())}:{int(v.min())}" for v in votes], dtype=object)


def label_noise(evidence: Evidence, outcomes: Mapping[tuple[str, str], Outcomes]) -> list[LabelNoise]:
    """Ceilings of every subset and of every kind of votes; empty where votes are not known."""
    widest = _widest(evidence, outcomes)
    if widest is None or widest.votes is None:
        return []
    votes, place = widest.votes, {image: i for i, image in enumerate(widest.images)}
    names = split_names(votes)
    sets: dict[str, np.ndarray] = {}
    for (_, subset), seen in outcomes.items():
        if seen.images and set(seen.images) <= place.keys():
            mask = np.zeros(len(votes), dtype=bool)
            mask[[place[image] for image in seen.images]] = True
            sets.setdefault(subset, mask)
    sets |= {str(name): names == name for name in sorted(set(names), reverse=True)}
    try:
        found = ceilings(votes, list(sets.values()))
    except ValueError as error:
        return [
            LabelNoise(name, judge, None, None, None, int(mask.sum()), None, None, None, str(error))
            for name, mask in sets.items()
            for judge in JUDGES
        ]
    shares = fit_shares(votes)
    p = fit_p_value(shares, votes)
    return [
        _noise(name, judge, one, int(mask.sum()), shares.a, shares.b, p)
        for (name, mask), of in zip(sets.items(), found, strict=True)
        for judge, one in zip(JUDGES, of, strict=True)
    ]


def accuracy_by_votes(
    evidence: Evidence, outcomes: Mapping[tuple[str, str], Outcomes], noise: Sequence[LabelNoise]
) -> list[ByVotes]:
    """Every method of every stage on each kind of votes, by the models of the widest subset."""
    ceiling = {n.images: n.value for n in noise if n.judge == "population"}
    found = []
    for stage in evidence.stages:
        seen = outcomes[stage, widest_subset(evidence, stage)]
        if seen.votes is None:
            continue
        names = split_names(seen.votes)
        parts = {name: _restricted(seen, names == name) for name in sorted(set(names), reverse=True)}
        resampled = {name: resample(part) for name, part in parts.items()}
        for method, (name, part) in itertools.product(seen.methods, parts.items()):
            positive, n = int(part.labels.sum()), len(part.images)
            for metric in METRICS:
                over = resampled[name].metrics[method, metric]
                found.append(
                    ByVotes(
                        stage=stage,
                        method=method,
                        subset=seen.subset,
                        votes=name,
                        metric=metric,
                        value=over.value,
                        low=over.low,
                        high=over.high,
                        images=n,
                        positive=positive,
                        majority=max(positive, n - positive) / n,
                        ceiling=ceiling.get(name) if metric == "accuracy" else None,
                        reason=over.reason,
                    )
                )
    return found


def _widest(evidence: Evidence, outcomes: Mapping[tuple[str, str], Outcomes]) -> Outcomes | None:
    """Of all stages and subsets, the one with the most images."""
    return max(outcomes.values(), key=lambda seen: len(seen.images), default=None)


def _restricted(seen: Outcomes, mask: np.ndarray) -> Outcomes:
    """Some of the images; the subset's name says which, so that its resamples are its own."""
    _, groups = np.unique(seen.groups[mask], return_inverse=True)
    names = "" if seen.votes is None else split_names(seen.votes[mask])[0]
    return dataclasses.replace(
        seen,
        subset=f"{seen.subset} {names}",
        images=tuple(np.array(seen.images)[mask].tolist()),
        groups=groups,
        labels=seen.labels[mask],
        votes=None if seen.votes is None else seen.votes[mask],
        scores={method: scores[:, mask] for method, scores in seen.scores.items()},
    )


def _noise(name: str, judge: str, one: Ceiling, n: int, a: float, b: float, p: float | None) -> LabelNoise:
    return LabelNoise(name, judge, one.value, one.low, one.high, n, a, b, p, "")
