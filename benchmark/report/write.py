"""The report of a run's folder, written: tables, figures and a page, pure functions of its rows."""

import re
from collections.abc import Iterable
from pathlib import Path

from benchmark.data.files import write_bytes
from benchmark.protocol.profile import read_profile
from benchmark.protocol.robustness_row import FOLDER
from benchmark.protocol.row import Row
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.grids import Pictures
from benchmark.report.html.page import NAME, render_page
from benchmark.report.html.thumbnails import held_thumbnails, make_thumbnails
from benchmark.report.network_report import network_figures
from benchmark.report.render import render_figures, render_tables
from benchmark.report.robustness import read_kept

__all__ = ["OWN", "refresh_page", "render_figures", "render_tables", "write_report"]

OWN = re.compile(
    r"tables/((table[1-6]\w*|published|claims|by_votes|calibration)\.(csv|tex)"
    r"|(top5_overlap|intervals|pairs|ties|claim_contrasts|transfer|ceiling|reliability)\.csv"
    r"|(errors|error_overlap|missed)\.csv|claims\.md|notes\.txt)"
    r"|figures/((figure[2-5]|overlap|intervals|trainings|emotions_P?CNN)\.(png|pdf)"
    r"|(by_votes|reliability|errors|missed)\.(png|pdf)|top5\.csv)|report\.html"
)
"""Paths inside a run's folder that the report writes, and removes where the rows no longer give them."""


def write_report(
    rows: Iterable[Row] | Analysis, folder: Path, pictures: Pictures | None = None
) -> list[Path]:
    """Write all tables, figures and the page into a run's folder, each file whole or not at all.

    Files of an earlier report that the rows no longer give (`OWN`) are removed. Figures of networks are drawn
    where the networks are in the folder's ``artefacts``; where they are not, those drawn before stay.

    Returns
    -------
    list of Path
        The files written: tables, then figures, then the page.

    Raises
    ------
    EvidenceError
        As `render_tables`; then nothing is written.
    NetworkFileError
        A file of a network is damaged; nothing is written.
    ProfileError
        The folder's ``profile.csv`` is damaged; nothing is written.
    """
    analysis = analysis_of(rows)
    networks, lacking = network_figures(analysis.evidence, folder, pictures)
    images = {image for row in analysis.evidence.rows for image in row.images}
    beside = (read_profile(folder), read_kept(folder / FOLDER))
    page = render_page(analysis, make_thumbnails(images, pictures), *beside)
    files = {**render_tables(analysis), **render_figures(analysis, pictures), **networks, NAME: page}
    for relative, data in files.items():
        write_bytes(folder / relative, data)
    for path in sorted(folder.glob("*/*")):
        relative = path.relative_to(folder).as_posix()
        if OWN.fullmatch(relative) and relative not in files and relative not in lacking:
            path.unlink()
    return [folder / relative for relative in files]


def refresh_page(rows: Iterable[Row] | Analysis, folder: Path) -> None:
    """Write the page alone again, with the pictures it holds: what came after its writing can stand in it."""
    path = folder / NAME
    beside = (read_profile(folder), read_kept(folder / FOLDER))
    write_bytes(path, render_page(rows, held_thumbnails(path.read_bytes()), *beside))
