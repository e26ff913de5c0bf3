"""`render_page`: the report as one HTML file that needs nothing besides itself.

A new part of the page is a file in ``sections`` with one function from a `Material` to a `Section` (or None
where the rows have nothing for it), and its name in `SECTIONS`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

from benchmark.protocol.profile import ProfileLine
from benchmark.protocol.row import Row
from benchmark.report import notes
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.evidence import Evidence
from benchmark.report.html.element import Html, el, join
from benchmark.report.html.policy import content_policy
from benchmark.report.html.provenance import provenance_blocks
from benchmark.report.html.section import Maker, Material, Section
from benchmark.report.html.sections.answer import answer
from benchmark.report.html.sections.browser import browser
from benchmark.report.html.sections.claims import claims
from benchmark.report.html.sections.conditions import conditions
from benchmark.report.html.sections.counts import counts
from benchmark.report.html.sections.gaps import gaps
from benchmark.report.html.sections.notes import notes as all_notes
from benchmark.report.html.sections.pairs import pairs
from benchmark.report.html.sections.profile import profile as profile_section
from benchmark.report.html.sections.published import published
from benchmark.report.html.sections.results import results
from benchmark.report.html.sections.robustness import robustness as robustness_section
from benchmark.report.html.sections.shared import shared
from benchmark.report.html.sections.source import source
from benchmark.report.html.sections.top_lists import top
from benchmark.report.robustness import Kept

NAME = "report.html"
"""Of the file, in a run's folder."""

SECTIONS: tuple[Maker, ...] = (
    answer,
    results,
    source,
    published,
    claims,
    top,
    browser,
    shared,
    robustness_section,
    pairs,
    counts,
    conditions,
    profile_section,
    gaps,
    all_notes,
)
"""The parts of the page in their order."""

SCRIPTS = ("dom.js", "tables.js", "provenance.js", "browser.js", "start.js")


def render_page(
    rows: Iterable[Row] | Analysis,
    thumbnails: Mapping[str, str] | None = None,
    profile: Sequence[ProfileLine] = (),
    robustness: Sequence[Kept] = (),
) -> bytes:
    """The page, from what is given alone: the same bytes for the same.

    Parameters
    ----------
    rows : iterable of Row, or Analysis
        Of one run.
    thumbnails : mapping of str to str, optional
        Pictures by image id (`benchmark.report.html.thumbnails`); without them no photograph is in the page.
    profile : sequence of ProfileLine, optional
        Where the time of a run went (`benchmark.protocol.profile`); without it the page has no such part.
    robustness : sequence of Kept, optional
        What the robustness study found (`benchmark.report.robustness`); likewise.

    Returns
    -------
    bytes
        HTML in UTF-8.

    Raises
    ------
    EvidenceError
        There are no rows, or they do not belong together.
    """
    analysis = analysis_of(rows)
    known = {image for row in analysis.evidence.rows for image in row.images}
    pictures = {k: v for k, v in sorted((thumbnails or {}).items()) if k in known}
    material = Material(analysis, pictures, tuple(profile), tuple(robustness))
    sections = [section for maker in SECTIONS if (section := maker(material)) is not None]
    script, style = _script(), _file("page.css")
    evidence = analysis.evidence
    head = [
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=content_policy(script, style)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"Visual sentiment benchmark: {evidence.dataset}"),
        Html(f"<style>{style}</style>"),
    ]
    body = [
        el("a", "To the results", href="#main", class_="skip"),
        _header(evidence),
        _contents(sections),
        el("main", join([_section(section) for section in sections]), id="main"),
        _footer(evidence),
        provenance_blocks(material),
        Html(f"<script>{script}</script>\n"),
    ]
    written = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{join(head, chr(10))}\n</head>\n'
    return f"{written}<body>\n{join(body)}</body>\n</html>\n".encode()


def rows_digest(evidence: Evidence) -> str:
    """Hash of all rows, by which a page says what it was made from."""
    both = (*evidence.source, *evidence.rows)
    return hashlib.sha256("\n".join(row.model_dump_json() for row in both).encode()).hexdigest()[:16]


def _header(evidence: Evidence) -> Html:
    what = f"{evidence.dataset}, protocol {evidence.protocol}, {evidence.folds} folds"
    return el(
        "header", el("h1", "Visual sentiment benchmark"), el("p", what), el("p", notes.data_note(evidence))
    )


def _contents(sections: list[Section]) -> Html:
    links = [el("li", el("a", section.link, href=f"#{section.anchor}")) for section in sections]
    return el("nav", el("ul", *links), aria_label="Contents")


def _section(section: Section) -> Html:
    heading = el("h2", section.title, id=f"{section.anchor}-title")
    return el("section", heading, section.body, id=section.anchor, aria_labelledby=f"{section.anchor}-title")


def _footer(evidence: Evidence) -> Html:
    count = len(evidence.rows) + len(evidence.source)
    return el(
        "footer",
        f"Made from {count:,} rows (digest {rows_digest(evidence)}) and nothing else; "
        "python -m benchmark verify makes it again and names every difference.",
    )


def _script() -> str:
    parts = "\n".join(_file(name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


def _file(name: str) -> str:
    return resources.files("benchmark.report.html").joinpath(name).read_text(encoding="utf-8")
