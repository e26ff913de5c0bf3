"""The square root of histograms, after which a linear classifier compares them as histograms."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_non_negative, validate_data


class HellingerMap(TransformerMixin, BaseEstimator):
    """The square root of each number.

    A linear SVM on it is an SVM with the Hellinger (Bhattacharyya) kernel. Chapelle, Haffner & Vapnik (1999)
    found ``x ** a`` with ``a < 1`` to make linear SVMs on colour histograms as good as nonlinear ones; for
    visual words see Perronnin, Sanchez & Liu (2010) and Vedaldi & Zisserman (2012). A histogram that sums to
    1 becomes a vector of length 1, so joined histograms weigh the same, whatever their number of bins.
    """

    def fit(self, X: np.ndarray, y: Any = None) -> Self:
        """Nothing is learned but the number of features."""
        check_non_negative(validate_data(self, X), "HellingerMap.fit")
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Take the square root.

        Parameters
        ----------
        X : array-like of float, shape (n, d)
            Histograms, not negative.

        Raises
        ------
        ValueError
            A number is negative or not finite.
        """
        X = validate_data(self, X, dtype=np.float64, reset=False)
        check_non_negative(X, "HellingerMap.transform")
        return np.sqrt(X)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        tags.requires_fit = False
        return tags
