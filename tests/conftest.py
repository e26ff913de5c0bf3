"""What all tests share: how they are spread over processes, and fixtures (images, a store, commands)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from disturbed import Commands
from pictures import draw_image
from PIL import Image

from benchmark.data.build import build_dataset
from benchmark.data.dataset import Dataset
from benchmark.data.store import FeatureStore
from benchmark.run import isolated

isolated.import_first(["torch"])  # once, not in every process that runs a network

# How long an example takes says nothing on a machine that does other things beside.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

LONG = (
    "contract/test_checks.py",
    "cli/test_cli_run.py",
    "test_notebooks.py",
    "faults/test_killed.py",
    "test_readme.py",
    "faults/test_refused.py",
    "test_code.py",
    "speed/test_speed_stages.py",
    "speed/test_speed_growth.py",
    "run/test_torchrun.py",
    "run/test_cluster.py",
    "cli/test_cli_study.py",
)
"""Files that take half a minute or more; where processes share the tests, they begin with these."""

MOST_WORKERS = 4
"""More would wait for the longest file."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A worker a core for ``-n auto``."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, MOST_WORKERS)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Give every file to one worker: what its tests share is made once. In order: the longest first."""
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist, config.option.loadscopereorder = "loadfile", False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers share the cores: each keeps to one, and its idle threads do not spin."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "LOKY_MAX_CPU_COUNT": "1"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker, put the long files first."""
    if hasattr(config, "workerinput"):
        ranks = {name: rank for rank, name in enumerate(LONG)}
        tests = Path(__file__).parent
        items.sort(key=lambda item: ranks.get(item.path.relative_to(tests).as_posix(), len(LONG)))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real images; tests that need it are skipped where it is missing."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SENTIMENT_REAL_DATA", beside))
    if not (folder / "twitter").is_dir():
        pytest.skip("the real images are not on this machine (set $SENTIMENT_REAL_DATA)")
    return folder


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands started from a process that has imported everything, so that each takes little time."""
    with Commands(tmp_path_factory.mktemp("commands")) as started:
        yield started


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
