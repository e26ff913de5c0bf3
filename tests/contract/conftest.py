"""A dataset whose pictures say nothing about its labels: whatever scores above chance has smuggled."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset, vote_subsets
from benchmark.data.store import FeatureStore


@pytest.fixture
def blind_dataset(tmp_path: Path, store: FeatureStore) -> Dataset:
    """100 images of noise, half of them called positive; the file names tell which."""
    return draw_blind(tmp_path / "blind", store)


def draw_blind(folder: Path, store: FeatureStore, n: int = 100) -> Dataset:
    rng = np.random.default_rng(2)
    labels = rng.permutation(n) % 2
    folder.mkdir()
    paths = []
    for i, label in enumerate(labels):
        path = folder / f"{i:03d}{'p' if label else 'n'}.png"
        Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)).save(path)
        paths.append(path)
    votes = np.stack([5 * (1 - labels), 5 * labels], axis=1)
    names = [path.name for path in paths]
    return build_dataset(
        "blind", paths, names, labels, store, votes=votes, subsets=vote_subsets(votes), root=folder
    )


@pytest.fixture
def auc_of(tmp_path: Path) -> Callable[..., float]:
    """Run a method through the real runner and give the AUC of its pooled out-of-fold scores."""

    def auc(dataset: Dataset, method: str) -> float:
        from sklearn.metrics import roc_auc_score

        from benchmark.registry import load_registry
        from benchmark.run.config import RunConfig
        from benchmark.run.execute import execute
        from benchmark.run.folder import RunFolder
        from benchmark.run.plan import make_plan

        class Silence:
            def start(self, stage: str, total: int, unit: str) -> None: ...

            def advance(self, count: int, note: str = "") -> None: ...

        # One worker: the folds come one after the other, as a smuggler would wish.
        config = RunConfig(methods=(method,), imports=("toy_methods",), subsets=("three",), jobs=1)
        folder = RunFolder(tmp_path / "run")
        result = execute(make_plan(config, dataset, load_registry(config.imports), folder), folder, Silence())
        assert result.ran == 5
        assert not result.failed, result.failed[0].reason
        rows = folder.rows()
        return float(roc_auc_score(np.concatenate([r.y for r in rows]), np.concatenate([r.p for r in rows])))

    return auc
