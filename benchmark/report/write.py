"""The report of a run's folder: tables, figures and a page, pure functions of its rows."""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmark.data.files import write_bytes
from benchmark.protocol.row import Row
from benchmark.report import estimates, judgement, latex, pairs, pooled, reproduction, tables, tie_groups
from benchmark.report.aggregate import Line
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.cells import csv_bytes
from benchmark.report.claims_page import claims_markdown, claims_tex
from benchmark.report.counts import vote_records
from benchmark.report.evidence import TABLES, Evidence
from benchmark.report.grids import Pictures, grid_files
from benchmark.report.html.page import NAME, render_page
from benchmark.report.html.thumbnails import make_thumbnails
from benchmark.report.interval_figure import interval_files
from benchmark.report.notes import notes_text
from benchmark.report.overlap import overlap_csv, overlap_files, overlaps
from benchmark.report.reproduction_table import reproduction_tex
from benchmark.report.toplists import CROSS_VALIDATION, top_csv, top_lists

OWN = re.compile(
    r"tables/((table[1-6]\w*|published|claims)\.(csv|tex)"
    r"|(top5_overlap|intervals|pairs|ties|claim_contrasts)\.csv|claims\.md|notes\.txt)"
    r"|figures/((figure5|overlap|intervals)\.(png|pdf)|top5\.csv)"
    r"|report\.html"
)
"""Paths inside a run's folder that the report writes, and removes where the rows no longer give them."""

VOTES = ("votes", "positive", "negative", "total")


def render_tables(rows: Iterable[Row] | Analysis) -> dict[str, bytes]:
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
    analysis = analysis_of(rows)
    titled: dict[str, list[Line]] = {"Table 4": analysis.counted}
    titled |= {f"Table {TABLES[stage]}": lines for stage, lines in analysis.lines.items()}
    return {
        **_count_tables(analysis),
        **_metric_tables(analysis),
        **_statistics(analysis),
        **_published(analysis),
        **_lists(analysis.evidence),
        "tables/notes.txt": notes_text(analysis.evidence, titled),
    }


def render_figures(rows: Iterable[Row] | Analysis, pictures: Pictures | None = None) -> dict[str, bytes]:
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
    analysis = analysis_of(rows)
    evidence = analysis.evidence
    files: dict[str, bytes] = {}
    if CROSS_VALIDATION not in evidence.stages:
        return files
    tops = top_lists(evidence)
    if tops.methods:
        files.update(_named("figure5", grid_files(tops, pictures)))
        own = [e for e in analysis.estimates if e.stage == CROSS_VALIDATION]
        files.update(
            _named("intervals", interval_files(own, analysis.lines[CROSS_VALIDATION], analysis.ties))
        )
    found = overlaps(evidence)
    if found:
        files.update(_named("overlap", overlap_files(found)))
    return files


def write_report(
    rows: Iterable[Row] | Analysis, folder: Path, pictures: Pictures | None = None
) -> list[Path]:
    """Write all tables, figures and the page into a run's folder, each file whole or not at all.

    Files of an earlier report that the rows no longer give (`OWN`) are removed.

    Returns
    -------
    list of Path
        The files written: tables, then figures, then the page.

    Raises
    ------
    EvidenceError
        As `render_tables`; then nothing is written.
    """
    analysis = analysis_of(rows)
    images = {image for row in analysis.evidence.rows for image in row.images}
    page = render_page(analysis, make_thumbnails(images, pictures))
    files = {**render_tables(analysis), **render_figures(analysis, pictures), NAME: page}
    for relative, data in files.items():
        write_bytes(folder / relative, data)
    for path in sorted(folder.glob("*/*")):
        relative = path.relative_to(folder).as_posix()
        if OWN.fullmatch(relative) and relative not in files:
            path.unlink()
    return [folder / relative for relative in files]


def _named(name: str, pictures: dict[str, bytes]) -> dict[str, bytes]:
    return {f"figures/{name}.{kind}": data for kind, data in pictures.items()}


def _count_tables(analysis: Analysis) -> dict[str, bytes]:
    evidence, counted = analysis.evidence, analysis.counted
    files = {
        "tables/table4.csv": tables.tidy_csv(counted),
        "tables/table4_wide.csv": tables.count_wide_csv(evidence, counted),
        "tables/table4.tex": latex.count_tex(evidence, counted),
    }
    votes = vote_records(evidence)
    if votes:
        files["tables/table4_votes.csv"] = csv_bytes(VOTES, votes)
    return files


def _metric_tables(analysis: Analysis) -> dict[str, bytes]:
    evidence, letters = analysis.evidence, tie_groups.printed_letters(analysis.ties)
    files: dict[str, bytes] = {}
    for stage, lines in analysis.lines.items():
        name = f"tables/table{TABLES[stage]}"
        files[f"{name}.csv"] = tables.tidy_csv(lines)
        files[f"{name}_wide.csv"] = tables.metric_wide_csv(evidence, lines)
        files[f"{name}.tex"] = latex.metric_tex(evidence, stage, lines, letters)
        if stage == CROSS_VALIDATION:
            records = pooled.pooled_records(evidence, stage)
            files[f"{name}_pooled.csv"] = csv_bytes(pooled.COLUMNS, records)
    return files


def _statistics(analysis: Analysis) -> dict[str, bytes]:
    parts: dict[str, tuple[tuple[str, ...], Sequence[Any]]] = {
        "intervals": (estimates.COLUMNS, analysis.estimates),
        "pairs": (pairs.COLUMNS, analysis.pairs),
        "ties": (tie_groups.COLUMNS, analysis.ties),
    }
    return {
        f"tables/{name}.csv": csv_bytes(columns, [dataclasses.astuple(record) for record in records])
        for name, (columns, records) in parts.items()
        if records
    }


def _published(analysis: Analysis) -> dict[str, bytes]:
    """What the paper says beside what the rows say; nothing where the images are others than the paper's."""
    evidence, records = analysis.evidence, analysis.reproductions
    if not evidence.published:
        return {}
    judged = judgement.verdicts(analysis.judgements)
    contrasts = map(dataclasses.astuple, analysis.judgements)
    return {
        "tables/published.csv": csv_bytes(reproduction.COLUMNS, map(dataclasses.astuple, records)),
        "tables/published.tex": reproduction_tex(evidence, records),
        "tables/claims.csv": csv_bytes(judgement.COLUMNS, map(dataclasses.astuple, judged)),
        "tables/claim_contrasts.csv": csv_bytes(judgement.CONTRAST_COLUMNS, contrasts),
        "tables/claims.md": claims_markdown(evidence, judged),
        "tables/claims.tex": claims_tex(evidence, judged),
    }


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
