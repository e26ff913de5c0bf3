"""No source keeps a copy of a target image, whatever was done to it, and keeps everything else."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pictures import draw_image
from PIL import Image

from benchmark.data.duplicates import hash_files
from benchmark.data.guard import drop_near_duplicates
from benchmark.data.imageset import ImageSet
from benchmark.data.source import Source
from benchmark.data.source_images import source_images
from benchmark.data.store import FeatureStore


def scene(seed: int) -> Image.Image:
    """A picture with structure at all scales, as photographs have."""
    rng = np.random.default_rng(seed)
    canvas = np.asarray(Image.fromarray(draw_image(rng, bool(seed % 2), (150, 200)))).astype(float)
    for side in (4, 8, 16):
        coarse = Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8))
        canvas += np.asarray(coarse.resize((200, 150), Image.Resampling.BICUBIC)).astype(float)
    return Image.fromarray((canvas / 4).astype(np.uint8))


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def cropped(image: Image.Image) -> Image.Image:
    return image.crop((4, 3, image.width - 4, image.height - 3))


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "bytes": jpeg,
    "encoded": lambda image: jpeg(image, 40),
    "scaled": lambda image: jpeg(image.resize((320, 240), Image.Resampling.LANCZOS)),
    "cropped": lambda image: jpeg(cropped(image)),
    "all": lambda image: jpeg(cropped(image).resize((120, 90), Image.Resampling.LANCZOS), 60),
}


@pytest.fixture
def target(tmp_path: Path, store: FeatureStore) -> ImageSet:
    paths = []
    for i in range(12):
        paths.append(tmp_path / f"target{i:02d}.jpg")
        paths[-1].write_bytes(jpeg(scene(i)))
    return ImageSet(hash_files(paths, [path.name for path in paths]), store, paths=paths)


@pytest.fixture
def make_source(tmp_path: Path, store: FeatureStore) -> Callable[..., Source]:
    """A source of 20 pictures of its own and the planted files; each image has its own label pattern."""

    def make(**planted: bytes) -> Source:
        files = {f"own{i:02d}.jpg": jpeg(scene(1000 + i)) for i in range(20)}
        files |= {f"{name}.jpg": data for name, data in planted.items()}
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        found = source_images([folder / name for name in files], list(files), store)
        positive = np.array([[len(name) % 2 == 0, name.startswith("own")] for name in found.names])
        return Source(
            name="made",
            images=found.images,
            names=found.names,
            concepts=("even", "own"),
            positive=positive,
            judged=np.ones_like(positive),
            support=("query", "query"),
            sentiment=np.array([1.0, -1.0]),
            labels=positive[:, 1].astype(np.int64),
            notes=("a note",),
        )

    return make


@pytest.mark.parametrize("copy", COPIES)
def test_a_planted_copy_is_dropped_and_named(
    make_source: Callable[..., Source], target: ImageSet, copy: str
) -> None:
    source = make_source(planted=COPIES[copy](scene(7)))
    kept, dropped = drop_near_duplicates(source, target)
    assert dropped == ("planted.jpg",)
    assert set(kept.names) == set(source.names) - {"planted.jpg"}
    assert kept.notes[0] == "a note"
    assert "1 images were left out" in kept.notes[-1]
    assert "planted.jpg" in kept.notes[-1]


def test_labels_stay_with_their_images(make_source: Callable[..., Source], target: ImageSet) -> None:
    source = make_source(planted=COPIES["scaled"](scene(3)), x=COPIES["cropped"](scene(4)))
    kept, dropped = drop_near_duplicates(source, target)
    assert set(dropped) == {"planted.jpg", "x.jpg"}
    assert kept.positive[:, 1].all()
    np.testing.assert_array_equal(kept.positive[:, 0], [len(name) % 2 == 0 for name in kept.names])
    assert len(kept) == len(kept.images) == len(kept.labels) == 20


def test_other_pictures_stay_and_the_source_is_the_same(
    make_source: Callable[..., Source], target: ImageSet
) -> None:
    source = make_source()
    kept, dropped = drop_near_duplicates(source, target)
    assert kept is source
    assert dropped == ()


def test_the_group_of_a_copy_goes_with_it(make_source: Callable[..., Source], target: ImageSet) -> None:
    """A picture whose version in the source is known to be the copy's twin is dropped with it."""
    source = make_source(planted=COPIES["bytes"](scene(5)))
    groups = np.arange(len(source))
    groups[source.names.index("own03.jpg")] = groups[source.names.index("planted.jpg")]
    images = ImageSet(source.images._keys, source.images._store, groups, source.images._paths)
    object.__setattr__(source, "images", images)
    _, dropped = drop_near_duplicates(source, target)
    assert set(dropped) == {"planted.jpg", "own03.jpg"}


def test_guarding_twice_changes_nothing_more(make_source: Callable[..., Source], target: ImageSet) -> None:
    kept, _ = drop_near_duplicates(make_source(planted=COPIES["all"](scene(2))), target)
    again, dropped = drop_near_duplicates(kept, target)
    assert dropped == ()
    assert again is kept


@pytest.mark.real
def test_the_known_copies_of_twitter_images_are_found(real_data: Path, store: FeatureStore) -> None:
    """Six pictures of the captioned tweets are in the Twitter set (looked at side by side)."""
    known = ["1331.jpg", "1565.jpg", "1769.jpg", "1944.jpg", "2671.jpg", "558.jpg"]
    twins = [
        "79135306_467679102128775168_Bn2Hp4CIAAA8ZFn.jpg",
        "1063532461_467702124676014080_BmR8RuiCUAA22MF.jpg",
    ]
    twins += [
        "1681348280_428215134872285184_BeCTaNcIUAEYmwl.jpg",
        "765860340_466219564041515008_BncGZXxCUAAsXJ2.jpg",
    ]
    twins += [
        "1362755552_428255207261085698_BeysDH_IEAAtwyc.jpg",
        "914467110_466262509498822656_Bmj3A8gCQAEE5x_.jpg",
    ]
    others = sorted(path.name for path in (real_data / "mvsa" / "images").glob("1[0-2]?.jpg"))
    paths = [real_data / "mvsa" / "images" / name for name in [*known, *others]]
    found = source_images(paths, [path.name for path in paths], store)
    positive = np.ones((len(found.names), 1), dtype=bool)
    source = Source(
        "mvsa", found.images, found.names, ("any",), positive, positive, ("query",), None, positive[:, 0]
    )
    places = [real_data / "twitter" / "images" / name for name in twins]
    kept, dropped = drop_near_duplicates(source, ImageSet(hash_files(places, twins), store, paths=places))
    assert sorted(dropped) == known
    assert len(kept) == len(others)
