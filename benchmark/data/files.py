"""Files that are written whole or not at all."""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO


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
    """
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

    If ``path`` exists by then (another process was faster), it stays and the new one is dropped.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path), suffix=".part"))
    try:
        yield part
        part.chmod(0o755)
        if not path.exists():
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _prefix(path: Path) -> str:
    """Begin a temporary file's name with whose it is, so that others know when it is abandoned."""
    return f".{path.name[:40]}.{platform.node()}.{os.getpid()}."


def _abandoned(path: Path) -> bool:
    """Whether the process that a temporary file names has ended; False for those of other machines."""
    owner = path.name.removesuffix(".part").rpartition(".")[0]
    rest, _, process = owner.rpartition(".")
    if not process.isdigit():
        return True
    if not rest.endswith(f".{platform.node()}"):
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()


def remove_partial(folder: Path) -> int:
    """Remove the temporary files and folders that killed processes left under ``folder``.

    Returns
    -------
    int
        How many were removed. Those of a process that still runs stay.
    """
    stale = [path for path in folder.rglob(".*.part") if _abandoned(path)]
    for path in stale:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(stale)
