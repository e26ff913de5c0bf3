"""A user's own images, in folders or listed in a table."""

from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image, write_photos
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.folder import dataset_name, list_images, load
from benchmark.data.store import FeatureStore


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_image(np.random.default_rng(seed), True)).save(path)


def table(folder: Path, text: str, name: str = "labels.csv", images: int = 4) -> Path:
    folder.mkdir(exist_ok=True)
    for i in range(images):
        draw(folder / f"{i}.png", i)
    (folder / name).write_text(text)
    return folder / name


def test_two_folders(tmp_path: Path, store: FeatureStore) -> None:
    root = write_photos(tmp_path / "My Photos (2024)", 10)
    (root / "positive" / ".DS_Store").write_bytes(b"x")
    (root / "positive" / "notes.txt").write_text("mine")
    draw(root / "negative" / "more" / "deep.JPG", 99)
    dataset = load(root, store)
    assert dataset.name == "my-photos-2024"
    assert len(dataset) == 11
    assert dataset.votes is None
    assert list(dataset.subsets) == ["all"]
    assert all(dataset.labels[i] == int(name.startswith("positive/")) for i, name in enumerate(dataset.names))
    assert "negative/more/deep.JPG" in dataset.names
    assert len(dataset.notes) == 1
    assert "positive/notes.txt" in dataset.notes[0]
    assert not dataset.published


def test_a_table_with_labels_alone(tmp_path: Path, store: FeatureStore) -> None:
    path = table(tmp_path / "set", "image,label\n0.png,1\n1.png,Negative\n2.png,positive\n3.png,0\n")
    for place in (path, path.parent):
        dataset = load(place, store)
        assert dataset.name == "set"
        assert {n: int(y) for n, y in zip(dataset.names, dataset.labels, strict=True)} == {
            "0.png": 1,
            "1.png": 0,
            "2.png": 1,
            "3.png": 0,
        }


def test_five_votes_each_make_the_nested_subsets(tmp_path: Path, store: FeatureStore) -> None:
    lines = "0.png,1,5,0\n1.png,0,1,4\n2.png,1,3,2\n3.png,0,0,5\n"
    path = table(tmp_path / "set", f"image,label,votes_positive,votes_negative\n{lines}")
    dataset = load(path, store)
    sizes = {name: int(mask.sum()) for name, mask in dataset.subsets.items()}
    assert sizes == {"five": 2, "four": 3, "three": 4}
    assert dataset.votes is not None
    assert dataset.votes[dataset.names.index("1.png")].tolist() == [4, 1]


def test_other_numbers_of_votes_make_one_subset_and_keep_the_votes(
    tmp_path: Path, store: FeatureStore
) -> None:
    path = table(
        tmp_path / "set", "image,label,votes_negative,votes_positive\n0.png,1,0,3\n1.png,0,2,2\n2.png,0,3,0\n"
    )
    dataset = load(path, store)
    assert list(dataset.subsets) == ["all"]
    assert dataset.votes is not None
    assert dataset.votes[dataset.names.index("0.png")].tolist() == [0, 3]


def test_groups_of_the_table_hold_images_together(tmp_path: Path, store: FeatureStore) -> None:
    path = table(tmp_path / "set", "image,label,group\n0.png,1,film\n1.png,0,\n2.png,1,film\n3.png,0,\n")
    dataset = load(path, store)
    group = dict(zip(dataset.names, dataset.images.groups.tolist(), strict=True))
    assert group["0.png"] == group["2.png"]
    assert len(set(group.values())) == 3, "an empty cell is no group"


def test_columns_in_any_order_with_windows_line_ends_and_semicolons(
    tmp_path: Path, store: FeatureStore
) -> None:
    path = table(tmp_path / "set", "")
    path.write_bytes(b'\xef\xbb\xbfLabel;comment;Image\r\n1;nice;0.png\r\n0;"grim; dark";1.png\r\n')
    dataset = load(path, store)
    assert dict(zip(dataset.names, dataset.labels.tolist(), strict=True)) == {"0.png": 1, "1.png": 0}


def test_images_in_a_folder_beside_the_table_and_by_their_full_path(
    tmp_path: Path, store: FeatureStore
) -> None:
    elsewhere = tmp_path / "elsewhere" / "x.png"
    draw(elsewhere, 7)
    draw(tmp_path / "set" / "images" / "y.png", 8)
    (tmp_path / "set" / "mine.csv").write_text(f"image,label\n{elsewhere},1\ny.png,0\n")
    dataset = load(tmp_path / "set" / "mine.csv", store)
    assert dataset.name == "mine"
    assert set(dataset.names) == {str(elsewhere), "y.png"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the table is empty"),
        ("image,label\n", "names columns and no image"),
        ("image,mood\n0.png,1\n", r"line 1: no column label among image, mood"),
        ("0.png,1\n", r"line 1: no column image and label"),
        ("image,label\n0.png,1\n1.png,happy\n", r"line 3: label 'happy' is unknown"),
        ("image,label\n0.png,1\n,0\n", r"line 3: no image is named"),
        ("image,label\n0.png,1\n./0.png,0\n", r"line 3: \./0\.png was listed in line 2 already"),
        ("image,label,votes_positive\n0.png,1,5\n", "one column of votes without the other"),
        (
            "image,label,votes_positive,votes_negative\n0.png,1,2,3\n",
            r"line 2: label 1 against 2 positive and 3",
        ),
        (
            "image,label,votes_positive,votes_negative\n0.png,1,five,0\n",
            r"line 2: votes_positive 'five' is not",
        ),
        ("image,label,votes_positive,votes_negative\n0.png,1,0,0\n", r"line 2: no votes at all"),
        ("image,label\n0.png,1\n1.png,1\n", r"no negative image among 2"),
    ],
)
def test_a_fault_of_a_table_is_named(tmp_path: Path, store: FeatureStore, text: str, told: str) -> None:
    path = table(tmp_path / "set", text)
    with pytest.raises(DatasetError, match=told) as caught:
        load(path, store)
    assert str(path) in str(caught.value)


def test_every_missing_image_of_a_table_is_named(tmp_path: Path, store: FeatureStore) -> None:
    path = table(tmp_path / "set", "image,label\n0.png,1\ngone.png,0\nlost.png,0\n")
    with pytest.raises(DatasetError, match=r"2 of 3(.|\n)*gone\.png(.|\n)*lost\.png"):
        load(path, store)


def test_a_folder_without_a_known_layout(tmp_path: Path) -> None:
    (tmp_path / "happy").mkdir()
    (tmp_path / "positive").mkdir()
    with pytest.raises(
        DatasetError, match=r"not a layout of labelled images \(found: happy, positive\); put"
    ):
        list_images(tmp_path)


def test_two_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "negative").mkdir()
    (tmp_path / "positive").mkdir()
    with pytest.raises(DatasetError, match="hold no image"):
        list_images(tmp_path)


def test_several_tables_are_not_guessed_among(tmp_path: Path, store: FeatureStore) -> None:
    table(tmp_path / "set", "image,label\n0.png,1\n1.png,0\n", "a.csv")
    table(tmp_path / "set", "image,label\n0.png,0\n1.png,1\n", "b.csv")
    (tmp_path / "set" / "c.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DatasetError, match=r"several tables of labels \(a\.csv, b\.csv\)"):
        load(tmp_path / "set", store)
    assert len(load(tmp_path / "set" / "b.csv", store)) == 2


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Urlaub & Meer", "urlaub-meer"),
        ("twitter", "twitter-folder"),
        ("Synthetic", "synthetic-folder"),
        ("###", "images"),
    ],
)
def test_a_name_is_safe_and_not_that_of_another_dataset(tmp_path: Path, folder: str, name: str) -> None:
    (tmp_path / folder).mkdir()
    assert dataset_name(tmp_path / folder) == name
