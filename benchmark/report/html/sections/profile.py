"""Where the time of the run went: what ``run --profile`` kept beside the rows."""

from collections.abc import Sequence

from benchmark.protocol.profile import ProfileLine
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section

COLUMNS = (
    Column("What"),
    Column("Stage", menu=True),
    Column("Time, s", number=True),
    Column("Of the stage, %", number=True),
    Column("Processor, s", number=True),
    Column("Done", number=True),
    Column("A second", number=True),
    Column("Peak memory, MiB", number=True),
)


def profile(material: Material) -> Section | None:
    """Every stage of the run with its features, artefacts and methods; None where no profile was kept."""
    lines = material.profile
    if not lines:
        return None
    whole = sum(line.wall_seconds for line in lines if not line.item)
    text = (
        f"One run with --profile, {_seconds(whole)} s in all, from profile.csv in its folder: what was "
        "stored before was not computed. The time of a stage is by the clock; that of a feature, artefact "
        "or method is summed over its processes, of which several ran side by side. Choosing a C and "
        "calibrating are part of a fit."
    )
    table = data_table("profile", "Time of each stage and what is in it", COLUMNS, _rows(lines))
    return Section("profile", "Profile", "Where the time went", join([el("p", text, class_="lead"), table]))


def _rows(lines: Sequence[ProfileLine]) -> list[list[Cell | str]]:
    inside: dict[str, float] = {}
    for line in lines:
        if line.item and not line.part:
            inside[line.stage] = inside.get(line.stage, 0.0) + line.wall_seconds
    return [
        [
            name_of(line),
            line.stage,
            _number(line.wall_seconds),
            _share(line, inside),
            _number(line.cpu_seconds),
            Cell(line.done, line.count),
            _number(line.per_second),
            Cell("" if line.peak_memory is None else f"{line.peak_memory:,.0f}", line.peak_memory),
        ]
        for line in lines
    ]


def name_of(line: ProfileLine) -> str:
    """``features`` (a whole stage), ``Sift`` (an item), or ``GCH: fit`` (a part)."""
    return f"{line.item}: {line.part}" if line.part else line.item or f"all of {line.stage}"


def _share(line: ProfileLine, inside: dict[str, float]) -> Cell:
    """Of the time of all items of the stage."""
    if not line.item or not inside.get(line.stage):
        return Cell("")
    share = 100 * line.wall_seconds / inside[line.stage]
    return Cell(f"{share:.0f}", share)


def _number(value: float | None) -> Cell:
    return Cell("" if value is None else _seconds(value), value)


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
