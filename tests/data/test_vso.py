"""The released SentiBank layout: word lists, folders of pairs, partition files."""

from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.store import FeatureStore
from benchmark.data.vso import VsoSettings, find_images, load
from benchmark.data.vso_lists import find_ontology, read_names, read_ontology

pytest.importorskip("lemminflect")

PREAMBLE = "The sentiment value of each ANP is created by merging values.\n\n"
LISTS = (
    "1. happy [sentiment: 1.00] [#images: 18,487,527]\n"
    "\thappy_dog [sentiment: 1.45] [#imgs: 2,380]\n"
    "\thappy_girls [sentiment: 1.67] [#imgs: 1,110,000]\n"
    "2. sad [sentiment: -0.92] [#images: 10]\n"
    "\tsad_dog [sentiment: -1.47] [#imgs: 182]"
)
FEW = VsoSettings(fewest=1)


def write_lists(folder: Path, text: str = PREAMBLE + LISTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "3244ANPs.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Three pairs with 4, 3 and 2 images; one image lies under two pairs."""
    root = tmp_path / "SentiBank" / "Flickr" / "bi_concepts1553"
    rng = np.random.default_rng(5)
    for anp, n in (("happy_dog", 4), ("sad_dog", 3), ("red_bus", 2)):
        (root / anp).mkdir(parents=True)
        for i in range(n):
            picture = Image.fromarray(draw_image(rng, anp == "happy_dog"))
            picture.save(root / anp / f"{anp[0]}{i}.jpg", quality=95)
    (root / "red_bus" / "copy.jpg").write_bytes((root / "happy_dog" / "h0.jpg").read_bytes())
    (root / "sad_dog" / "Thumbs.db").write_bytes(b"not an image")
    write_lists(tmp_path / "SentiBank" / "VSO")
    return tmp_path / "SentiBank"


@pytest.mark.parametrize("text", [PREAMBLE + LISTS, LISTS, LISTS.replace("\n", "\r\n"), "\ufeff" + LISTS])
def test_the_list_is_read_with_and_without_its_preamble(tmp_path: Path, text: str) -> None:
    folder = write_lists(tmp_path / "vso", text)
    ontology = read_ontology(find_ontology(folder))
    assert ontology.pairs == {"happy_dog": 1.45, "happy_girls": 1.67, "sad_dog": -1.47}
    assert ontology.adjectives == {"happy": 1.0, "sad": -0.92}
    assert ontology.images["happy_girls"] == 1_110_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing here", "no line reads"),
        (LISTS + "\nsomething else", "line 6: neither an adjective nor a pair"),
        (LISTS + "\n\tsad_dog [sentiment: 1.00] [#imgs: 1]", "sad_dog came before"),
        (LISTS + "\n\tsad_cat [sentiment: 7.00] [#imgs: 1]", "not in -2 to 2"),
    ],
)
def test_a_damaged_list_is_named_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DatasetError, match=told):
        read_ontology(write_lists(tmp_path, text) / "3244ANPs.txt")


def test_missing_lists_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="--vso-lists"):
        find_ontology(tmp_path)


def test_names_keep_their_order_and_come_once(tmp_path: Path) -> None:
    path = tmp_path / "1200ANPsv1.1.txt"
    path.write_text("misty_woods\ncloudy_moon\n\n")
    assert read_names(path) == ("misty_woods", "cloudy_moon")
    path.write_text("misty_woods\ncloudy_moon\nmisty_woods\n")
    with pytest.raises(DatasetError, match=r"line 3: misty_woods was in line 1"):
        read_names(path)


def test_a_folder_is_a_pair_and_its_sentiment_labels_the_images(release: Path, store: FeatureStore) -> None:
    source = load(release, store, settings=FEW)
    assert source.concepts == ("happy_dog", "red_bus", "sad_dog")
    assert source.support == ("query",) * 3
    np.testing.assert_array_equal(source.positive.sum(axis=0), [4, 3, 3])
    assert source.judged.all()
    np.testing.assert_allclose(source.sentiment[[0, 2]], [1.45, -1.47])
    assert np.isnan(source.sentiment[1])
    by_name = dict(zip(source.names, source.labels, strict=True))
    assert by_name["sad_dog/s1.jpg"] == 0
    assert by_name["happy_dog/h1.jpg"] == 1
    assert by_name["red_bus/r0.jpg"] == -1


def test_an_image_under_two_pairs_is_one_image_of_both(release: Path, store: FeatureStore) -> None:
    source = load(release, store, settings=FEW)
    assert len(source) == 9
    twice = np.flatnonzero(source.positive.sum(axis=1) == 2)
    assert [source.names[i] for i in twice] == ["happy_dog/h0.jpg"]
    assert source.labels[twice[0]] == 1
    assert any("1 byte-identical copies" in note for note in source.notes)


def test_images_are_in_the_order_of_their_bytes(release: Path, store: FeatureStore) -> None:
    source = load(release, store, settings=FEW)
    keys = source.images._keys.tolist()
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_what_many_pairs_share_is_no_photograph(
    release: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmark.data.vso.PLACEHOLDER", 1)
    source = load(release, store, settings=FEW)
    assert "happy_dog/h0.jpg" not in source.names
    assert any("happy_dog/h0.jpg" in note for note in source.notes)


def test_limits_on_images_of_a_pair(release: Path, store: FeatureStore) -> None:
    source = load(release, store, settings=VsoSettings(most=2, fewest=2))
    assert (source.positive.sum(axis=0) <= 2).all()
    assert load(release, store, settings=VsoSettings(fewest=4)).concepts == ("happy_dog",)
    with pytest.raises(DatasetError, match="no pair has 9 images"):
        load(release, store, settings=VsoSettings(fewest=9))


def test_without_lists_vader_rates_the_pairs(release: Path, store: FeatureStore) -> None:
    pytest.importorskip("vaderSentiment")
    (release / "VSO" / "3244ANPs.txt").unlink()
    source = load(release, store, settings=FEW)
    assert source.sentiment[0] > 0 > source.sentiment[2]
    assert any("VADER alone" in note and "--vso-lists" in note for note in source.notes)


def test_damaged_photographs_are_left_out_and_named(release: Path, store: FeatureStore) -> None:
    (find_images(release) / "sad_dog" / "s0.jpg").write_bytes(b"\xff\xd8\xff cut off")
    source = load(release, store, settings=FEW)
    assert "sad_dog/s0.jpg" not in source.names
    assert any("1 damaged" in note and "sad_dog/s0.jpg" in note for note in source.notes)


def test_a_list_of_images_is_a_partition(release: Path, store: FeatureStore, tmp_path: Path) -> None:
    part = tmp_path / "train.txt"
    part.write_text("happy_dog/h1.jpg\nhappy_dog/h2.jpg 1\nbi_concepts1553/sad_dog/s2.jpg\n")
    source = load(release, store, partition=part, settings=FEW)
    assert set(source.names) == {"happy_dog/h1.jpg", "happy_dog/h2.jpg", "sad_dog/s2.jpg"}


def test_a_pair_with_a_partition_file_is_judged_on_its_images(
    release: Path, store: FeatureStore, tmp_path: Path
) -> None:
    parts = tmp_path / "partition"
    parts.mkdir()
    (parts / "happy_dog_train.txt").write_text("h1.jpg\nhappy_dog/h2.jpg\nsad_dog/s0.jpg -1\n")
    source = load(release, store, partition=parts, settings=FEW)
    k = source.concepts.index("happy_dog")
    judged = {source.names[i]: bool(source.positive[i, k]) for i in np.flatnonzero(source.judged[:, k])}
    assert judged == {"happy_dog/h1.jpg": True, "happy_dog/h2.jpg": True, "sad_dog/s0.jpg": False}
    assert source.judged[:, source.concepts.index("sad_dog")].all()


@pytest.mark.parametrize(
    ("line", "told"),
    [("cute_cat/c0.jpg", "in no folder of a pair"), ("happy_dog/h1.jpg 2", "label '2' is unknown")],
)
def test_a_wrong_line_of_a_partition_is_named(
    release: Path, store: FeatureStore, tmp_path: Path, line: str, told: str
) -> None:
    part = tmp_path / "train.txt"
    part.write_text(f"happy_dog/h1.jpg 1\n{line}\n")
    with pytest.raises(DatasetError, match=rf"line 2: .*{told}"):
        load(release, store, partition=part, settings=FEW)


def test_another_folder_is_refused(tmp_path: Path, store: FeatureStore) -> None:
    with pytest.raises(DatasetError, match="no folders named adjective_noun"):
        load(tmp_path, store)


@pytest.mark.real
def test_the_released_lists_are_read(real_data: Path) -> None:
    ontology = read_ontology(find_ontology(real_data / "vso"))
    assert (len(ontology.pairs), len(ontology.adjectives)) == (3244, 269)
    assert ontology.pairs["beautiful_flower"] == 1.77
    names = read_names(real_data / "vso" / "1200ANPsv1.1.txt")
    assert len(names) == 1200
    assert names[0] == "cloudy_moon"
