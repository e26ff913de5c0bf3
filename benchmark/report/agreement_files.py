"""The agreement-aware tables and figures: by votes, calibration, shared errors."""

from collections.abc import Sequence
from typing import Any

from benchmark.report import by_votes, reliability
from benchmark.report import errors as shared
from benchmark.report.agreement_tables import by_votes_tex, calibration_tex
from benchmark.report.analysis import Analysis
from benchmark.report.by_votes_figure import by_votes_files
from benchmark.report.errors_figure import error_files, missed_files
from benchmark.report.files import csv_files, figure_files
from benchmark.report.grids import Pictures
from benchmark.report.pooled import widest_subset
from benchmark.report.reliability_figure import reliability_files
from benchmark.report.toplists import CROSS_VALIDATION


def agreement_tables(analysis: Analysis) -> dict[str, bytes]:
    """Tidy tables of all, and LaTeX of the cross-validated methods."""
    evidence, errors = analysis.evidence, analysis.errors
    files = csv_files(
        {
            "ceiling": (by_votes.NOISE_COLUMNS, analysis.noise),
            "by_votes": (by_votes.COLUMNS, analysis.by_votes),
            "calibration": (reliability.COLUMNS, analysis.measures),
            "reliability": (reliability.BIN_COLUMNS, analysis.bins),
            "errors": (shared.COLUMNS, errors.images if errors else []),
            "error_overlap": (shared.OVERLAP_COLUMNS, errors.overlaps if errors else []),
            "missed": (shared.MISSED_COLUMNS, errors.missed if errors else []),
        }
    )
    voted = [line for line in analysis.by_votes if line.stage == CROSS_VALIDATION]
    if voted:
        files["tables/by_votes.tex"] = by_votes_tex(evidence, voted, analysis.noise)
    measured = _widest(analysis, analysis.measures)
    if measured:
        files["tables/calibration.tex"] = calibration_tex(evidence, measured)
    return files


def agreement_figures(analysis: Analysis, pictures: Pictures | None) -> dict[str, bytes]:
    """Figures of the cross-validated methods; the sheet of missed images only where pictures may be shown."""
    files: dict[str, bytes] = {}
    voted = [line for line in analysis.by_votes if line.stage == CROSS_VALIDATION]
    if voted:
        files.update(figure_files("by_votes", by_votes_files(voted)))
    bins = _widest(analysis, analysis.bins)
    if bins:
        files.update(
            figure_files("reliability", reliability_files(bins, _widest(analysis, analysis.measures)))
        )
    errors = analysis.errors
    if errors is not None and len(errors.methods) > 1:
        files.update(figure_files("errors", error_files(errors)))
        if errors.missed_by_all and pictures is not None:
            files.update(figure_files("missed", missed_files(errors.missed_by_all, pictures)))
    return files


def _widest(analysis: Analysis, records: Sequence[Any]) -> list[Any]:
    """Those of the widest subset, cross-validated."""
    if CROSS_VALIDATION not in analysis.evidence.stages:
        return []
    subset = widest_subset(analysis.evidence, CROSS_VALIDATION)
    return [record for record in records if (record.stage, record.subset) == (CROSS_VALIDATION, subset)]
