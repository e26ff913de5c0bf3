"""Where images and computed features live on this machine."""

import os
import re
from pathlib import Path
from typing import cast

import platformdirs

APPLICATION = "visual-sentiment-benchmark"
"""Name of the folders made for a user who says nothing else."""

DATA_VARIABLE, CACHE_VARIABLE = "SENTIMENT_DATA", "SENTIMENT_CACHE"


class LocationError(ValueError):
    """A place cannot be used; the message says which, why and what to do."""


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


def is_url(place: str | Path) -> bool:
    """Whether a place is a URL, such as ``s3://bucket/photos``, rather than a path."""
    return "://" in str(place)


def path_of(place: str) -> Path:
    """The path of a place as a user wrote it; of a URL, a path that reads through the library fsspec.

    Raises
    ------
    LocationError
        It is a URL and the library for it is not installed, or of a kind that nothing reads.
    """
    if not is_url(place):
        return Path(place).expanduser()
    try:
        from upath import UPath

        # the same operations as a pathlib.Path has: listing, reading, joining
        return cast(Path, UPath(place))
    except ImportError as error:
        missing = f"{error.name} is not installed" if error.name else str(error)
        raise LocationError(
            f"{place}: reading from a URL needs further libraries ({missing}); install them: "
            "pip install -e '.[dask]', and for s3:// besides s3fs, for gs:// gcsfs, for http:// aiohttp"
        ) from None
    except ValueError as error:
        raise LocationError(f"{place}: not a URL that can be read ({error}), such as s3://bucket/x") from None


def _folder(option: str | Path | None, variable: str, name: str) -> Path:
    given = option if option not in (None, "") else os.environ.get(variable, "").strip()
    if given and re.match(r"\w{2,}:/", str(given)):
        raise LocationError(
            f"{given}: images are generated and features kept here, which needs a folder of this machine or "
            "one that is mounted; a URL goes behind --data"
        )
    if given:
        return Path(given).expanduser().absolute()
    return Path(platformdirs.user_cache_dir(APPLICATION)).absolute() / name
