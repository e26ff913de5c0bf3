"""Growth in words and tables: for the terminal and for the page of `benchmark/speed/README.md`."""

from collections.abc import Mapping, Sequence

from benchmark.speed.growth.estimate import FUTURE, estimates, hours_of_all_pairs
from benchmark.speed.growth.measured import ALL, Growth

NOTHING = "No growth is kept in the repository yet.\n"

CORES, MACHINES = 16, 100
"""Of one machine, and how many of them, where hours are told."""


def markdown(found: Sequence[Growth], rows: Sequence[Mapping[str, str]]) -> str:
    """The measurement, the demands, and the estimate."""
    if not found or len(found[0].points) < 2:
        return NOTHING
    machine = rows[0]
    sample = "" if machine["sample"] == "all" else f"; `--sample {machine['sample']}`"
    blocks = (
        _measured(found),
        [f"- {line}" for line in verdict(found)],
        _estimated(found),
        [f"- {line}" for line in summary(found)],
        [
            f"Measured on {machine['processor']}, {machine['cores']} cores, {machine['blas']}: one process",
            f"of one thread at a time, on a machine whose load was {machine['load_before']} before{sample}.",
        ],
    )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _measured(found: Sequence[Growth]) -> list[str]:
    sizes = sorted({point.images for growth in found for point in growth.points})
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


def verdict(found: Sequence[Growth]) -> list[str]:
    """A line a demand: held, or by which steps not."""
    demands = (
        ("Linear at worst", [g.step for g in found if not g.linear]),
        ("Memory flat in what streams", [g.step for g in found if g.flat is False]),
        (f"Under 4 GiB at {found[0].last.images:,} images", [g.step for g in found if not g.fits]),
    )
    return [f"{name}: {'not ' + ', '.join(failing) if failing else 'yes'}." for name, failing in demands]


def _estimated(found: Sequence[Growth]) -> list[str]:
    head = " | ".join(f"{n:,}: core hours | disk" for n in FUTURE)
    lines = [f"| step | {head} | memory | where |", "|---|" + "---|" * (2 * len(FUTURE) + 2)]
    by_size = [estimates(found, n) for n in FUTURE]
    for row in zip(*by_size, strict=True):
        cells = " | ".join(f"{number(one.hours)} | {size(one.disk)}" for one in row)
        where = "one machine, once, from one part" if row[0].once else "any worker, part by part"
        lines.append(f"| {row[0].step} | {cells} | {size(row[0].memory)} | {where} |")
    return lines


def summary(found: Sequence[Growth]) -> list[str]:
    """What so many images take as a whole, a sentence a number."""
    lines = []
    for images in FUTURE:
        every = estimates(found, images)
        hours, disk = sum(one.hours for one in every), sum(one.disk for one in every)
        machine, machines = number(hours / CORES), number(hours / CORES / MACHINES)
        pairs = number(hours_of_all_pairs(found, images))
        lines.append(
            f"**{images:,} images**, in parts of {found[0].last.images:,}: {number(hours)} core hours, which "
            f"is {machine} hours of a machine of {CORES} cores or {machines} of {MACHINES} such machines; "
            f"{size(disk)} of disk. Duplicates are found within a part; over all parts the search for them "
            f"would take {pairs} core hours more."
        )
    return lines


def check_lines(found: Sequence[Growth]) -> list[tuple[str, bool]]:
    """For the terminal: a line a step, and whether it meets every demand."""
    return [
        (
            f"{growth.step}: {number(growth.last.cpu)} s for {growth.last.images:,}, "
            f"n^{exponent(growth.slope)} (end n^{exponent(growth.end_slope)}); {growth.last.peak:.0f} MiB, "
            f"n^{exponent(growth.memory_slope)}" + "".join(f"; {fault}" for fault in growth.faults),
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
