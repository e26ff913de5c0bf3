"""MATLAB files of version 5 to 7: numbers, texts and cells, read in plain Python and within bounds.

The format is MathWorks' "MAT-File Format", chapter 1. SciPy's reader is compiled and ends the process on one
in fifty damaged files, and a small file may hold, or claim, more than memory has.
"""

import dataclasses
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmark.data.dataset import DatasetError

MOST_BYTES = 800_000_000
"""Of a file, and of what it unpacks to."""

MOST_NUMBERS = 100_000_000
"""Elements of one variable: a hundred times the released responses to 10,000 images."""

DEEPEST = 8
"""Cells in cells."""

_HEADER, _MATRIX, _COMPRESSED = 128, 14, 15
_CELL, _CHARACTERS, _SPARSE = 1, 4, 5
_COMPLEX = 0x0800
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_ENCODINGS = {16: "utf-8", 17: "utf-16", 18: "utf-32"}


def read_matlab(path: Path) -> dict[str, np.ndarray]:
    """Variables of a file by name.

    Returns
    -------
    dict of str to ndarray
        Numbers in their shape, sparse matrices as full ones; character arrays as one text a row (dtype
        ``U``); cells as arrays of objects. Structures, objects and functions are left out.

    Raises
    ------
    DatasetError
        There is no such file, it is damaged or of another version, or larger than `MOST_BYTES` or
        `MOST_NUMBERS`.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _FormatError(f"more than {MOST_BYTES:,} bytes")
        return dict(_variables(path.read_bytes()))
    except FileNotFoundError:
        raise DatasetError(f"{path}: no such file; give a MATLAB file") from None
    except Exception as error:  # given damaged bytes, what is read of them may be anything
        raise DatasetError(
            f"{path}: cannot be read as a MATLAB file ({str(error)[:200]}); "
            "fetch it again, or save what is needed of it with -v7"
        ) from None


def texts(value: np.ndarray) -> list[str] | None:
    """A character array or a cell array of texts as strings without blanks around; None if it is neither."""
    if value.dtype.kind == "U":
        return [str(text).strip() for text in value.ravel()]
    if value.dtype != object:
        return None
    cells = list(value.ravel(order="F"))
    if not all(isinstance(cell, np.ndarray) and cell.dtype.kind == "U" and cell.size == 1 for cell in cells):
        return None
    return [str(cell[0]).strip() for cell in cells]


class _FormatError(ValueError):
    """What is wrong with the bytes of a file."""


@dataclasses.dataclass
class _Bytes:
    """A place in bytes, and whether their numbers begin with the low (``<``) or the high (``>``) byte."""

    data: memoryview
    order: str
    at: int = 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> memoryview:
        if size > self.left:
            raise _FormatError(f"cut off: {self.left:,} bytes where {size:,} should be")
        self.at += size
        return self.data[self.at - size : self.at]

    def element(self) -> tuple[int, memoryview]:
        """The next element: the type of its data, and the data."""
        kind, size = struct.unpack(f"{self.order}II", self.take(8))
        if kind >> 16:  # a small one: size, type and up to four bytes of data share the tag
            self.at -= 4
            kind, size = kind & 0xFFFF, kind >> 16
            data = self.take(4)
            if size > len(data):
                raise _FormatError(f"a small element of {size} bytes")
            return kind, data[:size]
        data = self.take(size)
        if kind != _COMPRESSED:
            self.at = min(len(self.data), self.at + -size % 8)
        return kind, data

    def numbers(self) -> np.ndarray:
        """The next element as numbers."""
        kind, data = self.element()
        if kind not in _STORED:
            raise _FormatError(f"data of type {kind} where numbers should be")
        return np.frombuffer(data, dtype=self.order + _STORED[kind])

    def inside(self, data: memoryview) -> "_Bytes":
        return _Bytes(data, self.order)


def _variables(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    order = {b"IM": "<", b"MI": ">"}.get(data[126:_HEADER])
    if order is None:
        raise _FormatError("no header of version 5 to 7")
    file, unpacked = _Bytes(memoryview(data), order, _HEADER), len(data)
    while file.left >= 8:
        kind, body = file.element()
        if kind == _COMPRESSED:
            plain = _inflated(body, MOST_BYTES - unpacked)
            unpacked += len(plain)
            kind, body = file.inside(memoryview(plain)).element()
        if kind != _MATRIX:
            raise _FormatError(f"data of type {kind} where a variable should be")
        name, value = _matrix(file.inside(body), DEEPEST)
        if name and value is not None:
            yield name, value


def _inflated(data: memoryview, most: int) -> bytes:
    stream = zlib.decompressobj()
    plain = stream.decompress(data, most + 1)
    if len(plain) > most:
        raise _FormatError(f"more than {MOST_BYTES:,} bytes when unpacked")
    if not stream.eof:
        raise _FormatError("cut off within a compressed variable")
    return plain


def _matrix(body: _Bytes, depth: int) -> tuple[str, np.ndarray | None]:
    """Name and value of a variable, or of a cell; None for what is neither numbers, text nor cells."""
    if not body.left:
        return "", np.empty((0, 0))
    flags = int(body.numbers()[0])
    shape = tuple(int(side) for side in body.numbers())
    if len(shape) < 2 or min(shape) < 0 or math.prod(shape) > MOST_NUMBERS:
        raise _FormatError(f"an array of {' x '.join(map(str, shape))} elements; {MOST_NUMBERS:,} are read")
    name = bytes(body.element()[1]).decode("latin-1")
    kind = flags & 0xFF
    if kind == _CELL:
        return name, _cells(body, shape, depth)
    if kind == _CHARACTERS:
        return name, _characters(body, shape)
    if kind == _SPARSE:
        return name, _sparse(body, shape, bool(flags & _COMPLEX))
    if kind not in _CLASSES:
        return name, None
    values = body.numbers().astype(_CLASSES[kind])
    if flags & _COMPLEX:
        values = values + 1j * body.numbers()
    if len(values) != math.prod(shape):
        raise _FormatError(f"{name}: {len(values):,} numbers for a shape of {' x '.join(map(str, shape))}")
    return name, values.reshape(shape, order="F")


def _cells(body: _Bytes, shape: tuple[int, ...], depth: int) -> np.ndarray:
    count = math.prod(shape)
    if not depth or 8 * count > body.left:
        raise _FormatError(f"{count:,} cells in {body.left:,} bytes" if depth else "cells in cells in cells")
    found = np.empty(count, dtype=object)
    for i in range(count):
        kind, data = body.element()
        if kind != _MATRIX:
            raise _FormatError(f"data of type {kind} where a cell should be")
        found[i] = _matrix(body.inside(data), depth - 1)[1]
    return found.reshape(shape, order="F")


def _characters(body: _Bytes, shape: tuple[int, ...]) -> np.ndarray:
    """One text a row."""
    kind, data = body.element()
    if kind in _ENCODINGS:
        unit = "" if kind == 16 else {"<": "-le", ">": "-be"}[body.order]
        text = bytes(data).decode(_ENCODINGS[kind] + unit)
    elif kind in (1, 2):
        text = bytes(data).decode("latin-1")
    elif kind in (3, 4):
        text = bytes(data).decode({"<": "utf-16-le", ">": "utf-16-be"}[body.order])
    else:
        raise _FormatError(f"characters of type {kind}")
    if shape[0] <= 1:
        return np.array([text])
    if len(shape) != 2 or len(text) != math.prod(shape):
        raise _FormatError(f"{len(text)} characters for a shape of {' x '.join(map(str, shape))}")
    return np.array([text[row :: shape[0]] for row in range(shape[0])])


def _sparse(body: _Bytes, shape: tuple[int, ...], imaginary: bool) -> np.ndarray:
    """A sparse matrix by columns, as a full one."""
    rows, starts = (body.numbers().astype(np.int64) for _ in range(2))
    values: np.ndarray = body.numbers().astype(np.float64)
    if imaginary:
        values = values + 1j * body.numbers()
    counts = np.diff(starts)
    count = int(starts[-1]) if len(starts) else -1
    fits = len(shape) == 2 and len(starts) == shape[1] + 1 and not starts[0] and (counts >= 0).all()
    if not fits or not 0 <= count <= min(len(rows), len(values)):
        raise _FormatError("a sparse matrix whose columns do not fit")
    rows = rows[:count]
    if count and not 0 <= rows.min() <= rows.max() < shape[0]:
        raise _FormatError("a sparse matrix whose rows do not fit")
    full = np.zeros(shape, dtype=values.dtype)
    full[rows, np.repeat(np.arange(shape[1]), counts)] = values[:count]
    return full
