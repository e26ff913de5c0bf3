"""The Twitter set in every layout that people hold: the same votes from each, and faults named by line."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.store import FeatureStore
from benchmark.data.twitter import TABLE4, differences_from_table4, load, manifest, overlaps, recognise
from benchmark.data.twitter_labels import label_files, read_votes

VOTES = {
    "a.jpg": (0, 5),
    "b.jpg": (5, 0),
    "c.jpg": (1, 4),
    "d.jpg": (4, 1),
    "e.jpg": (2, 3),
    "f g.jpg": (3, 2),
}
"""Votes for negative and for positive; one name has a space in it."""


def nested(votes: Mapping[str, tuple[int, int]], line: Callable[[str, int], str]) -> list[str]:
    """Texts of the lists for five, four and three votes that agree."""
    texts = []
    for least in (5, 4, 3):
        chosen = [(name, pair) for name, pair in votes.items() if max(pair) >= least]
        texts.append("".join(line(name, int(pair[1] > pair[0])) for name, pair in chosen))
    return texts


def published(folder: Path) -> None:
    texts = nested(VOTES, lambda name, label: f"{name} {label}\n")
    for word, text in zip(("five", "four", "three"), texts, strict=True):
        (folder / f"twitter_{word}_agrees.txt").write_text(text)


def ground_truth(folder: Path) -> None:
    (folder / "ground_truth").mkdir()
    published(folder / "ground_truth")


def short_names(folder: Path) -> None:
    texts = nested(VOTES, lambda name, label: f"/home/somebody/twitter/{name}  {label}  \r\n")
    for word, text in zip(("five", "four", "three"), texts, strict=True):
        (folder / f"{word}_agree.txt").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")


def tables(folder: Path) -> None:
    texts = nested(VOTES, lambda name, label: f"images\\{name}, {'positive' if label else 'Negative'}\r\n")
    for digit, text in zip((5, 4, 3), texts, strict=True):
        (folder / f"{digit}agree.csv").write_bytes(b"\xef\xbb\xbfpath,class\r\n" + text.encode())


def tables_without_header(folder: Path) -> None:
    texts = nested(VOTES, lambda name, label: f"{name};{label}\n")
    for digit, text in zip((5, 4, 3), texts, strict=True):
        (folder / f"{digit}agree.csv").write_text(text)


def vote_table(folder: Path) -> None:
    lines = [f"{name},5,{pair[0]},{pair[1]}" for name, pair in VOTES.items()]
    (folder / "amt_result.csv").write_text("\n".join(["image,num_votes,negative,positive", *lines]))


def vote_table_without_header(folder: Path) -> None:
    lines = [f"{name}, 5.0, {pair[0]}, {pair[1]}" for name, pair in VOTES.items()]
    (folder / "amt_result.csv").write_text("\n".join(lines) + "\n\n")


LAYOUTS = (
    published,
    ground_truth,
    short_names,
    tables,
    tables_without_header,
    vote_table,
    vote_table_without_header,
)


def draw(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for i, name in enumerate(VOTES):
        Image.fromarray(draw_image(np.random.default_rng(i), bool(i % 2))).save(folder / name)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_votes(tmp_path: Path, layout: Callable[[Path], None]) -> None:
    assert not recognise(tmp_path)
    layout(tmp_path)
    assert recognise(tmp_path)
    assert read_votes(tmp_path) == VOTES


@pytest.mark.parametrize("place", ["images", "Agg_AMT_Candidates", "."])
@pytest.mark.parametrize("layout", [published, ground_truth])
def test_images_are_found_in_their_folder_or_beside_the_labels(
    tmp_path: Path, store: FeatureStore, place: str, layout: Callable[[Path], None]
) -> None:
    layout(tmp_path)
    draw(tmp_path / place)
    dataset = load(tmp_path, store)
    assert set(dataset.names) == set(VOTES)


def test_a_dataset_keeps_names_labels_votes_and_subsets_together(tmp_path: Path, store: FeatureStore) -> None:
    published(tmp_path)
    draw(tmp_path / "images")
    dataset = load(tmp_path, store)
    assert dataset.name == "twitter"
    assert dataset.root == tmp_path
    assert list(dataset.subsets) == ["five", "four", "three"]
    assert dataset.votes is not None
    for i, name in enumerate(dataset.names):
        assert tuple(dataset.votes[i]) == VOTES[name]
        assert dataset.labels[i] == int(VOTES[name][1] >= 3)
        assert dataset.subsets["five"][i] == (max(VOTES[name]) == 5)
        assert dataset.subsets["four"][i] == (max(VOTES[name]) >= 4)
    assert dataset.subsets["three"].all()
    pixels = Image.open(tmp_path / "images" / dataset.names[0]).convert("RGB")
    assert abs(dataset.images.load(0).mean() - np.asarray(pixels)[:, 8:88].mean()) < 4


def test_a_set_with_other_counts_is_not_the_published_one_and_says_so(
    tmp_path: Path, store: FeatureStore
) -> None:
    published(tmp_path)
    draw(tmp_path / "images")
    dataset = load(tmp_path, store)
    assert not dataset.published
    assert len(dataset.notes) == 3
    assert "five agree holds 1/1" in dataset.notes[0]
    assert "581/301" in dataset.notes[0]


def test_table_4_is_compared_subset_by_subset() -> None:
    labels = np.array([1] * 769 + [0] * 500)
    masks = {}
    for subset, (positive, negative) in TABLE4.items():
        masks[subset] = np.zeros(1269, dtype=bool)
        masks[subset][:positive] = masks[subset][769 : 769 + negative] = True
    assert differences_from_table4(labels, masks) == []
    masks["four"][0] = False
    (told,) = differences_from_table4(labels, masks)
    assert "four agree holds 688/427" in told


def test_the_manifest_holds_table_4() -> None:
    images = manifest()
    assert len(images) == len({image.name for image in images}) == 1269
    assert all(len(image.sha256) == 64 and image.negative + image.positive == 5 for image in images)
    labels = np.array([int(image.positive > image.negative) for image in images])
    most = np.array([max(image.positive, image.negative) for image in images])
    assert differences_from_table4(labels, {"five": most == 5, "four": most >= 4, "three": most >= 3}) == []


def test_known_overlaps_are_of_published_images_with_equal_labels() -> None:
    label = {image.name: image.positive > image.negative for image in manifest()}
    assert len(overlaps()) == 8
    assert all(label[first] == label[second] for first, second in overlaps())


def test_images_that_are_known_to_overlap_share_a_group(tmp_path: Path, store: FeatureStore) -> None:
    first, second = overlaps()[0]
    names = [first, second, "other.jpg"]
    (tmp_path / "images").mkdir()
    for i, name in enumerate(names):
        Image.fromarray(draw_image(np.random.default_rng(i), bool(i % 2))).save(tmp_path / "images" / name)
    for word in ("five", "four", "three"):
        text = "".join(f"{name} {i % 2}\n" for i, name in enumerate(names))
        (tmp_path / f"twitter_{word}_agrees.txt").write_text(text)
    dataset = load(tmp_path, store)
    group = dict(zip(dataset.names, dataset.images.groups.tolist(), strict=True))
    assert group[first] == group[second] != group["other.jpg"]


def test_missing_and_damaged_images_are_named_with_the_way_to_get_them(
    tmp_path: Path, store: FeatureStore
) -> None:
    published(tmp_path)
    draw(tmp_path / "images")
    (tmp_path / "images" / "a.jpg").unlink()
    with pytest.raises(DatasetError, match=r"a\.jpg: no such file(.|\n)*data fetch twitter"):
        load(tmp_path, store)
    (tmp_path / "images" / "a.jpg").write_bytes(b"GIF89a")
    with pytest.raises(DatasetError, match=r"a\.jpg: (.|\n)*data fetch twitter"):
        load(tmp_path, store)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("five", "a.jpg 1", "a.jpg 2", r"twitter_five_agrees\.txt, line 1: label '2' is unknown; use 1 or"),
        ("five", "a.jpg 1", "a.jpg", r"five_agrees\.txt, line 1: label '' is unknown"),
        (
            "four",
            "a.jpg 1",
            "a.jpg 0",
            r"four_agrees\.txt, line 1: a\.jpg is negative here, positive in .*three",
        ),
        (
            "five",
            "b.jpg 0",
            "b.jpg 1",
            r"five_agrees\.txt, line 2: b\.jpg is positive here, negative in .*three",
        ),
        ("four", "c.jpg 1", "a.jpg 1", r"four_agrees\.txt, line 3: a\.jpg was labelled in line 1 already"),
        ("three", "c.jpg 1\n", "", r"four_agrees\.txt, line 3: c\.jpg is not in twitter_three_agrees\.txt"),
        ("four", "a.jpg 1\n", "", r"five_agrees\.txt, line 1: a\.jpg is not in twitter_four_agrees\.txt"),
        ("three", "a.jpg 1", "../a.jpg 1", r"three_agrees\.txt, line 1: the image name '\.\./a\.jpg' leaves"),
        ("three", "a.jpg 1", "images/ 1", r"three_agrees\.txt, line 1: no image name in 'images/'"),
    ],
)
def test_a_fault_of_the_lists_is_named_by_file_line_and_value(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    published(tmp_path)
    edit(tmp_path / f"twitter_{file}_agrees.txt", old, new)
    with pytest.raises(DatasetError, match=told):
        read_votes(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a.jpg,5,0,5", "a.jpg,5,1,5", "line 2: 1 negative and 5 positive of 5 votes"),
        ("a.jpg,5,0,5", "a.jpg,3,0,3", "line 2: 0 negative and 3 positive of 3 votes; each image has 5"),
        ("a.jpg,5,0,5", "a.jpg,5,none,5", "line 2: negative votes 'none' is not a whole number"),
        ("a.jpg,5,0,5", "a.jpg,5,0", "line 2: positive votes '' is not a whole number"),
        ("a.jpg,5,0,5", "a.jpg,5,-1,6", "line 2: negative votes '-1' is not a whole number"),
        ("b.jpg", "a.jpg", r"line 3: a\.jpg was labelled in line 2 already"),
    ],
)
def test_a_fault_of_the_vote_table_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    vote_table(tmp_path)
    edit(tmp_path / "amt_result.csv", old, new)
    with pytest.raises(DatasetError, match=r"amt_result\.csv, " + told):
        read_votes(tmp_path)


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "twitter_four_agrees.txt").unlink()
    assert recognise(tmp_path)
    with pytest.raises(
        DatasetError, match=r"twitter_four_agrees\.txt missing beside twitter_five_agrees\.txt"
    ):
        read_votes(tmp_path)


def test_a_complete_layout_goes_before_one_that_lacks_a_file(tmp_path: Path) -> None:
    (tmp_path / "twitter_five_agrees.txt").write_text("x.jpg 1\n")
    tables(tmp_path)
    assert [path.name for path in label_files(tmp_path)] == ["5agree.csv", "4agree.csv", "3agree.csv"]
    assert read_votes(tmp_path) == VOTES


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "twitter_three_agrees.txt").write_bytes(b"caf\xe9.jpg 1\n")
    with pytest.raises(DatasetError, match=r"three_agrees\.txt: not UTF-8 text \(byte 3 is 0xe9\)"):
        read_votes(tmp_path)


def test_no_label_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no label files of the Twitter set"):
        read_votes(tmp_path)


@pytest.mark.real
def test_the_published_files_give_the_manifest(real_data: Path) -> None:
    votes = read_votes(real_data / "twitter")
    assert votes == {image.name: (image.negative, image.positive) for image in manifest()}
