"""Files that are written whole or not at all."""

import contextlib
import errno
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

FORGOTTEN = 7 * 24 * 3600.0
"""Seconds after which a temporary file of another machine counts as abandoned."""

_REMEDIES = {
    (errno.ENOSPC, errno.EDQUOT): "free some space there, or use another folder",
    (errno.EACCES, errno.EPERM, errno.EROFS): "get the right to write there, or use another folder",
}


class WriteError(OSError):
    """A file cannot be written; the message says which, why, and what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        # Arrays that meet a full disk come as an error without a number: "65536 requested and 4096 written".
        short = error.errno is None and "requested and" in str(error)
        self.number = errno.ENOSPC if short else error.errno
        reason = os.strerror(self.number) if self.number is not None else str(error)
        known = (text for numbers, text in _REMEDIES.items() if self.number in numbers)
        remedy = next(known, "mend that, or use another folder")
        super().__init__(
            f"{path}: cannot be written ({reason}); {remedy}, then give the same command again to go on"
        )


def write_with(path: Path, write: Callable[[IO[bytes]], object]) -> int:
    """Let ``write`` fill a temporary file, then move it to ``path`` in one step.

    Parameters
    ----------
    path : Path
        Where the file goes; its folder is made. A file that stands there is replaced.
    write : callable
        Receives a binary file open for writing.

    Returns
    -------
    int
        Size of the file in bytes.

    Raises
    ------
    WriteError
        The disk is full, or the folder may not be written to.
    """
    try:
        return _write_with(path, write)
    except WriteError:
        raise
    except OSError as error:
        raise WriteError(path, error) from error


def _write_with(path: Path, write: Callable[[IO[bytes]], object]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return size


def write_bytes(path: Path, data: bytes) -> int:
    """Write bytes to a file, whole or not at all; return their number."""
    return write_with(path, lambda file: file.write(data))


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Fill a temporary folder; when the block ends well it becomes ``path``, otherwise it is removed.

    If ``path`` exists by then (another process was faster), it stays and the new one is dropped. What killed
    processes left of earlier attempts is removed first.

    Raises
    ------
    WriteError
        The disk is full, or the folder may not be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(left for left in path.parent.glob(f".{path.name[:40]}.*.part") if _abandoned(left))
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path), suffix=".part"))
    except OSError as error:
        raise WriteError(path, error) from error
    try:
        yield part
        part.chmod(0o755)
        secure_folder(part)
        if not path.exists():
            _move(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def secure_folder(folder: Path) -> None:
    """Have all that is in a folder on the disk itself, so that a power cut leaves no file of it cut off.

    A file that is moved into place before its content is on the disk can be empty afterwards.
    """
    for path in [*folder.rglob("*"), folder]:
        if path.is_file() or (path.is_dir() and os.name == "posix"):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _move(part: Path, path: Path) -> None:
    """Give a folder its name, unless another process was faster by a moment."""
    try:
        part.rename(path)
    except OSError:
        if not path.is_dir():
            raise
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _prefix(path: Path) -> str:
    """Begin a temporary file's name with whose it is, so that others know when it is abandoned."""
    return f".{path.name[:40]}.{platform.node()}.{os.getpid()}."


def _abandoned(path: Path) -> bool:
    """Whether the process that a temporary file names has ended; of other machines' files, old ones alone."""
    owner = path.name.removesuffix(".part").rpartition(".")[0]
    rest, _, process = owner.rpartition(".")
    if not process.isdigit():
        return True
    try:
        written = path.stat().st_mtime
    except FileNotFoundError:  # moved into place meanwhile
        return False
    if not rest.endswith(f".{platform.node()}"):
        return time.time() - written > FORGOTTEN
    if written < _machine_started():  # what has that number now is another process
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()


def _machine_started() -> float:
    """When this machine was switched on, in seconds; 0 where it does not say."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if clock is None else time.time() - time.clock_gettime(clock)


def remove_partial(folder: Path) -> int:
    """Remove the temporary files and folders that killed processes left under ``folder``.

    Returns
    -------
    int
        How many were removed. Those of a process that still runs stay.
    """
    return _remove(path for path in folder.rglob(".*.part") if _abandoned(path))


def _remove(paths: Iterable[Path]) -> int:
    stale = list(paths)
    for path in stale:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(stale)
