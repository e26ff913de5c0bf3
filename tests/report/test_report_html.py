"""The page: one file that needs nothing, says what the rows say, and lets no name become markup."""

import base64
import hashlib
import io
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from page_parts import Parts
from PIL import Image
from trained_networks import source_rows

from benchmark.protocol.row import Row, write_row
from benchmark.report.analysis import Analysis, analysis_of
from benchmark.report.cells import short
from benchmark.report.html.differences import page_differences
from benchmark.report.html.page import SECTIONS, render_page
from benchmark.report.html.thumbnails import SIDE, held_thumbnails, make_thumbnails
from benchmark.report.source_tables import source_tables
from benchmark.report.tables import index
from benchmark.report.verify import verify
from benchmark.report.write import write_report

Make = Callable[..., list[Row]]

HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&\"'"
METHODS = ("Majority", "GCH", "LCH", "CNN")


@pytest.fixture(scope="module")
def analysis(make_rows: Make) -> Analysis:
    rows = make_rows(METHODS, n=60)
    rows += make_rows(["CNN", "PCNN"], n=60, stage="zero-transfer")
    return analysis_of(rows + source_rows())


@pytest.fixture(scope="module")
def page(analysis: Analysis) -> bytes:
    return render_page(analysis)


@pytest.fixture(scope="module")
def parts(page: bytes) -> Parts:
    return Parts(page)


def pictures(image: str) -> np.ndarray:
    return np.full((40, 60, 3), int(image[:2], 16), dtype=np.uint8)


def data(parts: Parts, name: str) -> dict:
    return json.loads(parts.one("script", id=name).text)


def test_headings_are_in_order_and_every_section_is_in_the_contents(parts: Parts) -> None:
    levels = [int(e.name[1]) for e in parts.elements if re.fullmatch(r"h[1-6]", e.name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    links = [a["href"][1:] for a in parts.all("a") if a.inside("nav")]
    assert links == [section["id"] for section in parts.all("section")]
    assert len(links) == len(SECTIONS) - 2, "all but profile and robustness, which nobody asked for"


def test_ids_are_unique_and_what_refers_to_them_finds_them(parts: Parts) -> None:
    ids = [e["id"] for e in parts.elements if "id" in e.attributes]
    assert len(set(ids)) == len(ids)
    referred = [e["aria-labelledby"] for e in parts.elements if "aria-labelledby" in e.attributes]
    assert {*referred, *(a["href"][1:] for a in parts.all("a"))} <= set(ids)


def test_tables_have_captions_heads_with_scope_and_rows_of_equal_length(parts: Parts) -> None:
    tables = parts.all("table")
    assert len(tables) >= 8
    for table in tables:
        own = [e for e in parts.elements if e.inside("table") is table]
        assert sum(e.name == "caption" for e in own) == 1
        heads = [e for e in own if e.name == "th" and e["scope"] == "col"]
        for row in (e for e in own if e.name == "tr" and e.inside("tbody")):
            cells = [e for e in own if e.name in ("th", "td") and e.inside("tr") is row]
            assert len(cells) == len(heads), table["id"]
            assert cells[0]["scope"] == "row"


def test_pictures_and_drawings_have_words(parts: Parts, analysis: Analysis) -> None:
    images = {image for row in analysis.evidence.rows for image in row.images}
    shown = Parts(render_page(analysis, make_thumbnails(images, pictures)))
    assert all(len(image["alt"]) > 10 for image in shown.all("img"))
    assert shown.all("img")
    assert all(
        e["aria-label"] for e in parts.elements if e.attributes.get("role") == "img" and e.name != "svg"
    )
    for drawing in (e for e in parts.all("svg") if "aria-hidden" not in e.attributes):
        assert [t for t in parts.all("title") if t.inside("svg") is drawing]


def test_nothing_outside_the_file_is_named(page: bytes, parts: Parts) -> None:
    for element in parts.elements:
        for key in ("src", "href", "srcset", "action", "poster", "data", "formaction"):
            value = element.attributes.get(key, "#")
            assert value.startswith(("#", "data:image/jpeg;base64,")), f"<{element.name} {key}={value[:60]}>"
        assert element.name not in ("link", "iframe", "object", "embed", "base", "form", "audio", "video")
        assert not [key for key in element.attributes if key.startswith("on") or key == "style"]
    assert not re.search(rb"@import|url\(|https?://|fetch\(|XMLHttp|innerHTML|eval\(", page)


def test_the_policy_allows_this_script_and_this_style_alone(parts: Parts) -> None:
    policy = parts.one("meta", http_equiv="Content-Security-Policy")["content"]
    script = [e for e in parts.all("script") if "type" not in e.attributes]
    assert len(script) == len(parts.all("style")) == 1
    for kind, element in (("script", script[0]), ("style", parts.all("style")[0])):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_colours_of_text_stand_out(parts: Parts, scheme: int) -> None:
    """4.5 to 1 (WCAG 2.2, 1.4.3) for every colour of text on every ground that it stands on."""
    given = re.findall(r":root \{(.*?)\}", parts.all("style")[0].text, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", given))
    for text in ("ink", "dim", "accent", "right", "wrong", "warn"):
        for ground in ("paper", "panel"):
            ratio = contrast(colours[text], colours[ground])
            assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"
    assert contrast(colours["ink"], colours["tile"]) >= 4.5
    for mark in ("bar", "paper-mark", "right", "wrong"):  # 3 to 1 for what is no text (1.4.11)
        assert contrast(colours[mark], colours["panel"]) >= 3


def contrast(one: str, other: str) -> float:
    """Ratio of two colours' luminances, 1 to 21 (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_hostile_names_stay_text(make_rows: Make, make_failed: Callable[..., Row]) -> None:
    rows = make_rows(["GCH", HOSTILE], n=40, dataset=HOSTILE, published=False)
    rows[3] = make_failed(rows[3], HOSTILE)
    rows[0] = rows[0].model_copy(
        update={
            "details": {HOSTILE: HOSTILE},
            "environment": {HOSTILE: HOSTILE},
            "depends": {"method": HOSTILE},
        }
    )
    written = render_page(rows)
    parts = Parts(written)
    assert b"<img src=x" not in written
    assert "\u2028" not in "".join(e.text for e in parts.all("script"))
    assert not [e for e in parts.elements if e.name == "img"]
    assert any(HOSTILE in cell.text for cell in parts.all("th"))
    assert HOSTILE.replace("\u2028", " ") in parts.one("section", id="gaps").text
    assert HOSTILE in parts.all("title")[0].text
    texts = data(parts, "texts")
    assert json.dumps(HOSTILE, ensure_ascii=False) in texts.values()


def test_control_characters_do_not_reach_the_page(make_rows: Make) -> None:
    written = render_page(make_rows(["a\x00\x1b[31mb"], n=30, published=False)).decode()
    assert "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31mb" in written
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", written)


def test_the_same_bytes_for_the_same_rows_in_any_order(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], n=40)
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    assert render_page(shuffled) == render_page(rows)


def test_figures_are_the_tables_and_open_their_rows(parts: Parts, analysis: Analysis) -> None:
    provenance = data(parts, "provenance")
    figures = [
        e for e in parts.all("td") if "data-of" in e.attributes and e.inside("section")["id"] == "results"
    ]
    assert len(figures) == 7 * 3 * (len(METHODS) + 2)
    for cell in figures:
        stage, method, subset = cell["data-of"].split("|")
        line = index(analysis.lines[stage])[method, subset, cell["data-metric"]]
        assert cell.text.startswith(short(line.mean))
        group = provenance[cell["data-of"]]
        assert len(group["rows"]) == (5 if stage == "cross-validation" else 1)
        values = [float(row["values"][cell["data-metric"]]) for row in group["rows"]]
        assert np.mean(values) == pytest.approx(line.mean, abs=1e-4)
        assert {row["file"].split("_")[2] for row in group["rows"]} == {method}


def test_figures_of_the_source_are_its_tables_and_open_the_row(parts: Parts, analysis: Analysis) -> None:
    provenance, tables = data(parts, "provenance"), source_tables(analysis.evidence)
    cells = [e for e in parts.all("td") if e.attributes.get("data-of", "").startswith("source-test")]
    by_method = {"CNN": "2CONV-4FC", "3CONV-2FC": "3CONV-2FC"}
    expected = {
        (1, m, line.metric): line
        for m, named in by_method.items()
        for line in tables[1]
        if line.method == named
    }
    expected |= {(3, line.method, line.metric): line for line in tables[3]}
    assert len(cells) == 5 * (2 + 2)
    for cell in cells:
        table = int(cell.inside("table")["id"].removeprefix("table-"))
        method = cell["data-of"].split("|")[1]
        line = expected[table, method, cell["data-metric"]]
        assert cell.text.startswith(f"{short(line.mean)} [{short(line.low)}, {short(line.high)}]")
        (row,) = provenance[cell["data-of"]]["rows"]
        assert row["file"].startswith(f"rows/source-test_twitter_{method}_")
        assert float(row["values"][cell["data-metric"]]) == pytest.approx(line.mean, abs=1e-4)
    text = parts.one("section", id="source").text
    assert "weak labels" in text
    assert "PCNN - CNN" in text


def test_scores_in_the_page_are_the_rows(parts: Parts, analysis: Analysis) -> None:
    images, scores = data(parts, "images"), data(parts, "scores")
    known = list(images)
    entry = scores["cross-validation|five"]
    own = scores["cross-validation|five|LCH"]
    at = {
        known[i]: (p, int(y))
        for i, p, y in zip(entry["images"], own["scores"], own["predicted"], strict=True)
    }
    rows = [r for r in analysis.evidence.rows if (r.cell.method, r.cell.subset) == ("LCH", "five")]
    assert sum(len(row.images) for row in rows) == len(at)
    for row in rows:
        for image, score, predicted, label in zip(
            row.images, row.scores, row.predictions, row.labels, strict=True
        ):
            assert at[image] == (round(score * 10_000), predicted)
            assert images[image][0] == label


def test_without_pictures_no_picture_is_in_the_page(page: bytes, parts: Parts) -> None:
    assert b"base64," not in page.replace(b"data:image/jpeg;base64,${held}", b"")
    assert data(parts, "thumbnails") == {}
    grey = [e for e in parts.elements if e.attributes.get("class") == "grey"]
    assert len(grey) == 3 * 2 * 5
    assert all(re.fullmatch(r"[0-9a-f]{8}", e.text) for e in grey)


def test_pictures_are_small_and_complete(analysis: Analysis) -> None:
    images = sorted({image for row in analysis.evidence.rows for image in row.images})
    found = make_thumbnails(images, lambda image: pictures(image) if image != images[0] else None)
    assert list(found) == images[1:]
    picture = Image.open(io.BytesIO(base64.b64decode(found[images[1]])))
    assert (picture.size, picture.format) == ((SIDE, SIDE), "JPEG")
    assert make_thumbnails(images, None) == {}


def test_a_page_of_the_paper_s_size_stays_small(make_rows: Make) -> None:
    rows = make_rows(["GCH", "LCH"], n=1269, subsets=["three"])
    assert len(render_page(rows)) < 500_000


def test_parts_that_the_rows_do_not_give_are_left_out(
    make_rows: Make, make_failed: Callable[..., Row]
) -> None:
    own = Parts(render_page(make_rows(["GCH"], n=30, published=False)))
    shown = {section["id"] for section in own.all("section")}
    assert shown == {"answer", "results", "top", "pictures", "counts", "conditions", "gaps", "notes"}
    failed = Parts(render_page([make_failed(row, "no disk") for row in make_rows(["GCH"], n=30)]))
    shown = {section["id"] for section in failed.all("section")}
    assert {"results", "gaps"} <= shown
    assert not {"answer", "top", "pictures"} & shown
    assert "folds 1, 2, 3, 4, 5 failed: no disk" in failed.one("section", id="gaps").text


def test_verify_holds_with_and_without_pictures_and_names_a_changed_digit(
    make_rows: Make, tmp_path: Path
) -> None:
    rows = make_rows(["GCH", "LCH"], n=30, subsets=["four"])
    for row in rows:
        write_row(row, tmp_path / "rows")
    write_report(rows, tmp_path, pictures)
    path = tmp_path / "report.html"
    whole = path.read_bytes()
    assert len(held_thumbnails(whole)) == 24
    assert verify(tmp_path) == []
    mark = re.search(rb'data-of="cross-validation\|LCH\|four" data-metric="f1"><\w+>(\.\d+)', whole)
    path.write_bytes(whole[: mark.start(1)] + b".999" + whole[mark.end(1) :])
    (problem,) = verify(tmp_path)
    assert "report.html: line" in problem
    assert "(table-6: cross-validation LCH four f1): stored" in problem
    assert ".999" in problem
    assert mark[1].decode() in problem
    path.write_bytes(re.sub(rb'"predicted":"[01]', b'"predicted":"2', whole, count=1))
    assert "(scores: cross-validation|four|GCH)" in verify(tmp_path)[0]
    path.write_bytes(whole.replace(b"/9j/", b'"><script>', 1))
    assert verify(tmp_path)
    write_report(rows, tmp_path)
    assert b"image/jpeg;base64,/" not in path.read_bytes()
    assert verify(tmp_path) == []
    path.unlink()
    assert verify(tmp_path) == []


def test_differences_name_table_row_and_column_and_lines_at_the_end(page: bytes) -> None:
    assert page_differences(page, page) == []
    at = page.index(b"<td", page.index(b">five agree<", page.index(b'id="table-4"')))
    changed = page[:at] + page[at:].replace(b">", b">9", 1)
    (found,) = page_differences(changed, page)
    assert "(table-4: five agree, Positive)" in found
    assert "(page): stored 'more', recomputed ''" in page_differences(page + b"more\n", page)[0]
    assert page_differences(page[: len(page) // 2], page)
