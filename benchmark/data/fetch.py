"""``data fetch twitter``: the published images, from a public copy, into the data folder.

The images are third-party photographs and not part of this project; names, hashes and labels are facts and
are kept in ``twitter_manifest.csv``, from which the label files are written.
"""

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from filelock import FileLock, Timeout

from benchmark.data.dataset import DatasetError
from benchmark.data.download import DownloadError, Patience, check_address, download, new_session
from benchmark.data.files import remove_partial, write_bytes
from benchmark.data.twitter import NAME, Published, manifest
from benchmark.data.twitter_labels import AGREEMENT, LAYOUTS

TWITTER_URL = (
    "https://raw.githubusercontent.com/johnwsh/twitterDataset/4604b72f99303fc8e814de37dc90f17fe39aa5bb"
)
"""The public copy known to be complete, at a fixed commit; its images lie in ``images/``."""

HOPELESS = 8
"""Images without any answer, and none with one, after which the rest is not tried."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one image: ``kept`` (it was there), ``fetched``, or ``failed`` with the reason."""

    name: str
    status: Literal["kept", "fetched", "failed"]
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Fetched:
    """What a fetch came to.

    Attributes
    ----------
    folder : Path
        Where the set lies.
    outcomes : tuple of Outcome
        One an image, in order of the manifest.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Images that are still missing."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    def count(self, status: str) -> int:
        """How many images came to ``status``."""
        return sum(outcome.status == status for outcome in self.outcomes)


def fetch_twitter(
    data_dir: Path,
    url: str = TWITTER_URL,
    *,
    connections: int = 8,
    patience: Patience | None = None,
    images: Sequence[Published] | None = None,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> Fetched:
    """Fetch the images of the Twitter set that are not there yet.

    An image that is there with the right bytes is kept; one with other bytes is replaced. A file appears
    whole or not at all, and the label files only once no image is missing.

    Parameters
    ----------
    data_dir : Path
        The set goes into ``twitter/`` there.
    url : str
        Address of a copy, whose images lie in ``images/`` below it.
    connections : int
        Files at a time.
    patience : Patience, optional
        How often and how long to try.
    images : sequence of Published, optional
        What to fetch; by default the whole published set.
    tell : callable
        Told of each image as it is done.

    Raises
    ------
    DatasetError
        The address is not allowed, or another process is fetching into the same folder.
    OSError
        A file cannot be written, as on a full disk.
    """
    folder = Path(data_dir) / NAME
    wanted = manifest() if images is None else tuple(images)
    base = check_address(url)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".fetch.lock", timeout=0):
            remove_partial(folder)
            fetcher = _Fetcher(folder / "images", base, patience or Patience(), tell)
            outcomes = fetcher.run(wanted, connections)
            if all(outcome.status != "failed" for outcome in outcomes):
                write_labels(folder, wanted)
    except Timeout:
        raise DatasetError(f"{folder}: another fetch is at work there; wait until it is done") from None
    return Fetched(folder, outcomes)


def write_labels(folder: Path, images: Iterable[Published]) -> None:
    """Write the three nested label files, as published, from the votes of the images."""
    images = list(images)
    for (_, least), name in zip(AGREEMENT.items(), LAYOUTS[0], strict=True):
        chosen = [image for image in images if max(image.negative, image.positive) >= least]
        lines = [f"{image.name} {int(image.positive > image.negative)}\n" for image in chosen]
        write_bytes(folder / name, "".join(lines).encode())


class _Fetcher:
    """A fetch in progress: its connections, and whether it still makes sense to go on."""

    def __init__(self, folder: Path, base: str, patience: Patience, tell: Callable[[Outcome], None]) -> None:
        self.folder, self.base, self.patience, self.tell = folder, base, patience, tell
        self.stop = threading.Event()
        self.session = threading.local()
        self.lock = threading.Lock()
        self.answered = self.unanswered = 0

    def run(self, images: Sequence[Published], connections: int) -> tuple[Outcome, ...]:
        outcomes: dict[str, Outcome] = {}
        with ThreadPoolExecutor(max_workers=max(1, connections)) as pool:
            futures = [pool.submit(self.one, image) for image in images]
            try:
                for future in as_completed(futures):
                    outcome = future.result()
                    outcomes[outcome.name] = outcome
                    self.tell(outcome)
            except BaseException:
                self.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return tuple(outcomes[image.name] for image in images)

    def one(self, image: Published) -> Outcome:
        path = self.folder / image.name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == image.sha256:
            return Outcome(image.name, "kept")
        if self.stop.is_set():
            host = urlsplit(self.base).netloc
            return Outcome(image.name, "failed", f"not tried, since {host} does not answer")
        if not hasattr(self.session, "value"):
            self.session.value = new_session(self.base)
        url = f"{self.base}/images/{quote(image.name)}"
        try:
            data = download(self.session.value, url, image.sha256, self.patience, self.stop)
        except DownloadError as error:
            self.note(answered=not error.unreachable)
            return Outcome(image.name, "failed", str(error))
        self.note(answered=True)
        write_bytes(path, data)
        return Outcome(image.name, "fetched")

    def note(self, answered: bool) -> None:
        """Give up once a number of images got no answer and none got one."""
        with self.lock:
            self.answered += answered
            self.unanswered += not answered
            if not self.answered and self.unanswered >= HOPELESS:
                self.stop.set()
