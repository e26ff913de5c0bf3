"""The report of the study into its folder."""

from collections.abc import Sequence
from pathlib import Path

from benchmark.data.files import write_bytes
from benchmark.protocol.study_cell import StudyCell
from benchmark.report.progressive.figure import progressive_files
from benchmark.report.progressive.summary import summarise
from benchmark.report.progressive.tables import results_csv, summary_csv
from benchmark.report.progressive.words import findings


def write_progressive(cells: Sequence[StudyCell], notes: Sequence[str], folder: Path) -> str:
    """Write ``results.csv``, ``summary.csv``, ``findings.txt`` and the figure; returns the findings.

    Where every cell failed there is no figure, and one of an earlier study is removed.
    """
    lines = summarise(cells)
    text = findings(cells, lines, notes)
    files = {
        "results.csv": results_csv(cells),
        "summary.csv": summary_csv(lines),
        "findings.txt": text.encode(),
    }
    if any(cell.status == "ok" for cell in cells):
        files |= {f"figure.{kind}": data for kind, data in progressive_files(cells).items()}
    for name, data in files.items():
        write_bytes(folder / name, data)
    for kind in ("png", "pdf"):
        if f"figure.{kind}" not in files:
            (folder / f"figure.{kind}").unlink(missing_ok=True)
    return text
