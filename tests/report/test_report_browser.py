"""The page in a real browser: it sorts, filters and opens, by keyboard too, and nothing leaves the file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from headless import Browser, browser, find_browser

from benchmark.protocol.row import Row
from benchmark.report.html.page import render_page
from benchmark.report.html.thumbnails import make_thumbnails

Make = Callable[..., list[Row]]

REQUIRED = "SENTIMENT_BROWSER_REQUIRED"
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&\"'"

CONTRAST = """
(() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, alpha = 1] = numbers(getComputedStyle(e).backgroundColor);
      if (alpha) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
    seen += 1;
    const colour = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [luminance(numbers(colour)), luminance(ground(element))].sort((x, y) => x - y);
    const ratio = (b + 0.05) / (a + 0.05);
    if (ratio < 4.5) faint.push(`${walker.currentNode.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return [seen, faint.slice(0, 5)];
})()
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        said = "no Chromium to look at the page with: apt-get install chromium, or set $SENTIMENT_BROWSER"
        if os.environ.get(REQUIRED):
            pytest.fail(said)
        pytest.skip(said)
    with browser(program) as running:
        yield running


@pytest.fixture(scope="module")
def rows(make_rows: Make) -> list[Row]:
    return make_rows(["Majority", "GCH", "LCH", "CNN"], n=80)


@pytest.fixture(scope="module")
def path(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    def picture(image: str) -> np.ndarray:
        return np.full((20, 20, 3), int(image[:2], 16), dtype=np.uint8)

    images = {image for row in rows for image in row.images}
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_bytes(render_page(rows, make_thumbnails(images, picture)))
    return file


@pytest.fixture
def page(chromium: Browser, path: Path) -> Iterator[Browser]:
    """The page, freshly opened; whatever it complains of, or asks for beyond its own file, fails the test."""
    chromium.problems.clear()
    chromium.requests.clear()
    chromium.view(1280, 900)
    chromium.open(path)
    yield chromium
    assert chromium.problems == []
    assert {r for r in chromium.requests if not r.startswith("data:")} == {path.as_uri()}


def cells(page: Browser, column: int, table: str = "table-6") -> list[str]:
    """Text of a column's cells in sight."""
    rows = f"[...document.querySelectorAll('#{table} tbody tr')].filter((row) => row.getClientRects().length)"
    return page.run(f"{rows}.map((row) => row.cells[{column}].textContent.trim())")


def head(title: str, table: str = "table-6") -> str:
    return f"[...document.querySelectorAll('#{table} thead th')].find((th) => th.textContent === '{title}')"


def choose(page: Browser, label: str, value: str, within: str = "document") -> None:
    """Choose an option of the first menu with this label by what it says."""
    found = page.run(
        f"(() => {{ const menu = [...{within}.querySelectorAll('label')]"
        f".find((label) => label.firstChild.textContent === '{label}').querySelector('select');"
        f"menu.value = [...menu.options].find((option) => option.textContent === '{value}').value;"
        f"menu.dispatchEvent(new Event('change')); return menu.selectedOptions[0].textContent; }})()"
    )
    assert found == value


def test_a_table_sorts_by_its_heads_by_keyboard(page: Browser) -> None:
    before = cells(page, 0)
    page.run(f"{head('Accuracy')}.querySelector('button').focus()")
    for direction, sign in (("descending", -1), ("ascending", 1)):
        page.press("Enter")
        assert page.run(f"{head('Accuracy')}.getAttribute('aria-sort')") == direction
        values = [float(text.split(" ")[0]) for text in cells(page, 2)]
        assert values == sorted(values, key=lambda value: sign * value)
    assert len(set(values)) > 3
    page.run(f"{head('Method')}.querySelector('button').click()")
    assert cells(page, 0) == sorted(before)
    assert page.run(f"{head('Accuracy')}.getAttribute('aria-sort')") == "none"


def test_a_table_filters_by_words_and_menus(page: Browser) -> None:
    assert len(cells(page, 0)) == 12
    choose(page, "Subset", "four agree", "document.getElementById('results')")
    assert cells(page, 1) == ["four agree"] * 4
    page.run(
        "(() => { const find = document.querySelector('#results input'); find.value = 'lch low';"
        "find.dispatchEvent(new Event('input')); })()"
    )
    assert cells(page, 0) == ["LCH"]
    assert page.run("document.querySelector('#results .count').textContent") == "1 of 12 rows"


def test_a_figure_opens_its_rows_and_gives_the_focus_back(page: Browser, rows: list[Row]) -> None:
    figure = 'document.querySelector(\'td[data-of="cross-validation|GCH|four"][data-metric="auc"] button\')'
    page.run(f"{figure}.focus()")
    page.press("Enter")
    assert page.run("document.querySelector('dialog').open")
    said = page.run("document.querySelector('dialog').textContent")
    own = [row for row in rows if (row.cell.method, row.cell.subset) == ("GCH", "four")]
    assert len(own) == 5
    for row in own:
        assert row.key in said
        assert f"rows/{row.cell.file_name}" in said
        assert f"{row.n_train:,} ({row.n_train_positive:,} positive)" in said
    assert page.run("document.querySelector('dialog').contains(document.activeElement)")
    page.press("Escape")
    assert not page.run("document.querySelector('dialog').open")
    assert page.run(f"document.activeElement === {figure}")


def test_a_third_of_all_figures_open(page: Browser) -> None:
    opened = page.run(
        "[...document.querySelectorAll('td[data-of] button')].filter((_, i) => i % 3 === 0)"
        ".map((button) => { button.click();"
        "const text = document.querySelector('dialog tbody').textContent;"
        "document.querySelector('dialog').close(); return text.length > 20; })"
    )
    assert len(opened) > 12 * 7 / 3
    assert all(opened)


def test_the_pictures_are_filtered_by_what_the_rows_say(page: Browser, rows: list[Row]) -> None:
    wrong: dict[str, set[str]] = {}
    images = set()
    for row in rows:
        if row.cell.subset == "three":
            found = zip(row.images, row.predictions, row.labels, strict=True)
            wrong.setdefault(row.cell.method, set()).update(i for i, p, y in found if p != y)
            images.update(row.images)
    within = "document.getElementById('browser')"
    count = "document.querySelector('#browser .count').textContent.split(' ')[0]"
    assert int(page.run(count)) == len(images) == 80
    assert page.run("document.querySelectorAll('.gallery li').length") == 60
    page.run("document.querySelector('#browser > button').click()")
    assert page.run("document.querySelectorAll('.gallery li').length") == 80
    choose(page, "Show", "methods disagree", within)
    every, any_ = set.intersection(*wrong.values()), set.union(*wrong.values())
    assert int(page.run(count)) == len(any_ - every) > 0
    choose(page, "Method", "GCH", within)
    choose(page, "Show", "wrong by the method (or by any)", within)
    assert int(page.run(count)) == len(wrong["GCH"]) > 0
    page.run("document.querySelector('.gallery button').click()")
    title = page.run("document.querySelector('dialog h2').textContent")
    assert title.removeprefix("Image ") in wrong["GCH"]
    assert (
        len(page.run("[...document.querySelectorAll('dialog tbody tr')].map((row) => row.textContent)")) == 4
    )


def test_pictures_are_decoded_from_the_file_when_they_are_shown(page: Browser) -> None:
    page.run("document.getElementById('pictures').scrollIntoView()")
    shown = page.run(
        "Promise.all([...document.querySelectorAll('.gallery img')].slice(0, 6).map((image) =>"
        "image.decode().then(() => image.naturalWidth)))"
    )
    assert shown == [112] * 6
    assert page.run("document.querySelector('.gallery img').loading") == "lazy"


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_stands_out(page: Browser, dark: bool) -> None:
    page.view(1280, 900, dark=dark)
    page.run("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    seen, faint = page.run(CONTRAST)
    assert seen > 500
    assert faint == []
    page.run("document.querySelector('td[data-of] button').click()")
    assert page.run(CONTRAST)[1] == []


def test_a_phone_scrolls_down_alone_and_print_leaves_the_controls_out(page: Browser) -> None:
    page.view(390, 844)
    assert page.run("document.documentElement.scrollWidth") <= 390
    page.view(900, 1200, dark=True, media="print")
    assert page.run("document.querySelector('nav').getClientRects().length") == 0
    assert page.run("document.querySelectorAll('.controls').length") > 3
    assert page.run("[...document.querySelectorAll('.controls')].every((e) => !e.getClientRects().length)")
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.send("Page.printToPDF", preferCSSPageSize=True)


def test_hostile_names_do_nothing(chromium: Browser, make_rows: Make, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render_page(make_rows(["GCH", HOSTILE], n=40, dataset=HOSTILE, published=False)))
    chromium.problems.clear()
    chromium.open(path)
    chromium.run("document.querySelectorAll('td[data-of] button').forEach((button) => button.click())")
    chromium.run("document.querySelector('.gallery button').click()")
    assert HOSTILE in chromium.run("document.querySelector('dialog').textContent")
    assert chromium.run("document.querySelectorAll('img').length") == 0
    assert chromium.problems == []


def test_the_policy_refuses_what_the_file_does_not_hold(chromium: Browser, path: Path) -> None:
    chromium.open(path)
    refused = chromium.run(
        "new Promise((done) => { document.addEventListener('securitypolicyviolation', "
        "(event) => done(event.effectiveDirective)); fetch('https://example.invalid/').catch(() => 0); })"
    )
    assert refused == "connect-src"
