"""The plain script: features that are what they are called, and the whole of it on a few pictures."""

import argparse
import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.model_selection import cross_val_predict

from benchmark.speed import plain_script as script


@pytest.fixture(scope="module")
def picture():
    from benchmark.speed.inputs import photographs

    return photographs(1, 256, 256)[0]


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("global_histogram", 64),
        ("local_histogram", 1024),
        ("channel_histogram", 768),
        ("lbp", 59),
        ("gist", 512),
        ("lab_bands", 2352),
    ],
)
def test_features_have_the_usual_lengths(picture, name, length):
    found = getattr(script, name)(picture)
    assert found.shape == (length,)
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() > 0


@pytest.mark.parametrize(("name", "length"), [("sift", 128), ("hog", 36), ("self_similarity", 30)])
def test_local_descriptors_have_places_inside_the_picture(picture, name, length):
    rows, places = getattr(script, name)(picture)
    assert rows.shape[1] == length
    assert len(rows) == len(places) > 50
    assert places.min() >= 0
    assert places.max() <= 1


def test_histograms_are_of_unit_length(picture):
    assert np.linalg.norm(script.global_histogram(picture)) == pytest.approx(1)


def test_gist_answers_to_the_direction_of_stripes():
    wave = (127 + 100 * np.sin(np.arange(256) * 2 * np.pi * 0.2)).astype(np.uint8)
    upright = np.repeat(np.broadcast_to(wave, (256, 256))[..., None], 3, axis=2)
    across, down = (
        script.gist(image).reshape(4, 8, 16).sum(axis=(0, 2)) for image in (upright, upright.swapaxes(0, 1))
    )
    assert across.argmax() == 0
    assert down.argmax() == 4


def test_hog_counts_columns_first():
    image = np.zeros((256, 256, 3), dtype=np.uint8)
    image[100, 200:230] = 255  # an edge in the right half, above the middle
    rows, places = script.hog(image)
    x, y = places[rows.sum(axis=1).argmax()] * 256
    assert 195 < x < 235
    assert 90 < y < 110


def write_table(path, header, rows):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def test_the_script_scores_every_image_of_every_subset_once(write_images, tmp_path):
    paths, labels = write_images(30)
    rows = [
        [path, label, i % 2, 1, int(i < 24)]
        for i, (path, label) in enumerate(zip(paths, labels, strict=True))
    ]
    write_table(tmp_path / "images.csv", ["path", "label", "fold", "all", "some"], rows)
    arguments = ["images.csv", "-", "-", "out.csv", "--words", "8", "--jobs", "1", "--methods", "GCH,LCH+BoW"]
    subprocess.run(
        [sys.executable, str(Path(script.__file__)), *arguments], cwd=tmp_path, check=True, timeout=300
    )
    with (tmp_path / "out.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    for method in ("GCH", "LCH+BoW"):
        for subset, n in (("all", 30), ("some", 24)):
            scored = [row["path"] for row in found if (row["method"], row["subset"]) == (method, subset)]
            assert len(set(scored)) == len(scored) == n


@pytest.mark.parametrize("pyramid", [False, True])
def test_a_picture_without_keypoints_has_no_words(tmp_path, pyramid):
    paths = [str(tmp_path / "noise.png"), str(tmp_path / "plain.png")]
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    for path, picture in zip(paths, (noise, np.full_like(noise, 200)), strict=True):
        Image.fromarray(picture).save(path)
    some, none = script.Words(script.sift, 4, pyramid).fit(paths).transform(paths)
    assert some.any()
    assert not none.any()


@pytest.mark.parametrize("name", ["SentiBank", "Sentribute"])
def test_rows_with_a_bank_learn_it_and_tell_the_classes_apart(name, write_images, tmp_path, monkeypatch):
    # The slow features have tests of their own.
    monkeypatch.setattr(script, "gist", script.global_histogram)
    monkeypatch.setattr(script, "self_similarity", script.hog)
    paths, labels = write_images(24)
    concepts = [["cold", "warm"][label] + (";large" if i % 2 else "") for i, label in enumerate(labels)]
    write_table(tmp_path / "source.csv", ["path", "concepts"], zip(paths, concepts, strict=True))
    table = str(tmp_path / "source.csv")
    args = argparse.Namespace(anps=table, attributes=table, words=4, jobs=1)
    model = script.methods(args)[name]()
    images = np.array(list(map(str, paths)))
    found = cross_val_predict(model, images, labels, cv=3, method="decision_function")  # as the script does
    assert np.mean((found > 0) == labels) > 0.9


def test_the_script_needs_nothing_of_this_project():
    assert "import benchmark" not in Path(script.__file__).read_text()
    assert "from benchmark" not in Path(script.__file__).read_text()
    assert "baselines" not in Path(script.__file__).read_text()
