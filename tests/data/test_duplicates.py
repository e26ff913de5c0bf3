"""Copies are found, whatever was done to them; other pictures are not; labels and names play no part."""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import draw_image
from PIL import Image, ImageEnhance

from benchmark.data.build import build_dataset
from benchmark.data.dataset import DatasetError
from benchmark.data.duplicates import (
    duplicate_groups,
    duplicate_pairs,
    hash_files,
    near_duplicates_of,
    undecodable,
)
from benchmark.data.imageset import ImageSet
from benchmark.data.likeness import Likeness, alike
from benchmark.data.perceptual import PerceptualHash, Thumbnail
from benchmark.data.pixels import decode
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


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def image_set(folder: Path, files: Sequence[bytes], store: FeatureStore, prefix: str = "i") -> ImageSet:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{prefix}{i:03d}.jpg" for i in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    return ImageSet(hash_files(paths, [path.name for path in paths]), store, paths=paths)


def names(images: ImageSet) -> list[str]:
    return [f"i{i:03d}.jpg" for i in range(len(images))]


def crop(image: Image.Image, part: float) -> Image.Image:
    width, height = image.size
    edge_x, edge_y = round(width * part), round(height * part)
    return image.crop((edge_x, edge_y, width - edge_x, height - edge_y))


COPIES = {
    "saved at low quality": lambda image: jpeg(image, 25),
    "half as large": lambda image: jpeg(image.resize((100, 75))),
    "twice as large": lambda image: jpeg(image.resize((400, 300))),
    "another format": png,
    "brighter": lambda image: jpeg(ImageEnhance.Brightness(image).enhance(1.15)),
    "more contrast": lambda image: jpeg(ImageEnhance.Contrast(image).enhance(1.2)),
    "more colour": lambda image: jpeg(ImageEnhance.Color(image).enhance(1.4)),
    "an edge of 1 % cut off": lambda image: jpeg(crop(image, 0.01)),
}


@pytest.mark.parametrize("change", COPIES, ids=list(COPIES))
def test_a_changed_copy_is_found(change: str, tmp_path: Path, store: FeatureStore) -> None:
    pictures = [scene(seed) for seed in range(6)]
    files = [jpeg(picture) for picture in pictures] + [COPIES[change](pictures[2])]
    pairs = duplicate_pairs(image_set(tmp_path / "i", files, store))
    assert [(pair.first, pair.second, pair.exact) for pair in pairs] == [(2, 6, False)]


def test_different_pictures_are_no_copies(tmp_path: Path, store: FeatureStore) -> None:
    images = image_set(tmp_path / "i", [jpeg(scene(seed)) for seed in range(60)], store)
    assert duplicate_pairs(images) == []
    assert duplicate_groups(images, names(images)).tolist() == list(range(60))


def test_equal_bytes_share_a_group_even_without_any_texture(tmp_path: Path, store: FeatureStore) -> None:
    white, other = png(Image.new("RGB", (40, 40), "white")), jpeg(scene(1))
    images = image_set(tmp_path / "i", [white, other, white, white], store)
    assert duplicate_groups(images, names(images)).tolist() == [0, 1, 0, 0]
    assert [(p.first, p.second, p.exact) for p in duplicate_pairs(images)] == [(0, 2, True), (2, 3, True)]


def test_flat_images_do_not_chain_together(tmp_path: Path, store: FeatureStore) -> None:
    """All greys have one perceptual hash, and each is nearly the next."""
    files = [png(Image.new("RGB", (40, 40), (grey, grey, grey))) for grey in range(0, 250, 10)]
    images = image_set(tmp_path / "i", files, store)
    hashes = images.features(PerceptualHash())
    assert len(np.unique(hashes)) == 1, "the hash alone would join them all"
    assert len(set(duplicate_groups(images, names(images)))) == len(files)


def test_gradients_do_not_chain_together(tmp_path: Path, store: FeatureStore) -> None:
    ramp = np.linspace(0, 60, 64)[:, None, None] * np.ones((1, 64, 3))
    files = [png(Image.fromarray((ramp + level).astype(np.uint8))) for level in range(0, 180, 9)]
    images = image_set(tmp_path / "i", files, store)
    assert len(set(duplicate_groups(images, names(images)))) == len(files)


def test_faint_noise_does_not_chain_together(tmp_path: Path, store: FeatureStore) -> None:
    files = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 2, (64, 64, 3))
        files.append(png(Image.fromarray((128 + noise).astype(np.uint8))))
    images = image_set(tmp_path / "i", files, store)
    assert len(set(duplicate_groups(images, names(images)))) == len(files)


def test_a_faint_pattern_on_different_greys_does_not_chain_together(
    tmp_path: Path, store: FeatureStore
) -> None:
    """Same hash and same shape, but further apart than the pattern is strong."""
    pattern = np.random.default_rng(0).normal(0, 1, (8, 8, 1)).repeat(16, axis=0).repeat(16, axis=1)
    files = []
    for grey in (60, 90, 120, 150):
        files.append(png(Image.fromarray((grey + 4 * pattern + np.zeros(3)).round().astype(np.uint8))))
    images = image_set(tmp_path / "i", files, store)
    assert len(np.unique(images.features(PerceptualHash()))) == 1
    assert len(set(duplicate_groups(images, names(images)))) == 4


def test_near_hashes_alone_make_no_copies(tmp_path: Path, store: FeatureStore) -> None:
    images = image_set(tmp_path / "i", [jpeg(scene(seed)) for seed in range(12)], store)
    collided = np.zeros(12, dtype=np.uint64)
    assert list(alike(images, images, collided, collided, Likeness(), same=True)) == []
    anything = Likeness(correlation=-1.1, difference=np.inf)
    assert len(list(alike(images, images, collided, collided, anything, same=True))) == 12 * 11 // 2


def test_like_thumbnails_with_far_hashes_are_not_even_compared(tmp_path: Path, store: FeatureStore) -> None:
    images = image_set(tmp_path / "i", [jpeg(scene(0)), jpeg(scene(0), 40)], store)
    for bits, expected in ((12, 1), (13, 0)):
        far = np.array([0, 2**bits - 1], dtype=np.uint64)
        assert len(list(alike(images, images, far, far, Likeness(), same=True))) == expected


def test_a_flat_image_saved_in_two_formats_is_one_picture(tmp_path: Path, store: FeatureStore) -> None:
    plain = Image.new("RGB", (64, 64), (128, 128, 128))
    images = image_set(tmp_path / "i", [png(plain), jpeg(plain, 95)], store)
    assert len(set(duplicate_groups(images, names(images)))) == 1


def test_groups_that_were_given_are_joined_with_those_found(tmp_path: Path, store: FeatureStore) -> None:
    pictures = [scene(seed) for seed in range(5)]
    files = [jpeg(picture) for picture in pictures] + [jpeg(pictures[1], 30)]
    images = image_set(tmp_path / "i", files, store)
    # Given: 0 with 1, and 4 with 5. Found: 1 with 5. So 0, 1, 4 and 5 are one group.
    groups = duplicate_groups(images, names(images), given=[9, 9, 3, 4, 7, 7])
    assert groups.tolist() == [0, 0, 1, 2, 0, 0]
    assert groups.dtype == np.int64


def test_given_groups_must_be_as_many_as_images(tmp_path: Path, store: FeatureStore) -> None:
    images = image_set(tmp_path / "i", [jpeg(scene(0)), jpeg(scene(1))], store)
    with pytest.raises(DatasetError, match="2 images but 3 given groups"):
        duplicate_groups(images, names(images), given=[0, 1, 2])


def test_groups_depend_on_neither_names_nor_labels(tmp_path: Path) -> None:
    files = [jpeg(scene(seed)) for seed in range(6)]
    files.append(files[4])
    found = []
    for run, (prefix, flip) in enumerate((("zebra", 0), ("alpha", 1))):
        folder = tmp_path / str(run)
        folder.mkdir()
        order = range(len(files)) if not run else reversed(range(len(files)))
        called = {i: folder / f"{prefix}{k}.jpg" for k, i in enumerate(order)}
        for i, path in called.items():
            path.write_bytes(files[i])
        labels = [(i + flip) % 2 for i in range(len(files))]
        paths = [called[i] for i in range(len(files))]
        store = FeatureStore(folder / "store")
        dataset = build_dataset("d", paths, [path.name for path in paths], labels, store)
        found.append((dataset.images._keys.tolist(), dataset.images.groups.tolist()))
    assert found[0] == found[1]
    assert sorted(np.bincount(found[0][1]).tolist()) == [1, 1, 1, 1, 1, 2]


def test_copies_between_two_sets(tmp_path: Path, store: FeatureStore) -> None:
    pictures = [scene(seed) for seed in range(8)]
    target = image_set(tmp_path / "t", [jpeg(picture) for picture in pictures[:5]], store)
    source = image_set(
        tmp_path / "s",
        [jpeg(pictures[7]), jpeg(pictures[3], 40), jpeg(pictures[0]), jpeg(pictures[6])],
        store,
    )
    pairs = near_duplicates_of(source, target)
    assert [(pair.first, pair.second, pair.exact) for pair in pairs] == [(1, 3, False), (2, 0, True)]


def test_the_hash_of_a_pattern_that_can_be_worked_out() -> None:
    """One cosine along the rows: its frequency alone is above the median, or all others are."""
    rows = np.arange(256)
    wave = np.cos((rows + 0.5) * np.pi * 3 / 256)[:, None, None] * np.ones((1, 256, 3))
    pixels = np.stack([128 + 100 * wave, 128 - 100 * wave, np.full((256, 256, 3), 128.0)]).astype(np.uint8)
    bits = np.unpackbits(PerceptualHash().extract(pixels).view(np.uint8), axis=1, bitorder="little")
    assert bits[0].reshape(8, 8)[3, 0] == 1
    assert bits[1].reshape(8, 8)[3, 0] == 0
    assert bits[2].sum() == 0, "a flat image has no pattern"


def test_rounding_errors_are_no_pattern() -> None:
    """Rows plus columns have no mixed frequency: those bits are 0 whatever the last digits of the DCT are."""
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, 127, (20, 256, 1, 1)), rng.integers(0, 127, (20, 1, 256, 1))
    pixels = np.broadcast_to(rows + columns, (20, 256, 256, 3)).astype(np.uint8)
    bits = np.unpackbits(PerceptualHash().extract(pixels).view(np.uint8), axis=1, bitorder="little")
    assert not bits.reshape(20, 8, 8)[:, 1:, 1:].any()


def test_flat_images_have_no_pattern_whatever_their_colour() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (40, 1, 1, 3), dtype=np.uint8)
    assert not PerceptualHash().extract(np.broadcast_to(colours, (40, 256, 256, 3))).any()


def test_a_thumbnail_is_the_mean_of_blocks() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 256, 256, 3), dtype=np.uint8)
    small = Thumbnail().extract(pixels)
    assert small.shape == (2, 16, 16, 3)
    np.testing.assert_allclose(small[1, 2, 3], pixels[1, 32:48, 48:64].mean(axis=(0, 1)), atol=0.51)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 6))
def test_an_image_is_hashed_alike_in_any_batch(seed: int, n: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (n, 256, 256, 3), dtype=np.uint8)
    together = PerceptualHash().extract(pixels)
    alone = np.concatenate([PerceptualHash().extract(pixels[i : i + 1]) for i in range(n)])
    np.testing.assert_array_equal(together, alone)


def test_settings_that_cannot_work_are_refused() -> None:
    with pytest.raises(ValueError, match="side 48"):
        PerceptualHash(side=48)
    with pytest.raises(ValueError, match="side 7"):
        Thumbnail(side=7)


def test_hash_files_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert hash_files([tmp_path / "a"], ["a"]) == [hashlib.sha256(b"abc").hexdigest()]


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "fine.jpg").write_bytes(b"x")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "folder.jpg").mkdir()
    asked = ["fine.jpg", "empty.jpg", "folder.jpg", "gone.jpg"]
    with pytest.raises(DatasetError) as caught:
        hash_files([tmp_path / name for name in asked], asked)
    told = str(caught.value)
    assert told.startswith("3 of 4 image files cannot be used")
    assert "empty.jpg: the file is empty" in told
    assert "folder.jpg: cannot be read" in told
    assert "gone.jpg: no such file" in told
    assert "fine.jpg" not in told


def test_of_very_many_missing_files_ten_are_named(tmp_path: Path) -> None:
    asked = [f"n{i:02d}.jpg" for i in range(25)]
    with pytest.raises(DatasetError) as caught:
        hash_files([tmp_path / name for name in asked], asked)
    assert "n09.jpg" in str(caught.value)
    assert "n10.jpg" not in str(caught.value)
    assert "and 15 more" in str(caught.value)


def test_every_damaged_image_is_named_with_its_reason_in_one_error(
    tmp_path: Path, store: FeatureStore
) -> None:
    files = [jpeg(scene(seed)) for seed in range(70)]
    files[3] = files[3][:700]
    files[66] = b"<html>not found</html>"
    images = image_set(tmp_path / "i", files, store)
    with pytest.raises(DatasetError) as caught:
        duplicate_groups(images, names(images))
    told = str(caught.value)
    assert told.startswith("2 of 70 images cannot be decoded")
    assert "i003.jpg: cannot be decoded, perhaps cut off" in told
    assert "i066.jpg: not an image of a known format" in told
    assert list(undecodable(images, names(images))) == [3, 66]


def test_pixels_are_decoded_once(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []

    def count(data: bytes, size: int, name: str) -> np.ndarray:
        decoded.append(name)
        return decode(data, size, name)

    monkeypatch.setattr("benchmark.data.imageset.decode", count)
    pictures = [scene(seed) for seed in range(4)]
    images = image_set(tmp_path / "i", [*map(jpeg, pictures), jpeg(pictures[0], 30)], store)
    assert duplicate_groups(images, names(images)).tolist() == [0, 1, 2, 3, 0]
    images.load(2)
    assert sorted(decoded) == names(images)
