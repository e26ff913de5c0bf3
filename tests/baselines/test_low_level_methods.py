"""The registered methods, each as a whole."""

import shutil

import numpy as np
import pytest
from PIL import Image

from benchmark.data.imageset import ImageSet
from benchmark.method import extractors
from benchmark.registry import load_registry

NAMES = ("GCH", "LCH", "BoW", "GCH+BoW", "LCH+BoW")


def build(name):
    """The method, with few words so that the test is quick."""
    method = load_registry()[name].build()
    words = [key for key in method.get_params() if key.endswith("bagofwords__words")]
    return method.set_params(**dict.fromkeys(words, 15))


def test_they_are_registered_as_the_tables_need_them():
    known = load_registry()
    assert {name: known[name].family for name in NAMES} == dict.fromkeys(NAMES, "low-level")
    assert {name for name in NAMES if known[name].published == "Table 6"} == set(NAMES) - {"BoW"}
    assert known["Majority"].family == "reference"
    assert all(known[name].summary for name in (*NAMES, "Majority"))


def test_the_published_settings_are_the_defaults():
    known = load_registry()
    assert known["GCH"].build()["colorhistogram"].get_params() == {"bins": 4, "grid": 1}
    assert known["LCH"].build()["colorhistogram"].get_params() == {"bins": 4, "grid": 4}
    assert known["BoW"].build()["bagofwords"].get_params() == {"words": 1000, "random_state": None}


@pytest.mark.parametrize(
    ("name", "width"), [("GCH", 64), ("LCH", 1024), ("BoW", 15), ("GCH+BoW", 79), ("LCH+BoW", 1039)]
)
def test_features_have_the_published_length(make_dataset, name, width):
    images = make_dataset(10).images
    assert build(name)[:-1].fit_transform(images).shape == (10, width)


@pytest.mark.parametrize("name", NAMES)
def test_refitting_gives_the_same_bytes_with_and_without_the_store(make_dataset, name):
    dataset = make_dataset(30)
    scores = []
    for _ in range(2):
        fitted = build(name).fit(dataset.images[:20], dataset.labels[:20])
        scores.append(fitted.predict_proba(dataset.images[20:]).tobytes())
        shutil.rmtree(dataset.images._store.root)
        dataset.images._store.__init__(dataset.images._store.root)
    assert scores[0] == scores[1]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "BoW"])
def test_they_learn_labels_that_colour_carries(make_dataset, name):
    dataset = make_dataset(60)
    fitted = build(name).fit(dataset.images[:40], dataset.labels[:40])
    assert np.mean(fitted.predict(dataset.images[40:]) == dataset.labels[40:]) > 0.85


@pytest.mark.parametrize("name", NAMES)
def test_the_features_that_they_name_are_all_they_read(make_dataset, name):
    dataset = make_dataset(20)
    for extractor in extractors(build(name)):
        dataset.images.prepare(extractor)
    for folder in dataset.images._store.root.glob("Pixels-*"):
        shutil.rmtree(folder)
    dataset.images._store.__init__(dataset.images._store.root)
    sealed = dataset.images.sealed()
    assert build(name).fit(sealed, dataset.labels).predict_proba(sealed).shape == (20, 2)


@pytest.mark.parametrize("name", NAMES)
def test_odd_images_are_scored(make_dataset, store, tmp_path, name):
    dataset = make_dataset(30)
    odd = {"flat": (60, 60), "column": (1, 90), "row": (90, 1), "dot": (1, 1)}
    for key, size in odd.items():
        Image.new("RGB", size, (200, 30, 30)).save(tmp_path / f"{key}.png")
    images = ImageSet(list(odd), store, paths=[tmp_path / f"{key}.png" for key in odd])
    p = build(name).fit(dataset.images, dataset.labels).predict_proba(images)
    assert p.shape == (4, 2)
    assert np.all(np.isfinite(p) & (p >= 0) & (p <= 1))
    assert np.allclose(p, p[0])  # all four are one colour
