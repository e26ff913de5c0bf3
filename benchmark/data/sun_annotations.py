"""Labels of the SUN Attribute database (Patterson & Hays 2012): 102 attributes, 14,340 images, 3 votes."""

import dataclasses
from pathlib import Path, PurePosixPath

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.matlab import read_matlab, texts

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
    places = [folder / name for name in FILES]
    attributes, images = _strings(values[0], places[0]), _strings(values[1], places[1])
    given = values[2]
    if given.dtype.kind not in "iuf":
        raise DatasetError(
            f"{places[2]}: the labels are {given.dtype}, no real numbers; fetch the file again"
        )
    shares = given.astype(np.float64)
    if shares.shape != (len(images), len(attributes)):
        raise DatasetError(
            f"{places[2]}: labels of shape {shares.shape} for {len(images)} images in {places[1].name} and "
            f"{len(attributes)} attributes in {places[0].name}; the three files must be of one release"
        )
    votes = np.rint(shares * VOTES)
    with np.errstate(invalid="ignore"):  # infinity less infinity is no number, and so is wrong
        wrong = ~(np.abs(shares * VOTES - votes) < 0.01) | (votes < 0) | (votes > VOTES)
    if wrong.any():
        row, k = np.argwhere(wrong)[0]
        raise DatasetError(
            f"{places[2]}: label {shares[row, k]} of {images[row]}, {attributes[k]!r}: not 0, 1/3, 2/3 or 1; "
            "fetch the file again"
        )
    if len(set(attributes)) < len(attributes):
        raise DatasetError(f"{places[0]}: an attribute is named twice; fetch the file again")
    found = SunAnnotations(attributes, images, votes.astype(np.int64))
    if len(found.rows) < len(images):
        raise DatasetError(f"{places[1]}: two images have one file name; fetch the file again")
    return found


def _variable(path: Path, name: str) -> np.ndarray:
    if not path.is_file():
        raise DatasetError(
            f"{path}: missing; the folder must hold {', '.join(FILES)} of the SUN Attribute database"
        )
    content = read_matlab(path)
    if name not in content:
        raise DatasetError(f"{path}: holds no variable {name}; fetch the file again")
    return content[name]


def _strings(value: np.ndarray, path: Path) -> tuple[str, ...]:
    names = texts(value)
    if names is None:
        raise DatasetError(f"{path}: names are no text; fetch the file again")
    if "" in names or not names:
        raise DatasetError(f"{path}: a name is empty, or there is none; fetch the file again")
    return tuple(names)
