"""Files of released responses: SentiBank's 1,200 or DeepSentiBank's 2,089 numbers an image."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.labels import read_text, text_lines
from benchmark.data.matlab import MOST_NUMBERS, read_matlab, texts
from benchmark.data.responses import Responses, plain_name
from benchmark.data.source_images import some
from benchmark.data.vso_lists import NAMES_FILES, read_names

FORMATS = (".csv", ".mat", ".npy")
IMAGE = "image"
"""First column of a CSV file."""


def read_responses(path: Path, names: Path | None = None, concepts: Path | None = None) -> Responses:
    """Read a file of responses.

    Parameters
    ----------
    path : Path
        ``.csv``: a first line ``image,<concept>,<concept>,...``, then a line an image. ``.mat`` (version 5 to
        7): a matrix of numbers and a list of image names, ``responses`` and ``names``, or whatever the only
        ones are called; ``concepts`` if there. ``.npy``: the matrix alone.
    names : Path, optional
        Text file of image names, one a line, in the order of the rows; of an ``.npy`` file the default is
        ``<file>.txt`` beside it (``responses.npy.txt``).
    concepts : Path, optional
        Text file of the concepts, one a line, such as ``1200ANPsv1.1.txt``. Where neither this nor the file
        says, ``<file>.concepts.txt`` beside it, or a released list beside it with as many names as columns.

    Raises
    ------
    DatasetError
        The format is unknown, the file cannot be read, it has an unreadable or infinite number, rows of
        unequal width, an image twice or none, or names or concepts that do not fit its size.
    """
    readers = {".csv": _read_csv, ".mat": _read_mat, ".npy": _read_npy}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DatasetError(f"{path}: responses are read from {', '.join(FORMATS)}, not {path.suffix!r} files")
    if not path.is_file():
        raise DatasetError(f"{path}: no such file; give a file of responses")
    found_names, found_concepts, values = reader(path)
    if names is None and reader is _read_npy:
        names = path.with_name(f"{path.name}.txt")
    if names is not None:
        found_names = _list(names, "image names")
    if concepts is not None:
        found_concepts = list(read_names(concepts))
    return _checked(path, found_names, found_concepts, values)


def _checked(path: Path, names: Sequence[str], concepts: Sequence[str], values: np.ndarray) -> Responses:
    if np.iscomplexobj(values):
        raise DatasetError(f"{path}: complex numbers; give real ones")
    if values.ndim != 2 or not values.size or values.dtype.kind not in "iuf":
        raise DatasetError(
            f"{path}: {values.dtype} of shape {values.shape}; give one row of numbers an image, real numbers"
        )
    n, width = values.shape
    if len(names) != n:
        raise DatasetError(
            f"{path}: {n} rows but {len(names)} image names; give one name a row (a .txt file, one a line)"
        )
    concepts = concepts or _concepts_beside(path, width) or [f"response_{k:04d}" for k in range(1, width + 1)]
    if len(concepts) != width:
        raise DatasetError(
            f"{path}: {width} numbers an image but {len(concepts)} concepts; give the list that these "
            "detectors came with"
        )
    plain = [plain_name(name) for name in names]
    for what, given in (("image", plain), ("concept", concepts)):
        twice = [str(name) for name, count in Counter(given).items() if count > 1]
        if twice or "" in given:
            problem = f"comes twice: {some(twice)}" if twice else "has no name"
            raise DatasetError(f"{path}: one {what} or more {problem}; keep one of each, with its name")
    with np.errstate(over="ignore"):
        result = values.astype(np.float32)
    wrong = ~np.isfinite(result)
    if wrong.any():
        row, k = np.argwhere(wrong)[0]
        raise DatasetError(
            f"{path}: {int(wrong.sum())} responses are not finite, the first {values[row, k]} of "
            f"{plain[row]}, {concepts[k]}; run the detectors on these images again, or leave them out"
        )
    return Responses(path.name, tuple(plain), tuple(map(str, concepts)), result)


def _read_csv(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # strict: a quotation mark that is not closed would take all further lines for one cell.
            reader = csv.reader(file, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            if len(header) < 2 or header[0].casefold() != IMAGE:
                raise DatasetError(
                    f"{path}, line 1: {','.join(header[:3])[:60]!r}; write image,<concept>,..."
                )
            names, rows = [], []
            for cells in reader:
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    raise DatasetError(
                        f"{path}, line {reader.line_num}: {len(cells) - 1} numbers under {len(header) - 1} "
                        "concepts; every image has one number of each"
                    )
                names.append(cells[0].strip())
                rows.append(_numbers(path, reader.line_num, cells[1:]))
                if len(rows) * len(header) > MOST_NUMBERS:
                    raise DatasetError(
                        f"{path}: more than {MOST_NUMBERS:,} numbers; give fewer images a file"
                    )
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path}: not a table with commas ({error}); save it as CSV, UTF-8") from None
    return names, header[1:], np.array(rows, dtype=np.float64).reshape(len(rows), len(header) - 1)


def _numbers(path: Path, line: int, cells: Sequence[str]) -> np.ndarray:
    try:
        if any("_" in cell for cell in cells):  # Python's own way of writing numbers, no table's
            raise ValueError(f"could not convert string to float: {next(c for c in cells if '_' in c)!r}")
        return np.array(cells, dtype=np.float64)
    except ValueError as error:
        raise DatasetError(
            f"{path}, line {line}: {str(error)[:200]}; write one number in every cell"
        ) from None


def _read_npy(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    try:
        # Mapped first: then a header that claims more than the file holds costs no memory.
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        if not isinstance(array, np.ndarray):
            raise ValueError("several arrays, as numpy.savez writes")
        if array.size > MOST_NUMBERS:
            raise ValueError(f"{array.size:,} numbers, more than the {MOST_NUMBERS:,} that are read")
        return [], [], np.array(array)
    except Exception as error:  # given damaged bytes, the reader may raise anything
        raise DatasetError(
            f"{path}: no array of numbers ({str(error)[:200]}); save it with numpy.save"
        ) from None


def _read_mat(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    found = read_matlab(path)
    matrices = {key: value for key, value in found.items() if np.issubdtype(value.dtype, np.number)}
    matrices = {key: value for key, value in matrices.items() if min(value.shape) > 1 or key == "responses"}
    lists = {key: listed for key, value in found.items() if (listed := texts(value)) is not None}
    values = _only(path, matrices, "responses", "matrix of numbers")
    concepts = lists.pop("concepts", [])
    return _only(path, lists, "names", "list of image names"), concepts, values


def _only(path: Path, found: dict[str, Any], preferred: str, what: str) -> Any:
    if preferred in found:
        return found[preferred]
    if len(found) == 1:
        return next(iter(found.values()))
    raise DatasetError(
        f"{path}: {len(found)} candidates for the {what} ({', '.join(found) or 'none'}); call it {preferred}"
    )


def _concepts_beside(path: Path, width: int) -> Sequence[str]:
    """The concepts that a list beside the file names; empty if there is none."""
    own = path.with_name(f"{path.name}.concepts.txt")
    if own.is_file():
        return _list(own, "concepts")
    released = (path.with_name(name) for name in NAMES_FILES)
    lists = (read_names(file) for file in released if file.is_file())
    return next((found for found in lists if len(found) == width), ())


def _list(path: Path, what: str) -> list[str]:
    lines = text_lines(read_text(path, f"it should list the {what}, one a line"))
    return [line.strip() for line in lines if line.strip()]
