"""`Outcomes`: what every complete method said of every image of a subset, as arrays in one order."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark.protocol.row import Row
from benchmark.report.evidence import Evidence, EvidenceError, Group


@dataclasses.dataclass(frozen=True)
class Outcomes:
    """Scores of all methods on the images of one subset, each image scored by a model that had not seen it.

    Attributes
    ----------
    stage, subset : str
        Which.
    images : tuple of str
        Opaque ids, sorted.
    groups : ndarray of int64, shape (n,)
        From 0; copies of one photograph share a number.
    labels : ndarray of int64, shape (n,)
        1 positive, 0 negative.
    votes : ndarray of int64, shape (n, 2), or None
        For negative and for positive.
    seeds : mapping of str to tuple of int
        Seeds of each method, in the order of the tables. A method with a gap is left out.
    scores : mapping of str to ndarray of float64, shape (seeds, n)
        P(positive) of each image, a line a seed.
    """

    stage: str
    subset: str
    images: tuple[str, ...]
    groups: np.ndarray
    labels: np.ndarray
    votes: np.ndarray | None
    seeds: Mapping[str, tuple[int, ...]]
    scores: Mapping[str, np.ndarray]

    @property
    def methods(self) -> tuple[str, ...]:
        """Methods that scored every image, in the order of the tables."""
        return tuple(self.scores)

    @property
    def size(self) -> int:
        """Number of groups: images, copies counted once."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0

    def right(self, method: str) -> np.ndarray:
        """Whether a method was right, bool of shape (seeds, n)."""
        return (self.scores[method] >= 0.5) == (self.labels == 1)

    def first_common_seed(self, one: str, other: str) -> int | None:
        """The smallest seed that both methods were run with; None where they have none in common."""
        return min(set(self.seeds[one]) & set(self.seeds[other]), default=None)

    def of_seed(self, method: str, seed: int) -> np.ndarray:
        """Scores of one seed, shape (n,)."""
        return self.scores[method][self.seeds[method].index(seed)]


def gather_outcomes(evidence: Evidence, stage: str, subset: str) -> Outcomes:
    """Join the folds of every method that has them all.

    Raises
    ------
    EvidenceError
        Two methods, or two seeds of one, tested other images.
    """
    complete: dict[str, Group] = {}
    for method in evidence.methods(stage):
        group = evidence.group(stage, method, subset)
        if group.status == "ok" and group.rows:
            complete[method] = group
    labels: dict[str, int] = {}
    votes: dict[str, tuple[int, int] | None] = {}
    for group in complete.values():
        for row in group.rows:
            labels.update(zip(row.images, row.labels, strict=True))
            given: Sequence[tuple[int, int] | None] = row.votes or [None] * len(row.images)
            votes.update(zip(row.images, given, strict=True))
    images = tuple(sorted(labels))
    place = {image: i for i, image in enumerate(images)}
    seeds = {m: tuple(sorted({row.cell.seed for row in g.rows})) for m, g in complete.items()}
    known = [votes[image] for image in images]
    copies = image_groups(evidence.rows)
    return Outcomes(
        stage,
        subset,
        images,
        _numbers([copies[image] for image in images]),
        np.array([labels[image] for image in images], dtype=np.int64),
        None if None in known or not known else np.array(known, dtype=np.int64),
        seeds,
        {m: _scores(g, seeds[m], place) for m, g in complete.items()},
    )


def image_groups(rows: Sequence[Row]) -> dict[str, str]:
    """Which images are copies of each other: a name of its group for every image.

    Rows say it themselves; of rows that do not, byte-identical copies alone are known, by their ids.
    """
    groups = {image: image.partition("~")[0] for row in rows for image in row.images}
    for row in rows:
        if row.groups is not None:
            groups.update({i: f"group {g}" for i, g in zip(row.images, row.groups, strict=True)})
    return groups


def _numbers(names: list[str]) -> np.ndarray:
    place = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.array([place[name] for name in names], dtype=np.int64)


def _scores(group: Group, seeds: tuple[int, ...], place: Mapping[str, int]) -> np.ndarray:
    scores = np.full((len(seeds), len(place)), np.nan)
    for row in group.rows:
        scores[seeds.index(row.cell.seed), [place[image] for image in row.images]] = row.scores
    if np.isnan(scores).any():
        seed, image = np.argwhere(np.isnan(scores))[0]
        raise EvidenceError(
            f"{group.method} {group.subset} seed {seeds[seed]} did not test the image {list(place)[image]} "
            f"that others did: the dataset changed between the runs; run again with --resume never"
        )
    return scores
