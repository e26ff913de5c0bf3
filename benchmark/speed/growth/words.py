"""Growth in words and tables: for the terminal and for the page of `benchmark/speed/README.md`."""

from collections.abc import Mapping, Sequence

from benchmark.speed.growth.estimate import CORES, FUTURE, Estimate, estimates
from benchmark.speed.growth.measured import ALL, Growth

NOTHING = "No growth is kept in the repository yet.\n"

WHERE = {
    "open": "anywhere, a batch at a time",
    "duplicates": "one machine; every pair is compared",
    "histograms": "anywhere, a batch at a time",
    "sift": "anywhere, a batch at a time",
    "gist": "anywhere, a batch at a time",
    "textures": "anywhere, a batch at a time",
    "vocabularies": "one machine, reading all descriptors",
    "pyramids": "anywhere, a batch at a time",
    "bank": "one machine, once, from as many images as its memory holds",
    "answers": "anywhere, a batch at a time",
}
"""What runs where; a cell runs on one machine."""


def markdown(found: Sequence[Growth], rows: Sequence[Mapping[str, str]]) -> str:
    """The measurement, the demands, and the estimate."""
    if not found or len(found[0].points) < 2:
        return NOTHING
    parts = [*_measured(found), "", *_verdict(found), "", *_estimated(found), "", *summary(found)]
    machine = rows[0]
    parts += [
        "",
        f"Measured on {machine['processor']}, {machine['cores']} cores, {machine['blas']}: one process of "
        f"one thread at a time, on a machine whose load was {machine['load_before']} before.",
    ]
    return "\n".join(parts) + "\n"


def _measured(found: Sequence[Growth]) -> list[str]:
    sizes = [point.images for point in found[-1].points]
    head = [f"{size:,}" for size in sizes]
    lines = [
        f"| step | CPU seconds, {' / '.join(head)} images | slope (end) | peak MiB | slope | |",
        "|---|---|---|---|---|---|",
    ]
    for growth in found:
        seconds = " / ".join(number(p.cpu) for p in growth.points)
        peaks = " / ".join(f"{p.peak:.0f}" for p in growth.points)
        cells = (
            f"`{growth.step}`: {growth.last.title}",
            seconds,
            f"{exponent(growth.slope)} ({exponent(growth.end_slope)})",
            peaks,
            exponent(growth.memory_slope) + (" (streams)" if growth.last.streams else ""),
            ", ".join(growth.faults) or "ok",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _verdict(found: Sequence[Growth]) -> list[str]:
    return [f"{line}  " for line in verdict(found)]


def verdict(found: Sequence[Growth]) -> list[str]:
    """A line a demand: held, or by which steps not."""
    demands = (
        ("Linear at worst", [g.step for g in found if not g.linear]),
        ("Memory flat in what streams", [g.step for g in found if g.flat is False]),
        (f"Under 4 GiB at {found[0].last.images:,} images", [g.step for g in found if not g.fits]),
    )
    return [f"{name}: {'not ' + ', '.join(failing) if failing else 'yes'}." for name, failing in demands]


def _estimated(found: Sequence[Growth]) -> list[str]:
    head = " | ".join(f"{n:,}: core hours | disk | memory" for n in FUTURE)
    lines = [f"| step | {head} | where |", "|---|" + "---|" * (3 * len(FUTURE) + 1)]
    by_size = [estimates(found, n) for n in FUTURE]
    for row in zip(*by_size, strict=True):
        cells = " | ".join(" | ".join(_cells(one)) for one in row)
        where = WHERE.get(row[0].step, "one machine")
        lines.append(f"| `{row[0].step}` | {cells} | {where} |")
    return lines


def _cells(one: Estimate) -> tuple[str, str, str]:
    return number(one.hours), size(one.disk), size(one.memory) + ("" if one.fits else " (!)")


def summary(found: Sequence[Growth]) -> list[str]:
    """What each size takes as a whole, in a sentence."""
    lines = []
    for images in FUTURE:
        every = estimates(found, images)
        if not every:
            return []
        spread = [one for one in every if "anywhere" in WHERE.get(one.step, "")]
        hours, disk = sum(one.hours for one in spread), sum(one.disk for one in every)
        large = [f"`{one.step}` ({size(one.memory)})" for one in every if not one.fits]
        lines.append(
            f"**{images:,} images**: what runs anywhere takes {number(hours)} core hours, "
            f"{number(hours / CORES)} on a machine of {CORES} cores; {size(disk)} of disk."
            + (f" Past the memory of one machine: {', '.join(large)}." if large else "")
        )
    return lines


def check_lines(found: Sequence[Growth]) -> list[tuple[str, bool]]:
    """For the terminal: a line a step, and whether it meets every demand."""
    return [
        (
            f"{growth.step}: {number(growth.last.cpu)} s for {growth.last.images:,}, n^{exponent(growth.slope)} "
            f"(end n^{exponent(growth.end_slope)}); {growth.last.peak:.0f} MiB, "
            f"n^{exponent(growth.memory_slope)}"
            + "".join(f"; {fault}" for fault in growth.faults),
            not growth.faults,
        )
        for growth in found
        if growth.step != ALL or len(growth.points) > 1
    ]


def exponent(value: float) -> str:
    """Two digits, and no minus before nothing."""
    return f"{round(value, 2) + 0.0:.2f}"


def number(value: float) -> str:
    """Two or three digits, as one reads them."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def size(mib: float) -> str:
    """MiB as MiB, GiB or TiB."""
    for unit in ("MiB", "GiB"):
        if mib < 1000:
            return f"{mib:.3g} {unit}"
        mib /= 1024
    return f"{mib:.3g} TiB" if mib < 1000 else f"{mib:,.0f} TiB"
