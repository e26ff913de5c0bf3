"""Rows with generated scores: what a run leaves, without a run."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from benchmark.protocol.row import Cell, Row

FAMILIES = {
    "Majority": "reference",
    "SentiBank": "mid-level",
    "Sentribute": "mid-level",
    "CNN": "deep",
    "PCNN": "deep",
}


def generated_rows(
    methods: Sequence[str] = ("Majority", "GCH", "LCH"),
    *,
    n: int = 120,
    folds: int = 5,
    seeds: Sequence[int] = (0,),
    subsets: Sequence[str] = ("five", "four", "three"),
    dataset: str = "twitter",
    published: bool = True,
    protocol: str = "grouped",
    train_on: str = "subset",
    stage: str = "cross-validation",
    ids: Sequence[str] | None = None,
    labels: Sequence[int] | None = None,
    agreement: Sequence[int] | None = None,
) -> list[Row]:
    """Rows of nested subsets (5, 4 or 3 of 5 votes) whose scores lean towards the labels."""
    rng = np.random.default_rng(0)
    ids = [f"{i * 2654435761 % 2**64:016x}" for i in range(n)] if ids is None else list(ids)
    n = len(ids)
    y = (rng.random(n) < 0.6).astype(int) if labels is None else np.asarray(labels)
    most = np.array([5, 5, 5, 4, 3])[np.arange(n) % 5] if agreement is None else np.asarray(agreement)
    least = {"five": 5, "four": 4, "three": 3, "all": 3}
    rows = []
    for seed in seeds:
        fold_of = np.random.default_rng(seed + 7).permutation(np.arange(n) % folds) + 1
        for m, method in enumerate(methods):
            noise = np.random.default_rng([seed, m]).normal(0, 0.22, n)
            scores = np.clip(0.5 + (0.06 + 0.02 * m) * (2 * y - 1) + noise, 0.001, 0.999)
            if method == "Majority":
                scores = np.full(n, y.mean())
            for subset in subsets:
                inside = most >= least.get(subset, 3)
                for fold in range(1, folds + 1) if stage == "cross-validation" else [0]:
                    at = np.flatnonzero(inside & ((fold_of == fold) | (fold == 0)))
                    train = inside & (fold_of != fold)
                    votes = [
                        (int(5 - most[i]), int(most[i])) if y[i] else (int(most[i]), int(5 - most[i]))
                        for i in at
                    ]
                    p = [round(float(s), 6) for s in scores[at]]
                    rows.append(
                        Row(
                            cell=Cell(
                                stage=stage,
                                method=method,
                                dataset=dataset,
                                subset=subset,
                                fold=fold,
                                seed=seed,
                            ),
                            family=FAMILIES.get(method, "low-level"),
                            folds=folds,
                            protocol=protocol,
                            train_on=train_on,
                            status="ok",
                            key=f"{method}-{subset}-{fold}-{seed}",
                            depends={},
                            images=[ids[i] for i in at],
                            labels=[int(y[i]) for i in at],
                            votes=votes,
                            scores=p,
                            predictions=[int(s >= 0.5) for s in p],
                            n_train=int(train.sum()),
                            n_train_positive=int(y[train].sum()),
                            published=published,
                        )
                    )
    return rows


def without_scores(row: Row, reason: str, status: str = "failed") -> Row:
    """The same cell, failed or skipped."""
    content = row.model_dump() | {"status": status, "reason": reason, "scores": [], "predictions": []}
    return Row.model_validate(content)


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., list[Row]]:
    """See `generated_rows`."""
    return generated_rows


@pytest.fixture(scope="session")
def make_failed() -> Callable[..., Row]:
    """See `without_scores`."""
    return without_scores
