"""The embedded source domain as training sources."""

from pathlib import Path

import numpy as np
import pytest

from benchmark.data import synthetic
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.data.synthetic_source import load_anps, load_attributes

SETTINGS = synthetic.Source(n=60)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, Source]:
    folder = tmp_path_factory.mktemp("synthetic")
    store = FeatureStore(folder / "store")
    return load_anps(folder, store, SETTINGS), load_attributes(folder, store, SETTINGS)


def test_every_picture_has_the_pair_that_found_it(drawn: tuple[Source, Source]) -> None:
    anps, _ = drawn
    assert len(anps) == 60
    np.testing.assert_array_equal(anps.positive.sum(axis=1), np.ones(60))
    queries = anps.positive.argmax(axis=1)
    np.testing.assert_array_equal(anps.labels, (anps.sentiment[queries] > 0).astype(int))
    assert set(anps.support) == {"query"}


def test_some_weak_labels_are_wrong_and_most_are_right(drawn: tuple[Source, Source]) -> None:
    anps, _ = drawn
    agreement = (anps.labels == anps.true_labels).mean()
    assert 0.75 < agreement < 1
    assert any("show another pair" in note for note in anps.notes)


def test_attributes_are_of_the_same_pictures_and_one_vote_judges_nothing(
    drawn: tuple[Source, Source],
) -> None:
    anps, attributes = drawn
    assert attributes.names == anps.names
    assert not (attributes.positive & ~attributes.judged).any()
    assert 0.5 < attributes.judged.mean() < 1
    assert attributes.positive.any(axis=0).mean() > 0.9
    assert attributes.sentiment is None


def test_the_same_settings_give_the_same_source(tmp_path: Path) -> None:
    small = synthetic.Source(n=20)
    first = load_anps(tmp_path / "one", FeatureStore(tmp_path / "s"), small)
    second = load_anps(tmp_path / "two", FeatureStore(tmp_path / "t"), small)
    assert first.digest == second.digest
