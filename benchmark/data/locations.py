"""Where images and computed features live on this machine."""

import os
from pathlib import Path

import platformdirs

APPLICATION = "visual-sentiment-benchmark"
"""Name of the folders made for a user who says nothing else."""

DATA_VARIABLE, CACHE_VARIABLE = "SENTIMENT_DATA", "SENTIMENT_CACHE"


def data_folder(option: str | Path | None = None) -> Path:
    """Folder of downloaded and generated images.

    Parameters
    ----------
    option : str or Path, optional
        What ``--data-dir`` gave. Without it ``$SENTIMENT_DATA`` counts, and without that the user's cache.

    Returns
    -------
    Path
        Absolute; it need not exist.
    """
    return _folder(option, DATA_VARIABLE, "data")


def cache_folder(option: str | Path | None = None) -> Path:
    """Folder of computed features, safe to delete: ``--cache``, ``$SENTIMENT_CACHE``, or the user's cache."""
    return _folder(option, CACHE_VARIABLE, "cache")


def _folder(option: str | Path | None, variable: str, name: str) -> Path:
    given = option if option not in (None, "") else os.environ.get(variable, "").strip()
    if given:
        return Path(given).expanduser().absolute()
    return Path(platformdirs.user_cache_dir(APPLICATION)).absolute() / name
