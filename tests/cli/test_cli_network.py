"""``network`` and ``list architectures``: described without a run, shown from a run's folder."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from trained_networks import KEYS, write_network

from benchmark.cli.pictures import picture_source, source_pictures
from benchmark.data.dataset import Dataset
from benchmark.data.imageset import opaque_ids
from benchmark.data.source import Source

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def out(place: Path) -> Path:
    """A run's folder with two networks."""
    for method in ("CNN", "PCNN"):
        write_network(place / "out" / "artefacts", method)
    return place / "out"


def test_architectures_are_listed_with_parameters_and_arithmetic(benchmark: Command) -> None:
    lines = benchmark("list", "architectures").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["3CONV-4FC", "3CONV-2FC", "2CONV-3FC", "2CONV-4FC"]
    assert "5,643,722" in lines[4]
    assert "461.7" in lines[4]


def test_describe_prints_every_layer_and_draws(benchmark: Command, place: Path) -> None:
    said = benchmark("network", "describe", "3CONV-4FC", "--size", "64", "--figure", "net.png").stdout
    assert "3CONV-4FC, input 3 x 64 x 64: 2,006,858 parameters" in said
    for layer in ("conv1", "conv3", "96 x 14 x 14", "emotion", "output"):
        assert layer in said
    assert Image.open(place / "net.png").size[0] > 1000


def test_describe_refuses_what_it_does_not_know(benchmark: Command, place: Path) -> None:
    assert "3CONV-4FC" in benchmark("network", "describe", "VGG16", check=2).stderr
    assert "at least 64" in benchmark("network", "describe", "2CONV-4FC", "--size", "8", check=2).stderr
    benchmark("network", "describe", "2CONV-4FC", "--figure", "net.jpg", check=2)
    assert not (place / "net.jpg").exists()


def test_show_prints_card_layers_metrics_and_limits(benchmark: Command, out: Path) -> None:
    said = " ".join(benchmark("network", "show", "PCNN-weights", "--out", "out").stdout.split())
    for part in (
        f"PCNN-weights-{KEYS['PCNN'][:16]}: PCNN, 2CONV-4FC, preset embedded",
        "photos, 90 images: 60 to learn from, 10 to validate on; 9 more to test on",
        "labels are weak",
        "found by words",
        "labelled negative: kept 15 of 30 (50.0%)",
        "learning_rate 0.0002",
        "25 iterations of 64 in 12 s",
        "auc .720, accuracy .650",
        "at iteration 26",
        "Not for judging individuals.",
        "1CONV-3FC, input 3 x 64 x 64",
        "conv1 convolution 11x11, stride 4 96 x 14 x 14 34,944 13.66",
    ):
        assert part in said
    assert "selection" not in benchmark("network", "show", "CNN-weights", "--out", "out").stdout


def test_emotion_units_are_drawn_without_pictures_where_none_are_wanted(
    benchmark: Command, out: Path, place: Path
) -> None:
    told = benchmark("network", "show", "CNN-weights", "--out", "out", "--pictures", "e.pdf", "--no-images")
    assert "pictures: e.pdf" in told.stdout
    assert (place / "e.pdf").read_bytes()[:4] == b"%PDF"


def test_pictures_need_their_source_and_one_network(benchmark: Command, out: Path) -> None:
    command = ("network", "show", "CNN-weights", "--out", "out", "--pictures", "e.png")
    refused = benchmark(*command, check=2).stderr
    assert '--source "anps=FOLDER+FOLDER"' in refused
    assert "--no-images" in refused
    assert "no folder 'nowhere'" in benchmark(*command, "--source", "anps=nowhere", check=1).stderr
    twin = out / "artefacts" / f"CNN-weights-{'9' * 16}"
    shutil.copytree(out / "artefacts" / f"CNN-weights-{KEYS['CNN'][:16]}", twin)
    assert "holds 2 networks CNN-weights" in benchmark(*command, "--no-images", check=2).stderr
    shutil.rmtree(twin)


def test_a_network_that_is_not_there_is_said_with_those_that_are(benchmark: Command, out: Path) -> None:
    said = benchmark("network", "show", "VGG", "--out", "out", check=1).stderr
    assert "there are: CNN-weights, PCNN-weights" in said


def as_source(dataset: Dataset) -> Source:
    n = len(dataset)
    marks = np.ones((n, 1), dtype=bool)
    return Source(
        "photos", dataset.images, dataset.names, ("a_b",), marks, marks, ("query",), None, dataset.labels
    )


def test_pictures_come_by_id_from_the_dataset_and_from_sources(make_dataset: Callable[..., Dataset]) -> None:
    target, source = make_dataset(12, seed=1), as_source(make_dataset(12, seed=2))
    of_source = opaque_ids(source.images)[3]
    picture = picture_source(target, [source])
    found = picture(target.ids[4])
    assert found is not None
    assert (found == target.images.load(4)).all()
    found = picture(of_source)
    assert found is not None
    assert (found == source.images.load(3)).all()
    assert (picture(f"{of_source}~2") == found).all()
    assert picture("0" * 16) is None
    assert picture_source(target)(of_source) is None
    by_id, lacking = source_pictures(source, {of_source, "f" * 16})
    assert lacking == {"f" * 16}
    assert (by_id(of_source) == found).all()
