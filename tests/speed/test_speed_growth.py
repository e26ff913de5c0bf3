"""Growth: slopes and demands on made-up measurements, pictures, the estimate, the page, the command."""

import csv
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmark.data.extractor import Pixels
from benchmark.data.imageset import ImageSet
from benchmark.data.perceptual import PerceptualHash
from benchmark.data.store import FeatureStore, Ragged
from benchmark.run import isolated
from benchmark.speed import page
from benchmark.speed.growth import images, words
from benchmark.speed.growth.borrow import mixed
from benchmark.speed.growth.clock import Clock, StepError
from benchmark.speed.growth.estimate import LEARNED_ONCE, PAIRS, estimates, hours_of_all_pairs
from benchmark.speed.growth.keep import keep
from benchmark.speed.growth.measure import cloth_for, parse_sizes
from benchmark.speed.growth.measured import ALL, Growth, Measurement, growths, slope
from benchmark.speed.growth.results import GrowthResult, checks, read_growth
from benchmark.speed.growth.steps import STEPS, Growing, open_files
from benchmark.speed.stage import SpeedError

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1000, 4000, 16000)
MACHINE = {"processor": "Babbage 1837", "cores": 2, "blas": "openblas Engine", "load_before": 3.5}


def grown(step="sift", power=1.0, memory=0.0, streams=True, cpu=2.0, peak=400.0, fixed=0.0):
    """A step whose time and memory grow as powers of the images."""
    return [
        Measurement(
            step=step,
            title="something",
            streams=streams,
            images=n,
            wall=3 * cpu * (n / 1000) ** power,
            cpu=fixed + cpu * (n / 1000) ** power,
            peak=peak * (n / 1000) ** memory,
            disk=n * 0.05,
        )
        for n in SIZES
    ]


def test_slopes_are_the_powers():
    assert slope(SIZES, [n**1.7 for n in SIZES]) == pytest.approx(1.7)
    growth = Growth(tuple(grown(power=1.3, memory=0.4)))
    assert (growth.slope, growth.end_slope, growth.memory_slope) == pytest.approx((1.3, 1.3, 0.4))


def test_a_fixed_cost_does_not_hide_what_grows_faster_at_the_end():
    growth = Growth(tuple(grown(power=2.0, cpu=0.3, fixed=10)))
    assert growth.slope < 1
    assert growth.end_slope > 1.1
    assert not growth.linear


@pytest.mark.parametrize(
    ("step", "failing"),
    [
        (grown(), []),
        (grown(power=2), ["linear at worst"]),
        (grown(memory=0.3), ["memory flat in what streams"]),
        (grown(memory=0.3, streams=False), []),
        (grown(peak=5000.0), ["under 4 GiB"]),
    ],
)
def test_demands_name_the_steps_that_do_not_meet_them(step, failing):
    found = checks(growths(step)[:1], quick=False)
    assert [check["check"] for check in found if not check["ok"]] == failing
    assert all(list(check["not_met"]) == ["sift"] for check in found if not check["ok"])
    assert all(check["ok"] is None for check in checks(growths(step), quick=True))


def test_the_sum_of_all_is_over_sizes_that_are_whole():
    measured = [*grown("sift"), *grown("bank", streams=False, peak=900.0)[:2]]
    found = growths(measured)
    assert [growth.step for growth in found] == ["sift", "bank", ALL]
    assert [point.images for point in found[-1].points] == [1000, 4000]
    assert [point.cpu for point in found[-1].points] == [4, 16]
    assert found[-1].last.peak == 900


def test_parts_are_added_up_and_what_is_learned_is_learned_once():
    steps = [*grown(cpu=3.6), *grown("bank", memory=1, streams=False)]
    features, bank = estimates(growths(steps), 160_000)
    assert (features.step, bank.step) == ("sift", "bank")
    assert features.hours * 3600 == pytest.approx(10 * 3.6 * 16)
    assert (features.disk, features.memory) == (pytest.approx(8000), 400)
    assert (bank.once, bank.hours * 3600, bank.memory) == (True, pytest.approx(32), 6400)


def test_the_search_for_duplicates_over_all_parts_grows_as_their_square():
    found = growths(grown("duplicates", power=2, streams=False))
    assert hours_of_all_pairs(found, 160_000) * 3600 == pytest.approx(2 * 160**2)


def result(**changes):
    made = GrowthResult(
        False, SIZES, 256, MACHINE, {"images": 16000}, (*grown(), *grown("GCH", streams=False))
    )
    return dataclasses.replace(made, **changes)


def test_what_is_kept_reads_back_and_is_drawn(tmp_path):
    keep(result(), tmp_path)
    found, rows = read_growth(tmp_path)
    assert found == growths(result().measurements)
    assert [row["linear"] for row in rows] == ["yes"] * 9
    content = json.loads((tmp_path / "growth.json").read_text())
    assert [check["ok"] for check in content["checks"]] == [True, True, True]
    assert content["machine"] == MACHINE
    assert Image.open(tmp_path / "growth.png").width > 1000
    assert (tmp_path / "growth.pdf").read_bytes().startswith(b"%PDF")


def test_the_page_says_what_the_table_says_and_nothing_else_changes(tmp_path):
    text = f"before\n{page.GROWTH_BEGIN}old\n{page.GROWTH_END}after\n"
    assert page.with_growth(text, tmp_path) == text.replace("old\n", words.NOTHING)
    keep(result(measurements=(*grown(), *grown("bank", power=2, streams=False))), tmp_path)
    new = page.with_growth(text, tmp_path)
    assert new.startswith("before\n")
    assert new.endswith(f"{page.GROWTH_END}after\n")
    assert (
        "| `sift`: something | 2.0 / 8.0 / 32.0 | 1.00 (1.00) | 400 / 400 / 400 | 0.00 (streams) | ok |"
        in new
    )
    assert "Linear at worst: not bank, all." in new
    assert "**50,000,000 images**" in new
    assert page.with_growth(new, tmp_path) == new


def test_the_readme_s_growth_is_that_of_the_kept_measurement():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.with_growth(text, page.REFERENCE) == text


@pytest.mark.parametrize("text", ["1000", "1000,1000", "10,100", "1000,many", ""])
def test_sizes_that_show_no_growth_are_refused(text):
    with pytest.raises(SpeedError, match="--sizes"):
        parse_sizes(text)
    assert parse_sizes("4000,1000") == (1000, 4000)


@pytest.fixture(scope="module")
def quilts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quilts")
    images.draw_quilts(folder / "images", 0, 70, cloth_for((40, 80)), lambda text: None)
    return folder


def test_pictures_differ_and_show_what_is_said(quilts):
    found = images.read_quilts(quilts / "images", 70)
    assert len(set(found.keys)) == 70
    assert set(found.shown.ravel()) == set(range(4))
    assert set(found.labels) == {0, 1}
    assert Image.open(found.paths[0]).size == (images.WIDTH, images.HEIGHT)


def test_a_picture_is_the_same_however_many_there_are(quilts, tmp_path):
    images.draw_quilts(tmp_path, 0, 5, cloth_for((40, 80)), lambda text: None)
    few, many = images.read_quilts(tmp_path, 5), images.read_quilts(quilts / "images", 5)
    assert few.keys.tolist() == many.keys.tolist()


def test_what_came_is_what_was_not_there_before(quilts):
    growing = Growing(quilts, (64, 70), 4)
    assert (growing.before, growing.n, len(growing.images)) == (64, 70, 70)
    assert growing.lenders.tolist() == [[i, i] for i in range(70)]
    source = growing.source
    assert source.positive.shape == (70, 4)
    assert set(source.positive.sum(axis=1)) <= {1, 2}


def test_a_sample_is_described_and_the_others_borrow_features_with_what_they_show(quilts, tmp_path):
    (tmp_path / "images").symlink_to(quilts / "images")
    isolated.allow_calls()
    whole = Growing(tmp_path, (20,), 4, sample=10)
    grown = Growing(tmp_path, (20, 70), 4, sample=10)
    borrowed = np.arange(20, 60)
    assert (grown.lenders[borrowed] < 20).all()
    assert np.flatnonzero((grown.lenders != np.arange(70)[:, None]).any(axis=1)).tolist() == borrowed.tolist()
    drawn = images.read_quilts(quilts / "images", 70)
    assert (grown.quilts.shown[borrowed] == drawn.shown[grown.lenders[borrowed, 0]]).all()
    assert (grown.quilts.shown[60:] == drawn.shown[60:]).all()
    extractor = PerceptualHash()
    whole.describe(Clock(), [extractor], 0)
    clock = Clock()
    grown.describe(clock, [extractor], 20)
    assert clock.factor == 5
    assert len(grown.images.missing(extractor)) == 0
    assert len(grown.images[60:].missing(Pixels())) == 0
    assert len(grown.images[20:60].missing(Pixels())) == 40  # never decoded


def test_borrowed_rows_are_of_the_kind_of_the_lenders():
    rng = np.random.default_rng(0)
    counts = mixed(np.full((2, 3), 8, np.uint32), np.full((2, 3), 4, np.uint32), rng)
    assert (counts.dtype, counts.tolist()) == (np.uint32, [[7, 7, 7]] * 2)
    assert mixed(np.ones((1, 2), np.float32), np.zeros((1, 2), np.float32), rng).tolist() == [[0.75, 0.75]]
    one = Ragged(np.zeros((400, 5), np.uint8), np.array([400, 0]))
    two = Ragged(np.ones((800, 5), np.uint8), np.array([400, 400]))
    both, second = mixed(one, two, rng)
    assert 0.6 < np.mean(both == 0) < 0.9
    assert len(both) == pytest.approx(400, abs=60)
    assert len(second) == pytest.approx(100, abs=40)


def test_a_clock_counts_what_is_called_and_says_what_broke(quilts, tmp_path):
    found = images.read_quilts(quilts / "images", 3)
    three = ImageSet(found.keys, FeatureStore(tmp_path), paths=found.paths)
    isolated.allow_calls()
    clock = Clock()
    clock.call(open_files, three)
    assert clock.cpu > 0
    assert clock.peak > 20
    with pytest.raises(StepError, match="no such file"):
        clock.call(open_files, ImageSet(["0"], FeatureStore(tmp_path), paths=[tmp_path / "none.jpg"]))


def test_the_command_measures_every_step_at_every_size(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "benchmark", "speed", "growth", "--quick", "--out", str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("growth.csv", "growth.json", "growth.png", "growth.pdf")
    }
    with (tmp_path / "out" / "growth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    steps = [*(step.name for step in STEPS), ALL]
    assert [(row["step"], row["images"]) for row in rows] == [(s, n) for s in steps for n in ("40", "80")]
    assert all(float(row["cpu_seconds"]) > 0 and float(row["peak_mib"]) > 20 for row in rows)
    assert {row["quick"] for row in rows} == {"yes"}
    kept = {row["step"]: float(row["disk_mib"]) for row in rows if row["images"] == "80"}
    assert (
        kept["open"] > 80 * 256 * 256 * 3 / 2**20
    )  # decoded pixels of all images, not of the new ones alone
    assert "too small to judge" in done.stdout


def test_sizes_without_growth_are_refused(tmp_path):
    command = [sys.executable, "-m", "benchmark", "speed", "histograms", "--sizes", "40,80"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert "speed growth --sizes 40,80" in done.stderr


def test_what_is_learned_once_is_a_step():
    assert set(LEARNED_ONCE) | {PAIRS} < {step.name for step in STEPS}
    assert all(step.streams for step in STEPS if step.name not in {*LEARNED_ONCE, PAIRS})
