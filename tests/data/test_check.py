"""`data check` and `data show`: every fault is found and named, and the sheet shows what it says."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pictures import draw_image, write_photos
from PIL import Image

from benchmark.data.check import Twins, check
from benchmark.data.dataset import Dataset, DatasetError
from benchmark.data.oddities import oddities
from benchmark.data.open import open_dataset
from benchmark.data.sheet import caption, check_format, choose, contact_sheet, save_sheet
from benchmark.data.store import FeatureStore


def picture(seed: int, **size: Any) -> Image.Image:
    return Image.fromarray(draw_image(np.random.default_rng(seed), bool(seed % 2), **size))


def write(path: Path, image: Image.Image, kind: str, **options: Any) -> Path:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    path.write_bytes(buffer.getvalue())
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 10)


def test_a_sound_set(photos: Path, store: FeatureStore) -> None:
    found = check(str(photos), photos / "none", store)
    assert found.ok
    assert (found.name, found.size, found.where) == ("photos", 10, photos)
    assert found.counts == {"all": (6, 4)}
    assert found.table4 == {}
    assert found.missing == found.damaged == found.twins == found.unlabelled == found.notes == ()
    assert found.odd == {}


def test_every_missing_empty_and_damaged_image_is_named(photos: Path, store: FeatureStore) -> None:
    lines = [f"{path.relative_to(photos)},{path.parent.name}" for path in sorted(photos.rglob("*.png"))]
    (photos / "labels.csv").write_text("\n".join(["image,label", *lines, "gone.png,1", "lost.png,0"]))
    (photos / "positive" / "00.png").write_bytes(b"")
    (photos / "negative" / "03.png").write_bytes(b"not an image")
    whole = (photos / "negative" / "08.png").read_bytes()
    (photos / "negative" / "08.png").write_bytes(whole[: len(whole) // 2])
    found = check(str(photos), photos / "none", store)
    assert not found.ok
    assert found.size == 12
    assert found.missing == ("positive/00.png", "gone.png", "lost.png")
    assert [reason.partition(": ")[0] for reason in found.damaged] == ["negative/03.png", "negative/08.png"]
    assert "not an image" in found.damaged[0]
    assert "cut off" in found.damaged[1]


def test_copies_are_told_with_their_labels(photos: Path, store: FeatureStore) -> None:
    first = photos / "positive" / "00.png"
    (photos / "negative" / "twin.png").write_bytes(first.read_bytes())
    write(photos / "positive" / "again.jpg", Image.open(photos / "positive" / "01.png"), "JPEG", quality=80)
    found = check(str(photos), photos / "none", store)
    assert found.ok, "copies are grouped, not refused"
    exact, near = found.twins if found.twins[0].exact else found.twins[::-1]
    assert {exact.first, exact.second} == {"positive/00.png", "negative/twin.png"}
    assert exact == Twins(exact.first, exact.second, True, True, 0)
    assert {near.first, near.second} == {"positive/01.png", "positive/again.jpg"}
    assert (near.exact, near.conflict) == (False, False)


def test_the_twitter_layout_is_compared_with_table_4(tmp_path: Path, store: FeatureStore) -> None:
    (tmp_path / "images").mkdir()
    for i in range(4):
        picture(i).save(tmp_path / "images" / f"{i}.png")
    for word in ("five", "four", "three"):
        (tmp_path / f"twitter_{word}_agrees.txt").write_text("0.png 0\n1.png 1\n2.png 1\n")
    found = check(str(tmp_path), tmp_path, store)
    assert found.ok
    assert found.counts == {"five": (2, 1), "four": (2, 1), "three": (2, 1)}
    assert found.table4["five"] == (581, 301)
    assert len(found.notes) == 3
    assert found.unlabelled == ("3.png",)


def test_labels_that_cannot_be_read_are_an_error(photos: Path, store: FeatureStore) -> None:
    (photos / "labels.csv").write_text("image,label\npositive/00.png,glad\n")
    with pytest.raises(DatasetError, match=r"labels\.csv, line 2: label 'glad'"):
        check(str(photos), photos, store)


def test_the_embedded_set_is_checked_like_any_other(tmp_path: Path, store: FeatureStore) -> None:
    found = check("synthetic:n=24", tmp_path, store)
    assert found.ok
    assert found.name == "synthetic"
    assert found.size == 24
    assert "five" in found.counts


def oddity(path: Path) -> list[str]:
    return list(oddities([path], [path.name]))


def test_unusual_files_are_told_apart(tmp_path: Path) -> None:
    plain, exif = picture(1), Image.Exif()
    exif[0x0112] = 6
    frames = [picture(i) for i in range(3)]
    deep = Image.fromarray(np.arange(80 * 90, dtype=np.uint16).reshape(80, 90))
    files = {
        write(tmp_path / "fine.jpg", plain, "JPEG"): [],
        write(tmp_path / "fine.PNG", plain, "PNG"): [],
        write(tmp_path / "upright.jpeg", plain, "JPEG", exif=Image.Exif()): [],
        write(tmp_path / "png.jpg", plain, "PNG"): ["a PNG file whose name ends in .jpg"],
        write(tmp_path / "bare", plain, "JPEG"): ["a JPEG file whose name ends in nothing"],
        write(tmp_path / "turned.jpg", plain, "JPEG", exif=exif): ["rotated or mirrored by EXIF"],
        write(tmp_path / "ink.jpg", plain.convert("CMYK"), "JPEG"): ["CMYK"],
        write(tmp_path / "grey.jpg", plain.convert("L"), "JPEG"): ["grey"],
        write(tmp_path / "deep.png", deep, "PNG"): ["16-bit or floating-point grey"],
        write(tmp_path / "glass.png", plain.convert("RGBA"), "PNG"): ["transparent (laid over white)"],
        write(tmp_path / "film.gif", frames[0], "GIF", save_all=True, append_images=frames[1:]): [
            "animated (the first frame counts)"
        ],
        write(tmp_path / "small.jpg", plain.resize((63, 100)), "JPEG"): [
            "tiny (shorter side under 64 pixels)"
        ],
    }
    found = {path.name: [key for key in oddity(path) if key != "palette"] for path in files}
    assert found == {path.name: expected for path, expected in files.items()}
    assert "palette" in oddity(tmp_path / "film.gif")


def test_the_most_frequent_oddity_comes_first(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{i}.jpg", picture(i).convert("L" if i else "CMYK"), "JPEG") for i in range(3)]
    found = oddities(paths, ["a", "b", "c"])
    assert list(found.items()) == [("grey", ("b", "c")), ("CMYK", ("a",))]


@pytest.fixture
def dataset(tmp_path: Path, store: FeatureStore) -> Dataset:
    """Twelve plain images whose colour tells which they are, with five votes each."""
    root = tmp_path / "set"
    root.mkdir()
    lines = ["image,label,votes_positive,votes_negative"]
    for i in range(12):
        Image.new("RGB", (90, 80), (20 * i, 0, 255 - 20 * i)).save(root / f"{i:02d}.png")
        lines.append(
            f"{i:02d}.png,{i % 2},{3 + i % 3 if i % 2 else 2 - i % 3},{2 - i % 3 if i % 2 else 3 + i % 3}"
        )
    (root / "labels.csv").write_text("\n".join(lines))
    return open_dataset(str(root), tmp_path, store)


def test_a_sheet_shows_positive_before_negative_and_agreed_before_disputed(dataset: Dataset) -> None:
    shown = choose(dataset, 8, seed=0)
    assert len(set(shown.tolist())) == 8
    order = [(-int(dataset.labels[i]), -int(dataset.agreement[i])) for i in shown]
    assert order == sorted(order)
    np.testing.assert_array_equal(shown, choose(dataset, 8, seed=0))
    assert set(shown.tolist()) != set(choose(dataset, 8, seed=1).tolist())


def test_a_sheet_holds_the_pictures_in_frames_of_their_label(dataset: Dataset) -> None:
    sheet = np.asarray(contact_sheet(dataset, rows=3, columns=4, seed=0))
    shown = choose(dataset, 12, seed=0)
    x, y, step_x, step_y = 16, 56, 194, 216
    for place, i in enumerate(shown):
        left, top = x + place % 4 * step_x, y + place // 4 * step_y
        np.testing.assert_array_equal(sheet[top + 90, left + 90], dataset.images.load(int(i))[128, 128])
        red, green, _ = sheet[top + 90, left + 1].astype(int)
        assert (green > red) == bool(dataset.labels[i])


def test_a_sheet_of_fewer_images_than_asked_for(dataset: Dataset) -> None:
    few = dataset.images[:3]
    assert contact_sheet(dataset, rows=50, columns=50).height < 2 * 216
    assert len(few) == 3


def test_a_caption_tells_label_and_votes(dataset: Dataset) -> None:
    i = dataset.names.index("01.png")
    assert caption(dataset, i) == "positive, 4 of 5 votes"


@pytest.mark.parametrize(("rows", "columns"), [(0, 4), (4, 51)])
def test_a_sheet_without_rows_is_refused(dataset: Dataset, rows: int, columns: int) -> None:
    with pytest.raises(DatasetError, match="give 1 to 50"):
        contact_sheet(dataset, rows, columns)


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "pdf"])
def test_a_sheet_is_written_in_the_format_of_its_name(dataset: Dataset, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "new" / f"sheet.{ending}"
    save_sheet(contact_sheet(dataset, 1, 2), path)
    head = path.read_bytes()[:12]
    assert {"png": b"PNG", "jpg": b"\xff\xd8", "webp": b"WEBP", "pdf": b"%PDF"}[ending] in head


def test_a_sheet_in_an_unknown_format_is_refused() -> None:
    with pytest.raises(DatasetError, match=r"ending in \.doc; use \.png"):
        check_format(Path("sheet.doc"))
