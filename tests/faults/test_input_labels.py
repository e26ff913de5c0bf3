"""Label files, captions and word lists, damaged in the ways that editors, spreadsheets and people do it."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from bad_input import Tally, at_most, damaged_text, is_full, tried
from PIL import Image

from benchmark.data import folder as own
from benchmark.data.captions import Caption, read_captions
from benchmark.data.dataset import Dataset, DatasetError, vote_subsets
from benchmark.data.duplicates import hash_files
from benchmark.data.imageset import ImageSet
from benchmark.data.labels import locate
from benchmark.data.store import FeatureStore
from benchmark.data.twitter_labels import LAYOUTS, VOTE_TABLE, read_votes
from benchmark.data.vso_lists import Ontology, read_names, read_ontology
from benchmark.data.vso_partition import Partition, read_partition
from benchmark.protocol.folds import campos_folds

NAMES = ("a.png", "b.png", "c d.png", "für.png", "e.png", "f.png")
TABLE = "image,label,votes_positive,votes_negative,group\n" + "".join(
    f"{name},{i % 2},{4 * (i % 2) + 1 - i % 2},{1 + 3 * (1 - i % 2)},g{i // 2}\n"
    for i, name in enumerate(NAMES)
)
LIST = "".join(f"{name} {i % 2}\n" for i, name in enumerate(NAMES))
VOTES = "name,votes,negative,positive\n" + "".join(
    f"{name},5,{5 * (1 - i % 2)},{5 * (i % 2)}\n" for i, name in enumerate(NAMES)
)
CAPTIONS = "image,text,label\n" + "".join(
    f'{name},"a happy dog, {i} ""times""",{("positive", "negative", "neutral", "")[i % 4]}\n'
    for i, name in enumerate(NAMES)
)
ONTOLOGY = (
    "1. happy [sentiment: 1.00] [#images: 12]\n\thappy_dog [sentiment: 1.45] [#imgs: 1,200]\n"
    "\thappy_day [sentiment: 1.20] [#imgs: 77]\n2. empty [sentiment: -0.80] [#images: 5]\n"
    "\tempty_street [sentiment: -0.65] [#imgs: 20]\n"
)
CONCEPTS = "happy_dog\nempty_street\nsad_song\n"
PARTITION = "happy_dog/1.jpg 1\nhappy_dog/2.jpg 1\nempty_street/1.jpg -1\nempty_street/ü.jpg 0\n"
ANPS = ("happy_dog", "empty_street")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of the six images that the tables name."""
    for i, name in enumerate(NAMES):
        Image.fromarray(np.full((8, 8, 3), 20 * i, dtype=np.uint8)).save(tmp_path / name)
    return tmp_path


def times(request: pytest.FixtureRequest, quick: int = 36, whole: int = 400) -> range:
    return range(whole if is_full(request) else quick)


def look(table: Path, paths: Sequence[Path], names: Sequence[str]) -> None:
    """Look for the images, as every reader does next; missing ones are named by their own names."""
    try:
        hash_files(paths, names)
    except DatasetError as error:
        raise DatasetError(f"{table.name}: {error}") from error


def read_table(path: Path) -> own.Listing:
    """As ``--data FILE.csv`` does, up to where images are decoded."""
    listing = own.list_images(path)
    look(path, listing.paths, listing.names)
    return listing


def sound_table(listing: own.Listing) -> None:
    given = dict(zip(NAMES, (i % 2 for i in range(6)), strict=True))
    for name, label in zip(listing.names, listing.labels, strict=True):
        assert given[Path(name).name] == label, f"{name} became {label}"
    if listing.votes is not None:
        assert ((listing.votes >= 0) & (listing.votes <= 5)).all()


def test_tables_of_labels(images: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    for case in times(request):
        tried(tally, "labels.csv", images / "labels.csv", damaged_text(TABLE, case), read_table, sound_table)


def test_nested_lists(images: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def read(path: Path) -> dict[str, tuple[int, int]]:
        votes = read_votes(path.parent)
        look(path, locate(list(votes), [images]), list(votes))
        return votes

    def sound(votes: dict[str, tuple[int, int]]) -> None:
        for name, (negative, positive) in votes.items():
            assert negative + positive == 5
            assert name not in NAMES or (positive > negative) == NAMES.index(name) % 2

    for case in times(request):
        for name in LAYOUTS[0]:
            (images / name).write_text(LIST)
        name = LAYOUTS[0][case % 3]
        try:
            tried(tally, "twitter *.txt", images / name, damaged_text(LIST, case, " "), read, sound)
        except AssertionError as error:
            # A file that lost a line makes another of the three wrong: then that one is named.
            if "does not name" not in str(error) or not any(other in str(error) for other in LAYOUTS[0]):
                raise


def test_tables_of_votes(images: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def sound(votes: dict[str, tuple[int, int]]) -> None:
        for name, found in votes.items():
            assert sum(found) == 5
            assert name not in NAMES or found[1] == 5 * (NAMES.index(name) % 2)

    for case in times(request):
        data = damaged_text(VOTES, case, ",")
        tried(tally, "votes csv", images / VOTE_TABLE, data, lambda path: read_votes(path.parent), sound)


def test_captions(images: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def read(path: Path) -> list[Caption]:
        found = read_captions(path.parent)
        look(path, [item.path for item in found], [item.name for item in found])
        return found

    def sound(found: list[Caption]) -> None:
        for item in found:
            assert item.path.parent == images
            assert item.label == (1, 0, -1, -1)[NAMES.index(item.path.name) % 4] or item.label == -1

    for case in times(request):
        tried(tally, "captions.csv", images / "captions.csv", damaged_text(CAPTIONS, case), read, sound)


def test_ontologies(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def sound(found: Ontology) -> None:
        assert all(-2 <= value <= 2 for value in found.pairs.values())
        assert all(-1 <= value <= 1 for value in found.adjectives.values())
        assert set(found.images) == set(found.pairs)

    for case in times(request):
        data = damaged_text(ONTOLOGY, case, " ")
        tried(tally, "3244ANPs.txt", tmp_path / "3244ANPs.txt", data, read_ontology, sound)


def test_lists_of_concepts(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def sound(found: tuple[str, ...]) -> None:
        assert len(set(found)) == len(found) > 0

    for case in times(request, 24, 200):
        data = damaged_text(CONCEPTS, case, "_")
        tried(tally, "concepts txt", tmp_path / "1200ANPs.txt", data, read_names, sound)


def test_partition_files(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    def sound(found: Partition) -> None:
        for image, positive in found.judged.get("happy_dog", {}).items():
            if f"{image} " in PARTITION:
                assert positive == image.startswith("happy_dog/")

    for case in times(request):
        data = damaged_text(PARTITION, case, " ")
        tried(
            tally,
            "partition txt",
            tmp_path / "happy_dog_train.txt",
            data,
            lambda path: read_partition(path, ANPS),
            sound,
        )


def test_published_folds(tmp_path: Path, tally: Tally, request: pytest.FixtureRequest) -> None:
    labels = np.array([i % 2 for i in range(6)])
    votes = np.where(labels[:, None] == 1, [0, 5], [5, 0])
    images = ImageSet(NAMES, FeatureStore(tmp_path / "store"))
    dataset = Dataset("twitter", images, labels, NAMES, NAMES, votes, vote_subsets(votes), root=tmp_path)
    for subset in ("five", "four", "three"):
        for fold in range(1, 6):
            place = tmp_path / "campos_folds" / f"{subset}_agrees" / f"test{fold}"
            place.mkdir(parents=True)
            at = [fold - 1, 5] if fold == 5 else [fold - 1]
            (place / "test.txt").write_text("".join(f"{NAMES[i]} {labels[i]}\n" for i in at))
    path = tmp_path / "campos_folds" / "four_agrees" / "test5" / "test.txt"
    text = path.read_text()
    for case in times(request, 24, 200):
        tried(tally, "fold files", path, damaged_text(text, case, " "), lambda _: campos_folds(dataset))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("image,label\na.png,1\na\0b.png,0\n", "line 3: a byte 0"),
        (f"image,label\n{'x' * 300}.png,1\n", "line 2: an image name of 304 characters"),
        ("image,label\na.png,1,b.png,0\n", "line 2: 4 cells under 2 columns"),
        ("image,label,label\na.png,1,0\n", "line 1: the column label comes twice"),
        ('image,label\na.png,"1\nb.png,0\n', "not a table with commas"),
        ("image,label,votes_positive,votes_negative\na.png,1,1_0,0\n", "'1_0' is not a whole number"),
    ],
)
def test_a_table_that_reads_as_something_else_is_refused(images: Path, text: str, told: str) -> None:
    path = images / "labels.csv"
    path.write_text(text)
    with pytest.raises(DatasetError, match=told) as caught:
        read_table(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_line_ends_end_a_line(images: Path, mark: str) -> None:
    """Python takes more characters for line ends: a tweet with one lost its label and made a second row."""
    (images / "captions.csv").write_text(
        f"image,text,label\na.png,good{mark}day,positive\n", encoding="utf-8"
    )
    (found,) = read_captions(images)
    assert (found.label, found.text) == (1, f"good{mark}day")


def test_captions_stay_in_their_folder(images: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.png"
    secret.write_bytes((images / "a.png").read_bytes())
    for name in (
        str(secret),
        f"../{secret.parent.name}/secret.png",
        f"images/../../{secret.parent.name}/secret.png",
    ):
        (images / "captions.csv").write_text(f"image,text\n{name},a dog\n")
        with pytest.raises(DatasetError, match=r"captions\.csv, line 2: .* names no image of the folder"):
            read_captions(images)


def test_an_image_judged_twice_and_differently_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "happy_dog.txt"
    path.write_text("happy_dog/1.jpg 1\nhappy_dog/1.jpg 0\n")
    with pytest.raises(DatasetError, match=r"happy_dog\.txt, line 2: happy_dog/1\.jpg is a negative here"):
        read_partition(path, ANPS)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("happy_dog [sentiment: 1.00] [#imgs: ,]", "line 2: neither"),
        (f"happy_dog [sentiment: 1.00] [#imgs: {'9' * 5000}]", "line 2: neither"),
        ("1. happy [sentiment: 7.00] [#images: 3]", "line 2: sentiment 7.0 of happy is not in -1 to 1"),
        (
            "1. happy [sentiment: 1.00] [#images: 3]\n2. happy [sentiment: 0.5] [#images: 3]",
            "line 3: happy came before",
        ),
    ],
)
def test_numbers_of_an_ontology(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "3244ANPs.txt"
    path.write_text(f"\thappy_cat [sentiment: 1.00] [#imgs: 3]\n{line}\n")
    with pytest.raises(DatasetError, match=told) as caught:
        read_ontology(path)
    assert len(str(caught.value)) < 500


def test_what_is_no_file_is_not_read(tmp_path: Path, images: Path) -> None:
    """A pipe in the place of an image would be waited for without end."""
    os.mkfifo(tmp_path / "pipe.png")
    with at_most(), pytest.raises(DatasetError, match=r"pipe\.png: cannot be read \(not a file\)"):
        hash_files([tmp_path / "pipe.png"], ["pipe.png"])
