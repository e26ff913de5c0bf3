"""What can be computed from one image alone, and therefore once."""

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from benchmark.data.fingerprint import processor, source_hashes, value_hash, versions


class NotAvailable(RuntimeError):  # noqa: N818  (a state of the machine, not a fault of the method)
    """A library, a file or a device is missing here; cells that need it are skipped, with this reason."""


@dataclasses.dataclass(frozen=True)
class Extractor:
    """A feature of one image: a frozen dataclass whose fields are its only settings.

    Subclass it, add fields, and write `extract`. The result must depend on the pixels and the fields alone:
    the store calls a copy made from the fields, so nothing else that an instance carries reaches it.

    Attributes
    ----------
    size : int
        Side of the square images that it describes, in pixels.
    ragged : bool
        Class attribute. False: one row of numbers an image, the same length for every image. True: any
        number of rows an image (local descriptors).
    libraries : tuple of str
        Class attribute: distributions whose version the result depends on, besides those of every method.
    """

    size: int = 256
    ragged: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ()

    @property
    def source(self) -> "Extractor | tuple[Extractor, ...] | None":
        """The feature that it is computed from: the pixels, unless a subclass names another, or several.

        A feature of a feature (visual words of local descriptors) names that one here; `extract` then
        receives it instead of pixels, out of the store.
        """
        return Pixels(size=self.size)

    def extract(self, pixels: Any) -> np.ndarray | Sequence[np.ndarray]:
        """Compute the feature of a batch of images.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (n, size, size, 3)
            RGB images; or, where `source` is another feature, what ``images.features(source)`` gives: an
            ndarray of shape (n, d), or a `Ragged`; of several, a tuple of these.

        Returns
        -------
        ndarray of shape (n, d), or a sequence of n arrays of shape (k_i, d) if ``ragged``
            An image's result may not depend on the others of its batch.
        """
        raise TypeError(f"{type(self).__name__} must define extract(pixels)")

    def check(self) -> None:
        """Find out whether the feature can be computed on this machine.

        Raises
        ------
        NotAvailable
            A library or a file is missing; the message says which, and the command that brings it.
        """

    def fingerprint(self) -> str:
        """Hash of all that the feature depends on: fields, its source, source code, libraries, processor."""
        sources = self.source if isinstance(self.source, tuple) else (self.source,)
        source = [None if one is None else one.fingerprint() for one in sources]
        modules = [type(self).__module__, "benchmark.data.pixels"]
        return value_hash([self, source, source_hashes(modules), versions(*self.libraries), processor()])


@dataclasses.dataclass(frozen=True)
class Pixels(Extractor):
    """The decoded image itself, as ``uint8 (size, size, 3)``."""

    @property
    def source(self) -> None:
        """Nothing but the file: pixels are decoded."""
        return None

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        """Return the pixels as they are, shape (n, size, size, 3)."""
        return pixels


@dataclasses.dataclass(frozen=True)
class Codebook:
    """Something learned from a set of images without their labels, such as a visual vocabulary.

    A frozen dataclass like `Extractor`. `learn` sees the images and nothing else, so what it learned can be
    shared by all methods that ask for the same codebook of the same images.
    """

    def learn(self, images: "object") -> np.ndarray:
        """Learn from an `ImageSet`; return one array."""
        raise TypeError(f"{type(self).__name__} must define learn(images)")

    def fingerprint(self) -> str:
        """Hash of all that the result depends on besides the images."""
        return value_hash([self, source_hashes([type(self).__module__]), versions(), processor()])
