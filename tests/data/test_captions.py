"""Captioned photographs as a source: their table, their weak labels, and what is reported of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.source import Source
from benchmark.data.source_sheet import concept_sheet, ranked
from benchmark.data.store import FeatureStore

pytest.importorskip("HanTa")
pytest.importorskip("lemminflect")
pytest.importorskip("vaderSentiment")

from benchmark.data.captions import CaptionSettings, load, read_captions

FEW = CaptionSettings(support=2)
VSO = (
    "1. happy [sentiment: 1.00] [#images: 1]\n\thappy_dog [sentiment: 1.45] [#imgs: 2]\n"
    "2. empty [sentiment: -0.80] [#images: 1]\n\tempty_street [sentiment: -0.65] [#imgs: 2]\n"
)
CAPTIONS = [
    ("a.jpg", "A happy dog on a street"),
    ("b.jpg", "Two happy dogs, playing"),
    ("c.jpg", "An empty street next to a fire hydrant"),
    ("d.jpg", "an empty street at night"),
    ("e.jpg", "a red bus by a fire hydrant"),
    ("f.jpg", "two red buses"),
]
POSTS = [
    ("1.jpg", "I love this so much!! #great", "positive"),
    ("2.jpg", "@bob worst day ever, I hate it", "negative"),
    ("3.jpg", "the #table", "neutral"),
    ("4.jpg", "RT @al: terrible news http://t.co/x", "positive"),
]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of generated images with its table of captions."""

    def make(name: str, rows: Sequence[Sequence[str]], header: str = "image,text") -> Path:
        folder = tmp_path / name
        (folder / "images").mkdir(parents=True)
        rng = np.random.default_rng(sum(map(ord, folder.name)))
        lines = [header]
        for row in rows:
            path = folder / "images" / row[0]
            if not path.exists():
                Image.fromarray(draw_image(rng, True)).save(path, quality=95)
            lines.append(",".join(f'"{cell}"' for cell in row))
        (folder / "captions.csv").write_text("\n".join(lines), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "3244ANPs.txt").write_text(VSO)
    return tmp_path / "lists"


def label_of(source: Source) -> dict[str, int]:
    return dict(zip(source.names, source.labels.tolist(), strict=True))


def test_pairs_become_concepts_with_their_sentiment(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    source = load([write("coco", CAPTIONS)], store, lists, FEW)
    assert source.name == "coco"
    assert source.concepts == ("empty_street", "happy_dog", "red_bus")
    assert source.support == ("mined ANP",) * 3
    np.testing.assert_allclose(source.sentiment, [-0.65, 1.45, np.nan])
    shown = {
        name: [source.concepts[k] for k in np.flatnonzero(row)]
        for name, row in zip(source.names, source.positive, strict=True)
    }
    assert shown["coco/a.jpg"] == shown["coco/b.jpg"] == ["happy_dog"]
    assert shown["coco/e.jpg"] == ["red_bus"]
    assert source.judged.all()
    keys = source.images._keys.tolist()
    assert keys == sorted(keys)


def test_captions_are_labelled_by_their_pairs_and_posts_by_their_words(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    folders = [write("coco", CAPTIONS), write("mvsa", POSTS, "image,text,label")]
    source = load(folders, store, lists, FEW)
    assert source.name == "coco+mvsa"
    labels = label_of(source)
    assert [labels[f"coco/{name}.jpg"] for name in "abcdef"] == [1, 1, 0, 0, -1, -1]
    assert [labels[f"mvsa/{k}.jpg"] for k in (1, 2, 3, 4)] == [1, 0, -1, 0]
    assert any("agrees with people's on 66.7% of 3 images" in note for note in source.notes)
    told = dict(zip(source.names, source.true_labels.tolist(), strict=True))
    assert (told["mvsa/4.jpg"], told["mvsa/3.jpg"], told["coco/a.jpg"]) == (1, -1, -1)


def test_the_human_label_changes_nothing_that_is_learned(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    rows = [*CAPTIONS, *((name, text) for name, text, _ in POSTS)]
    told = [(name, text, "positive") for name, text in rows]
    denied = [(name, text, "negative") for name, text in rows]
    first = load([write("one/x", told, "image,text,label")], store, lists, FEW)
    second = load([write("two/x", denied, "image,text,label")], store, lists, FEW)
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.positive, second.positive)
    assert (first.true_labels == 1).all()
    assert (second.true_labels == 0).all()
    assert first.digest == second.digest


def test_several_captions_of_an_image_add_up_and_contradictions_leave_it_unknown(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    rows = [*CAPTIONS, ("a.jpg", "an empty street"), ("b.jpg", "a street with a happy dog")]
    source = load([write("coco", rows)], store, lists, FEW)
    assert len(source) == 6
    i = source.names.index("coco/a.jpg")
    assert source.positive[i].tolist() == [True, True, False]
    assert source.labels[i] == -1
    assert label_of(source)["coco/b.jpg"] == 1


def test_copies_are_joined_and_damaged_files_left_out(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    folder = write("coco", CAPTIONS)
    images = folder / "images"
    (images / "f.jpg").write_bytes((images / "a.jpg").read_bytes())
    (images / "e.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    source = load([folder], store, lists, FEW)
    assert set(source.names) == {f"coco/{name}.jpg" for name in "abcd"}
    assert any("1 damaged" in note and "coco/e.jpg" in note for note in source.notes)
    assert any("1 byte-identical" in note for note in source.notes)


def test_without_lists_vader_rates_the_pairs_and_a_note_says_so(
    write: Callable[..., Path], store: FeatureStore
) -> None:
    source = load([write("coco", CAPTIONS)], store, None, FEW)
    assert source.sentiment[source.concepts.index("happy_dog")] > 0
    assert any("VADER alone" in note and "--vso-lists" in note for note in source.notes)


def test_compounds_bear_no_sentiment(write: Callable[..., Path], store: FeatureStore, lists: Path) -> None:
    (lists / "3244ANPs.txt").write_text(VSO + "3. hot [sentiment: 1.00] [#images: 1]\n")
    source = load([write("coco", [("a.jpg", "a hot dog"), ("b.jpg", "two hot dogs")])], store, lists, FEW)
    assert source.concepts == ("hot_dog",)
    assert np.isnan(source.sentiment[0])
    assert source.labels.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "missing or empty"),
        ("picture,text\na.jpg,a dog", "no columns image and text"),
        ("image,text\na.jpg,a dog, a cat", "3 cells under 2 columns"),
        ("image,text,label\na.jpg,a dog,happy", "label 'happy' is unknown"),
        ("image,text\n,a dog", "names no image"),
        ("image,text\n../a.jpg,a dog", "names no image"),
    ],
)
def test_a_wrong_table_is_named_with_its_line(tmp_path: Path, table: str, told: str) -> None:
    (tmp_path / "captions.csv").write_text(table)
    with pytest.raises(DatasetError, match=told):
        read_captions(tmp_path)


def test_missing_images_are_named(write: Callable[..., Path], store: FeatureStore) -> None:
    folder = write("coco", CAPTIONS)
    (folder / "images" / "c.jpg").unlink()
    with pytest.raises(DatasetError, match=r"coco/c\.jpg: no such file"):
        load([folder], store, None, FEW)


def test_too_few_images_of_every_pair_is_an_error(write: Callable[..., Path], store: FeatureStore) -> None:
    with pytest.raises(DatasetError, match="no adjective-noun pair has 15 images among 6"):
        load([write("coco", CAPTIONS)], store)


def test_a_sheet_shows_the_concepts_in_order(
    write: Callable[..., Path], lists: Path, store: FeatureStore
) -> None:
    source = load([write("coco", [*CAPTIONS, ("g.jpg", "a red bus")])], store, lists, FEW)
    assert source.concepts[ranked(source, "frequent")[0]] == "red_bus"
    assert [source.concepts[k] for k in ranked(source, "negative")] == ["empty_street"]
    assert [source.concepts[k] for k in ranked(source, "positive")] == ["happy_dog"]
    few, all_three = concept_sheet(source, 1, 2), concept_sheet(source, 3, 2)
    assert all_three.height > few.height
    blank = np.asarray(few).reshape(-1, 3)
    assert len(np.unique(blank, axis=0)) > 100
    with pytest.raises(DatasetError, match="order 'best'"):
        concept_sheet(source, order="best")
