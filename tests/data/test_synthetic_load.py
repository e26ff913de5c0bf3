"""The generated target domain as a dataset on disk."""

import csv
import json
import threading
from pathlib import Path

import numpy as np
import pytest

from benchmark.data import folder as folder_dataset
from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.store import FeatureStore
from benchmark.data.synthetic import World, load, load_truth

WORLD = World(n=44, seed=5, duplicates=0.1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(scope="module")
def dataset(place: Path) -> Dataset:
    return load(place, FeatureStore(place / "store"), WORLD)


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.iterdir())}


def test_the_dataset_is_what_the_truth_says(dataset: Dataset) -> None:
    assert dataset.root is not None
    truth = load_truth(dataset.root)
    assert set(dataset.names) == set(truth)
    assert dataset.name == "synthetic"
    assert not dataset.published
    assert dataset.votes is not None
    for name, label, (no, yes) in zip(dataset.names, dataset.labels, dataset.votes, strict=True):
        assert yes == sum(truth[name].votes)
        assert no + yes == 5
        assert label == int(yes > no)


def test_subsets_are_nested(dataset: Dataset) -> None:
    five, four, three = (dataset.subsets[name] for name in ("five", "four", "three"))
    assert (five <= four).all()
    assert (four <= three).all()
    assert three.all()
    assert 0 < five.sum() < four.sum()


def test_planted_duplicates_and_no_others_share_a_group(dataset: Dataset) -> None:
    assert dataset.root is not None
    truth = load_truth(dataset.root)
    group = dict(zip(dataset.names, dataset.images.groups.tolist(), strict=True))
    original = {name: entry.duplicate_of or name for name, entry in truth.items()}
    copies = [name for name, entry in truth.items() if entry.duplicate_of]
    assert len(copies) == pytest.approx(0.1 * 44, abs=1)
    assert {truth[name].copy for name in copies} == {"exact", "re-encoded", "scaled"}
    for name in truth:
        for other in truth:
            assert (group[name] == group[other]) == (original[name] == original[other]), (name, other)


def test_exact_copies_have_the_same_bytes_and_others_have_not(dataset: Dataset) -> None:
    assert dataset.root is not None
    for name, entry in load_truth(dataset.root).items():
        if entry.duplicate_of:
            same = (dataset.root / name).read_bytes() == (dataset.root / entry.duplicate_of).read_bytes()
            assert same == (entry.copy == "exact")


def test_the_same_settings_give_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    again = load(tmp_path, FeatureStore(tmp_path / "store"), WORLD)
    assert dataset.root is not None
    assert again.root is not None
    assert again.root.name == dataset.root.name
    assert contents(again.root) == contents(dataset.root)
    assert again.digest == dataset.digest


def test_another_seed_gives_other_pictures(dataset: Dataset, tmp_path: Path) -> None:
    other = load(tmp_path, FeatureStore(tmp_path / "store"), World(n=20, seed=6))
    assert other.root is not None
    assert dataset.root is not None
    assert other.root.name != dataset.root.name
    assert not set(contents(other.root).values()) & set(contents(dataset.root).values())


def test_a_smaller_world_is_the_beginning_of_a_larger_one(dataset: Dataset, tmp_path: Path) -> None:
    small = load(tmp_path, FeatureStore(tmp_path / "store"), World(n=20, seed=5, duplicates=0.1))
    assert small.root is not None
    assert dataset.root is not None
    for name in small.names:
        assert (small.root / name).read_bytes() == (dataset.root / name).read_bytes()


def test_the_table_is_read_by_the_loader_of_users_folders(dataset: Dataset, tmp_path: Path) -> None:
    assert dataset.root is not None
    read = folder_dataset.load(dataset.root, FeatureStore(tmp_path))
    assert read.names == dataset.names
    assert np.array_equal(read.labels, dataset.labels)
    assert np.array_equal(np.asarray(read.votes), np.asarray(dataset.votes))


def test_what_is_there_is_not_drawn_again(dataset: Dataset, place: Path) -> None:
    drawn: list[int] = []
    load(place, FeatureStore(place / "store"), WORLD, progress=lambda done, n: drawn.append(done))
    assert drawn == []


@pytest.mark.parametrize("empty", [True, False], ids=["emptied", "lost"])
def test_a_damaged_folder_is_drawn_again(tmp_path: Path, empty: bool) -> None:
    world = World(n=20, seed=1)
    first = load(tmp_path, FeatureStore(tmp_path / "store"), world)
    assert first.root is not None
    before = contents(first.root)
    picture = first.root / first.names[3]
    picture.write_bytes(b"")
    if not empty:
        picture.unlink()
    load(tmp_path, FeatureStore(tmp_path / "store"), world)
    assert contents(first.root) == before


def test_an_interrupted_drawing_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(done: int, n: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    store = FeatureStore(tmp_path / "store")
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, store, World(n=20), progress=interrupt)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    told: list[tuple[int, int]] = []
    load(tmp_path, store, World(n=20), progress=lambda done, n: told.append((done, n)))
    assert told == [(k, 20) for k in range(1, 21)]


def test_what_a_killed_drawing_left_is_removed(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "store")
    root = load(tmp_path, store, World(n=20)).root
    assert root is not None
    left = tmp_path / f".{root.name}.abc.part"
    left.mkdir()
    (left / "half.jpg").write_bytes(b"\xff\xd8")
    (root / "labels.csv").unlink()
    load(tmp_path, store, World(n=20))
    assert not left.exists()


def test_two_who_ask_at_once_get_one_drawing(tmp_path: Path) -> None:
    drawn: list[int] = []
    found: list[str] = []
    start = threading.Barrier(2)

    def ask(name: str) -> None:
        start.wait()
        dataset = load(
            tmp_path, FeatureStore(tmp_path / name), World(n=20), lambda done, n: drawn.append(done)
        )
        found.append(dataset.digest)

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == list(range(1, 21))
    assert len(found) == 2
    assert found[0] == found[1]


def test_truth_that_is_missing_or_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"truth\.json"):
        load_truth(tmp_path)
    (tmp_path / "truth.json").write_text('{"images": {"a.jpg": {"scene"')
    with pytest.raises(DatasetError, match=r"truth\.json"):
        load_truth(tmp_path)


def test_settings_are_kept_beside_the_truth(dataset: Dataset) -> None:
    assert dataset.root is not None
    kept = json.loads((dataset.root / "truth.json").read_text())["settings"]
    assert World(**{**kept, "reliability": tuple(kept["reliability"])}) == WORLD


def test_the_order_of_the_table_is_not_that_of_the_labels(dataset: Dataset) -> None:
    assert dataset.root is not None
    with (dataset.root / "labels.csv").open(newline="") as file:
        labels = [int(row["label"]) for row in csv.DictReader(file)]
    changes = np.abs(np.diff(labels)).sum()
    assert changes > len(labels) / 5
