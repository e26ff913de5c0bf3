"""How many of their surest images two methods share."""

from benchmark.report.cells import number
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section, subset_name
from benchmark.report.overlap import overlaps
from benchmark.report.toplists import CROSS_VALIDATION

COLUMNS = (
    Column("First"),
    Column("Second"),
    Column("List", menu=True),
    Column("Length", menu=True),
    Column("Shared", number=True),
    Column("of them wrong in both", number=True),
    Column("Two random lists", number=True),
)


def shared(material: Material) -> Section | None:
    """A line a pair of methods, block and length."""
    evidence = material.analysis.evidence
    found = overlaps(evidence) if CROSS_VALIDATION in evidence.stages else []
    if not found:
        return None
    rows: list[list[Cell | str]] = [
        [
            o.first,
            o.second,
            f"most {o.block}",
            f"top {o.top}",
            Cell(str(o.shared), float(o.shared)),
            Cell(str(o.shared_wrong), float(o.shared_wrong)),
            Cell(number(o.by_chance, 2), o.by_chance),
        ]
        for o in found
    ]
    intro = el(
        "p",
        "Methods that look at the same thing err on the same images: how many of their surest images two "
        "methods have in common.",
        class_="lead",
    )
    caption = f"Images shared by the lists of two methods, {subset_name(found[0].subset)}"
    return Section(
        "shared",
        "Shared",
        "Images that methods share",
        join([intro, data_table("shared-images", caption, COLUMNS, rows)]),
    )
