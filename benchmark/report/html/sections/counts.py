"""Table 4: the images, their labels and their votes."""

from benchmark.report.cells import signed
from benchmark.report.counts import COUNTS, vote_records
from benchmark.report.html.data_table import Cell, Column, data_table
from benchmark.report.html.element import el, join
from benchmark.report.html.section import Material, Section, subset_name
from benchmark.report.tables import index, subsets


def counts(material: Material) -> Section | None:
    """Labels of each subset, and how the annotators voted where that is known."""
    lines = material.analysis.counted
    if not lines:
        return None
    at = index(lines)
    rows: list[list[Cell | str]] = []
    for subset in subsets(lines):
        of = [at["annotators", subset, count] for count in COUNTS]
        published = [str(line.published) for line in of if line.published is not None]
        difference = [signed(line.difference) or "0" for line in of if line.difference is not None]
        rows.append(
            [
                subset_name(subset),
                *(Cell(line.status if line.mean is None else f"{line.mean:,}", line.mean) for line in of),
                *(
                    [" / ".join(published), " / ".join(difference)]
                    if material.analysis.evidence.published
                    else []
                ),
            ]
        )
    columns = [Column("Subset"), *(Column(name.capitalize(), number=True) for name in COUNTS)]
    if material.analysis.evidence.published:
        columns += [Column("Published"), Column("Difference")]
    parts = [data_table("4", "Table 4: images by label", columns, rows)]
    votes = vote_records(material.analysis.evidence)
    if votes:
        head = (Column("Votes"), *(Column(name.capitalize(), number=True) for name in COUNTS))
        body = [[v, *(Cell(f"{n:,}", float(n)) for n in of)] for v, *of in votes]
        parts.append(data_table("votes", "Votes of the annotators for the label", head, body))
    return Section(
        "counts", "Labels", "Images, labels, votes (Table 4)", join([el("div", *parts, class_="beside")])
    )
