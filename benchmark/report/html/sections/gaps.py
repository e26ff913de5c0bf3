"""What failed, was skipped, or was not run: nothing is missing in silence."""

from benchmark.report.evidence import TABLES
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section
from benchmark.report.notes import gap_notes


def gaps(material: Material) -> Section | None:
    """One line a gap of each table; said where there is none."""
    analysis = material.analysis
    titled = {"Table 4": analysis.counted}
    titled |= {f"Table {TABLES[stage]}": lines for stage, lines in analysis.lines.items()}
    notes = [f"{title}: {note}" for title, lines in titled.items() for note in gap_notes(lines)]
    for row in analysis.evidence.source:
        if row.status != "ok":
            notes.append(f"Test part of the source: {row.cell.method} {row.status}: {row.reason}")
    total = len(analysis.evidence.rows) + len(analysis.evidence.source)
    if not notes:
        return Section(
            "gaps",
            "Gaps",
            "Failures and gaps",
            el("p", f"None: all {total:,} rows have scores.", class_="lead"),
        )
    intro = el(
        "p", f"{len(notes)} of the tables' lines have no figure, or less than all folds:", class_="lead"
    )
    return Section(
        "gaps", "Gaps", "Failures and gaps", join([intro, el("ul", *(el("li", note) for note in notes))])
    )
