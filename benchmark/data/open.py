"""From what the user wrote after ``--data`` to a dataset."""

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmark.data import folder, twitter
from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.locations import is_url, path_of
from benchmark.data.store import FeatureStore
from benchmark.data.twitter_labels import FETCH

AUTO, TWITTER, SYNTHETIC = "auto", "twitter", "synthetic"
KNOWN = (AUTO, TWITTER, SYNTHETIC)

DATASETS = {
    AUTO: "twitter where it is found, else synthetic (default)",
    TWITTER: "1,269 image tweets with five votes each (You et al. 2015); data fetch twitter",
    SYNTHETIC: "the embedded generated world; synthetic:n=200,seed=1 for another size or draw",
    "URL": "such a folder or file on s3://, gs://, https://, ... (pip install -e '.[dask]')",
    "FOLDER": "images of yours in positive/ and negative/, or another copy of the Twitter set",
    "FILE.csv": "images of yours, listed: image,label[,votes_positive,votes_negative][,group]",
}
"""What may stand behind ``--data``."""


class UnknownDatasetError(DatasetError):
    """No dataset of that name and no such folder; the message offers the nearest."""


def open_dataset(
    spec: str, data_dir: Path, store: FeatureStore, progress: Callable[[int, int], None] | None = None
) -> Dataset:
    """Open a dataset.

    Parameters
    ----------
    spec : str
        ``auto``: the Twitter set where ``data_dir`` holds it, else the embedded one; ``twitter``;
        ``synthetic``, with settings as in ``synthetic:n=200,seed=1``; or the path of a folder or CSV file.
    data_dir : Path
        Folder of downloaded and generated images.
    progress : callable, optional
        Told (done, n) after each image that is drawn, where the embedded dataset has to be.

    Raises
    ------
    UnknownDatasetError
        Nothing is known by that name.
    DatasetError
        The dataset cannot be used as it is.
    """
    place = locate_dataset(spec, data_dir)
    if place is None:
        return _synthetic(spec.strip().partition(":")[2], data_dir, store, progress)
    known = place.is_dir() and twitter.recognise(place)
    return twitter.load(place, store) if known else folder.load(place, store)


def locate_dataset(spec: str, data_dir: Path) -> Path | None:
    """The folder or file that ``spec`` means, see `open_dataset`; None for the embedded set.

    Raises
    ------
    UnknownDatasetError
        Nothing is known by that name.
    DatasetError
        The Twitter set is asked for and not there.
    """
    spec, published = spec.strip(), data_dir / TWITTER
    if spec.partition(":")[0] == SYNTHETIC:
        return None
    if spec == AUTO:
        return published if twitter.recognise(published) else None
    if spec == TWITTER:
        if not twitter.recognise(published):
            raise DatasetError(
                f"the Twitter set is not in {published}; get it: {FETCH}; or give its folder: --data PATH"
            )
        return published
    if is_url(spec):
        return _reached(spec)
    path = Path(spec).expanduser()
    if not path.exists():
        raise unknown_dataset(spec)
    return path


def _reached(url: str) -> Path:
    """The path of a URL under which something is.

    Raises
    ------
    DatasetError
        Nothing is there, or it cannot be reached.
    """
    try:
        path = path_of(url)
        there = path.exists()
    except Exception as error:  # each kind of storage has errors of its own
        raise DatasetError(f"--data {url}: cannot be reached ({error})") from error
    if not there:
        raise DatasetError(f"--data {url}: nothing is there; give the URL of a folder or a CSV file")
    return path


def describe(dataset: Dataset, spec: str) -> str:
    """One plain sentence: which images these are, and how to take others instead."""
    size = f"{len(dataset):,} images"
    if dataset.name == SYNTHETIC:
        why = "the Twitter images are not on this machine" if spec.strip() == AUTO else "as asked"
        return (
            f"Data: synthetic, the embedded generated world ({size}; {why}). These are drawings, not "
            f"photographs: get the real ones with `{FETCH}`, or give a folder of yours with --data PATH."
        )
    which = ""
    if dataset.name == TWITTER:
        which = ", the published set" if dataset.published else ", not the published set: see the notes"
    where = f"in {dataset.root}" if dataset.root else "of unknown origin"
    return f"Data: {dataset.name}, {size} {where}{which}. The embedded images instead: --data synthetic."


def _synthetic(
    settings: str, data_dir: Path, store: FeatureStore, progress: Callable[[int, int], None] | None
) -> Dataset:
    from benchmark.data import synthetic

    world = synthetic.World(**_settings(settings))
    return synthetic.load(data_dir, store, world, progress)


def _settings(text: str) -> dict[str, Any]:
    """Settings of the embedded world, as in ``n=200,seed=1``."""
    values: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = part.partition("=")
        if key.strip() not in ("n", "seed") or not value.strip().isdecimal():
            raise UnknownDatasetError(
                f"{SYNTHETIC}:{text}: {part!r} is no setting; write for example {SYNTHETIC}:n=200,seed=1"
            )
        values[key.strip()] = int(value)
    return values


def unknown_dataset(spec: str, known: Sequence[str] = KNOWN, why: str = "") -> UnknownDatasetError:
    """An error that offers the nearest known name."""
    near = difflib.get_close_matches(spec.casefold(), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    why = why or f"no such folder or file ({Path(spec).expanduser().absolute()})"
    return UnknownDatasetError(f"no dataset {spec!r}: {why}; {hint}known: {', '.join(known)}")
