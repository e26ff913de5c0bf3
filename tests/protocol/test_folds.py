"""The folds: every image tested once, duplicates together, subsets inherit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.data.dataset import Dataset, DatasetError, vote_subsets
from benchmark.data.imageset import ImageSet
from benchmark.data.store import FeatureStore
from benchmark.protocol.folds import campos_folds, draw_folds, grouped_folds
from benchmark.protocol.seeds import derive_seed


def dataset_of(labels: np.ndarray, groups: np.ndarray, most: np.ndarray, root: Path | None = None) -> Dataset:
    """A dataset without files: folds read labels, votes and groups only."""
    n = len(labels)
    keys = [f"{i:064x}" for i in range(n)]
    positive = np.where(labels == 1, most, 5 - most)
    votes = np.stack([5 - positive, positive], axis=1)
    return Dataset(
        name="numbers",
        images=ImageSet(keys, FeatureStore("unused"), groups),
        labels=labels,
        names=tuple(f"{i}.jpg" for i in range(n)),
        ids=tuple(keys),
        votes=votes,
        subsets=vote_subsets(votes),
        root=root,
    )


def random_dataset(seed: int, n: int = 300) -> Dataset:
    rng = np.random.default_rng(seed)
    groups = np.arange(n)
    twins = rng.choice(n, size=(n // 20, 2), replace=False)
    groups[twins[:, 1]] = groups[twins[:, 0]]
    return dataset_of(
        (rng.random(n) < 0.6).astype(np.int64), groups, rng.choice([5, 4, 3], n, p=[0.7, 0.18, 0.12])
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_each_image_is_tested_once_and_duplicates_share_a_fold(seed: int) -> None:
    dataset = random_dataset(seed)
    folds = grouped_folds(dataset, seed=seed)
    for subset, mask in dataset.subsets.items():
        tested = np.concatenate([folds.test(subset, fold) for fold in range(1, 6)])
        assert sorted(tested) == np.flatnonzero(mask).tolist()
        for fold in range(1, 6):
            train, test = folds.train(subset, fold), folds.test(subset, fold)
            assert not set(dataset.images.groups[train]) & set(dataset.images.groups[test])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_held_out_once_is_held_out_everywhere(seed: int) -> None:
    folds = grouped_folds(random_dataset(seed), seed=seed)
    for fold in range(1, 6):
        held_out = set(folds.test("three", fold))
        for subset in ("five", "four"):
            assert set(folds.test(subset, fold)) <= held_out
            for train_on in ("subset", "all"):
                assert not set(folds.train(subset, fold, train_on)) & held_out


def test_folds_are_stratified_by_label_and_agreement() -> None:
    dataset = random_dataset(3, n=1200)
    folds = grouped_folds(dataset)
    for subset in dataset.subsets:
        share = dataset.labels[dataset.subsets[subset]].mean()
        for fold in range(1, 6):
            assert abs(dataset.labels[folds.test(subset, fold)].mean() - share) < 0.03


def test_the_seed_changes_the_folds_and_nothing_else_does() -> None:
    dataset = random_dataset(1)
    assert grouped_folds(dataset, seed=0).digest == grouped_folds(dataset, seed=0).digest
    assert grouped_folds(dataset, seed=0).digest != grouped_folds(dataset, seed=1).digest


def test_too_few_of_a_class_is_refused_by_name() -> None:
    labels = np.array([1] * 40 + [0] * 4)
    with pytest.raises(DatasetError, match="4 independent negative images"):
        grouped_folds(dataset_of(labels, np.arange(44), np.full(44, 5)))


def test_duplicates_count_once_when_folds_are_drawn() -> None:
    labels = np.array([1] * 40 + [0] * 10)
    groups = np.arange(50)
    groups[40:] = 40 + np.arange(10) // 3
    with pytest.raises(DatasetError, match="4 independent negative"):
        grouped_folds(dataset_of(labels, groups, np.full(50, 5)))


def test_unknown_protocol_is_named() -> None:
    with pytest.raises(ValueError, match="'loo' is unknown; use one of grouped, campos"):
        draw_folds(random_dataset(0), "loo")


def write_campos(root: Path, dataset: Dataset) -> None:
    for subset, mask in dataset.subsets.items():
        members = np.flatnonzero(mask)
        for fold in range(1, 6):
            folder = root / "campos_folds" / f"{subset}_agrees" / f"test{fold}"
            folder.mkdir(parents=True)
            lines = [f"{dataset.names[i]} {dataset.labels[i]}" for i in members[fold - 1 :: 5]]
            (folder / "test.txt").write_text("\n".join(lines) + "\n")


def test_campos_folds_are_read_and_refuse_training_on_all(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    dataset = dataset_of(
        (rng.random(60) < 0.6).astype(int), np.arange(60), rng.choice([5, 4, 3], 60), tmp_path
    )
    write_campos(tmp_path, dataset)
    folds = campos_folds(dataset)
    assert sum(len(folds.test("three", fold)) for fold in range(1, 6)) == 60
    with pytest.raises(ValueError, match="Use --protocol grouped"):
        folds.train("five", 1, "all")


def test_campos_names_the_line_that_disagrees(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    dataset = dataset_of(
        (rng.random(60) < 0.6).astype(int), np.arange(60), rng.choice([5, 4, 3], 60), tmp_path
    )
    write_campos(tmp_path, dataset)
    path = tmp_path / "campos_folds" / "five_agrees" / "test2" / "test.txt"
    path.write_text("nobody.jpg 1\n" + path.read_text())
    with pytest.raises(
        DatasetError, match=r"test2/test\.txt, line 1: image 'nobody\.jpg' is not in the dataset"
    ):
        campos_folds(dataset)


@settings(max_examples=50)
@given(st.integers(0, 2**31), st.text(max_size=8), st.text(max_size=8))
def test_seeds_tell_names_apart(seed: int, a: str, b: str) -> None:
    assert 0 <= derive_seed(seed, a, b) < 2**31
    if a:
        assert derive_seed(seed, a, b) != derive_seed(seed, a + b)
