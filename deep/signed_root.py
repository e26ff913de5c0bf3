"""The square root of features with their sign: power normalisation (Perronnin, Sanchez & Mensink 2010)."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import validate_data


class SignedRoot(TransformerMixin, BaseEstimator):
    """Takes ``sign(x) sqrt(|x|)`` of each number.

    Features of rectified maps are mostly near 0 with a long tail, which a linear classifier overrates.
    """

    def fit(self, X: np.ndarray, y: Any = None) -> Self:
        """Nothing is learned but the number of features."""
        validate_data(self, X)
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Take the roots, float64 of shape (n, d)."""
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.sign(X) * np.sqrt(np.abs(X))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
