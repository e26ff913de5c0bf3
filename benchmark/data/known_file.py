"""A file that a result depends on by what it holds."""

import dataclasses
import functools
import hashlib
from pathlib import Path
from typing import Self


class KnownFileError(ValueError):
    """A file is missing or does not hold what it is used for; the message says which and what to do."""


@dataclasses.dataclass(frozen=True)
class KnownFile:
    """A file and the hash of its bytes, such as the weights of a network.

    Rows and stored features are keyed by the hash alone: where the file lies does not matter.

    Attributes
    ----------
    location : str
        Its path.
    digest : str
        32 hexadecimal digits (BLAKE2b, 128 bits).
    """

    location: str
    digest: str

    @classmethod
    def of(cls, path: str | Path) -> Self:
        """A file on this machine.

        Raises
        ------
        KnownFileError
            There is no such file.
        """
        place = Path(path).expanduser().absolute()
        if not place.is_file():
            raise KnownFileError(f"{path}: no such file; give the path of one that exists")
        state = place.stat()
        return cls(str(place), _hash(place, state.st_mtime_ns, state.st_size))

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.location)


@functools.cache
def _hash(path: Path, mtime_ns: int, size: int) -> str:
    """Hash of a file's bytes; time and size only key the cache."""
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()
