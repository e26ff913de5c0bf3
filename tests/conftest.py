"""Fixtures shared by all tests: a store in a temporary folder, small sets of generated images, real data."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image
from PIL import Image

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset
from benchmark.data.store import FeatureStore
from benchmark.run import isolated

isolated.import_first(["torch"])  # once, not in every process that runs a network


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real images; tests that need it are skipped where it is missing."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SENTIMENT_REAL_DATA", beside))
    if not (folder / "twitter").is_dir():
        pytest.skip("the real images are not on this machine (set $SENTIMENT_REAL_DATA)")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    """An empty feature store."""
    return FeatureStore(tmp_path / "store")


@pytest.fixture
def write_images(tmp_path: Path) -> Callable[..., tuple[list[Path], np.ndarray]]:
    """Write n generated PNG files; returns their paths and labels (1 positive, 0 negative)."""

    def write(n: int, seed: int = 0, folder: str = "images") -> tuple[list[Path], np.ndarray]:
        rng = np.random.default_rng(seed)
        labels = (rng.permutation(n) < round(0.6 * n)).astype(np.int64)
        root = tmp_path / folder
        root.mkdir(parents=True, exist_ok=True)
        paths = []
        for i, label in enumerate(labels):
            path = root / f"picture{seed}_{i:03d}.png"
            Image.fromarray(draw_image(rng, bool(label))).save(path)
            paths.append(path)
        return paths, labels

    return write


@pytest.fixture
def make_dataset(
    write_images: Callable[..., tuple[list[Path], np.ndarray]], store: FeatureStore
) -> Callable[..., Dataset]:
    """A dataset of n generated images with five votes each and the subsets five, four, three."""

    def make(n: int = 60, seed: int = 0, name: str = "generated") -> Dataset:
        from benchmark.data.dataset import vote_subsets

        paths, labels = write_images(n, seed)
        most = np.random.default_rng(seed + 1).choice([5, 4, 3], size=n, p=[0.6, 0.25, 0.15])
        positive = np.where(labels == 1, most, 5 - most)
        votes = np.stack([5 - positive, positive], axis=1)
        names = [path.name for path in paths]
        return build_dataset(
            name, paths, names, labels, store, votes=votes, subsets=vote_subsets(votes), root=paths[0].parent
        )

    return make
