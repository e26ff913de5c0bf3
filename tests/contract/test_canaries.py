"""Leaky canaries: each smuggles labels through one door and finds it shut, or walks in where it is opened.

A door is opened by taking the guard out, which shows that the test would notice.
"""

import dataclasses
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmark.data import imageset
from benchmark.data.dataset import Dataset
from benchmark.data.imageset import ImageSet
from benchmark.run import execute as execute_module
from benchmark.run.isolated import Outcome

AucOf = Callable[[Dataset, str], float]

CHANCE = 0.5 + 3 * np.sqrt(101 / (12 * 50 * 50))
"""Three standard errors above chance for 50 positives and 50 negatives: .67."""


def reordered(dataset: Dataset, order: np.ndarray) -> Dataset:
    """The same dataset in another order."""
    return dataclasses.replace(
        dataset,
        images=dataset.images[order],
        labels=dataset.labels[order],
        names=tuple(dataset.names[i] for i in order),
        ids=tuple(dataset.ids[i] for i in order),
        votes=None if dataset.votes is None else dataset.votes[order],
        subsets={name: mask[order] for name, mask in dataset.subsets.items()},
    )


def call_in_process(function: Callable[..., Any], *arguments: Any, **how: Any) -> Outcome:
    return Outcome(value=function(*arguments))


def without_sealing(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(ImageSet, "sealed", lambda self: self)
    return dataset


def in_label_order(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    return reordered(dataset, np.argsort(-dataset.labels, kind="stable"))


def groups_in_label_order(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    ranks = np.argsort(np.argsort(-dataset.labels, kind="stable"))
    images = ImageSet(dataset.images._keys, dataset.images._store, ranks, dataset.images._paths)
    return dataclasses.replace(dataset, images=images)


def in_one_process(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(execute_module.isolated, "call", call_in_process)
    return dataset


def settings_with_luggage(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(imageset, "_bare", lambda setting: setting)
    return in_one_process(dataset, monkeypatch)


DOORS = {
    "NameReader": without_sealing,
    "OrderReader": in_label_order,
    "GroupReader": groups_in_label_order,
    "GlobalMemory": in_one_process,
    "StoreSmuggler": settings_with_luggage,
    "StorePutter": without_sealing,
    "CodebookSmuggler": settings_with_luggage,
}


@pytest.mark.parametrize("canary", DOORS)
def test_a_canary_finds_nothing(canary: str, blind_dataset: Dataset, auc_of: AucOf) -> None:
    assert auc_of(blind_dataset, canary) < CHANCE


@pytest.mark.parametrize(("canary", "open_door"), DOORS.items())
def test_the_same_canary_gets_through_an_open_door(
    canary: str,
    open_door: Callable[[Dataset, pytest.MonkeyPatch], Dataset],
    blind_dataset: Dataset,
    auc_of: AucOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The smugglers learn the test labels of later folds only once those have trained: four folds of five.
    assert auc_of(open_door(blind_dataset, monkeypatch), canary) > 0.75


def test_the_order_and_the_groups_of_a_dataset_do_not_depend_on_labels_or_names(
    blind_dataset: Dataset,
) -> None:
    assert blind_dataset.images._keys.tolist() == sorted(blind_dataset.images._keys.tolist())
    assert blind_dataset.images.groups.tolist() == list(range(len(blind_dataset)))


def test_public_attributes_of_an_image_set_tell_no_names(blind_dataset: Dataset) -> None:
    sealed = blind_dataset.images.sealed()
    state = repr({name: getattr(sealed, name) for name in dir(sealed) if not name.startswith("__")})
    assert not any(name in state for name in blind_dataset.names)
    assert os.fspath(blind_dataset.root or "") not in repr(vars(sealed))
