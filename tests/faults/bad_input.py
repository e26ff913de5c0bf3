"""Damage to files, and the one rule for what a reader may do with it: a sound result, or an error that tells.

The random choices are drawn from numbers of the case alone, so that a case that failed can be run again.
"""

import contextlib
import copy
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

SECONDS = 10
"""Longer than this no input may hold a reader."""

LONGEST = 4000
"""Characters of a message: more is not read."""

VALUES: tuple[Any, ...] = (
    0,
    -1,
    2**31,
    2**64,
    1e308,
    "",
    "x" * 5000,
    "\0",
    "../up",
    None,
    True,
    [],
    {},
    [[]],
    {"a": 1},
    "1",
    "ü",
)
"""What a value of a JSON file is exchanged for."""

WORDS = (
    "",
    "-1",
    "nan",
    "inf",
    "1e999",
    "٣",
    "1_0",
    "../up",
    "=cmd|' /C calc'!A0",
    "\0",
    "\x85",
    "\u2028",
    '"',
    "x" * 300,
)
"""What a word of a table is exchanged for."""


class Hang(BaseException):
    """A reader took longer than `SECONDS`; no ``except Exception`` catches this."""


class Tally:
    """Counts inputs by format and outcome, for the table in the README of this folder."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.read: Counter[str] = Counter()

    def lines(self) -> list[str]:
        """A line a format."""
        return [
            f"{kind}: {self.refused[kind] + self.read[kind]} inputs, {self.refused[kind]} refused by name, "
            f"{self.read[kind]} read as a documented tolerance"
            for kind in sorted({*self.refused, *self.read})
        ]


def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for: ``--full``, or ``$SENTIMENT_FULL``."""
    return bool(request.config.getoption("--full", default=False) or os.environ.get("SENTIMENT_FULL"))


@contextlib.contextmanager
def at_most(seconds: int = SECONDS) -> Iterator[None]:
    """Raise `Hang` in the block when it takes longer."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def is_own(error: BaseException) -> bool:
    """Whether an error is one of the project's classes, whose messages are written for its users."""
    return type(error).__module__.partition(".")[0] in ("benchmark", "baselines", "deep")


def refusal(
    read: Callable[[], object], name: str, check: Callable[[Any], object] | None = None
) -> str | None:
    """What a reader says of an input: the message of its refusal, or None where it read it.

    Parameters
    ----------
    read : callable
        Reads the input.
    name : str
        What the message must hold: the name of the file.
    check : callable, optional
        Asserts that what was read is sound.

    Raises
    ------
    AssertionError
        The reader raised anything but an own error that holds the name, or what it read is not sound.
    Hang
        It took more than `SECONDS`.
    """
    with at_most():
        found, error = None, None
        try:
            found = read()
        except Exception as raised:
            error = raised
    if error is None:
        if check is not None:
            check(found)
        return None
    if not is_own(error):
        raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
    told = str(error)
    assert name in told, f"the message does not name {name}: {told}"
    assert len(told) < LONGEST, f"{name}: a message of {len(told)} characters"
    return told


def tried(
    tally: Tally,
    kind: str,
    path: Path,
    data: bytes,
    read: Callable[[Path], object],
    check: Callable[[Any], object] | None = None,
    name: str = "",
) -> str | None:
    """Write an input, read it by the rule of `refusal` (``name``: the file's, if empty), and count it."""
    path.write_bytes(data)
    told = refusal(lambda: read(path), name or path.name, check)
    (tally.read if told is None else tally.refused)[kind] += 1
    return told


def damaged_bytes(data: bytes, case: int) -> bytes:
    """Cut off, overwrite, put in, take out or double a part of a file."""
    rng = random.Random(case)
    way, at = case % 6, rng.randrange(max(1, len(data)))
    if way == 0:
        return data[:at]
    if way == 1:
        out = bytearray(data)
        for _ in range(rng.randrange(1, 9)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)
    end = min(len(data), at + rng.choice((1, 4, 64, 1000)))
    if way == 2:
        return data[:at] + rng.randbytes(rng.choice((1, 4, 64))) + data[at:]
    if way == 3:
        return data[:at] + data[end:]
    if way == 4:
        return data[:end] + data[at:]
    # the places that say sizes and counts lie at the beginning
    at = rng.randrange(min(len(data), 256))
    return data[:at] + rng.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f", b"\x80")) + data[at + 4 :]


def damaged_text(text: str, case: int, separators: str = ", \t") -> bytes:
    """Change lines, cells, encoding or line ends of a table."""
    rng = random.Random(case)
    lines = text.splitlines()
    i = rng.randrange(len(lines))
    way = case % 12
    if way == 0:
        return "\r\n".join(lines).encode("utf-8-sig")
    if way == 1:
        return "\r".join(lines).encode()
    if way == 2:
        return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "cp037")))
    if way == 3:
        return text.encode() + rng.choice((b"\xe9\n", b"\xff\xfe\n", b"\x80", b"\xc3"))
    if way == 4:
        lines.insert(rng.randrange(len(lines) + 1), lines[i])
    elif way == 5:
        del lines[i]
    elif way == 6:
        lines[i] = lines[i][: rng.randrange(len(lines[i]) + 1)]
    elif way == 7:
        lines[i] += rng.choice([*separators, '"', ' "', ",,,", "\0"]) + rng.choice(WORDS)
    elif way in (8, 9, 10):
        mark = next((s for s in separators if s in lines[i]), separators[0])
        cells = lines[i].split(mark)
        k = rng.randrange(len(cells))
        cells[k] = rng.choice(WORDS) if way < 10 else cells[rng.randrange(len(cells))]
        lines[i] = mark.join(cells)
    else:
        return damaged_bytes(text.encode(), rng.randrange(10**6))
    return ("\n".join(lines) + "\n").encode()


def damaged_json(value: Any, case: int) -> Any:
    """Exchange, take out, rename or add one value somewhere in a tree of dicts and lists."""
    value, rng = copy.deepcopy(value), random.Random(case)
    places = list(_places(value))
    holder, key = places[rng.randrange(len(places))]
    way = case % 5
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, dict):
        holder[rng.choice(("unknown", "", "ü", "__class__"))] = rng.choice(VALUES)
    elif way == 2 and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    elif way == 3 and isinstance(holder, list):
        holder.append(rng.choice([*VALUES, holder[key]]))
    else:
        holder[key] = rng.choice(VALUES)
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, inner in items:
        yield value, key
        yield from _places(inner)
