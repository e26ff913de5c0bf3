"""The published images themselves, read once for all tests of this file."""

from pathlib import Path

import numpy as np
import pytest

from benchmark.data.check import Check, check
from benchmark.data.dataset import Dataset
from benchmark.data.open import describe, open_dataset
from benchmark.data.store import FeatureStore
from benchmark.data.twitter import TABLE4, manifest, overlaps

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> FeatureStore:
    return FeatureStore(tmp_path_factory.mktemp("features"))


@pytest.fixture(scope="module")
def dataset(real_data: Path, features: FeatureStore) -> Dataset:
    return open_dataset(str(real_data / "twitter"), real_data / "nowhere", features)


@pytest.fixture(scope="module")
def checked(real_data: Path, dataset: Dataset, features: FeatureStore) -> Check:
    return check(str(real_data / "twitter"), real_data / "nowhere", features)


def test_it_is_the_published_set(dataset: Dataset) -> None:
    assert dataset.name == "twitter"
    assert dataset.published
    assert dataset.notes == ()
    assert "the published set" in describe(dataset, "auto")
    assert set(dataset.ids) >= {image.sha256[:16] for image in manifest()}


def test_its_counts_are_those_of_table_4(dataset: Dataset) -> None:
    labels = [dataset.labels[mask] for mask in dataset.subsets.values()]
    counts = {
        name: (int((chosen == 1).sum()), int((chosen == 0).sum()))
        for name, chosen in zip(dataset.subsets, labels, strict=True)
    }
    assert counts == dict(TABLE4)


def test_its_copies_share_groups(dataset: Dataset) -> None:
    """13 pairs of equal bytes, 11 near duplicates, and 8 crops, collages and edits: groups of two images."""
    sizes = np.bincount(dataset.images.groups)
    assert sizes.sum() == 1269
    assert (sizes == 2).sum() == 13 + 11 + 8
    assert sizes.max() == 2
    group = dict(zip(dataset.names, dataset.images.groups.tolist(), strict=True))
    assert all(group[first] == group[second] for first, second in overlaps())


def test_the_check_finds_nothing_missing_and_the_known_faults(checked: Check) -> None:
    assert checked.ok
    assert checked.missing == checked.damaged == checked.unlabelled == ()
    assert checked.counts == checked.table4
    exact = [pair for pair in checked.twins if pair.exact]
    near = [pair for pair in checked.twins if not pair.exact]
    assert len(exact) == 13
    assert sum(pair.conflict for pair in exact) == 1
    assert len(near) == 11
    assert not any(pair.conflict for pair in near)
    assert [note.partition(" ")[0] for note in checked.notes] == ["8"]
