"""What leaves the machine and what is let in: a run asks nobody, listens nowhere; downloads do not turn."""

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input import at_most
from pictures import write_photos

from benchmark.data.dataset import DatasetError
from benchmark.data.download import DownloadError, Patience, check_address, download, new_session

ROOT = Path(__file__).resolve().parents[2]
QUICK = Patience(attempts=1, backoff=0.0, timeout=3.0, max_bytes=1_000_000)

WATCH = """
import os, sys

def watch(event, arguments):
    told = ""
    if event in ("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"):
        family = getattr(arguments[0], "family", None)
        told = "" if family is not None and family.name == "AF_UNIX" else f"{event} {arguments[1:]}"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "os.system"):
        told = f"{event} {arguments}"
    elif event == "subprocess.Popen":
        told = f"{event} {arguments[0]}"
    if told:
        with open(os.environ["WATCHED"], "a") as file:
            file.write(told + "\\n")

sys.addaudithook(watch)
"""


def test_a_run_and_its_report_ask_nobody_and_listen_nowhere(tmp_path: Path) -> None:
    """Every process of it is watched from its start, by Python's audit events."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    write_photos(tmp_path / "photos", 30)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "WATCHED": str(tmp_path / "seen"),
        "SENTIMENT_CACHE": str(tmp_path / "cache"),
        "SENTIMENT_DATA": str(tmp_path / "data"),
    }
    probe = "import socket; socket.socket().bind(('127.0.0.1', 0))"
    subprocess.run([sys.executable, "-c", probe], env=environment, check=True)
    assert "socket.bind" in (tmp_path / "seen").read_text(), "the watch sees nothing"
    (tmp_path / "seen").write_text("")
    for arguments in (
        ("run", "--methods", "Majority,GCH", "--data", "photos", "--out", "out"),
        ("report", "--out", "out"),
    ):
        subprocess.run(
            [sys.executable, "-m", "benchmark", *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            timeout=300,
        )
    asked = [line for line in (tmp_path / "seen").read_text().splitlines() if not _is_local(line)]
    assert asked == []
    config = json.loads((tmp_path / "out" / "manifest.json").read_text())["config"]
    assert config["data"] == "photos"


def _is_local(line: str) -> bool:
    """Programs that libraries ask about this machine: its processor, its fonts, its C library."""
    program = line.removeprefix("subprocess.Popen ").rpartition("/")[2]
    return line.startswith("subprocess.Popen") and program in (
        "lscpu",
        "fc-list",
        "uname",
        "ldconfig",
        "gcc",
        sys.executable,
    )


class Turns(http.server.BaseHTTPRequestHandler):
    """Sends on to what follows ``/to/`` in the address."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        target = self.path.partition("/to/")[2]
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", self.server.targets[target])  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


TARGETS = {
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/x",
    "gopher": "gopher://127.0.0.1/x",
    "data": "data:text/plain,x",
    "https": "https://127.0.0.1/x",
    "open": "http://example.org/x",
    "inside": "http://169.254.169.254/latest",
    "bracket": "http://[",
    "no host": "http:///x",
    "user": "http://127.0.0.1@example.org/x",
    "relative": "//example.org/x",
    "upper": "FILE:///etc/passwd",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Turns)
    running.targets = TARGETS  # type: ignore[attr-defined]
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("target", [name for name in TARGETS if " " not in name])
def test_a_download_does_not_turn_to_another_scheme_or_host(server: str, target: str) -> None:
    """``http://[`` as a target ended in ValueError: Invalid IPv6 URL."""
    with at_most(), pytest.raises(DownloadError, match="sent on to"):
        download(new_session(server), f"{server}/to/{target}", "0" * 64, QUICK)


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "ftp://example.org", "file:///etc", "//example.org", "example.org", "", "https://",
     "https://[", "http://127.0.0.1.example.org", "http://localhost@example.org", "javascript:alert(1)"],
)  # fmt: skip
def test_only_https_is_asked(address: str) -> None:
    with pytest.raises(DatasetError, match="is not an https address"):
        check_address(address)


def test_certificates_are_checked() -> None:
    assert new_session("https://example.org").verify is True
