"""Every table and figure of a report as bytes, by its path in the run's folder."""

import dataclasses
from collections.abc import Iterable

from benchmark.protocol.row import Row
from benchmark.report import estimates, judgement, latex, pairs, pooled, reproduction, tables, tie_groups
from benchmark.report.aggregate import Line
from benchmark.report.agreement_files import agreement_figures, agreement_tables
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.cells import csv_bytes
from benchmark.report.claims_page import claims_markdown, claims_tex
from benchmark.report.counts import vote_records
from benchmark.report.evidence import TABLES, Evidence
from benchmark.report.files import csv_files, figure_files
from benchmark.report.grids import Pictures, grid_files
from benchmark.report.interval_figure import interval_files
from benchmark.report.network_notes import network_notes
from benchmark.report.notes import notes_text
from benchmark.report.overlap import overlap_csv, overlap_files, overlaps
from benchmark.report.reproduction_table import reproduction_tex
from benchmark.report.source_files import source_files
from benchmark.report.source_tables import source_tables
from benchmark.report.toplists import CROSS_VALIDATION, top_csv, top_lists
from benchmark.report.transfer import COLUMNS as TRANSFER_COLUMNS

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
    of_source, gains = source_tables(analysis.evidence), analysis.gains
    said = notes_text(analysis.evidence, titled) + network_notes(analysis.evidence, of_source, gains)
    return {
        **source_files(analysis.evidence, of_source),
        **(_count_tables(analysis) if analysis.counted else {}),
        **_metric_tables(analysis),
        **_statistics(analysis),
        **_published(analysis),
        **agreement_tables(analysis),
        **_lists(analysis.evidence),
        **csv_files({"transfer": (TRANSFER_COLUMNS, gains)}),
        "tables/notes.txt": said,
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
        files.update(figure_files("figure5", grid_files(tops, pictures)))
        own = [e for e in analysis.estimates if e.stage == CROSS_VALIDATION]
        files.update(
            figure_files("intervals", interval_files(own, analysis.lines[CROSS_VALIDATION], analysis.ties))
        )
    found = overlaps(evidence)
    if found:
        files.update(figure_files("overlap", overlap_files(found)))
    return files | agreement_figures(analysis, pictures)


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
    return csv_files(
        {
            "intervals": (estimates.COLUMNS, analysis.estimates),
            "pairs": (pairs.COLUMNS, analysis.pairs),
            "ties": (tie_groups.COLUMNS, analysis.ties),
        }
    )


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
