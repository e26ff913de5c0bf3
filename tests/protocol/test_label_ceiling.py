"""The label-noise ceiling, on votes that were drawn as the model says."""

import numpy as np
import pytest
from scipy import stats

from benchmark.protocol.label_ceiling import Shares, agreement, ceilings, fit_p_value, fit_shares


def drawn(a: float, b: float, n: int, m: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Votes (negative, positive) of n images, and the shares that they were drawn from."""
    rng = np.random.default_rng(seed)
    shares = rng.beta(a, b, n)
    positive = rng.binomial(m, shares)
    return np.stack([m - positive, positive], axis=1), shares


@pytest.mark.parametrize("m", [5, 4])
def test_the_ceiling_is_how_often_the_label_is_right(m: int) -> None:
    """Against the truth that the simulation knows: the majority of all, fresh panels, fresh annotators."""
    votes, shares = drawn(0.4, 0.3, 60_000, m)
    label = votes[:, 1] > votes[:, 0]
    rng = np.random.default_rng(1)
    panel = rng.binomial(m, shares)
    tie = (panel * 2 == m) & (rng.random(len(panel)) < 0.5)
    seen = [
        np.mean(label == (shares > 0.5)),
        np.mean(label == ((panel * 2 > m) | tie)),
        np.mean(label == (rng.random(len(shares)) < shares)),
    ]
    (found,) = ceilings(votes, [np.ones(len(votes), dtype=bool)])
    assert [c.value for c in found] == pytest.approx(seen, abs=0.006)


def test_shares_are_recovered() -> None:
    votes, _ = drawn(0.6, 0.9, 40_000)
    found = fit_shares(votes)
    assert (found.a, found.b) == pytest.approx((0.6, 0.9), rel=0.04)
    assert fit_p_value(found, votes) > 0.01  # type: ignore[operator]


def test_votes_of_another_kind_are_noticed() -> None:
    """Images that are all alike but for a few: no Beta distribution has that shape."""
    votes = np.repeat([[0, 5], [2, 3], [5, 0]], [400, 400, 400], axis=0)
    assert fit_p_value(fit_shares(votes), votes) < 0.001  # type: ignore[operator]


def test_posterior_worked_by_hand() -> None:
    found = agreement(Shares(1.0, 1.0), np.array([[0, 5], [2, 3], [4, 1]]))
    assert found[0, 0] == pytest.approx(1 - 0.5**6)
    assert found[:, 2] == pytest.approx([6 / 7, 4 / 7, 5 / 7])
    assert found[1, 0] == pytest.approx(stats.beta.sf(0.5, 4, 3))
    # the surer the votes, the more the label is worth, and never less than a coin
    assert (np.diff(found[[1, 2, 0]], axis=0) > 0).all()
    assert (found >= 0.5).all()


def test_intervals_hold_the_truth() -> None:
    """Over many sets of 400 images: the jackknife's 95 % holds the population ceiling."""
    truth = ceilings(drawn(0.4, 0.3, 100_000)[0], [np.ones(100_000, dtype=bool)])[0]
    held = []
    for seed in range(40):
        votes, _ = drawn(0.4, 0.3, 400, seed=seed + 10)
        found = ceilings(votes, [np.ones(400, dtype=bool)])[0]
        held.append([f.low <= t.value <= f.high for f, t in zip(found, truth, strict=True)])
    assert (np.mean(held, axis=0) >= 0.85).all()


def test_subsets_have_ceilings_of_their_own() -> None:
    votes, _ = drawn(0.3, 0.3, 2_000)
    most = votes.max(axis=1)
    clear, all_, close = ceilings(votes, [most == 5, most >= 3, most == 3])
    for judge in range(3):
        assert clear[judge].value > all_[judge].value > close[judge].value
    for of in (clear, all_, close):
        assert of[0].value > of[1].value > of[2].value


def test_unanimous_votes_say_nothing() -> None:
    with pytest.raises(ValueError, match="unanimous"):
        fit_shares(np.array([[0, 5], [5, 0]]))
    with pytest.raises(ValueError, match="unanimous"):
        fit_shares(np.empty((0, 2), dtype=int))
    votes, _ = drawn(1, 1, 50)
    with pytest.raises(ValueError, match="empty"):
        ceilings(votes, [np.zeros(50, dtype=bool)])
