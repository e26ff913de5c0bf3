"""The tables of `benchmark/speed/README.md`, written from the ratios and the growth of one folder.

``python -m benchmark.speed.page`` puts the figures of ``results/reference/speed`` there: for whoever measured
anew on a quiet machine, ``python -m benchmark speed --out results/reference/speed``, and ``speed growth``.
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmark.data.files import write_bytes
from benchmark.speed.growth import words
from benchmark.speed.growth.results import read_growth
from benchmark.speed.results import RATIOS

PAGE = Path(__file__).with_name("README.md")
REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "speed"
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"
GROWTH_BEGIN, GROWTH_END = "<!-- growth -->\n", "<!-- end growth -->\n"

NOTHING = "No measurement is kept in the repository yet.\n"


def read_ratios(folder: Path) -> list[dict[str, str]]:
    """The comparisons kept in a folder; none where it holds no table."""
    table = folder / RATIOS
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """The comparisons as a table, with the machines below it."""
    if not rows:
        return NOTHING
    lines = [
        "| stage | case: product | peer | product, a second | peer, a second | ratio (spread) | to reach |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        spread = f" ({row['low']} to {row['high']})" if row["rounds"] != "1" else " (one round)"
        ratio = f"**{row['ratio']}**{spread}"
        faults = [] if row["checks"] == "ok" else ["wrong result"]
        faults += ["quick"] if row["quick"] == "yes" else []
        faults += ["not reached"] if row["reached"] == "no" else []
        cells = (
            row["stage"],
            f"{row['case']}: {row['product']}",
            row["peer"],
            f"{row['product_rate']} {row['unit']}",
            row["peer_rate"],
            ", ".join([ratio, *faults]),
            row["reach"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n\n" + "\n".join(_machines(rows)) + "\n"


def _machines(rows: Sequence[Mapping[str, str]]) -> list[str]:
    found: dict[str, list[str]] = {}
    for row in rows:
        device = "" if row["device"] == "cpu" else f", {row['device']}"
        machine = f"{row['processor']}, {row['cores']} cores, {row['blas']}{device}"
        stages = found.setdefault(machine, [])
        if row["stage"] not in stages:
            stages.append(row["stage"])
    if len(found) == 1:
        return [f"Measured on {next(iter(found))}."]
    return [f"Measured on {machine}: {', '.join(stages)}." for machine, stages in found.items()]


def written(page: str, rows: Sequence[Mapping[str, str]]) -> str:
    """The page with the table of ratios replaced."""
    return _between(page, BEGIN, markdown(rows), END)


def with_growth(page: str, folder: Path) -> str:
    """The page with what a folder's ``growth.csv`` says in place of what it said."""
    return _between(page, GROWTH_BEGIN, words.markdown(*read_growth(folder)), GROWTH_END)


def _between(page: str, begin: str, text: str, end: str) -> str:
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + text + end + after


def main() -> None:
    """Write the tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    page = written(PAGE.read_text(encoding="utf-8"), read_ratios(folder))
    write_bytes(PAGE, with_growth(page, folder).encode())
    print(f"{PAGE}: tables of {folder}")


if __name__ == "__main__":
    main()
