"""Scene attributes: votes, the two named supplements, and which images may measure."""

from pathlib import Path

import numpy as np
import pytest
import scipy.io
from pictures import draw_image
from PIL import Image

from benchmark.data.caption_attributes import OPPOSITES, WORDS, caption_attributes
from benchmark.data.dataset import DatasetError
from benchmark.data.store import FeatureStore
from benchmark.data.sun import SunSettings, category_means, human_voted, load
from benchmark.data.sun_annotations import read_annotations

ATTRIBUTES = ("snow", "natural", "man-made", "glossy", "symmetrical")
VOTES = {
    "p/park/sun_a.jpg": (0, 3, 0, 1, 2),
    "p/park/sun_b.jpg": (1, 2, 0, 0, 0),
    "p/park/sun_gone.jpg": (0, 3, 0, 0, 0),
    "s/stadium/football/sun_c.jpg": (3, 0, 3, 2, 0),
    "s/stadium/baseball/sun_d.jpg": (0, 0, 2, 0, 0),
}


def cells(values: tuple[str, ...]) -> np.ndarray:
    column = np.empty((len(values), 1), dtype=object)
    column[:, 0] = values
    return column


def write_annotations(folder: Path, labels: np.ndarray | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shares = np.array(list(VOTES.values())) / 3 if labels is None else labels
    scipy.io.savemat(folder / "attributes.mat", {"attributes": cells(ATTRIBUTES)})
    scipy.io.savemat(folder / "images.mat", {"images": cells(tuple(VOTES))})
    scipy.io.savemat(folder / "attributeLabels_continuous.mat", {"labels_cv": shares})
    return folder


def draw(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_image(np.random.default_rng(seed), True)).save(path, quality=95)


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    return write_annotations(tmp_path / "votes")


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """Two folders: ``park`` with two voted images and two others, ``football_stadium`` with one of each."""
    folder = tmp_path / "scenes"
    park = ["park/sun_a", "park/sun_b", "park/sun_x", "park/labelme_y"]
    for i, name in enumerate([*park, "football_stadium/sun_c", "football_stadium/sun_z", "desert/sun_w"]):
        draw(folder / f"{name}.jpg", i)
    return folder


def labels_of(source: object, name: str) -> tuple[list[bool], list[bool]]:
    i = source.names.index(name)  # type: ignore[attr-defined]
    return source.positive[i].tolist(), source.judged[i].tolist()  # type: ignore[attr-defined]


def test_two_votes_show_none_denies_and_one_judges_nothing(
    scenes: Path, votes: Path, store: FeatureStore
) -> None:
    source = load(scenes, votes, store, settings=SunSettings(category_mean=False))
    assert source.concepts == ATTRIBUTES
    assert set(source.names) == {"park/sun_a.jpg", "park/sun_b.jpg", "football_stadium/sun_c.jpg"}
    assert labels_of(source, "park/sun_a.jpg") == ([0, 1, 0, 0, 1], [1, 1, 1, 0, 1])
    assert labels_of(source, "park/sun_b.jpg") == ([0, 1, 0, 0, 0], [0, 1, 1, 1, 1])
    assert source.support == ("human votes",) * 5
    assert source.sentiment is None
    assert (source.labels == -1).all()


def test_the_category_mean_labels_images_without_votes(
    scenes: Path, votes: Path, store: FeatureStore
) -> None:
    source = load(scenes, votes, store)
    assert labels_of(source, "park/labelme_y.jpg") == ([0, 1, 0, 0, 0], [0, 1, 1, 0, 0])
    assert labels_of(source, "football_stadium/sun_z.jpg") == ([1, 0, 1, 1, 0], [1, 1, 1, 1, 1])
    assert "desert/sun_w.jpg" not in source.names
    assert source.support[0] == "human votes + category mean"
    assert source.support[4] == "human votes"
    assert any(
        "labels 3 of 4" in note and "football_stadium as stadium/football" in note for note in source.notes
    )


def test_a_folder_is_the_category_of_most_of_its_images(votes: Path) -> None:
    names = ["stadium/sun_c.jpg", "stadium/sun_d.jpg", "park/sun_a.jpg"]
    means = category_means(names, read_annotations(votes))
    assert means["stadium"][0] == "stadium/baseball"
    assert means["park"][0] == "park"
    np.testing.assert_allclose(means["park"][1], [1 / 9, 8 / 9, 0, 1 / 9, 2 / 9])


def test_only_images_with_votes_may_measure(scenes: Path, votes: Path, store: FeatureStore) -> None:
    source = load(scenes, votes, store)
    voted = human_voted(source, votes)
    assert {source.names[i] for i in np.flatnonzero(voted)} == {
        "park/sun_a.jpg",
        "park/sun_b.jpg",
        "football_stadium/sun_c.jpg",
    }
    few = source.take(np.arange(3))
    np.testing.assert_array_equal(human_voted(few, votes), voted[:3])


def test_a_copy_of_a_voted_image_has_its_votes(scenes: Path, votes: Path, store: FeatureStore) -> None:
    (scenes / "park" / "sun_x.jpg").write_bytes((scenes / "football_stadium" / "sun_c.jpg").read_bytes())
    source = load(scenes, votes, store)
    assert "park/sun_x.jpg" not in source.names
    assert labels_of(source, "football_stadium/sun_c.jpg") == ([1, 0, 1, 1, 0], [1, 1, 1, 1, 1])


def test_caption_words_supplement_the_votes(
    scenes: Path, votes: Path, store: FeatureStore, tmp_path: Path
) -> None:
    folder = tmp_path / "coco"
    for i in range(3):
        draw(folder / "images" / f"{i}.jpg", 100 + i)
    (folder / "captions.csv").write_text(
        "image,text\n0.jpg,Snowy mountains and a forest\n1.jpg,A bus on a street\n2.jpg,two dogs\n"
    )
    source = load(scenes, votes, store, [folder])
    assert source.name == "sun+coco"
    assert labels_of(source, "coco/0.jpg") == ([1, 1, 0, 0, 0], [1, 1, 1, 1, 0])
    assert labels_of(source, "coco/1.jpg") == ([0, 0, 1, 0, 0], [1, 1, 1, 1, 0])
    assert "coco/2.jpg" not in source.names
    assert source.support[0] == "human votes + category mean + caption words"
    assert not human_voted(source, votes)[source.names.index("coco/0.jpg")]


def test_silence_denies_some_attributes_and_not_those_with_opposites() -> None:
    positive, judged = caption_attributes(["a dog", "", "a kitchen"], ["snow", "natural", "symmetrical"])
    np.testing.assert_array_equal(judged, [[True, False, False], [False] * 3, [True, True, False]])
    assert not positive.any()


def test_words_are_matched_whole_with_their_plural() -> None:
    texts = ["two buses", "a bush", "people waiting in line", "nice weather"]
    positive, _ = caption_attributes(
        texts, ["transporting things or people", "waiting in line/ queuing", "ice"]
    )
    np.testing.assert_array_equal(positive, [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0]])
    assert set(OPPOSITES) <= set(WORDS)


def test_photographs_of_other_names_are_refused(tmp_path: Path, votes: Path, store: FeatureStore) -> None:
    draw(tmp_path / "other" / "park" / "picture.jpg", 0)
    with pytest.raises(DatasetError, match="none of 1 photographs is in the SUN Attribute database"):
        load(tmp_path / "other", votes, store)


def test_wrong_labels_and_files_are_named(tmp_path: Path) -> None:
    shares = np.array(list(VOTES.values())) / 3
    shares[1, 3] = 0.5
    with pytest.raises(DatasetError, match=r"label 0\.5 of p/park/sun_b\.jpg, 'glossy'"):
        read_annotations(write_annotations(tmp_path / "a", shares))
    shares[1, 3] = np.nan
    with pytest.raises(DatasetError, match=r"label nan of p/park/sun_b\.jpg"):
        read_annotations(write_annotations(tmp_path / "b", shares))
    with pytest.raises(DatasetError, match=r"shape \(4, 5\) for 5 images"):
        read_annotations(write_annotations(tmp_path / "c", shares[:4]))
    folder = write_annotations(tmp_path / "d")
    (folder / "images.mat").write_bytes(b"MATLAB 5.0 but cut off")
    with pytest.raises(DatasetError, match=r"images\.mat: cannot be read"):
        read_annotations(folder)
    (folder / "images.mat").unlink()
    with pytest.raises(DatasetError, match=r"images\.mat: missing"):
        read_annotations(folder)


@pytest.mark.real
def test_the_released_database_is_read(real_data: Path) -> None:
    found = read_annotations(real_data / "sun_attribute")
    assert found.votes.shape == (14340, 102)
    assert set(WORDS) <= set(found.attributes)
    files = {path.name for path in (real_data / "scenes").rglob("*.jpg")}
    voted = [row for name, row in found.rows.items() if name in files]
    assert len(voted) == 161
    shown = (found.votes[voted] >= 2).sum(axis=0)
    assert ((shown == 0).sum(), (shown >= 20).sum()) == (19, 14)
