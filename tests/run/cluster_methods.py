"""Methods that leave a trace of each fit, or kill the worker that asked for it."""

import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
from toy_methods import Base

from benchmark.data.imageset import ImageSet
from benchmark.method import register


class Witness(Base):
    """Leaves a file for every fit, named after its images and its worker, and takes its time."""

    def __init__(self, folder: str = "", seconds: float = 0.0) -> None:
        self.folder = folder
        self.seconds = seconds

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        worker = multiprocessing.parent_process()
        assert worker is not None
        handle, _ = tempfile.mkstemp(dir=self.folder, prefix=f"{images.keys_digest}-{worker.pid}-")
        os.close(handle)
        time.sleep(self.seconds)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), np.nan)


class Deadly(Base):
    """Kills the process that asked for it, unless that is the one to spare: the tests' own."""

    def __init__(self, spare: int = 0) -> None:
        self.spare = spare

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        if self.spare and parent.pid != self.spare:
            time.sleep(2)  # what restarts a worker gives up where that dies while it starts
            os.kill(parent.pid, signal.SIGKILL)
            time.sleep(30)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), np.nan)


def touch_and_sleep(path: Path, seconds: float) -> None:
    """Say that it has begun, then take its time."""
    path.touch()
    time.sleep(seconds)


register("Witness")(Witness)
register("Deadly")(Deadly)
