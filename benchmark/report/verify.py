"""Whether a run's tables and its page are what its rows say."""

import csv
import io
import itertools
from collections.abc import Sequence
from pathlib import Path

from benchmark.protocol.profile import ProfileError, read_profile
from benchmark.protocol.robustness_row import FOLDER
from benchmark.protocol.row import Row, RowError, read_row
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.evidence import EvidenceError
from benchmark.report.html.differences import page_differences
from benchmark.report.html.page import NAME, render_page
from benchmark.report.html.thumbnails import held_thumbnails
from benchmark.report.robustness import read_kept, read_robustness
from benchmark.report.robustness_files import render_robustness
from benchmark.report.write import OWN, render_tables

NAMES = (
    "stage", "method", "subset", "seed", "metric", "figure", "sentiment", "votes", "block", "top", "rank",
    "method_a", "method_b", "interval", "test",
    "claim", "left", "right", "image", "judge", "images", "measure", "bin", "corruption", "strength",
)  # fmt: skip
"""Columns that say which figure a line of a CSV file holds."""

LONGEST = 120
MOST = 20
"""Drifts of one file that are named; the rest are counted."""


def verify(folder: Path) -> list[str]:
    """Make every table of a run again from its rows and compare it with the stored one.

    Parameters
    ----------
    folder : Path
        With ``rows/`` and ``tables/``. ``report.html`` is checked where it is there, but for its pictures: a
        folder without it holds as well; and so is a robustness study inside the folder. A ``profile.csv`` is
        taken as it is: it says how long a run took, which no row can tell again.

    Returns
    -------
    list of str
        Every problem: a row that cannot be read, rows that do not belong together, a table that is missing or
        that no row gives, and each cell that differs, by file, line and name, with the stored and the
        recomputed value. Empty where the tables hold.
    """
    rows, problems = _rows(folder)
    if problems:
        return problems
    try:
        analysis = analysis_of(rows)
        expected = render_tables(analysis)
    except EvidenceError as error:
        return [f"{folder / 'rows'}: {error}"]
    problems = _compared(folder, expected, "python -m benchmark report")
    return problems + _page(folder / NAME, analysis) + _study(folder / FOLDER)


def _study(folder: Path) -> list[str]:
    """The same of the robustness study, where there is one."""
    if not (folder / "rows").is_dir():
        return []
    try:
        expected = render_robustness(read_robustness(folder / "rows"))
    except (RowError, EvidenceError) as error:
        return [str(error)]
    command = f"python -m benchmark report, with {FOLDER}/tables deleted first"
    return [f"{FOLDER}/{problem}" for problem in _compared(folder, expected, command)]


def _compared(folder: Path, expected: dict[str, bytes], command: str) -> list[str]:
    """What differs between the tables of a folder and those that its rows give."""
    problems = []
    stored = {
        path.relative_to(folder).as_posix() for path in (folder / "tables").rglob("*") if path.is_file()
    }
    for name in sorted(set(expected) | stored):
        path = folder / name
        if name not in expected:
            kind = "the rows give no such table" if OWN.fullmatch(name) else "not a file of the report"
            problems.append(f"{name}: {kind}; move it away, or run: {command}")
        elif not path.is_file():
            problems.append(f"{name}: missing; write it: {command}")
        elif path.read_bytes() != expected[name]:
            problems += _drifts(name, path.read_bytes(), expected[name])
    return problems


def _page(path: Path, analysis: Analysis) -> list[str]:
    """Differences of the page from one made again with the pictures that it holds."""
    if not path.is_file():
        return []
    stored = path.read_bytes()
    try:
        beside = (read_profile(path.parent), read_kept(path.parent / FOLDER))
    except (ProfileError, EvidenceError) as error:
        return [str(error)]
    return _named(NAME, page_differences(stored, render_page(analysis, held_thumbnails(stored), *beside)))


def _rows(folder: Path) -> tuple[list[Row], list[str]]:
    """The rows that can be read, and what is wrong with the others."""
    rows, problems = [], []
    for path in sorted((folder / "rows").glob("*.json")):
        try:
            rows.append(read_row(path))
        except RowError as error:
            problems.append(str(error))
    if not rows and not problems:
        problems.append(
            f"{folder / 'rows'}: no rows; make some: python -m benchmark run --all --out {folder}"
        )
    return rows, problems


def _drifts(name: str, stored: bytes, expected: bytes) -> list[str]:
    try:
        old, new = stored.decode(), expected.decode()
    except UnicodeDecodeError as error:
        return [f"{name}: not text in UTF-8 ({error.reason} at byte {error.start})"]
    found = _csv_drifts(old, new) if name.endswith(".csv") else _line_drifts(old, new)
    if not found:
        found = ["same cells, other bytes (line ends, quotes or blanks)"]
    return _named(name, found)


def _named(name: str, found: Sequence[str]) -> list[str]:
    """The first drifts of a file, and how many more there are."""
    more = [f"{name}: and {len(found) - MOST} more"] if len(found) > MOST else []
    return [f"{name}: {drift}" for drift in found[:MOST]] + more


def _csv_drifts(old: str, new: str) -> list[str]:
    stored, expected = (list(csv.reader(io.StringIO(text, newline=""))) for text in (old, new))
    header = expected[0]
    if not stored or stored[0] != header:
        found = ",".join(stored[0]) if stored else ""
        return [f"line 1: columns are {_cut(found)!r}, expected {_cut(','.join(header))!r}"]
    drifts = []
    if len(stored) != len(expected):
        drifts.append(f"has {len(stored) - 1} lines below the header, the rows give {len(expected) - 1}")
    have, want = (
        {_line_name(header, line): (i, line) for i, line in enumerate(t[1:], 2)} for t in (stored, expected)
    )
    for key in itertools.chain(want, (k for k in have if k not in want)):
        if key not in have:
            drifts.append(f"{' '.join(key)}: missing, the rows give it")
        elif key not in want:
            drifts.append(f"line {have[key][0]} ({' '.join(key)}): the rows give no such line")
        else:
            drifts += _cell_drifts(header, key, *have[key], want[key][1])
    if not drifts and stored != expected:
        drifts.append("lines come in another order, or more than once")
    return drifts


def _cell_drifts(
    header: Sequence[str], key: tuple, number: int, stored: Sequence[str], new: Sequence[str]
) -> list[str]:
    where = f"line {number} ({' '.join(key)})"
    if len(stored) != len(header):
        return [f"{where}: has {len(stored)} cells, expected {len(header)}"]
    return [
        f"{where}, {column}: stored {_cut(a)!r}, recomputed {_cut(b)!r}"
        for column, a, b in zip(header, stored, new, strict=True)
        if a != b
    ]


def _line_name(header: Sequence[str], line: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for column, value in zip(header, line, strict=False) if column in NAMES and value)


def _line_drifts(old: str, new: str) -> list[str]:
    pairs = itertools.zip_longest(old.split("\n"), new.split("\n"))
    return [
        f"line {i}: stored {_cut(a)!r}, recomputed {_cut(b)!r}"
        for i, (a, b) in enumerate(pairs, start=1)
        if a != b
    ]


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
