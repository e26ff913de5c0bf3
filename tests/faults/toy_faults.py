"""Methods that meet what a crowded machine does to them."""

import dataclasses
import os
import resource
import signal
from pathlib import Path

import numpy as np
from toy_methods import Base

from benchmark.data.extractor import Extractor
from benchmark.data.imageset import ImageSet
from benchmark.method import register

ROOM = 256 * 2**20
"""Bytes that a greedy method may still take."""


def _take_all(how: str) -> np.ndarray:
    """Ask for more memory than is allowed, or end as the largest process does where the system has none."""
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    return np.ones(ROOM // 4)


class Greedy(Base):
    """Wants more memory than it is allowed, or ends as the largest process does where the system has none."""

    def __init__(self, how: str = "limit") -> None:
        self.how = how

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        self.memory_ = _take_all(self.how)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), 0.5)


@dataclasses.dataclass(frozen=True)
class GreedyFeature(Extractor):
    """Takes all memory for every image."""

    how: str = "limit"

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        return _take_all(self.how)


class Fed(Greedy):
    """Its feature wants more memory than there is."""

    @property
    def extractor(self) -> Extractor:
        return GreedyFeature(how=self.how)

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        images.features(self.extractor)


register("Greedy")(Greedy)
register("Fed")(Fed)
