"""The content-addressed store: features of images, computed once and memory-mapped.

Layout, one folder an extractor::

    <root>/<ExtractorName>-<fingerprint>/
        card.json            what it is, for people
        <block>.npy          values of up to a few hundred images, immutable
        <block>.json         the keys of those images (and row counts where ragged); written last

A block counts only when its ``.json`` is there and the ``.npy`` has the size it says, so a crash or a power
cut leaves nothing that could be mistaken for a result.
"""

import dataclasses
import functools
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock

from benchmark.data.extractor import Codebook, Extractor
from benchmark.data.files import write_bytes, write_with
from benchmark.data.fingerprint import digest, plain


class StoreError(RuntimeError):
    """A stored file is damaged; the message says which and what to do."""


@dataclasses.dataclass(frozen=True)
class Ragged:
    """Rows of many images joined, such as all their local descriptors.

    Attributes
    ----------
    values : ndarray, shape (sum of counts, d)
        Rows of image 0, then of image 1, and so on.
    counts : ndarray of int64, shape (n,)
        Rows of each image; 0 where the image has none.
    """

    values: np.ndarray
    counts: np.ndarray


class FeatureStore:
    """Features on disk under one folder, shared by methods, folds and processes.

    Parameters
    ----------
    root : path
        The folder; made when first written to. Deleting it loses time, never results.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self._rows: dict[str, dict[str, tuple[Path, int, int]]] = {}
        self._read: dict[str, set[str]] = {}
        self._carried = False

    def __getstate__(self) -> dict:
        return {"root": self.root} | ({"rows": self._rows} if self._carried else {})

    def __setstate__(self, state: dict) -> None:
        self.__init__(state["root"])  # type: ignore[misc]
        self._rows = state.get("rows", {})

    def carrying(self, keys: Iterable[str]) -> "FeatureStore":
        """The same store that takes along to another process where these keys lie, as far as it knows.

        There they are found without a look at the index, which grows with all that is stored.
        """
        wanted = list(keys)
        other = FeatureStore(self.root)
        other._rows = {
            name: {key: rows[key] for key in wanted if key in rows} for name, rows in self._rows.items()
        }
        other._carried = True
        return other

    def missing(self, extractor: Extractor, keys: Iterable[str]) -> list[str]:
        """Keys (in order, each once) whose feature is not stored yet."""
        known = self._known(extractor)
        wanted = dict.fromkeys(keys)
        if not all(key in known for key in wanted):
            known = self._known(extractor, again=True)
        return [key for key in wanted if key not in known]

    def put(
        self, extractor: Extractor, keys: Sequence[str], values: np.ndarray | Sequence[np.ndarray]
    ) -> None:
        """Store the features of some images as one block.

        Raises
        ------
        ValueError
            The values do not match the keys, or are not finite.
        """
        folder = self._folder(extractor)
        counts = None
        if extractor.ragged:
            counts = [len(rows) for rows in values]
            data = np.concatenate([np.asarray(rows) for rows in values]) if len(values) else np.empty((0, 0))
        else:
            data = np.ascontiguousarray(values)
        _check_values(extractor, data, len(values), len(keys))
        block = digest(*keys)
        if not (folder / "card.json").exists():
            card = {"extractor": plain(extractor), "ragged": extractor.ragged, "row": list(data.shape[1:])}
            write_bytes(folder / "card.json", json.dumps(card, indent=1).encode())
        size = write_with(folder / f"{block}.npy", lambda file: np.save(file, data))
        index = {"keys": list(keys), "counts": counts, "bytes": size}
        write_bytes(folder / f"{block}.json", json.dumps(index).encode())
        self._rows.setdefault(folder.name, {}).update(_places(folder / f"{block}.npy", keys, counts))

    def get(self, extractor: Extractor, keys: Sequence[str]) -> np.ndarray | Ragged:
        """Read stored features, in the order of the keys (a key may come more than once).

        Raises
        ------
        KeyError
            A key is not stored.
        StoreError
            A stored file is damaged, though it has the size that it should have.
        """
        known = self._known(extractor)
        if any(key not in known for key in keys):
            known = self._known(extractor, again=True)
        maps: dict[Path, np.ndarray] = {}
        rows = []
        for key in keys:
            path, start, count = known[key]
            if path not in maps:
                maps[path] = _mapped(path)
            rows.append(maps[path][start : start + count])
            if len(rows[-1]) < count:
                raise _damaged(path, f"{len(maps[path])} rows, its index says more")
        if extractor.ragged:
            counts = np.array([len(row) for row in rows], dtype=np.int64)
            return Ragged(np.concatenate(rows) if rows else np.empty((0, 0)), counts)
        return np.concatenate(rows) if rows else np.empty((0,))

    def learned(self, codebook: Codebook, keys: Sequence[str], learn: Callable[[], np.ndarray]) -> np.ndarray:
        """Return what ``codebook`` learned from the images ``keys``, learning it now if nobody has.

        A second process that asks for the same waits for the first instead of learning it again.
        """
        folder = self.root / "codebooks"
        path = folder / f"{type(codebook).__name__}-{digest(codebook.fingerprint(), *keys)}.npy"
        stored = _load_whole(path)
        if stored is None:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock")):
                stored = _load_whole(path)
                if stored is None:
                    stored = np.ascontiguousarray(learn())
                    write_with(path, functools.partial(np.save, arr=stored))
        return stored

    def _folder(self, extractor: Extractor) -> Path:
        return self.root / f"{type(extractor).__name__}-{extractor.fingerprint()}"

    def _known(self, extractor: Extractor, again: bool = False) -> dict[str, tuple[Path, int, int]]:
        """Where each stored key lies: file, first row, number of rows.

        ``again`` looks for blocks written since; those read before are immutable and not read twice.
        """
        folder = self._folder(extractor)
        rows, read = self._rows.setdefault(folder.name, {}), self._read.setdefault(folder.name, set())
        if again:
            for index in sorted(path for path in folder.glob("*.json") if path.name not in read):
                block = _read_index(index)
                if block is not None:
                    rows.update(block)
                    read.add(index.name)
        return rows


def _mapped(path: Path) -> np.ndarray:
    """A block's values; shapes that damage made of them are found by who joins them."""
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # given damaged bytes, the reader may raise anything
        raise _damaged(path, str(error)) from None
    if not isinstance(values, np.ndarray) or not values.ndim:
        raise _damaged(path, "no array of rows")
    return values


def _damaged(path: Path, problem: str) -> StoreError:
    return StoreError(f"{path}: damaged ({problem[:200]}); delete {path.parent} and run again")


def _load_whole(path: Path) -> np.ndarray | None:
    """An array from its file; None where there is none or it is cut off."""
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None


def _read_index(index: Path) -> dict[str, tuple[Path, int, int]] | None:
    """The rows of one block; None where it is incomplete or damaged: its images are computed again."""
    data = index.with_suffix(".npy")
    try:
        content = json.loads(index.read_bytes())
        keys, counts, size = content["keys"], content["counts"], content["bytes"]
        sound = all(isinstance(key, str) for key in keys) and all(
            type(count) is int and count >= 0 for count in counts or ()
        )
        if data.stat().st_size != size or len(keys) != len(counts or keys) or not sound:
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return _places(data, keys, counts)


def _places(data: Path, keys: Sequence[str], counts: list[int] | None) -> dict[str, tuple[Path, int, int]]:
    """Where the images of one block lie in its file."""
    counts = counts or [1] * len(keys)
    starts = np.cumsum([0, *counts])[:-1].tolist()
    return {key: (data, start, count) for key, start, count in zip(keys, starts, counts, strict=True)}


def _check_values(extractor: Extractor, data: np.ndarray, given: int, expected: int) -> None:
    name = type(extractor).__name__
    if given != expected:
        raise ValueError(f"{name}.extract returned {given} results for {expected} images")
    if data.dtype == object:
        raise ValueError(f"{name}.extract returned objects; return arrays of numbers")
    if np.issubdtype(data.dtype, np.floating) and not np.isfinite(data).all():
        raise ValueError(f"{name}.extract returned NaN or infinity; return finite numbers for every image")
