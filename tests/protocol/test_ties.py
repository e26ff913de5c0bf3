"""Holm's correction and the letters of tie groups."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.protocol.statistics import holm, tie_letters
from benchmark.protocol.statistics.ties import letter


def test_holm_worked_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
    with pytest.raises(ValueError, match="0 to 1"):
        holm([0.5, 1.5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_none_and_bonferroni_and_keeps_the_order(p: list[float]) -> None:
    adjusted = holm(p)
    for raw, found in zip(p, adjusted, strict=True):
        assert raw <= found <= min(1.0, raw * len(p)) + 1e-12
    for i, j in itertools.combinations(range(len(p)), 2):
        if p[i] < p[j]:
            assert adjusted[i] <= adjusted[j]


def test_holm_errs_at_most_at_its_level_with_many_nulls() -> None:
    p = np.random.default_rng(0).random((4000, 10))
    false = np.mean([min(holm(row.tolist())) <= 0.05 for row in p])
    assert false <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 4000)


def test_letters_of_a_chain() -> None:
    """The best and the last differ, the middle is told from neither."""
    assert tie_letters(["A", "B", "C"], [frozenset("AC")]) == {"A": "a", "B": "ab", "C": "b"}
    assert tie_letters(["A", "B"], []) == {"A": "a", "B": "a"}
    assert tie_letters(["A", "B"], [frozenset("AB")]) == {"A": "a", "B": "b"}
    assert tie_letters([], []) == {}


@given(st.integers(1, 7), st.data())
def test_two_share_a_letter_exactly_where_they_are_not_told_apart(n: int, data: st.DataObject) -> None:
    names = [f"m{i}" for i in range(n)]
    pairs = [frozenset(pair) for pair in itertools.combinations(names, 2)]
    apart = data.draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    letters = tie_letters(names, apart)
    for pair in pairs:
        one, other = pair
        assert (not set(letters[one]) & set(letters[other])) == (pair in apart)
    assert "a" in letters["m0"]
    assert letters == tie_letters(names, sorted(apart, key=sorted, reverse=True))


def test_letters_go_on_after_z() -> None:
    assert [letter(i) for i in (0, 25, 26, 53)] == ["a", "z", "a2", "b3"]


def test_names_and_pairs_must_fit() -> None:
    with pytest.raises(ValueError, match="twice"):
        tie_letters(["A", "A"], [])
    with pytest.raises(ValueError, match="not a pair of A, B"):
        tie_letters(["A", "B"], [frozenset("AX")])
