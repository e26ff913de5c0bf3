"""One file over HTTP, checked by its SHA-256: whole and right, or an error that says why not."""

import dataclasses
import hashlib
import ipaddress
import threading
import time
from urllib.parse import urljoin, urlsplit

import requests

from benchmark.data.dataset import DatasetError

CHUNK = 1 << 16
MAX_REDIRECTS = 5
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes after which another attempt can succeed."""


class DownloadError(RuntimeError):
    """A file could not be had.

    Attributes
    ----------
    again : bool
        Another attempt may succeed.
    unreachable : bool
        The server did not answer at all.
    """

    def __init__(
        self, reason: str, *, again: bool = False, unreachable: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.again, self.unreachable, self.wait = again, unreachable, wait


@dataclasses.dataclass(frozen=True)
class Patience:
    """How long to keep trying.

    Attributes
    ----------
    attempts : int
        For each file, at least 1.
    backoff : float
        Seconds before the second attempt; doubled before each further one, 30 at most.
    timeout : float
        Seconds without an answer or without a further byte.
    max_bytes : int
        A larger file is refused.
    """

    attempts: int = 4
    backoff: float = 0.5
    timeout: float = 30.0
    max_bytes: int = 32_000_000


def check_address(url: str) -> str:
    """The address without a slash at its end, if it is one that may be fetched from.

    Raises
    ------
    DatasetError
        Not https, and not http on this machine (a mirror for tests).
    """
    if not _allowed(url):
        raise DatasetError(
            f"{url!r} is not an https address; give --url https://... (http: on this machine only)"
        )
    return url.rstrip("/")


def new_session(url: str) -> requests.Session:
    """A session for one server; a server on this machine is asked directly, whatever proxies are set."""
    session = requests.Session()
    session.trust_env = not _is_loopback(urlsplit(url).hostname or "")
    session.headers["User-Agent"] = "visual-sentiment-benchmark"
    return session


def download(
    session: requests.Session, url: str, sha256: str, patience: Patience, stop: threading.Event | None = None
) -> bytes:
    """Fetch one file.

    Returns
    -------
    bytes
        The whole file; its SHA-256 is ``sha256``.

    Raises
    ------
    DownloadError
        After all attempts; the message is the reason of the last.
    """
    stop = stop or threading.Event()
    for attempt in range(1, patience.attempts + 1):
        try:
            return _checked(_get(session, url, patience), sha256)
        except DownloadError as error:
            if not error.again or attempt == patience.attempts or stop.is_set():
                raise
            pause = max(error.wait, patience.backoff * 2 ** (attempt - 1))
            stop.wait(min(pause, 30.0))
    raise DownloadError("no attempt was allowed")


def _get(session: requests.Session, url: str, patience: Patience) -> bytes:
    """The body behind an address; redirects are followed to the same scheme only."""
    scheme = urlsplit(url).scheme
    try:
        for _ in range(MAX_REDIRECTS):
            with session.get(url, stream=True, allow_redirects=False, timeout=patience.timeout) as response:
                if not response.is_redirect:
                    return _body(response, patience)
                url = _joined(url, response.headers["location"])
                if not url.lower().startswith(f"{scheme}:") or not _allowed(url):
                    raise DownloadError(f"sent on to {url[:200]}, which is not {scheme} any more")
    except (requests.ConnectionError, requests.Timeout) as error:
        cut = isinstance(error, requests.exceptions.ReadTimeout)
        raise DownloadError(f"no connection ({_brief(error)})", again=True, unreachable=not cut) from None
    except requests.RequestException as error:
        raise DownloadError(f"connection cut ({_brief(error)})", again=True) from None
    except ValueError as error:  # an address that is none, which requests does not name as its own
        raise DownloadError(f"sent on to no address ({_brief(error)})") from None
    raise DownloadError(f"sent on more than {MAX_REDIRECTS} times")


def _body(response: requests.Response, patience: Patience) -> bytes:
    if response.status_code != 200:
        wait = response.headers.get("retry-after", "0")
        raise DownloadError(
            f"the server says {response.status_code} {response.reason}",
            again=response.status_code in PASSING,
            wait=float(wait) if wait.isdecimal() else 0.0,
        )
    began, data = time.monotonic(), bytearray()
    for chunk in response.iter_content(CHUNK):
        data += chunk
        if len(data) > patience.max_bytes:
            raise DownloadError(f"more than {patience.max_bytes:,} bytes")
        if time.monotonic() - began > 10 * patience.timeout:
            raise DownloadError(f"only {len(data):,} bytes in {10 * patience.timeout:.0f} s", again=True)
    expected = response.headers.get("content-length", "")
    if "content-encoding" not in response.headers and expected.isdecimal() and int(expected) != len(data):
        raise DownloadError(f"connection cut after {len(data):,} of {int(expected):,} bytes", again=True)
    return bytes(data)


def _checked(data: bytes, sha256: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DownloadError(
            f"wrong bytes: SHA-256 {found[:16]}... of {len(data):,} bytes, not {sha256[:16]}... as listed",
            again=True,
        )
    return data


def _allowed(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # no address at all, such as https://[
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _brief(error: Exception) -> str:
    """The innermost reason of a chain of network errors."""
    inner: BaseException = error
    while inner.args and isinstance(inner.args[-1], BaseException):
        inner = inner.args[-1]
    reason = getattr(inner, "reason", None)
    return str(reason if isinstance(reason, BaseException) else inner)[:160] or type(inner).__name__
