"""Algorithm 1: Eq. 3 to the letter, and a selection that can be repeated."""

import dataclasses
import inspect
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from deep.feed import ResidentFeed
from deep.network import Network
from deep.progressive import SelectionError, removal_probability, select, train_progressively
from deep.scoring import score
from deep.settings import TrainingSettings
from deep.training import train

probabilities = st.floats(0, 1, allow_nan=False)


def pair(first: float, second: float) -> np.ndarray:
    return np.array([[first, second]])


@given(first=probabilities, second=probabilities)
def test_equation_3_to_the_letter(first: float, second: float) -> None:
    expected = max(0.0, 2 - math.exp(abs(first - second)))
    assert removal_probability(pair(first, second))[0] == pytest.approx(expected, abs=1e-12)


@given(difference=st.floats(math.log(2), 1))
def test_always_kept_from_ln_2_on(difference: float) -> None:
    scores = np.tile([(1 + difference) / 2, (1 - difference) / 2], (50, 1))
    assert removal_probability(scores).max() < 1e-12
    scores[:, 0] += 1e-9
    assert len(select(scores, seed=0).kept) == 50


@given(score_of_both=probabilities, seed=st.integers(0, 1000))
def test_always_deleted_at_zero(score_of_both: float, seed: int) -> None:
    scores = np.full((50, 2), score_of_both)
    assert (removal_probability(scores) == 1).all()
    assert len(select(scores, seed).removed) == 50


@given(near=probabilities, far=probabilities)
def test_the_larger_the_difference_the_smaller_the_probability(near: float, far: float) -> None:
    near, far = sorted((near, far))
    assert removal_probability(pair(near, 0))[0] >= removal_probability(pair(far, 0))[0]


@given(first=probabilities, second=probabilities)
def test_the_order_of_the_classes_does_not_matter(first: float, second: float) -> None:
    assert removal_probability(pair(first, second)) == removal_probability(pair(second, first))


@given(seed=st.integers(0, 100), n=st.integers(1, 200))
def test_every_image_is_kept_or_removed(seed: int, n: int) -> None:
    positive = np.random.default_rng(seed).random(n)
    selection = select(np.stack([1 - positive, positive], axis=1), seed)
    assert sorted([*selection.kept, *selection.removed]) == list(range(n))
    again = select(np.stack([1 - positive, positive], axis=1), seed)
    assert np.array_equal(selection.kept, again.kept)


def test_labels_are_never_looked_at() -> None:
    """Neither function takes them; what they decide depends on the scores alone."""
    for function in (removal_probability, select):
        assert not {"labels", "y", "feed"} & set(inspect.signature(function).parameters)


def test_images_leave_as_often_as_equation_3_says() -> None:
    difference = 0.4
    scores = np.tile([0.3, 0.3 + difference], (20_000, 1))
    share = len(select(scores, seed=1).removed) / 20_000
    p = 2 - math.exp(difference)
    assert abs(share - p) < 4 * math.sqrt(p * (1 - p) / 20_000)


def test_table_2_counts_by_class() -> None:
    scores = np.array([[0.5, 0.5], [0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.9, 0.1]])
    summary = select(scores, seed=0).summary(np.array([1, 1, 1, 0, 0]))
    assert summary["images"] == 5
    assert (summary["kept"], summary["removed"]) == (3, 2)
    assert (summary["kept_positive"], summary["images_positive"]) == (2, 3)
    assert summary["kept_share_positive"] == pytest.approx(2 / 3)
    assert summary["removed_negative"] == 1


def test_algorithm_1_fine_tunes_the_trained_network(
    make_network: Callable[..., Network], make_feed_of: Callable[..., ResidentFeed], quick: TrainingSettings
) -> None:
    feed = make_feed_of(96)
    cnn = train(make_network(), feed, quick).network
    before = {name: tensor.clone() for name, tensor in cnn.state_dict().items()}
    still = dataclasses.replace(quick, learning_rate=1e-12, passes=0.1)
    pcnn, selection = train_progressively(cnn, feed, still, seed=3)
    # what was removed is what Eq. 3 says of the trained network's own scores
    scores = score(cnn, feed.pixels, dtype=torch.float32).probabilities
    expected = select(scores, seed=3)
    assert np.array_equal(selection.removed, expected.removed)
    assert 0 < len(selection.removed) < 96
    # at a rate of nothing it stays the trained network: it started from its weights, not from new ones
    for name, tensor in pcnn.network.state_dict().items():
        torch.testing.assert_close(tensor, before[name], atol=1e-6, rtol=0)
        assert torch.equal(cnn.state_dict()[name], before[name])


def test_fine_tuning_sees_only_what_was_kept(
    make_network: Callable[..., Network],
    make_feed_of: Callable[..., ResidentFeed],
    quick: TrainingSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = make_feed_of(96)
    cnn = train(make_network(), feed, quick).network
    seen: list[np.ndarray] = []

    def spy(network: Network, part: ResidentFeed, *_: object, **__: object) -> None:
        seen.append(part.labels)

    monkeypatch.setattr("deep.progressive.train", spy)
    _, selection = train_progressively(cnn, feed, quick)
    assert np.array_equal(seen[0], feed.labels[selection.kept])


def test_a_network_that_is_sure_of_nothing_is_refused(
    make_network: Callable[..., Network], make_feed_of: Callable[..., ResidentFeed], quick: TrainingSettings
) -> None:
    network = make_network()
    with torch.no_grad():
        network.output.weight.zero_()
    with pytest.raises(SelectionError, match="leaves 0 positive and 0 negative of 32"):
        train_progressively(network, make_feed_of(32), quick)
