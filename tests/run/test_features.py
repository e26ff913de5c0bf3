"""Batches of what is lacking: complete, without a second look into the store."""

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from toy_methods import MeanColor

from benchmark.data import store as store_module
from benchmark.data.extractor import Pixels
from benchmark.data.open import Dataset
from benchmark.run.features import compute_features, feature_batches, lacking

MakeDataset = Callable[..., Dataset]


def test_what_a_feature_is_made_from_comes_first_and_only_for_the_images_that_need_it(
    make_dataset: MakeDataset,
) -> None:
    images = make_dataset(10).images
    images[[0, 1, 2]].prepare(MeanColor())
    todo = lacking(images, [MeanColor(), Pixels(size=16)])
    assert [(type(one).__name__, one.size, len(at)) for one, at in todo] == [
        ("Pixels", 32, 7),
        ("MeanColor", 32, 7),
        ("Pixels", 16, 10),
    ]


def test_batches_hold_every_image_once_and_leave_nothing(make_dataset: MakeDataset) -> None:
    images = make_dataset(11).images
    images[[3, 4, 5]].prepare(MeanColor())
    batches = feature_batches(images, [MeanColor()], 3)
    assert [len(part) for part, _ in batches] == [3, 3, 2]
    for batch in batches:
        compute_features(*pickle.loads(pickle.dumps(batch)))
    assert len(images.missing(MeanColor())) == 0
    whole = make_dataset(11).images.features(MeanColor())
    assert np.array_equal(images.features(MeanColor()), whole)


def test_a_process_that_carries_out_a_batch_does_not_read_the_index(
    make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = make_dataset(8).images
    images.prepare(Pixels(size=32))
    sent = [pickle.dumps(batch) for batch in feature_batches(images, [MeanColor()], 4)]

    def refuse(index: object) -> None:
        raise AssertionError(f"{index} was read")

    with monkeypatch.context() as patched:
        patched.setattr(store_module, "_read_index", refuse)
        for batch in sent:
            compute_features(*pickle.loads(batch))
    assert len(images.missing(MeanColor())) == 0


def test_what_is_not_known_to_be_stored_is_looked_for(make_dataset: MakeDataset) -> None:
    images = make_dataset(6).images
    carried = pickle.dumps(images.carrying())  # nothing is stored yet
    images.prepare(MeanColor())
    assert np.array_equal(pickle.loads(carried).sealed().features(MeanColor()), images.features(MeanColor()))
