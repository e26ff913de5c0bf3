"""How a value is written in a cell: equal bytes for equal values, nothing that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = str | int | float | None

TIDY = 4
"""Decimals of a metric in the tidy tables."""

PRINT = 3
"""Decimals of a metric in the printed tables, as in the paper."""

SURE = 0.001
"""Below it a p-value is not printed, only that it is below."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A text cell that begins so, after blanks or not, would be a formula to a spreadsheet."""


_BREAKS = re.compile(r"[\r\n\v\f\0\x1c-\x1f\x85\u2028\u2029]+")


def number(value: float | None, decimals: int) -> str:
    """A fixed number of decimals; an int as it is; empty for None."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def short(value: float | None, decimals: int = PRINT) -> str:
    """As the paper prints metrics, without the zero before the point: ``.708``."""
    text = number(value, decimals)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def signed(value: float | None, decimals: int = PRINT) -> str:
    """With its sign, as differences are printed: ``+.012``, ``-3``."""
    text = short(value, decimals)
    return f"+{text}" if text and value and float(text) > 0 else text


def p_value(value: float) -> str:
    """A p-value in a sentence: ``p = .012``, ``p < .001``."""
    return f"p < {short(SURE)}" if value < SURE else f"p = {short(value)}"


def printed_difference(mean: float | None, published: float | None) -> float | None:
    """Difference of the two figures as printed, so that a reader who subtracts them finds the same."""
    if mean is None or published is None:
        return None
    if isinstance(mean, int) and isinstance(published, int):
        return mean - published
    return float(number(mean, PRINT)) - float(number(published, PRINT))


def safe_text(text: str) -> str:
    """Text on one line that a spreadsheet shows and does not run: an apostrophe before a formula."""
    line = _BREAKS.sub(" ", text)
    return f"'{line}" if line.startswith("\t") or line.lstrip().startswith(FORMULA) else line


def csv_bytes(header: Sequence[str], records: Iterable[Sequence[Cell]], decimals: int = TIDY) -> bytes:
    """A CSV file in UTF-8 with ``\\n`` line ends.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    records : iterable of sequence of (str, int, float or None)
        Lines; text is escaped with `safe_text`, numbers are written with `number`.
    decimals : int
        Of the floats.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([safe_text(name) for name in header])
    for record in records:
        writer.writerow([safe_text(v) if isinstance(v, str) else number(v, decimals) for v in record])
    return file.getvalue().encode()
