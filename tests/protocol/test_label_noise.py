"""Exchanged labels: exactly the share asked for, nested, seeded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.protocol.label_noise import flip_labels


@given(n=st.integers(1, 200), share=st.floats(0, 1), seed=st.integers(0, 50))
def test_exactly_the_share_is_exchanged(n: int, share: float, seed: int) -> None:
    labels = np.random.default_rng(seed).integers(0, 2, n)
    before = labels.copy()
    flipped = flip_labels(labels, share, seed)
    assert (flipped != labels).sum() == round(share * n)
    assert set(flipped.tolist()) <= {0, 1}
    assert np.array_equal(labels, before)


def test_more_noise_exchanges_the_same_images_and_others() -> None:
    labels = np.ones(100, dtype=int)
    few, many = (set(np.flatnonzero(flip_labels(labels, share, 3) == 0)) for share in (0.1, 0.3))
    assert few < many
    assert few != set(np.flatnonzero(flip_labels(labels, 0.1, 4) == 0))


@pytest.mark.parametrize(
    ("labels", "share", "message"), [([0, 1], 1.2, "a share of 1.2"), ([0, -1], 0.5, "label is unknown")]
)
def test_what_cannot_be_exchanged_is_refused(labels: list[int], share: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        flip_labels(np.array(labels), share, 0)
