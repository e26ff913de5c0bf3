"""Fetching from a server that cuts connections, serves wrong bytes and lacks files; then it finishes."""

import hashlib
import http.server
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmark.data import fetch as module
from benchmark.data.dataset import DatasetError
from benchmark.data.download import DownloadError, Patience, check_address, download, new_session
from benchmark.data.fetch import Fetched, Outcome, fetch_twitter
from benchmark.data.twitter import Published, manifest
from benchmark.data.twitter_labels import read_votes

QUICK = Patience(attempts=3, backoff=0.0, timeout=5.0, max_bytes=1_000_000)


class Server:
    """A server on this machine, with faults that a test asks for by file name."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.faults: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/copy"

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        name = request.path.removeprefix("/copy/images/")
        with self.lock:
            self.asked[name] += 1
            count = self.asked[name]
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.serve(request, name, self.faults.get(name, ""), count)
        finally:
            with self.lock:
                self.at_once -= 1

    def serve(self, request: http.server.BaseHTTPRequestHandler, name: str, fault: str, count: int) -> None:
        data = self.files.get(name)
        if fault.startswith("redirect "):
            self.head(request, 302, 0, location=fault.removeprefix("redirect "))
        elif fault == "503 once" and count == 1:
            self.head(request, 503, 0)
        elif fault == "404" or data is None:
            self.head(request, 404, 0)
        elif fault == "cut" or (fault == "cut once" and count == 1):
            self.head(request, 200, len(data))
            request.wfile.write(data[: len(data) // 2])
            request.close_connection = True
        elif fault == "short":
            self.head(request, 200, len(data) // 2)
            request.wfile.write(data[: len(data) // 2])
        elif fault == "wrong byte":
            self.head(request, 200, len(data))
            request.wfile.write(bytes([data[0] ^ 1]) + data[1:])
        else:
            self.head(request, 200, len(data))
            request.wfile.write(data)

    @staticmethod
    def head(request: http.server.BaseHTTPRequestHandler, status: int, length: int, **headers: str) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(length))
        for key, value in headers.items():
            request.send_header(key, value)
        request.end_headers()


FILES = {f"{i}_{i}_x.jpg": hashlib.sha256(str(i).encode()).digest() * (50 + i) for i in range(12)}
IMAGES = tuple(
    Published(name, hashlib.sha256(data).hexdigest(), *((0, 5), (4, 1), (2, 3))[i % 3])
    for i, (name, data) in enumerate(FILES.items())
)
NAMES = list(FILES)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(dict(FILES))
    yield running
    running.close()


Get = Callable[..., Fetched]


@pytest.fixture
def get(server: Server, tmp_path: Path) -> Get:
    """Fetch the small set from the server."""

    def run(**options: object) -> Fetched:
        settings = {"url": server.url, "patience": QUICK, "images": IMAGES, "connections": 4} | options
        return fetch_twitter(tmp_path, **settings)  # type: ignore[arg-type]

    return run


def nothing_half_written(folder: Path) -> bool:
    """Every file below the images' folder is one of the set, with its right bytes."""
    found = {path.name: path.read_bytes() for path in (folder / "images").iterdir()}
    return all(FILES.get(name) == data for name, data in found.items())


def test_everything_is_fetched_and_the_labels_are_those_of_the_manifest(get: Get, tmp_path: Path) -> None:
    told: list[Outcome] = []
    fetched = get(tell=told.append)
    assert fetched.failed == ()
    assert fetched.count("fetched") == len(told) == 12
    assert {path.name: path.read_bytes() for path in (fetched.folder / "images").iterdir()} == FILES
    assert fetched.folder == tmp_path / "twitter"
    assert read_votes(fetched.folder) == {image.name: (image.negative, image.positive) for image in IMAGES}
    assert not list(fetched.folder.rglob("*.part"))


def test_a_second_fetch_asks_for_nothing(get: Get, server: Server) -> None:
    get()
    server.asked.clear()
    again = get()
    assert again.count("kept") == 12
    assert not server.asked


@pytest.mark.parametrize(
    ("fault", "reason", "attempts"),
    [
        ("404", "the server says 404 Not Found", 1),
        ("cut", "connection cut", 3),
        ("short", "wrong bytes", 3),
        ("wrong byte", "wrong bytes: SHA-256", 3),
    ],
)
def test_a_fault_is_named_and_a_second_call_finishes(
    get: Get, server: Server, fault: str, reason: str, attempts: int
) -> None:
    server.faults[NAMES[5]] = fault
    first = get()
    assert [(outcome.name, outcome.reason[: len(reason)]) for outcome in first.failed] == [(NAMES[5], reason)]
    assert server.asked[NAMES[5]] == attempts
    assert first.count("fetched") == 11
    assert nothing_half_written(first.folder)
    assert not (first.folder / "images" / NAMES[5]).exists()
    assert not (first.folder / "twitter_three_agrees.txt").exists(), "labels only once the set is complete"

    server.faults.clear()
    server.asked.clear()
    second = get()
    assert second.failed == ()
    assert (second.count("kept"), second.count("fetched")) == (11, 1)
    assert list(server.asked) == [NAMES[5]]
    assert len(read_votes(second.folder)) == 12


@pytest.mark.parametrize("fault", ["cut once", "503 once"])
def test_a_passing_fault_is_got_over(get: Get, server: Server, fault: str) -> None:
    server.faults = dict.fromkeys(NAMES[:3], fault)
    assert get().failed == ()
    assert server.asked[NAMES[0]] == 2


def test_a_file_with_other_bytes_and_a_part_of_one_are_replaced(get: Get, tmp_path: Path) -> None:
    folder = tmp_path / "twitter" / "images"
    folder.mkdir(parents=True)
    (folder / NAMES[0]).write_bytes(FILES[NAMES[0]][:100])
    (folder / NAMES[1]).write_bytes(FILES[NAMES[1]])
    (folder / f".{NAMES[2]}.abc.part").write_bytes(FILES[NAMES[2]][:70])
    fetched = get()
    assert (fetched.count("kept"), fetched.count("fetched")) == (1, 11)
    assert nothing_half_written(fetched.folder)
    assert not list(folder.glob(".*"))


def test_no_more_connections_than_asked_for(get: Get, server: Server) -> None:
    get(connections=2)
    assert 1 <= server.most_at_once <= 2


def test_a_server_that_does_not_answer_is_given_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOPELESS", 3)
    closed = Server({})
    closed.close()
    fetched = fetch_twitter(tmp_path, closed.url, patience=QUICK, images=IMAGES, connections=1)
    reasons = Counter(outcome.reason.partition(" (")[0] for outcome in fetched.failed)
    assert reasons["no connection"] == 3
    assert sum(reason.startswith("not tried") for reason in reasons.elements()) == 9


def test_a_full_disk_is_an_error_and_not_a_missing_image(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        get()


def test_two_fetches_at_once_are_refused(get: Get, server: Server, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "twitter").mkdir()
    with (
        FileLock(tmp_path / "twitter" / ".fetch.lock"),
        pytest.raises(DatasetError, match="another fetch is at work"),
    ):
        get()


def ask(server: Server, name: str, patience: Patience = QUICK) -> bytes:
    sha256 = hashlib.sha256(FILES[NAMES[0]]).hexdigest()
    return download(new_session(server.url), f"{server.url}/images/{name}", sha256, patience)


def test_a_redirect_within_the_scheme_is_followed(server: Server) -> None:
    server.faults["moved.jpg"] = f"redirect {NAMES[0]}"
    assert ask(server, "moved.jpg") == FILES[NAMES[0]]


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/x", "ftp://127.0.0.1/x", "file:///etc/hostname", "http://example.org/x"]
)
def test_a_redirect_to_another_scheme_or_an_open_host_is_refused(server: Server, target: str) -> None:
    server.faults["moved.jpg"] = f"redirect {target}"
    with pytest.raises(DownloadError, match="sent on to"):
        ask(server, "moved.jpg")
    assert server.asked["moved.jpg"] == 1


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.faults["circle.jpg"] = "redirect circle.jpg"
    with pytest.raises(DownloadError, match="more than 5 times"):
        ask(server, "circle.jpg")


def test_a_file_without_end_is_refused(server: Server) -> None:
    server.files["huge.jpg"] = b"x" * 300_000
    with pytest.raises(DownloadError, match="more than 100,000 bytes"):
        ask(server, "huge.jpg", Patience(attempts=1, max_bytes=100_000))


@pytest.mark.parametrize(
    "url", ["https://example.org/copy", "http://127.0.0.1:8/x", "http://localhost/x", "http://[::1]:9/x"]
)
def test_addresses_that_may_be_fetched_from(url: str) -> None:
    assert check_address(url + "/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/copy",
        "ftp://example.org",
        "file:///tmp",
        "example.org",
        "",
        "https://",
        "http://127.0.0.1.evil.org",
    ],
)
def test_addresses_that_may_not(url: str) -> None:
    with pytest.raises(DatasetError, match="is not an https address"):
        check_address(url)


def test_the_public_copy_is_at_a_fixed_commit() -> None:
    assert check_address(module.TWITTER_URL).rpartition("/")[2].startswith("4604b72")


@pytest.mark.real
def test_real_images_with_every_fault_at_once(real_data: Path, tmp_path: Path) -> None:
    images = manifest()[::40]
    folder = real_data / "twitter" / "images"
    server = Server({image.name: (folder / image.name).read_bytes() for image in images})
    server.faults = {images[1].name: "cut", images[2].name: "wrong byte", images[3].name: "404"}
    try:
        first = fetch_twitter(tmp_path, server.url, patience=QUICK, images=images)
        assert [outcome.name for outcome in first.failed] == [image.name for image in images[1:4]]
        server.faults.clear()
        second = fetch_twitter(tmp_path, server.url, patience=QUICK, images=images)
    finally:
        server.close()
    assert second.failed == ()
    assert second.count("fetched") == 3
