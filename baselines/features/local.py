"""Local descriptors of an image: the form of their rows.

A row is a descriptor, what a spot looks like, followed by x and y, where it is, in 256ths of the image's
side; all are bytes. `Sift`, `Hog2x2` and `SelfSimilarity` give such rows, vocabularies are learned from the
descriptors alone, and spatial pyramids need the places too.
"""

import numpy as np

PLACE = 2
"""Columns at the end of a row: x and y."""


def appearance(rows: np.ndarray) -> np.ndarray:
    """The descriptors, shape (m, d), of rows of shape (m, d + 2)."""
    return rows[:, :-PLACE]


def places(rows: np.ndarray) -> np.ndarray:
    """x and y, shape (m, 2), of rows of shape (m, d + 2)."""
    return rows[:, -PLACE:]
