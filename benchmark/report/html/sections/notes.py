"""What a reader must know of the tables, in sentences."""

from benchmark.report.evidence import TABLES
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section
from benchmark.report.notes import notes_text


def notes(material: Material) -> Section:
    """The same as in ``tables/notes.txt``."""
    analysis = material.analysis
    titled = {"Table 4": analysis.counted}
    titled |= {f"Table {TABLES[stage]}": lines for stage, lines in analysis.lines.items()}
    lines = notes_text(analysis.evidence, titled).decode().strip().split("\n")
    return Section("notes", "Notes", "Notes", join([el("p", line) for line in lines]))
