"""Features made comparable without labels: standardised, in principal components, of mean length 1."""

import numpy as np
from sklearn.decomposition import PCA


def whiten(X: np.ndarray, components: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Learn the map ``(X - center) @ turn``.

    Parameters
    ----------
    X : ndarray of float32, shape (n, d)
    components : int
        Principal components at most.
    seed : int
        Of the randomised decomposition.

    Returns
    -------
    center : ndarray of float64, shape (d,)
    turn : ndarray of float64, shape (d, p)
    """
    center, spread = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
    scale = np.where(spread > 1e-6 * max(float(spread.max()), 1e-12), 1 / np.maximum(spread, 1e-12), 0.0)
    standard = ((X - center) * scale).astype(np.float32)
    p = min(components, *X.shape)
    pca = PCA(p, svd_solver="randomized" if p < 0.8 * min(X.shape) else "full", random_state=seed).fit(
        standard
    )
    length = np.sqrt(pca.explained_variance_.sum())
    return center, scale[:, None] * pca.components_.T / length
