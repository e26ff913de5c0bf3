"""Labels of the SUN Attribute database (Patterson & Hays 2012): 102 attributes, 14,340 images, 3 votes."""

import dataclasses
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import scipy.io

from benchmark.data.dataset import DatasetError

FILES = {
    "attributes.mat": "attributes",
    "images.mat": "images",
    "attributeLabels_continuous.mat": "labels_cv",
}
VOTES = 3


@dataclasses.dataclass(frozen=True)
class SunAnnotations:
    """Votes of people.

    Attributes
    ----------
    attributes : tuple of str
        K names.
    images : tuple of str
        N paths such as ``a/abbey/sun_aakbdcgfpksytcwj.jpg``.
    votes : ndarray of int64, shape (N, K)
        How many of three people saw the attribute, 0 to 3.
    """

    attributes: tuple[str, ...]
    images: tuple[str, ...]
    votes: np.ndarray

    @property
    def rows(self) -> dict[str, int]:
        """Row of each image by its file name, which is unique in SUN."""
        return {PurePosixPath(image).name: row for row, image in enumerate(self.images)}

    @property
    def categories(self) -> tuple[str, ...]:
        """SUN category of each image, such as ``waterfall/block``."""
        return tuple("/".join(PurePosixPath(image).parts[1:-1]) for image in self.images)


def read_annotations(folder: Path) -> SunAnnotations:
    """Read the three files of the database.

    Raises
    ------
    DatasetError
        A file is missing, no MATLAB file of version 5 to 7, or lacks its variable; sizes do not fit; a value
        is not 0, 1/3, 2/3 or 1; or two images have one file name.
    """
    values = [_variable(folder / name, variable) for name, variable in FILES.items()]
    attributes, images = _strings(values[0], folder), _strings(values[1], folder)
    try:
        shares = np.asarray(values[2], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DatasetError(f"{folder}: the labels are no numbers ({error}); fetch the file again") from None
    if shares.shape != (len(images), len(attributes)):
        raise DatasetError(
            f"{folder}: labels of shape {shares.shape} for {len(images)} images and {len(attributes)} "
            "attributes; the three files must be of one release"
        )
    votes = np.rint(shares * VOTES)
    wrong = ~(np.abs(shares * VOTES - votes) < 0.01) | (votes < 0) | (votes > VOTES)
    if wrong.any():
        row, k = np.argwhere(wrong)[0]
        raise DatasetError(
            f"{folder}: label {shares[row, k]} of {images[row]}, {attributes[k]!r}: not 0, 1/3, 2/3 or 1; "
            "fetch attributeLabels_continuous.mat again"
        )
    found = SunAnnotations(attributes, images, votes.astype(np.int64))
    if len(found.rows) < len(images):
        raise DatasetError(f"{folder}/images.mat: two images have one file name; fetch the file again")
    return found


def _variable(path: Path, name: str) -> Any:
    try:
        content = scipy.io.loadmat(str(path), variable_names=[name], squeeze_me=True, appendmat=False)
    except FileNotFoundError:
        raise DatasetError(
            f"{path}: missing; the folder must hold {', '.join(FILES)} of the SUN Attribute database"
        ) from None
    except Exception as error:  # given damaged bytes, the reader may raise anything
        raise DatasetError(
            f"{path}: cannot be read as a MATLAB file ({error}); fetch it again, or save it with -v7"
        ) from None
    if name not in content:
        raise DatasetError(f"{path}: holds no variable {name}; fetch the file again")
    return content[name]


def _strings(value: Any, folder: Path) -> tuple[str, ...]:
    cells = np.atleast_1d(np.asarray(value)).ravel().tolist()
    if not all(isinstance(cell, str) for cell in cells):
        raise DatasetError(f"{folder}: names are no text; fetch attributes.mat and images.mat again")
    return tuple(cell.strip() for cell in cells)
