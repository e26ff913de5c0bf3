"""A run as one file, for a supplement or a colleague: rows, tables, manifest, log, cards of what it learned.

A zip archive with ``SHA256SUMS`` inside; no photograph and no weight is in it. Equal runs give equal bytes.
"""

import hashlib
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from benchmark.data.files import write_with
from benchmark.run.folder import FolderError

SUMS = "SHA256SUMS"

KEPT = re.compile(
    r"(manifest\.json|log\.jsonl|(rows|robustness/rows)/[^/]+\.json"
    r"|(tables|robustness/tables)/[^/]+\.(csv|tex|md|txt)|artefacts/[^/.][^/]*/[^/]+\.(json|csv))"
)
"""Paths inside a run's folder that an archive holds."""

MAX_FILES = 200_000
MAX_BYTES = 4 << 30
MAX_FILE = 256 << 20
"""More than this is refused: a decompression bomb rather than a run."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveError(ValueError):
    """An archive cannot be used; the message says why and what to do."""


def write_archive(folder: Path, path: Path) -> list[str]:
    """Put what a run's folder holds into an archive, whole or not at all.

    Returns
    -------
    list of str
        Paths inside the folder that are in the archive.

    Raises
    ------
    FolderError
        The folder has no rows.
    """
    names = sorted(name for name in _files(folder) if KEPT.fullmatch(name))
    if not any(name.startswith("rows/") for name in names):
        raise FolderError(f"{folder}: no rows here; make some: python -m benchmark run --all --out {folder}")
    write_with(path, lambda file: _write(file, folder, names))
    return names


def read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of an archive, checked against its sum before it is given.

    Yields
    ------
    (str, bytes)
        Path inside the run's folder, one of `KEPT`, and content.

    Raises
    ------
    ArchiveError
        It is no such archive, is damaged, holds a file that it should not, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sums = _checked_sums(archive, path)
            for info in archive.infolist():
                if info.filename == SUMS:
                    continue
                data = _content(archive, info, path)
                if hashlib.sha256(data).hexdigest() != sums[info.filename]:
                    raise ArchiveError(f"{path}: {info.filename} is not what {SUMS} says; get the file again")
                yield info.filename, data
    except FileNotFoundError:
        raise ArchiveError(f"{path}: no such file") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ArchiveError(
            f"{path}: cannot be read as an archive of a run ({error}); get the file again, "
            "or make it: python -m benchmark export"
        ) from None


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _write(file: IO[bytes], folder: Path, names: list[str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        sums = []
        for name in names:
            data = (folder / name).read_bytes()
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
            archive.writestr(_entry(name), data)
        archive.writestr(_entry(SUMS), "".join(sums))


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the date and the owner that would make equal runs differ."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


def _checked_sums(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    """The sums by name, after every name and size was looked at."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES or sum(info.file_size for info in entries) > MAX_BYTES:
        raise ArchiveError(
            f"{path}: {len(entries):,} files of {sum(info.file_size for info in entries):,} bytes; "
            f"at most {MAX_FILES:,} and {MAX_BYTES:,} are read"
        )
    names = [info.filename for info in entries]
    if SUMS not in names:
        raise ArchiveError(f"{path}: has no {SUMS}, so it is no archive of a run; make one: export")
    for info in entries:
        _check_entry(info, path)
    listed = _content(archive, archive.getinfo(SUMS), path).decode(errors="replace").splitlines()
    sums = {name: value for value, _, name in (line.partition("  ") for line in listed)}
    held = [name for name in names if name != SUMS]
    if len(set(held)) != len(held) or set(held) != set(sums):
        odd = sorted(set(held) ^ set(sums)) or sorted(name for name in held if held.count(name) > 1)
        raise ArchiveError(f"{path}: {SUMS} and the files it lists do not agree ({odd[0]}); get it again")
    return sums


def _check_entry(info: zipfile.ZipInfo, path: Path) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = PurePosixPath(info.filename).parts
    if info.filename != SUMS and (
        not KEPT.fullmatch(info.filename)
        or ".." in parts
        or any(character in info.filename for character in "\\:\0")
        or kind not in (0, stat.S_IFREG)
    ):
        raise ArchiveError(
            f"{path}: holds {info.filename!r}, which is not a file of a run; nothing was taken from it"
        )


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    """A file's bytes, no more than `MAX_FILE` whatever its header says."""
    with archive.open(info) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ArchiveError(f"{path}: {info.filename} is larger than {MAX_FILE:,} bytes")
    return data
