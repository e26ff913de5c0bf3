"""What the user may write after --data, where images are looked for, and what is said about it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image, write_photos
from PIL import Image

from benchmark.data.dataset import DatasetError
from benchmark.data.locations import cache_folder, data_folder
from benchmark.data.open import UnknownDatasetError, describe, locate_dataset, open_dataset
from benchmark.data.store import FeatureStore


def twitter_set(folder: Path) -> Path:
    (folder / "images").mkdir(parents=True)
    for i in range(4):
        Image.fromarray(draw_image(np.random.default_rng(i), bool(i % 2))).save(
            folder / "images" / f"{i}.jpg"
        )
    for word in ("five", "four", "three"):
        (folder / f"twitter_{word}_agrees.txt").write_text("".join(f"{i}.jpg {i % 2}\n" for i in range(4)))
    return folder


def test_auto_takes_twitter_where_it_is_found(tmp_path: Path, store: FeatureStore) -> None:
    twitter_set(tmp_path / "twitter")
    dataset = open_dataset("auto", tmp_path, store)
    assert dataset.name == "twitter"
    told = describe(dataset, "auto")
    assert str(tmp_path / "twitter") in told
    assert "--data synthetic" in told
    assert "not the published set" in told


def test_auto_takes_the_embedded_set_where_twitter_is_not_found(tmp_path: Path) -> None:
    assert locate_dataset("auto", tmp_path) is None
    (tmp_path / "twitter" / "images").mkdir(parents=True)
    assert locate_dataset("auto", tmp_path) is None, "images without labels are an unfinished fetch"


def test_the_embedded_set_by_name_with_settings(tmp_path: Path, store: FeatureStore) -> None:
    dataset = open_dataset("synthetic:n=24, seed=3", tmp_path, store)
    assert dataset.name == "synthetic"
    assert len(dataset) == 24
    assert not dataset.published
    told = describe(dataset, "auto")
    assert "not on this machine" in told
    assert "data fetch twitter" in told


@pytest.mark.parametrize("spec", ["synthetic:n=ten", "synthetic:size=3", "synthetic:n", "synthetic:n=-4"])
def test_settings_that_the_embedded_set_does_not_have(tmp_path: Path, store: FeatureStore, spec: str) -> None:
    with pytest.raises(UnknownDatasetError, match="synthetic:n=200,seed=1"):
        open_dataset(spec, tmp_path, store)


def test_twitter_by_name_says_how_to_get_it(tmp_path: Path, store: FeatureStore) -> None:
    with pytest.raises(DatasetError, match="python -m benchmark data fetch twitter"):
        open_dataset("twitter", tmp_path, store)


def test_a_path_in_the_twitter_layout(tmp_path: Path, store: FeatureStore) -> None:
    assert open_dataset(str(twitter_set(tmp_path / "mine")), tmp_path / "none", store).name == "twitter"


def test_a_path_of_ones_own_images(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photos(tmp_path / "photos", 6)
    monkeypatch.setenv("HOME", str(tmp_path))
    dataset = open_dataset("~/photos", tmp_path / "none", store)
    assert dataset.name == "photos"
    assert str(tmp_path / "photos") in describe(dataset, "~/photos")


@pytest.mark.parametrize(
    ("spec", "near"), [("twiter", "twitter"), ("Synthetic", "synthetic"), ("atuo", "auto")]
)
def test_a_name_that_is_nearly_known(tmp_path: Path, store: FeatureStore, spec: str, near: str) -> None:
    with pytest.raises(UnknownDatasetError, match=f"did you mean '{near}'"):
        open_dataset(spec, tmp_path, store)


def test_a_path_that_is_not_there(tmp_path: Path, store: FeatureStore) -> None:
    with pytest.raises(UnknownDatasetError, match="no such folder or file") as caught:
        open_dataset(str(tmp_path / "gone"), tmp_path, store)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("folder", "variable"), [(data_folder, "SENTIMENT_DATA"), (cache_folder, "SENTIMENT_CACHE")]
)
def test_folders_by_option_then_variable_then_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Callable[..., Path], variable: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(variable, str(tmp_path / "variable"))
    assert folder(tmp_path / "option") == tmp_path / "option"
    assert folder(None) == tmp_path / "variable"
    monkeypatch.setenv(variable, "~/there")
    assert folder() == tmp_path / "home" / "there"
    for unset in ("", " "):
        monkeypatch.setenv(variable, unset)
        assert folder().is_relative_to(tmp_path)
    monkeypatch.delenv(variable)
    assert "visual-sentiment-benchmark" in folder().parts
    assert data_folder() != cache_folder()


def test_a_folder_is_absolute_whatever_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_folder("images") == tmp_path / "images"
