"""Where the time of a run went, in a few lines."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmark.protocol.profile import ProfileLine

MOST = 5
"""Items of a stage that are printed: the most costly."""


def print_profile(lines: Sequence[ProfileLine], console: Console) -> None:
    """Print each stage and its most costly features, artefacts and methods with their parts."""
    table = Table(title="Where the time went", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for head in ("time, s", "processor, s", "done", "a second", "peak, MiB"):
        table.add_column(head, justify="right")
    shown: dict[str, list[str]] = {}
    for line in lines:
        items = shown.setdefault(line.stage, [])
        if line.item and line.item not in items:
            items.append(line.item)
        if line.item in items[MOST:]:
            continue
        depth = 2 if line.part else 1 if line.item else 0
        table.add_row("  " * depth + (line.part or line.item or line.stage), *_cells(line))
    console.print(table)


def _cells(line: ProfileLine) -> tuple[str, ...]:
    return (
        f"{line.wall_seconds:,.2f}",
        "" if line.cpu_seconds is None else f"{line.cpu_seconds:,.2f}",
        line.done,
        "" if line.per_second is None else f"{line.per_second:,.1f}",
        "" if line.peak_memory is None else f"{line.peak_memory:,.0f}",
    )
