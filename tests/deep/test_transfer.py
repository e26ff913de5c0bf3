"""Algorithm 2: fine-tuning for one fold, its settings chosen inside the training folds."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch

from deep.network import Network
from deep.settings import TrainingSettings
from deep.transfer import FINE_TUNING, fine_tune, inner_hold_out

Make = Callable[..., Network]


def test_it_learns_from_the_training_folds(
    make_network: Make, pictures: tuple[np.ndarray, np.ndarray], quick: TrainingSettings
) -> None:
    images, labels = pictures
    network = make_network()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    useless = dataclasses.replace(quick, name="useless", learning_rate=1e-9, passes=1.0)
    tuned = fine_tune(
        network, images[:64], labels[:64], settings=(useless, dataclasses.replace(quick, passes=8.0))
    )
    assert tuned.chosen.name == "quick"
    assert [trial["settings"] for trial in tuned.trials] == ["useless", "quick"]
    p = tuned.predict_proba(images[64:])
    assert p.shape == (32, 2)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert np.mean((p[:, 1] >= 0.5) == labels[64:]) > 0.75
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


def test_it_repeats(
    make_network: Make, pictures: tuple[np.ndarray, np.ndarray], quick: TrainingSettings
) -> None:
    images, labels = (part[:48] for part in pictures)
    settings = (dataclasses.replace(quick, passes=1.0), dataclasses.replace(quick, name="b", passes=2.0))
    first, second = (
        fine_tune(make_network(), images, labels, settings=settings, seed=4, threads=1) for _ in range(2)
    )
    assert first.trials == second.trials
    assert np.array_equal(first.predict_proba(images), second.predict_proba(images))


def test_the_inner_hold_out_keeps_groups_whole() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    groups = rng.integers(0, 60, 200)
    split = inner_hold_out(labels, groups, seed=1)
    assert split is not None
    trained, held = split
    assert not set(groups[trained]) & set(groups[held])
    assert sorted([*trained, *held]) == list(range(200))
    assert 20 < len(held) < 60
    assert set(labels[held]) == set(labels[trained]) == {0, 1}


def test_without_groups_enough_the_first_settings_are_taken(
    make_network: Make, pictures: tuple[np.ndarray, np.ndarray], quick: TrainingSettings
) -> None:
    images, labels = (part[:40] for part in pictures)
    groups = np.where(labels == 1, np.arange(40), 0)  # all negative images are one group
    assert inner_hold_out(labels, groups, seed=0) is None
    settings = (dataclasses.replace(quick, passes=1.0), dataclasses.replace(quick, name="b", passes=2.0))
    tuned = fine_tune(make_network(), images, labels, groups=groups, settings=settings)
    assert tuned.chosen.name == "quick"
    assert tuned.trials == ()


def test_at_most_four_settings(
    make_network: Make, pictures: tuple[np.ndarray, np.ndarray], quick: TrainingSettings
) -> None:
    assert 1 <= len(FINE_TUNING) <= 4
    for settings in ((), (quick,) * 5):
        with pytest.raises(ValueError, match="offer 1 to 4"):
            fine_tune(make_network(), *pictures, settings=settings)
