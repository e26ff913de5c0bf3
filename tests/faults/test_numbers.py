"""Numbers: the same bytes however a run is carried out, and each of them a number, however small the set."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from disturbed import Commands, Ended
from pictures import draw_image
from PIL import Image
from workloads import RUN, Place, Workload, tables

from benchmark.protocol.row import read_rows

METHODS = ("--methods", "Majority,GCH,LCH+BoW", "--set", "LCH+BoW:featureunion__bagofwords__words=20")
NOT_A_NUMBER = re.compile(r"(?<![a-z])(nan|[+-]?inf(inity)?|none|null)(?![a-z])", re.IGNORECASE)


def everything(folder: Path) -> dict[str, object]:
    """Tables, and the scores of every row."""
    rows = read_rows(folder / "out" / "rows")
    return {**tables(folder), **{str(row.cell): row.scores for row in rows}}


def scores_by_fold(found: dict[str, object]) -> dict[str, object]:
    """Scores by cell, the seed left out of its name."""
    return {name.rpartition(" seed ")[0]: value for name, value in found.items() if isinstance(value, list)}


def test_the_same_bytes_however_a_run_is_carried_out(
    commands: Commands, shared: Path, tmp_path: Path
) -> None:
    command = ("run", "--data", "photos", "--out", "out", *METHODS)

    def run(name: str, *arguments: str, **disturbance: object) -> dict[str, object]:
        workload = Workload(name, (*command, *arguments), tables)
        place = Place(workload, commands, tmp_path / name, shared)
        place.run((*command, *arguments), **disturbance)
        return everything(place.folder)

    once = run("once", "--jobs", "1")
    assert once == run("two-workers", "--jobs", "2")
    assert once == run("shuffled", "--jobs", "1", shuffle=5)
    other = run("another-seed", "--jobs", "1", "--seeds", "1")
    assert scores_by_fold(once) != scores_by_fold(other), "what is the same whatever the seed shows nothing"


@pytest.fixture
def run_on(commands: Commands, tmp_path: Path) -> Callable[..., tuple[Ended, Path]]:
    """Run on generated images: so many positive and negative ones."""

    def run(
        positive: int,
        negative: int,
        draw: Callable[[np.random.Generator, bool], np.ndarray] = draw_image,
    ) -> tuple[Ended, Path]:
        rng = np.random.default_rng(7)
        for word, n in (("positive", positive), ("negative", negative)):
            (tmp_path / "photos" / word).mkdir(parents=True)
            for i in range(n):
                picture = Image.fromarray(draw(rng, word == "positive"))
                picture.save(tmp_path / "photos" / word / f"{i:03d}.png")
        return commands((*RUN, *METHODS), tmp_path, figures=True), tmp_path

    return run


def plain(rng: np.random.Generator, positive: bool) -> np.ndarray:
    """A picture of one colour, in which no detector of edges finds anything."""
    return np.broadcast_to(rng.integers(0, 255, 3).astype(np.uint8), (80, 96, 3))


def noise(rng: np.random.Generator, positive: bool) -> np.ndarray:
    """A picture that says nothing of its class."""
    return rng.integers(0, 255, (80, 96, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    ("positive", "negative", "draw"),
    [(5, 5, draw_image), (5, 5, plain), (5, 5, noise), (200, 6, draw_image)],
    ids=["ten images", "ten of one colour each", "ten of noise", "200 against 6"],
)
def test_small_and_uneven_sets_have_figures_and_all_are_numbers(
    run_on: Callable[..., tuple[Ended, Path]],
    positive: int,
    negative: int,
    draw: Callable[[np.random.Generator, bool], np.ndarray],
) -> None:
    ended, folder = run_on(positive, negative, draw)
    assert "Traceback" not in ended.output, ended
    assert "Warning" not in ended.output, ended
    assert ended.code == 0, ended
    tables(folder)
    for path in sorted((folder / "out" / "tables").glob("*.csv")):
        for line in path.read_text().splitlines()[1:]:
            found = [cell for cell in line.split(",") if NOT_A_NUMBER.fullmatch(cell)]
            assert not found, (path.name, line)
    for path in sorted((folder / "out" / "tables").glob("*.tex")):
        assert not re.search(r"\b(nan|inf)\b", path.read_text(), re.IGNORECASE), path.name
    assert not re.search(r"\b(NaN|-?Infinity|nan)\b(?![a-z(.])", figures_of(folder / "out" / "report.html"))


def figures_of(page: Path) -> str:
    """The page without its programs and style."""
    text = re.sub(r"<style.*?</style>", "", page.read_text(), flags=re.DOTALL)
    return re.sub(r"<script(?! type=.application/json).*?</script>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("positive", "negative", "message"),
    [
        (6, 4, "4 independent negative images, fewer than 5 folds; add negative images"),
        (10, 0, "no negative image among 10; both classes are needed"),
        (1, 1, "1 independent positive images, fewer than 5 folds"),
    ],
)
def test_a_set_too_small_for_its_folds_is_refused_by_name(
    run_on: Callable[..., tuple[Ended, Path]], positive: int, negative: int, message: str
) -> None:
    ended, folder = run_on(positive, negative)
    assert ended.code == 1
    assert message in ended.output
    assert "Traceback" not in ended.output
    assert not (folder / "out" / "rows").exists()


def test_a_set_whose_copies_leave_too_few_is_refused_by_name(
    run_on: Callable[..., tuple[Ended, Path]],
) -> None:
    copy = np.random.default_rng(1)

    def draw(rng: np.random.Generator, positive: bool) -> np.ndarray:
        return draw_image(rng if positive else np.random.default_rng(copy.integers(3)), positive)

    ended, _ = run_on(20, 8, draw)
    assert ended.code == 1
    assert "independent negative images, fewer than 5 folds" in ended.output
    assert "duplicates count once" in ended.output
