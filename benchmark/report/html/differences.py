"""Where a stored page differs from the one that the rows give, by table, line and column."""

import html
import itertools
import re
from collections.abc import Iterator

AROUND = 40
"""Characters shown before and after the first one that differs."""

_PART = re.compile(r'<(section|table|script type="application/json") id="([^"]+)"')
_HEAD = re.compile(r'<th scope="(col|row)"[^>]*>(.*?)</th>')
_CELL = re.compile(r"<td[ >]")
_FIGURE = re.compile(r'data-of="([^"]*)" data-metric="([^"]*)"')
_ENTRY = re.compile(r'"((?:[^"\\]|\\.)*)":')
_TAG = re.compile(r"<[^>]*>")


def page_differences(stored: bytes, expected: bytes) -> list[str]:
    """Every line that differs: where it stands in the page, and what is there and what should be.

    Parameters
    ----------
    stored, expected : bytes
        The page as it is, and made again from the rows with the same pictures.
    """
    if stored == expected:
        return []
    have = stored.decode("utf-8", "replace").split("\n")
    found = []
    for (number, name, want), line in itertools.zip_longest(
        _named(expected.decode().split("\n")), have, fillvalue=(0, "after the end", "")
    ):
        if isinstance(line, tuple):
            line = ""
        if line != want:
            old, new = _around(line, want)
            found.append(f"line {number} ({name}): stored {old!r}, recomputed {new!r}")
    return found or ["other bytes, same lines"]


def _named(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Lines with their number and their place in words."""
    part, row, heads, column = "", "", list[str](), 0
    for number, line in enumerate(lines, start=1):
        if place := _PART.search(line):
            part, row, heads = html.unescape(place[2]), "", []
        elif head := _HEAD.search(line):
            if head[1] == "col":
                heads, row = [*heads, _plain(head[2])], ""
            else:
                row, column = _plain(head[2]), 0
        elif _CELL.search(line):
            column += 1
        name = f"{part}: {row}, {heads[column]}" if row and column < len(heads) else part or "page"
        if figure := _FIGURE.search(line):
            name = f"{part}: {html.unescape(figure[1]).replace('|', ' ')} {html.unescape(figure[2])}"
        elif entry := _ENTRY.match(line):
            name = f"{part}: {entry[1]}"
        yield number, name, line
        if "</table>" in line or "</script>" in line:
            part, row, heads = "", "", []


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def _around(old: str, new: str) -> tuple[str, str]:
    """Both lines from shortly before their first difference to shortly after it."""
    shorter = min(len(old), len(new))
    same = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    start = max(same - AROUND, 0)
    left, right = (
        f"{'…' * bool(start)}{x[start : same + AROUND]}{'…' * (len(x) > same + AROUND)}" for x in (old, new)
    )
    return left, right
