"""How far the methods' scores are probabilities: calibration, Brier score, loss against the votes."""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from benchmark.protocol.calibration import brier_losses, calibrate, entropies, log_losses
from benchmark.protocol.seeds import derive_seed
from benchmark.protocol.statistics import bca_intervals
from benchmark.report.outcomes import Outcomes

BRIER, LOG_LOSS, SOFT_LOSS, ECE = "brier", "log_loss", "soft_log_loss", "ece"
MEASURES = {
    BRIER: "squared distance of score and label; at least 0",
    LOG_LOSS: "cross-entropy against the label, in nats; at least 0",
    SOFT_LOSS: "cross-entropy against the share of positive votes, in nats; at least that share's entropy",
    ECE: "expected calibration error, ten bins of equally many images; right scores give what stands as best",
}
"""What is measured of the scores; less is better."""

UNKNOWN_VOTES = "the votes are not known"


@dataclasses.dataclass(frozen=True)
class Measure:
    """One measure of a method's scores; the fields are the columns of ``calibration.csv``.

    Attributes
    ----------
    stage, method, subset : str
        Whose pooled out-of-fold scores: those of the method's first seed.
    measure : str
        A key of `MEASURES`.
    value, low, high : float or None
        With the 95 % BCa interval over images; of ``ece`` there is none, its noise has a bias.
    best : float
        The least that can be expected: 0; of ``soft_log_loss`` the entropy of the votes; of ``ece`` what
        right scores would give by chance.
    constant : float or None
        What the share of positives as everyone's score would give.
    p : float or None
        Of ``ece``: how probable one as large is if the scores are right.
    images : int
        Of the subset.
    reason : str
        Why something is missing.
    """

    stage: str
    method: str
    subset: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    best: float
    constant: float | None
    p: float | None
    images: int
    reason: str


@dataclasses.dataclass(frozen=True)
class ReliabilityBin:
    """One point of a reliability diagram; the fields are the columns of ``reliability.csv``.

    Attributes
    ----------
    stage, method, subset : str
        Whose scores.
    bin : int
        From 1, by score.
    images : int
        In the bin.
    score, positive : float
        Mean score, and share of positives.
    low, high : float
        Where that share falls 95 % of the time if the scores are right.
    """

    stage: str
    method: str
    subset: str
    bin: int
    images: int
    score: float
    positive: float
    low: float
    high: float


COLUMNS = tuple(field.name for field in dataclasses.fields(Measure))
BIN_COLUMNS = tuple(field.name for field in dataclasses.fields(ReliabilityBin))


def reliability(outcomes: Outcomes) -> tuple[list[Measure], list[ReliabilityBin]]:
    """Every measure and the diagram of every method on one stage and subset."""
    losses = {method: _losses(outcomes, outcomes.scores[method][0]) for method in outcomes.methods}
    limits = _limits(outcomes, [loss for of in losses.values() for loss in of.values()])
    measures: list[Measure] = []
    bins: list[ReliabilityBin] = []
    for m, (method, of) in enumerate(losses.items()):
        seed = derive_seed(0, "calibration", outcomes.stage, outcomes.subset, method)
        found = calibrate(outcomes.labels, outcomes.scores[method][0], seed)
        measures += _measures(outcomes, method, of, limits[m * len(of) :])
        head = (outcomes.stage, method, outcomes.subset)
        measures.append(
            Measure(
                *head, ECE, found.error, None, None, found.by_chance, None, found.p, len(outcomes.images), ""
            )
        )
        bins += [
            ReliabilityBin(*head, i, b.images, b.score, b.positive, b.low, b.high)
            for i, b in enumerate(found.bins, start=1)
        ]
    return measures, bins


def _losses(outcomes: Outcomes, scores: np.ndarray) -> dict[str, np.ndarray]:
    """Loss of each image by measure."""
    found = {BRIER: brier_losses(outcomes.labels, scores), LOG_LOSS: log_losses(outcomes.labels, scores)}
    if outcomes.votes is not None:
        found[SOFT_LOSS] = log_losses(_shares(outcomes.votes), scores)
    return found


def _shares(votes: np.ndarray) -> np.ndarray:
    return votes[:, 1] / votes.sum(axis=1)


def _measures(
    outcomes: Outcomes,
    method: str,
    losses: dict[str, np.ndarray],
    limits: Sequence[tuple[float | None, float | None]],
) -> Iterator[Measure]:
    head, n = (outcomes.stage, method, outcomes.subset), len(outcomes.images)
    constants = _losses(outcomes, np.full(n, outcomes.labels.mean()))
    best = {BRIER: 0.0, LOG_LOSS: 0.0}
    if outcomes.votes is not None:
        best[SOFT_LOSS] = float(entropies(_shares(outcomes.votes)).mean())
    for (name, loss), (low, high) in zip(losses.items(), limits, strict=False):
        level = float(constants[name].mean())
        yield Measure(*head, name, float(loss.mean()), low, high, best[name], level, None, n, "")
    if outcomes.votes is None:
        yield Measure(*head, SOFT_LOSS, None, None, None, 0.0, None, None, n, UNKNOWN_VOTES)


def _limits(outcomes: Outcomes, losses: Sequence[np.ndarray]) -> list[tuple[float | None, float | None]]:
    """BCa intervals of mean losses, copies of an image drawn together."""
    if outcomes.size < 2 or not losses:
        return [(None, None)] * len(losses)
    sums = np.stack([np.bincount(outcomes.groups, weights=loss) for loss in losses], axis=1)
    sizes = np.bincount(outcomes.groups).astype(np.float64)
    seed = derive_seed(0, "losses", outcomes.stage, outcomes.subset)
    limits = bca_intervals(lambda counts: (counts @ sums).T / (counts @ sizes), outcomes.size, seed)
    return [(None, None) if np.isnan(low) else (float(low), float(high)) for low, high in limits]
