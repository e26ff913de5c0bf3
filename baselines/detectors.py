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
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.special import expit
from sklearn.model_selection import GroupKFold

from baselines.detector_quality import Quality, Yardstick, yardstick
from baselines.held_out import HeldOut
from baselines.negatives import balance, with_negatives
from baselines.platt import fit_sigmoids
from baselines.squared_hinge import fit_squared_hinge, prepare
from baselines.whitening import whiten
from benchmark.data.files import write_bytes, write_with

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
        Positives and negatives with human votes that its AP needs; with fewer it is measured on all labels.
    """

    negatives: tuple[int, ...] = (2, 10, 0)
    costs: tuple[float, ...] = (0.1, 1.0, 10.0)
    components: int = 1500
    parts: int = 5
    support: int = 10
    judged: int = 5


class DetectorBank:
    """Detectors of concepts.

    Parameters
    ----------
    settings : BankSettings, optional
    threads : int, optional
        Of the solver; by default as many as BLAS uses. The result does not depend on it.
    tell : callable, optional
        Takes (done, total, note): how far `fit` is, in fits of all detectors.

    Attributes
    ----------
    names : tuple of str
        The concepts kept.
    quality : dict of str to Quality
        Of every concept that was tried.
    chosen : dict
        The setting taken (``negatives``, ``C``), and the mean AP of each setting that was tried.
    held_out_ : HeldOut
        Of the concepts kept, the answers for images that were held out; labels of the images that the AP was
        measured on. Not part of the saved files.
    """

    def __init__(
        self,
        settings: BankSettings | None = None,
        threads: int | None = None,
        tell: Callable[[int, int, str], None] | None = None,
    ) -> None:
        self.settings = settings or BankSettings()
        self.threads = threads
        self.tell = tell or (lambda done, total, note: None)

    def fit(
        self,
        X: np.ndarray,
        labels: np.ndarray,
        names: Sequence[str],
        groups: np.ndarray | None = None,
        measured: np.ndarray | None = None,
        seed: int = 0,
        support: Sequence[str] | None = None,
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
            Images that bear human votes, on which alone the AP is measured where there are enough.
        support : sequence of K str, optional
            Where the labels come from, see `benchmark.data.source.Source`; weak labels by default.

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
        support = None if support is None else [support[int(k)] for k in tried]
        measure = yardstick(labels, measured, support, self.settings.judged)
        self.center_, self.turn_ = whiten(X, self.settings.components, seed)
        Z = ((X - self.center_) @ self.turn_).astype(np.float32)
        parts = list(
            GroupKFold(self.settings.parts).split(Z, groups=np.arange(len(Z)) if groups is None else groups)
        )
        setting, answers, self.chosen = self._choose(Z, labels, names, parts, measure, seed)
        self.quality = dict(zip(names, measure.quality(answers, labels, seed), strict=True))
        kept = np.array([k for k, name in enumerate(names) if self.quality[name].kept], dtype=np.int64)
        if len(kept) == 0:
            raise ValueError(
                f"none of {len(names)} concepts is detected better than by chance; give more images"
            )
        self.names = tuple(names[k] for k in kept)
        answers, labels = answers[:, kept], labels[:, kept]
        used = with_negatives(labels, self.names, setting[0], seed)
        fit = fit_squared_hinge(Z, used, setting[1], *balance(used), threads=self.threads)
        slope, offset = fit_sigmoids(answers, labels)
        probabilities = expit(answers * slope + offset).astype(np.float32)
        counted = np.where(measure.rows[:, kept], labels, 0)
        self.held_out_ = HeldOut(self.names, answers, probabilities, counted)
        self.weights_ = (self.turn_ @ fit.weights * slope).astype(np.float32)
        self.bias_ = (fit.bias * slope + offset - self.center_ @ (self.turn_ @ fit.weights * slope)).astype(
            np.float64
        )
        self.chosen["largest_gap"] = float(fit.gap.max())
        return self

    def _choose(
        self,
        Z: np.ndarray,
        labels: np.ndarray,
        names: Sequence[str],
        parts: list,
        measure: Yardstick,
        seed: int,
    ) -> tuple[tuple[int, float], np.ndarray, dict[str, Any]]:
        """The best setting, its held-out answers, and the mean AP of all."""
        settings = [
            (negatives, cost) for negatives in self.settings.negatives for cost in self.settings.costs
        ]
        answers = {setting: np.empty(labels.shape, dtype=np.float32) for setting in settings}
        fits = len(parts) * len(settings)
        for i, (train, test) in enumerate(parts):
            design = prepare(np.ascontiguousarray(Z[train]), self.threads)
            for j, (negatives, cost) in enumerate(settings):
                self.tell(i * len(settings) + j, fits, f"{labels.shape[1]} detectors, part {i + 1}")
                used = with_negatives(labels[train], names, negatives, seed)
                fit = fit_squared_hinge(design, used, cost, *balance(used), threads=self.threads)
                answers[negatives, cost][test] = Z[test] @ fit.weights + fit.bias
        self.tell(fits, fits, "held-out answers")
        worth = {setting: measure.worth(found, labels) for setting, found in answers.items()}
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
            0 to 1. Those of an image are the same bytes whichever others are answered beside it.
        """
        weights, image = self.weights_.astype(np.float64), np.empty(len(self.weights_))
        answers = np.empty((len(X), len(self.names)), dtype=np.float32)
        for i, features in enumerate(X):
            # One product an image: in a product of many, the order of BLAS's sums depends on how many.
            image[:] = features
            answers[i] = expit(image @ weights + self.bias_)
        return answers

    @property
    def summary(self) -> dict[str, Any]:
        """What a table cell says of the bank."""
        kept = [quality for quality in self.quality.values() if quality.kept]
        return {
            "tried": len(self.quality),
            "kept": len(kept),
            "mean_ap": round(float(np.mean([q.ap for q in kept])), 5),
            "chance": round(float(np.mean([q.chance for q in kept])), 5),
            "measured_on": dict(Counter(q.measured_on for q in kept)),
            "negatives": self.chosen["negatives"],
            "C": self.chosen["C"],
        }

    def save(self, folder: Path, about: Mapping[str, Any] | None = None) -> None:
        """Write the detectors (npz) and what is known of them (JSON) into a folder, each file whole."""
        write_with(folder / WEIGHTS, lambda file: np.savez(file, weights=self.weights_, bias=self.bias_))
        card = {
            "names": list(self.names),
            "quality": {name: dataclasses.asdict(quality) for name, quality in self.quality.items()},
            "dropped": [name for name, quality in self.quality.items() if not quality.kept],
            "chosen": self.chosen,
            "settings": dataclasses.asdict(self.settings),
            **(about or {}),
        }
        write_bytes(folder / CARD, json.dumps(card, indent=1).encode() + b"\n")

    @classmethod
    def load(cls, folder: Path) -> "DetectorBank":
        """Read a bank.

        Raises
        ------
        ValueError
            The files do not hold a bank: they are missing or cut off, hold objects instead of numbers, or
            numbers that are not finite or do not fit the names.
        """
        try:
            card = json.loads((folder / CARD).read_bytes())
            names, chosen = tuple(card["names"]), dict(card["chosen"])
            quality = {name: Quality(**found) for name, found in card["quality"].items()}
            settings: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in card["settings"].items()
            }
            bank = cls(BankSettings(**settings))
            with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
                weights, bias = arrays["weights"], arrays["bias"]
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as e:
            raise ValueError(f"{folder}: no detector bank ({e}); learn it again: bank train") from None
        _check(folder / WEIGHTS, names, weights, bias)
        bank.names, bank.chosen, bank.quality = names, chosen, quality
        bank.weights_, bank.bias_ = weights, bias
        return bank


def _check(path: Path, names: Sequence[str], weights: np.ndarray, bias: np.ndarray) -> None:
    """Whether arrays are those of a bank with these names."""
    problem = ""
    if not all(isinstance(name, str) for name in names):
        problem = "a concept's name is not a text"
    elif len(set(names)) < len(names):
        problem = "a concept is named twice"
    elif weights.ndim != 2 or weights.shape[1] != len(names) or bias.shape != (len(names),):
        problem = f"weights {weights.shape} and bias {bias.shape} for {len(names)} names"
    elif not (np.issubdtype(weights.dtype, np.floating) and np.issubdtype(bias.dtype, np.floating)):
        problem = f"weights of {weights.dtype} and bias of {bias.dtype}, not real numbers"
    else:
        finite = np.isfinite(weights).all(axis=0) & np.isfinite(bias)
        if not finite.all():
            wrong = names[int(np.flatnonzero(~finite)[0])]
            problem = f"{int((~finite).sum())} detectors are not finite, the first {wrong!r}"
    if problem:
        raise ValueError(f"{path}: {problem}; learn it again: bank train")
