"""A headless Chromium, driven over a pipe by the DevTools protocol; nothing but the standard library."""

import contextlib
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 90.0
"""Seconds for one answer: a busy machine is slow."""

KEYS = {"Enter": (13, "\r"), "Tab": (9, ""), "Escape": (27, ""), " ": (32, " ")}


def find_browser() -> str | None:
    """Path of a Chromium, ``$SENTIMENT_BROWSER`` first; None where there is none."""
    named = os.environ.get("SENTIMENT_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page of a running browser; every console message, error and request is kept."""

    def __init__(self, process: subprocess.Popen, source: int, sink: int) -> None:
        self.process, self._source, self._sink = process, source, sink
        self._number, self._unread, self._session = 0, b"", ""
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._loaded = False

    def attach(self) -> Self:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        return self

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer; what happens meanwhile is noted."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._sink, data) :]
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def open(self, path: Path) -> None:
        """Load a file and wait until it has been."""
        self._loaded = False
        self.send("Page.navigate", url=path.resolve().as_uri())
        while not self._loaded:
            self._note(self._read())

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """A key, as from a keyboard."""
        code, text = KEYS[key]
        what = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **what)
        self.send("Input.dispatchKeyEvent", type="keyUp", **what)

    def view(self, width: int, height: int, *, dark: bool = False, media: str = "") -> None:
        """Width and height in pixels, colours, and ``print`` or the screen."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def _read(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._source], [], [], max(until - time.monotonic(), 0))
            read = os.read(self._source, 1 << 20) if ready else b""
            if not read:
                raise RuntimeError(f"the browser gave no answer in {PATIENCE:.0f} s, or has ended")
            self._unread += read
        message, self._unread = self._unread.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event: dict[str, Any]) -> None:
        what, of = event.get("method"), event.get("params", {})
        if what == "Page.loadEventFired":
            self._loaded = True
        elif what == "Network.requestWillBeSent":
            self.requests.append(of["request"]["url"])
        elif what == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(of["exceptionDetails"]))
        elif what == "Runtime.consoleAPICalled":
            self.problems.append(json.dumps(of["args"]))
        elif what == "Log.entryAdded":
            self.problems.append(of["entry"]["text"])


@contextlib.contextmanager
def browser(program: str) -> Iterator[Browser]:
    """Start a browser with an empty profile and end it."""
    down, up = os.pipe(), os.pipe()
    # its numbers 3 and 4 are the pipe: ours must be others, or one redirection would close the other
    commands, answers = (fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (down[0], up[1]))
    with tempfile.TemporaryDirectory(prefix="headless-", ignore_cleanup_errors=True) as profile:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
        options += ("--disable-extensions", "--no-first-run", "--hide-scrollbars", "--mute-audio")
        options += ("--disable-background-networking", "--disable-component-update", "--disable-sync")
        options += ("--remote-debugging-pipe", f"--user-data-dir={profile}")
        with (Path(profile) / "log").open("wb") as log:
            process = subprocess.Popen(
                ["bash", "-c", f'exec "$0" "$@" 3<&{commands} 4>&{answers}', program, *options],
                pass_fds=(commands, answers),
                stdout=log,
                stderr=log,
            )
        for fd in (down[0], up[1], commands, answers):
            os.close(fd)
        try:
            yield Browser(process, up[0], down[1]).attach()
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(up[0])
            os.close(down[1])
