"""Many pairs at once: Holm's correction, and letters that say which methods cannot be told apart."""

import string
from collections.abc import Collection, Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979): the family of all pairs errs at most with the level's probability.

    Parameters
    ----------
    p_values : sequence of float
        0 to 1.

    Returns
    -------
    list of float
        Adjusted, in the same order, each at least as large as before and at most 1.

    Raises
    ------
    ValueError
        One is not a probability.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError(f"p-values are probabilities, 0 to 1, not {p_values}")
    order = np.argsort(p, kind="stable")
    steps = np.minimum(1.0, p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(steps)
    return adjusted.tolist()


def tie_letters(names: Sequence[str], apart: Collection[frozenset[str]]) -> dict[str, str]:
    """Compact letter display: two names share a letter exactly where they are not told apart (Piepho 2004).

    Parameters
    ----------
    names : sequence of str
        All different, the best first: it gets ``a``.
    apart : collection of frozenset of two str
        Pairs that a test tells apart.

    Returns
    -------
    dict of str to str
        Letters of each name, such as ``ab``.

    Raises
    ------
    ValueError
        A name comes twice, or a pair is not of the names.
    """
    if len(set(names)) != len(names):
        raise ValueError(f"a name comes twice among {', '.join(names)}")
    place = {name: i for i, name in enumerate(names)}
    columns = [set(names)]
    for pair in sorted(apart, key=lambda pair: sorted(place.get(name, -1) for name in pair)):
        if len(pair) != 2 or not pair <= place.keys():
            raise ValueError(f"{sorted(pair)} is not a pair of {', '.join(names)}")
        one, other = sorted(pair, key=place.__getitem__)
        split = []
        for column in columns:
            split += [column - {one}, column - {other}] if pair <= column else [column]
        columns = _absorb(split)
    columns.sort(key=lambda column: sorted(place[name] for name in column))
    return {name: "".join(letter(i) for i, column in enumerate(columns) if name in column) for name in names}


def letter(i: int) -> str:
    """The i-th letter: a to z, then a2, b2, and so on."""
    turn, at = divmod(i, len(string.ascii_lowercase))
    return string.ascii_lowercase[at] + (str(turn + 1) if turn else "")


def _absorb(columns: list[set[str]]) -> list[set[str]]:
    """Leave out columns that lie within another; of equal ones the first stays."""
    kept: list[set[str]] = []
    for i, column in enumerate(columns):
        inside = any(
            column < other or (column == other and j < i) for j, other in enumerate(columns) if j != i
        )
        if not inside:
            kept.append(column)
    return kept
