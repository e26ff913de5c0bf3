"""Images behind a URL: the same dataset as from their folder."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from pictures import write_photos

from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.locations import LocationError, cache_folder, data_folder, path_of
from benchmark.data.open import open_dataset
from benchmark.data.store import FeatureStore


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 12, seed=1)


def opened(place: object, tmp_path: Path, store: str) -> Dataset:
    return open_dataset(str(place), tmp_path / "data", FeatureStore(tmp_path / store))


@pytest.fixture
def bucket(photos: Path) -> str:
    """URL of a folder that no path leads to, with the same images and a table of their labels."""
    upath = pytest.importorskip("upath")
    root = upath.UPath("memory://bucket/photos")
    lines = ["image,label"]
    for path in sorted(photos.rglob("*.png")):
        copy = root / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        lines.append(f"{path.parent.name}/{path.name},{path.parent.name}")
    (root / "listed.csv").write_text("\n".join(lines))
    return str(root)


def test_a_folder_behind_a_url_is_the_dataset_of_the_folder(photos: Path, tmp_path: Path) -> None:
    pytest.importorskip("upath")
    here, there = opened(photos, tmp_path, "a"), opened(f"file://{photos}", tmp_path, "b")
    assert there.digest == here.digest
    assert (there.name, there.names) == (here.name, here.names)
    # a size that opening did not decode is read from the URL
    assert np.array_equal(there.images.load(3, size=40), here.images.load(3, size=40))


def test_an_object_store_has_no_local_paths_and_gives_the_same(
    photos: Path, bucket: str, tmp_path: Path
) -> None:
    here = opened(photos, tmp_path, "a")
    for url in (bucket, f"{bucket}/listed.csv"):
        there = opened(url, tmp_path, "b")
        assert there.ids == here.ids
        assert np.array_equal(there.labels, here.labels)
        assert np.array_equal(there.images.load(5, size=40), here.images.load(5, size=40))


def test_the_twitter_layout_is_recognised_behind_a_url(photos: Path, tmp_path: Path) -> None:
    pytest.importorskip("upath")
    folder = tmp_path / "tweets"
    (folder / "images").mkdir(parents=True)
    lines = []
    for path in sorted(photos.rglob("*.png")):
        shutil.copy(path, folder / "images" / path.name)
        lines.append(f"{path.name} {int(path.parent.name == 'positive')}")
    for name in ("five", "four", "three"):
        (folder / f"twitter_{name}_agrees.txt").write_text("\n".join(lines))
    there = opened(f"file://{folder}", tmp_path, "b")
    assert there.name == "twitter"
    assert there.digest == opened(folder, tmp_path, "a").digest


def test_nothing_behind_a_url_is_said(tmp_path: Path) -> None:
    pytest.importorskip("upath")
    with pytest.raises(DatasetError, match=r"--data memory://bucket/none: nothing is there"):
        opened("memory://bucket/none", tmp_path, "a")


def test_an_image_that_is_not_behind_its_url_is_named(bucket: str, tmp_path: Path) -> None:
    (path_of(bucket) / "listed.csv").write_text("image,label\nabsent.png,1\nalso.png,0\n")
    with pytest.raises(
        DatasetError, match=r"absent\.png: no such file \(memory://bucket/photos/absent\.png\)"
    ):
        opened(f"{bucket}/listed.csv", tmp_path, "a")


@pytest.mark.parametrize(("url", "message"), [("nonsense://x/y", "Unsupported filesystem")])
def test_a_url_that_nothing_reads_is_said(url: str, message: str, tmp_path: Path) -> None:
    pytest.importorskip("upath")
    with pytest.raises(DatasetError, match=rf"--data {url}: cannot be reached \(.*{message}"):
        opened(url, tmp_path, "a")


def test_without_the_extra_the_error_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(DatasetError, match=r"pip install -e '\.\[dask\]'"):
        opened("s3://bucket/photos", tmp_path, "a")


@pytest.mark.parametrize("folder", [data_folder, cache_folder])
@pytest.mark.parametrize("given", ["s3://bucket/x", Path("s3://bucket/x")])
def test_folders_that_are_written_into_are_no_urls(folder: object, given: str | Path) -> None:
    with pytest.raises(LocationError, match="a URL goes behind --data"):
        folder(given)  # type: ignore[operator]
