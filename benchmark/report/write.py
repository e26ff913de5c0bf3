"""The report of a run's folder: tables and figures, pure functions of its rows."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

from benchmark.data.files import write_bytes
from benchmark.protocol.row import Row
from benchmark.report import latex, tables
from benchmark.report.aggregate import Line, metric_lines
from benchmark.report.cells import csv_bytes
from benchmark.report.counts import count_lines, vote_records
from benchmark.report.evidence import TABLES, Evidence, gather
from benchmark.report.grids import Pictures, grid_files
from benchmark.report.network_notes import network_notes
from benchmark.report.network_report import network_figures
from benchmark.report.notes import notes_text
from benchmark.report.overlap import overlap_csv, overlap_files, overlaps
from benchmark.report.pooled import COLUMNS as POOLED_COLUMNS
from benchmark.report.pooled import pooled_records
from benchmark.report.source_files import source_files
from benchmark.report.source_tables import source_tables
from benchmark.report.toplists import CROSS_VALIDATION, top_csv, top_lists
from benchmark.report.transfer import COLUMNS as TRANSFER_COLUMNS
from benchmark.report.transfer import transfer_gains

OWN = re.compile(
    r"tables/(table[1-6]\w*\.(csv|tex)|(top5_overlap|transfer)\.csv|notes\.txt)"
    r"|figures/((figure[2-5]|overlap|trainings|emotions_P?CNN)\.(png|pdf)|top5\.csv)"
)
"""Paths inside a run's folder that the report writes, and removes where the rows no longer give them."""

VOTES = ("votes", "positive", "negative", "total")


def render_tables(rows: Iterable[Row]) -> dict[str, bytes]:
    """Every table, from the rows alone.

    Returns
    -------
    dict of str to bytes
        Content by path relative to the run's folder. Rows in another order give the same bytes.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    evidence = gather(rows)
    counted = count_lines(evidence)
    files: dict[str, bytes] = {}
    if counted:
        files["tables/table4.csv"] = tables.tidy_csv(counted)
        files["tables/table4_wide.csv"] = tables.count_wide_csv(evidence, counted)
        files["tables/table4.tex"] = latex.count_tex(evidence, counted)
    votes = vote_records(evidence)
    if votes:
        files["tables/table4_votes.csv"] = csv_bytes(VOTES, votes)
    titled: dict[str, list[Line]] = {"Table 4": counted}
    for stage in evidence.stages:
        name, lines = f"tables/table{TABLES[stage]}", metric_lines(evidence, stage)
        titled[f"Table {TABLES[stage]}"] = lines
        files[f"{name}.csv"] = tables.tidy_csv(lines)
        files[f"{name}_wide.csv"] = tables.metric_wide_csv(evidence, lines)
        files[f"{name}.tex"] = latex.metric_tex(evidence, stage, lines)
        if stage == CROSS_VALIDATION:
            files[f"{name}_pooled.csv"] = csv_bytes(POOLED_COLUMNS, pooled_records(evidence, stage))
    of_source = source_tables(evidence)
    gains = transfer_gains(evidence)
    files.update(source_files(evidence, of_source))
    if gains:
        files["tables/transfer.csv"] = csv_bytes(TRANSFER_COLUMNS, [dataclasses.astuple(g) for g in gains])
    files.update(_lists(evidence))
    files["tables/notes.txt"] = notes_text(evidence, titled) + network_notes(evidence, of_source, gains)
    return files


def render_figures(rows: Iterable[Row], pictures: Pictures | None = None) -> dict[str, bytes]:
    """Every figure: Figure 5 where a method is complete, the overlap of the lists where two are.

    Parameters
    ----------
    pictures : callable, optional
        Image id -> uint8 (h, w, 3) or None; without it grey tiles stand for the images.

    Returns
    -------
    dict of str to bytes
        Content by path relative to the run's folder.
    """
    evidence = gather(rows)
    files: dict[str, bytes] = {}
    if CROSS_VALIDATION not in evidence.stages:
        return files
    tops = top_lists(evidence)
    if tops.methods:
        files.update({f"figures/figure5.{kind}": data for kind, data in grid_files(tops, pictures).items()})
    found = overlaps(evidence)
    if found:
        files.update({f"figures/overlap.{kind}": data for kind, data in overlap_files(found).items()})
    return files


def write_report(rows: Iterable[Row], folder: Path, pictures: Pictures | None = None) -> list[Path]:
    """Write all tables and figures into a run's folder, each file whole or not at all.

    Files of an earlier report that the rows no longer give (`OWN`) are removed. Figures of networks are drawn
    where the networks are in the folder's ``artefacts``; where they are not, those drawn before stay.

    Returns
    -------
    list of Path
        The files written, tables first.

    Raises
    ------
    EvidenceError
        As `render_tables`; then nothing is written.
    NetworkFileError
        A file of a network is damaged; nothing is written.
    """
    kept = list(rows)
    networks, lacking = network_figures(gather(kept), folder, pictures)
    files = {**render_tables(kept), **render_figures(kept, pictures), **networks}
    for relative, data in files.items():
        write_bytes(folder / relative, data)
    for path in sorted(folder.glob("*/*")):
        relative = path.relative_to(folder).as_posix()
        if OWN.fullmatch(relative) and relative not in files and relative not in lacking:
            path.unlink()
    return [folder / relative for relative in files]


def _lists(evidence: Evidence) -> dict[str, bytes]:
    if CROSS_VALIDATION not in evidence.stages:
        return {}
    files = {}
    tops = top_lists(evidence)
    if tops.methods:
        files["figures/top5.csv"] = top_csv(tops)
    found = overlaps(evidence)
    if found:
        files["tables/top5_overlap.csv"] = overlap_csv(found)
    return files
