"""What the README and the reference run say, held against the rows."""

import csv
import re
from pathlib import Path

from benchmark.protocol.statistics.learners import World
from benchmark.protocol.statistics.power import power
from benchmark.report.cells import signed
from benchmark.report.html.thumbnails import held_thumbnails
from benchmark.report.robustness import ALL, read_kept
from benchmark.report.verify import verify

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "results" / "reference"


def test_the_reference_tables_agree_with_the_reference_rows() -> None:
    assert verify(REFERENCE) == []


def test_the_readme_s_table_is_the_reference_run_s() -> None:
    with (REFERENCE / "tables" / "table6_wide.csv").open() as file:
        figures = {(row["method"], row["figure"]): row for row in csv.DictReader(file)}
    text = (ROOT / "README.md").read_text()
    table = text[text.index("<!-- table -->") : text.index("<!-- end -->")]
    said = re.findall(r"^\| (\S+) \| (.+) \|$", table, re.MULTILINE)
    assert [method for method, _ in said] == list(dict.fromkeys(method for method, _ in figures))
    for method, cells in said:
        for subset, cell in zip(("five", "four", "three"), cells.split(" | "), strict=True):
            found = [figures.get((method, name), {}) for name in ("mean", "std", "published")]
            expected = [row.get(f"{subset} accuracy", "") for row in found]
            assert re.findall(r"\.\d{3}", cell) == [value[1:] for value in expected if value]


def test_the_readme_s_power_is_what_the_simulation_gives() -> None:
    text = (ROOT / "README.md").read_text()
    table = text[text.index("<!-- power -->") : text.index("<!-- end power -->")]
    said = [[int(n) for n in re.findall(r"\| (\d+) %", line)] for line in table.split("\n") if " %" in line]
    assert [len(numbers) for numbers in said] == [3] * 6
    for images, difference, numbers in ((882, 0.05, said[2]), (1269, 0.03, said[4])):
        world = World(images, 0.71, difference, 0.25, repeats=10)
        assert numbers == [round(100 * found.rejected) for found in power([world], 400)]


def test_every_command_of_the_readme_exists() -> None:
    from benchmark.cli.main import app

    known = {command.name for command in app.registered_commands} | {
        group.name for group in app.registered_groups
    }
    said = re.findall(r"-m benchmark ([a-z-]+)", (ROOT / "README.md").read_text())
    assert said
    assert set(said) <= known


def test_no_photograph_and_no_machine_s_path_is_in_the_reference_run() -> None:
    manifest = (REFERENCE / "manifest.json").read_text()
    assert not re.search(r'"/(work|home|tmp|root|Users)', manifest)
    for page in REFERENCE.glob("*.html"):
        assert held_thumbnails(page.read_bytes()) == {}
        assert not re.search(rb"base64,/9j/", page.read_bytes())
    assert all(
        path.suffix in {".json", ".jsonl", ".csv", ".tex", ".txt", ".md", ".html", ".png", ".pdf"}
        for path in REFERENCE.rglob("*.*")
    )


def test_what_the_readme_says_of_algorithm_1_is_what_was_found() -> None:
    text = (ROOT / "README.md").read_text()
    said = text[text.index("<!-- progressive -->") : text.index("<!-- end progressive -->")].split("\n")[1:]
    found = (REFERENCE / "progressive" / "findings.txt").read_text().splitlines()
    quoted = [line[4:] for line in said if line]
    assert len(quoted) == 9
    assert set(quoted) <= set(found)


def test_what_the_readme_says_of_robustness_is_what_the_study_found() -> None:
    text = (ROOT / "README.md").read_text()
    table = text[text.index("<!-- robustness -->") : text.index("<!-- end robustness -->")]
    said = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    found = [k for k in read_kept(REFERENCE / "robustness") if (k.metric, k.corruption) == ("accuracy", ALL)]
    assert [line[0] for line in said] == [k.method for k in found]
    for line, k in zip(said, found, strict=True):
        assert k.clean is not None
        assert k.kept is not None
        assert k.changed is not None
        shares = [f"{100 * share:.1f} %" for share in (k.kept, k.changed)]
        limits = "none" if k.low is None else f"[{signed(k.low)}, {signed(k.high)}]"
        assert line[1:] == [f"{k.clean:.3f}"[1:], shares[0], limits, shares[1]]
