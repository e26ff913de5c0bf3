"""``export`` and ``import``: a run as one file for a supplement, and a colleague's taken in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from benchmark.cli import options as o

if TYPE_CHECKING:
    from benchmark.protocol.row import Row

Keep = Literal["refuse", "ours", "theirs"]


def export(
    archive: Annotated[Path, typer.Argument(help="The file to write, such as run.zip.")],
    out: o.Out = o.DEFAULT_OUT,
) -> None:
    """Write rows, tables, manifest and log of a run into one archive, after verifying it.

    No photograph and no weight is in it. Equal runs give equal bytes.

    Example:

      python -m benchmark export supplement.zip --out results/latest
    """
    from rich.console import Console

    from benchmark.report.verify import verify
    from benchmark.run.archive import ArchiveError, write_archive

    problems = verify(out)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ArchiveError(
            f"{out}: not exported, since verify finds: {problems[0]}{more}; mend it: "
            f"python -m benchmark report --out {out}"
        )
    names = write_archive(out, archive)
    rows = sum(name.startswith("rows/") for name in names)
    size = archive.stat().st_size / 1e6
    Console().print(f"{archive}: {rows} rows, {len(names)} files, {size:.1f} MB", highlight=False)


def import_(
    archive: Annotated[Path, typer.Argument(help="An archive that export wrote.")],
    out: o.Out = o.DEFAULT_OUT,
    keep: Annotated[
        Keep, typer.Option(help="Where a row differs from one that stands here: refuse, ours or theirs.")
    ] = "refuse",
) -> None:
    """Take the rows of an archive into a run's folder, and write its tables again.

    Every file is checked against its sum, every row against its schema, and
    all rows against each other before anything is written. A robustness
    study comes with them where the folder has none.

    Example:

      python -m benchmark import colleague.zip --out results/joined
    """
    import datetime
    import hashlib

    from rich.console import Console

    from benchmark.protocol.robustness_row import FOLDER
    from benchmark.report.analysis import analysis_of
    from benchmark.report.robustness import check_together
    from benchmark.report.robustness_files import write_robustness
    from benchmark.report.terminal import print_tables
    from benchmark.report.write import write_report
    from benchmark.run.archive import read_archive
    from benchmark.run.folder import RunFolder
    from benchmark.run.merge import (
        apply_merge,
        plan_merge,
        rows_here,
        rows_of,
        study_of,
        take_study,
    )

    console, folder = Console(), RunFolder(out)
    files = dict(read_archive(archive))
    merge = plan_merge(rows_here(folder), rows_of(files, archive))
    taken = merge.taken(keep)
    analysis = analysis_of(_joined(rows_here(folder), taken))
    study = study_of(files, archive)
    if study:
        check_together(study)  # as the rows above: before anything is written
    with folder.locked():
        apply_merge(folder, taken, files)
        studied = bool(study) and take_study(folder, study, files)
        if studied:
            write_robustness(study, out / FOLDER)
        folder.log(
            {
                "imported": archive.name,
                "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
                "rows": len(taken),
                "kept": len(merge.conflicts) if keep == "ours" else 0,
                "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            }
        )
        write_report(analysis, out)
    print_tables(analysis, console)
    if study:
        told = "taken in" if studied else f"left out: another stands in {out / FOLDER}"
        console.print(f"robustness study: {told}", highlight=False, soft_wrap=True)
    kept = f", {len(merge.conflicts)} differ ({keep} kept)" if merge.conflicts else ""
    console.print(
        f"{len(merge.new)} rows are new, {len(merge.same)} stood here already{kept}; to read: "
        f"{out / 'report.html'} (with pictures: python -m benchmark report --out {out})",
        highlight=False,
        soft_wrap=True,
    )


def _joined(ours: "list[Row]", taken: "list[Row]") -> "list[Row]":
    return list(({row.cell: row for row in ours} | {row.cell: row for row in taken}).values())
