"""Folders for what a process needs only while it runs."""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def scratch_folder(out: Path) -> Iterator[Path]:
    """A folder in ``out`` that is removed afterwards.

    Its name says whose it is, so that `benchmark.data.files.remove_partial` removes that of a killed process.
    """
    out.mkdir(parents=True, exist_ok=True)
    prefix = f".scratch.{platform.node()}.{os.getpid()}."
    folder = Path(tempfile.mkdtemp(dir=out, prefix=prefix, suffix=".part")).absolute()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
