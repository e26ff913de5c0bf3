"""Intervals over images, and exact tests of who is right where the other is not."""

import numpy as np
import pytest
from scipy import stats

from benchmark.protocol.metrics import measure
from benchmark.report.paired import ALIKE, MEASURED, Scored, exchange, intervals


def scored(n: int = 150, seed: int = 0, copies: int = 1) -> Scored:
    """Two models on n images, the second better; with ``copies`` of each image."""
    rng = np.random.default_rng(seed)
    y = np.tile((rng.random(n) < 0.6).astype(np.int64), copies)
    lean = [np.tile(rng.normal(0, 0.25, n), copies) for _ in range(2)]
    first, second = (np.clip(0.5 + s * (2 * y - 1) + e, 0, 1) for s, e in zip((0.05, 0.2), lean, strict=True))
    ids = [f"{i % n:04x}" + (f"~{i // n + 1}" if i >= n else "") for i in range(n * copies)]
    return Scored(tuple(ids), y, {"A": first[None], "B": second[None]})


def test_values_are_the_metrics_and_their_difference() -> None:
    given = scored()
    found = intervals(given, [("B", "A")], "test")
    own = {m: measure(given.labels, s[0], (s[0] >= 0.5).astype(int)) for m, s in given.scores.items()}
    for metric in MEASURED:
        a, b = own["A"][metric], own["B"][metric]
        assert a is not None
        assert b is not None
        assert found["A", metric].value == pytest.approx(a)
        assert found["B - A", metric].value == pytest.approx(b - a)
        low, high = found["B - A", metric].low, found["B - A", metric].high
        assert low is not None
        assert high is not None
        assert low < b - a < high


def test_several_seeds_are_averaged() -> None:
    given = scored()
    both = Scored(given.images, given.labels, {"A": np.concatenate([*given.scores.values()])})
    single = intervals(given, [], "test")
    mean = (single["A", "accuracy"].value or 0) / 2 + (single["B", "accuracy"].value or 0) / 2
    assert intervals(both, [], "test")["A", "accuracy"].value == pytest.approx(mean)


def test_one_name_gives_one_interval_and_copies_of_images_do_not_narrow_it() -> None:
    once = intervals(scored(), [("B", "A")], "name")
    assert intervals(scored(), [("B", "A")], "name") == once
    thrice = intervals(scored(copies=3), [("B", "A")], "name")
    assert thrice["B - A", "auc"].low == pytest.approx(once["B - A", "auc"].low, abs=1e-6)


def test_copies_that_are_said_count_once_too() -> None:
    given = scored(copies=2)
    named = [f"x{i}" for i in range(len(given.images))]
    told = {name: given.images[i % 150] for i, name in enumerate(named)}
    renamed = Scored(tuple(named), given.labels, given.scores, told)
    assert intervals(renamed, [("B", "A")], "name") == intervals(given, [("B", "A")], "name")
    assert exchange(renamed, "B", "A") == exchange(given, "B", "A")


def test_the_interval_of_a_mean_is_near_the_textbook_s() -> None:
    given = scored(n=400, seed=3)
    found = intervals(given, [], "test")["B", "accuracy"]
    p = found.value or 0.0
    half = 1.96 * (p * (1 - p) / 400) ** 0.5
    assert found.low == pytest.approx(p - half, abs=0.02)
    assert found.high == pytest.approx(p + half, abs=0.02)


def test_what_no_resample_changes_and_what_is_undefined_says_so() -> None:
    given = scored()
    same = Scored(given.images, given.labels, {"A": given.scores["A"], "B": given.scores["A"]})
    found = intervals(same, [("B", "A")], "test")["B - A", "accuracy"]
    assert (found.value, found.low, found.reason) == (0.0, None, ALIKE)
    one = Scored(given.images, np.ones_like(given.labels), given.scores)
    assert "no negative image" in intervals(one, [], "test")["A", "auc"].reason
    assert intervals(Scored((), np.empty(0, np.int64), {}), [], "test") == {}


def test_exchanged_images_are_counted_once_and_tested_exactly() -> None:
    given = scored(copies=2)
    found = exchange(given, "B", "A")
    y, half = given.labels[:150], slice(0, 150)
    right = {m: (s[0][half] >= 0.5) == (y == 1) for m, s in given.scores.items()}
    won, lost = int((right["B"] & ~right["A"]).sum()), int((right["A"] & ~right["B"]).sum())
    assert (found.won, found.lost) == (won, lost)
    assert found.p == pytest.approx(min(1.0, 2 * stats.binom.cdf(min(won, lost), won + lost, 0.5)))
    assert exchange(given, "A", "A") == type(found)(0, 0, 1.0)
