"""A bank of concept detectors: K one-vs-rest linear SVMs with calibrated responses (Borth et al. 2013).

How it is learned, in order:

1. features are standardised, reduced to their principal components, and scaled to mean squared length 1, all
   without labels;
2. the images are split into five parts that keep duplicates together; for each setting (negatives a positive,
   C) all detectors are fitted to four parts and answer for the fifth, and the setting with the greatest mean
   average precision (AP) of these held-out answers is taken, one setting for the whole bank;
3. a detector is kept if its AP is above what 95 % of random orders reach; the others are named and dropped;
4. a sigmoid is fitted to the held-out answers of each (Platt 1999), and the detectors to all images.

The AP on the card is that of step 2: no detector answered for an image that it was fitted to. Choosing one
setting out of nine for all detectors together favours it by next to nothing.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.special import expit
from sklearn.decomposition import PCA
from sklearn.model_selection import GroupKFold

from baselines.average_precision import average_precision, chance_quantile
from baselines.platt import fit_sigmoids
from baselines.squared_hinge import fit_squared_hinge, prepare

WEIGHTS, CARD = "detectors.npz", "detectors.json"


@dataclasses.dataclass(frozen=True)
class BankSettings:
    """How a bank is learned.

    Attributes
    ----------
    negatives : tuple of int
        Negatives a positive to choose from; 0 means all others. Borth et al. take about two.
    costs : tuple of float
        C to choose from, for examples of mean squared length 1.
    components : int
        Principal components of the features at most.
    parts : int
        Held-out parts.
    support : int
        Positives that a concept needs to be tried.
    judged : int
        Positives with trusted labels that its AP needs; with fewer it is measured on the weak labels.
    """

    negatives: tuple[int, ...] = (2, 10, 0)
    costs: tuple[float, ...] = (0.1, 1.0, 10.0)
    components: int = 1500
    parts: int = 5
    support: int = 10
    judged: int = 5


@dataclasses.dataclass(frozen=True)
class Quality:
    """How well a detector ranks images that it was not fitted to.

    Attributes
    ----------
    positives : int
        Images with the concept that it was learned from.
    ap, chance : float
        Average precision, and what random orders reach on average: the share of positives.
    needed : float
        What 95 % of random orders stay below.
    measured_on : str
        ``trusted labels`` or ``weak labels``.
    kept : bool
        Whether ``ap`` is above ``needed``.
    """

    positives: int
    ap: float
    chance: float
    needed: float
    measured_on: str
    kept: bool


class DetectorBank:
    """Detectors of concepts.

    Parameters
    ----------
    settings : BankSettings

    Attributes
    ----------
    names : tuple of str
        The concepts kept.
    quality : dict of str to Quality
        Of every concept that was tried.
    chosen : dict
        The setting taken (``negatives``, ``cost``), and the mean AP of each setting that was tried.
    """

    def __init__(self, settings: BankSettings | None = None) -> None:
        self.settings = settings or BankSettings()

    def fit(
        self,
        X: np.ndarray,
        labels: np.ndarray,
        names: Sequence[str],
        groups: np.ndarray | None = None,
        measured: np.ndarray | None = None,
        seed: int = 0,
    ) -> Self:
        """Learn the detectors.

        Parameters
        ----------
        X : ndarray of float32, shape (n, d)
        labels : ndarray of int8, shape (n, K)
            1 shows the concept, -1 does not, 0 not known.
        names : sequence of K str
        groups : ndarray of int, shape (n,), optional
            Duplicates share a number.
        measured : ndarray of bool, shape (n,), optional
            Images whose labels are trusted; all by default.

        Raises
        ------
        ValueError
            No concept has enough positives, or none is detected better than by chance.
        """
        tried = np.flatnonzero((labels == 1).sum(axis=0) >= self.settings.support)
        if len(tried) == 0:
            raise ValueError(
                f"none of {len(names)} concepts has {self.settings.support} images; give more images"
            )
        labels, names = labels[:, tried], [names[int(k)] for k in tried]
        trusted = np.ones(len(X), dtype=bool) if measured is None else measured
        self.center_, self.turn_ = _whiten(X, self.settings.components, seed)
        Z = ((X - self.center_) @ self.turn_).astype(np.float32)
        parts = list(
            GroupKFold(self.settings.parts).split(Z, groups=np.arange(len(Z)) if groups is None else groups)
        )
        setting, answers, self.chosen = self._choose(Z, labels, parts, trusted, seed)
        self.quality = {
            name: _quality(answers[:, k], labels[:, k], trusted, self.settings.judged, seed)
            for k, name in enumerate(names)
        }
        kept = np.array([k for k, name in enumerate(names) if self.quality[name].kept], dtype=np.int64)
        if len(kept) == 0:
            raise ValueError(
                f"none of {len(names)} concepts is detected better than by chance; give more images"
            )
        self.names = tuple(names[k] for k in kept)
        used = _with_negatives(labels[:, kept], setting[0], seed)
        fit = fit_squared_hinge(Z, used, setting[1], *_balance(used))
        slope, offset = fit_sigmoids(answers[:, kept], labels[:, kept])
        self.weights_ = (self.turn_ @ fit.weights * slope).astype(np.float32)
        self.bias_ = (fit.bias * slope + offset - self.center_ @ (self.turn_ @ fit.weights * slope)).astype(
            np.float64
        )
        self.chosen["largest_gap"] = float(fit.gap.max())
        return self

    def _choose(
        self, Z: np.ndarray, labels: np.ndarray, parts: list, trusted: np.ndarray, seed: int
    ) -> tuple[tuple[int, float], np.ndarray, dict[str, Any]]:
        """The best setting, its held-out answers, and the mean AP of all."""
        settings = [
            (negatives, cost) for negatives in self.settings.negatives for cost in self.settings.costs
        ]
        answers = {setting: np.empty(labels.shape, dtype=np.float32) for setting in settings}
        for train, test in parts:
            design = prepare(np.ascontiguousarray(Z[train]))
            for negatives, cost in settings:
                used = _with_negatives(labels[train], negatives, seed)
                fit = fit_squared_hinge(design, used, cost, *_balance(used))
                answers[negatives, cost][test] = Z[test] @ fit.weights + fit.bias
        rows = trusted[:, None] & (labels != 0)
        worth = {s: float(np.nanmean(average_precision(a, labels == 1, rows))) for s, a in answers.items()}
        best = max(settings, key=lambda setting: worth[setting])
        table = {f"negatives {n or 'all'}, C {c:g}": round(worth[n, c], 5) for n, c in settings}
        return best, answers[best], {"negatives": best[0] or "all", "C": best[1], "mean_ap": table}

    def respond(self, X: np.ndarray) -> np.ndarray:
        """Answers of the kept detectors.

        Parameters
        ----------
        X : ndarray of float32, shape (n, d)

        Returns
        -------
        ndarray of float32, shape (n, number of ``names``)
            0 to 1.
        """
        return expit(X @ self.weights_ + self.bias_).astype(np.float32)

    @property
    def summary(self) -> dict[str, Any]:
        """What a table cell says of the bank."""
        tried, kept = len(self.quality), [q for q in self.quality.values() if q.kept]
        return {
            "tried": tried,
            "kept": len(kept),
            "mean_ap": round(float(np.mean([q.ap for q in kept])), 5),
            "chance": round(float(np.mean([q.chance for q in kept])), 5),
            "negatives": self.chosen["negatives"],
            "C": self.chosen["C"],
        }

    def save(self, folder: Path, about: Mapping[str, Any] | None = None) -> None:
        """Write the detectors (npz) and what is known of them (JSON) into a folder."""
        np.savez(folder / WEIGHTS, weights=self.weights_, bias=self.bias_)
        card = {
            "names": list(self.names),
            "quality": {name: dataclasses.asdict(quality) for name, quality in self.quality.items()},
            "dropped": [name for name, quality in self.quality.items() if not quality.kept],
            "chosen": self.chosen,
            "settings": dataclasses.asdict(self.settings),
            **(about or {}),
        }
        (folder / CARD).write_text(json.dumps(card, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "DetectorBank":
        """Read a bank.

        Raises
        ------
        ValueError
            The files do not hold a bank: wrong shapes, or objects instead of numbers.
        """
        card = json.loads((folder / CARD).read_text())
        with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
            weights, bias = arrays["weights"], arrays["bias"]
        if weights.ndim != 2 or weights.shape[1] != len(card["names"]) or bias.shape != (len(card["names"]),):
            raise ValueError(
                f"{folder / WEIGHTS}: {weights.shape} weights for {len(card['names'])} names; learn it again"
            )
        settings: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in card["settings"].items()
        }
        bank = cls(BankSettings(**settings))
        bank.names, bank.chosen = tuple(card["names"]), card["chosen"]
        bank.quality = {name: Quality(**quality) for name, quality in card["quality"].items()}
        bank.weights_, bank.bias_ = weights, bias
        return bank


def _whiten(X: np.ndarray, components: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Centre and matrix (d, p) that standardise, take principal components, and scale to mean length 1."""
    center, spread = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
    scale = np.where(spread > 1e-6 * max(float(spread.max()), 1e-12), 1 / np.maximum(spread, 1e-12), 0.0)
    standard = ((X - center) * scale).astype(np.float32)
    p = min(components, *X.shape)
    pca = PCA(p, svd_solver="randomized" if p < 0.8 * min(X.shape) else "full", random_state=seed).fit(
        standard
    )
    length = np.sqrt(pca.explained_variance_.sum())
    return center, scale[:, None] * pca.components_.T / length


def _with_negatives(labels: np.ndarray, share: int, seed: int) -> np.ndarray:
    """Labels with all but ``share`` negatives a positive set to 0, drawn for each concept; 0 keeps all."""
    if share == 0:
        return labels
    rng = np.random.default_rng(seed)
    used = np.where(labels == 1, labels, 0).astype(labels.dtype)
    for k in range(labels.shape[1]):
        negatives = np.flatnonzero(labels[:, k] == -1)
        wanted = min(share * int((labels[:, k] == 1).sum()), len(negatives))
        used[rng.choice(negatives, wanted, replace=False), k] = -1
    return used


def _balance(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of positives and of negatives that give both the same say in each detector."""
    positives, negatives = (labels == 1).sum(axis=0), (labels == -1).sum(axis=0)
    n = positives + negatives
    return n / (2.0 * np.maximum(positives, 1)), n / (2.0 * np.maximum(negatives, 1))


def _quality(answers: np.ndarray, labels: np.ndarray, trusted: np.ndarray, judged: int, seed: int) -> Quality:
    rows = trusted & (labels != 0)
    on = "trusted labels"
    if (labels[rows] == 1).sum() < judged:
        rows, on = labels != 0, "weak labels"
    positive = labels[rows] == 1
    ap = float(average_precision(answers[rows, None], positive[:, None])[0])
    needed = chance_quantile(len(positive), int(positive.sum()), seed)
    return Quality(int((labels == 1).sum()), ap, float(positive.mean()), needed, on, ap > needed)
