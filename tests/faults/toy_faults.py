"""Methods that meet what a crowded machine does to them."""

import os
import resource
import signal
from pathlib import Path

import numpy as np
from toy_methods import Base

from benchmark.data.imageset import ImageSet
from benchmark.method import register

ROOM = 256 * 2**20
"""Bytes that a greedy method may still take."""


class Greedy(Base):
    """Wants more memory than it is allowed, or ends as the largest process does where the system has none."""

    def __init__(self, how: str = "limit") -> None:
        self.how = how

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        if self.how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
        self.memory_ = np.ones(ROOM // 4)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), 0.5)


register("Greedy")(Greedy)
