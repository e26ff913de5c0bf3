"""Images cut off, damaged, mislabelled and made to overflow: pixels, or an error of the image's name."""

import functools
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from bad_input import SECONDS, Tally, damaged_bytes, is_full, refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmark.data.oddities import oddities
from benchmark.data.pixels import ImageError, decode, open_image, to_rgb

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 2 * 2**30
SIZE = 32

# Decoders warn of what they pass over; that is for no user to read.
pytestmark = pytest.mark.filterwarnings("ignore")


@functools.cache
def whole() -> dict[str, bytes]:
    """A small file of every kind that people have."""
    rng = np.random.default_rng(0)
    rgb = Image.fromarray(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8))
    deep = Image.fromarray(rng.integers(0, 65536, (48, 64), dtype=np.uint16))
    real = Image.fromarray(rng.random((48, 64), dtype=np.float32))
    glass = Image.fromarray(rng.integers(0, 256, (48, 64, 4), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "description"
    frames = [rgb.rotate(90 * k) for k in range(3)]
    written = {
        "baseline.jpg": (rgb, "JPEG", {"exif": exif}),
        "progressive.jpg": (rgb, "JPEG", {"progressive": True}),
        "cmyk.jpg": (rgb.convert("CMYK"), "JPEG", {}),
        "grey.jpg": (rgb.convert("L"), "JPEG", {}),
        "plain.png": (rgb, "PNG", {}),
        "16bit.png": (deep, "PNG", {}),
        "alpha.png": (glass, "PNG", {}),
        "palette.png": (rgb.quantize(16), "PNG", {"transparency": 3}),
        "animated.gif": (frames[0], "GIF", {"save_all": True, "append_images": frames[1:]}),
        "animated.webp": (frames[0], "WEBP", {"save_all": True, "append_images": frames[1:]}),
        "plain.webp": (glass, "WEBP", {}),
        "plain.bmp": (rgb, "BMP", {}),
        "plain.tif": (rgb, "TIFF", {"compression": "tiff_lzw"}),
        "float.tif": (real, "TIFF", {}),
        "tiled.tif": (deep, "TIFF", {"compression": "tiff_deflate"}),
        "plain.ppm": (rgb, "PPM", {}),
    }
    found = {}
    for name, (image, kind, options) in written.items():
        file = io.BytesIO()
        image.save(file, kind, **options)
        found[name] = file.getvalue()
    return found


def look(data: bytes, name: str, tally: Tally, kind: str = "") -> str | None:
    """Decode an input by the rule, and count it."""

    def sound(pixels: np.ndarray) -> None:
        assert pixels.shape == (SIZE, SIZE, 3)
        assert pixels.dtype == np.uint8

    told = refusal(lambda: decode(data, SIZE, name), name, sound)
    (tally.read if told is None else tally.refused)[kind or f"image {name.rpartition('.')[2]}"] += 1
    return told


@pytest.mark.parametrize("name", list(whole()))
def test_cut_off_at_many_points(name: str, tally: Tally, request: pytest.FixtureRequest) -> None:
    data = whole()[name]
    points = np.linspace(0, len(data), 100 if is_full(request) else 12, endpoint=False, dtype=int)
    for point in points:
        look(data[:point], name, tally)
    assert look(data, name, tally) is None
    # Without its first half no picture may come of it: what is left out is not made up.
    assert look(data[: len(data) // 3], name, tally) is not None or name.startswith(
        ("animated", "progressive")
    )


@pytest.mark.parametrize("name", list(whole()))
def test_damaged_anywhere(name: str, tally: Tally, request: pytest.FixtureRequest) -> None:
    for case in range(300 if is_full(request) else 18):
        look(damaged_bytes(whole()[name], case), name, tally)


def test_bytes_behind_the_first_of_a_format(tally: Tally, request: pytest.FixtureRequest) -> None:
    """Wrong and right beginnings before anything at all."""
    beginnings = [data[:n] for data in whole().values() for n in (2, 4, 12, 24)]
    others = [
        b"",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\0\0\0\x18ftypheic",
        b"GIF89a",
        b"II*\0",
    ]

    @settings(max_examples=600 if is_full(request) else 60, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from([*beginnings, *others]), st.binary(max_size=600))
    def one(beginning: bytes, rest: bytes) -> None:
        look(beginning + rest, "photo.jpg", tally, "image of any bytes")

    one()


def test_heic_that_is_called_jpg(tally: Tally) -> None:
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500
    told = look(data, "IMG_0001.jpg", tally)
    assert told is not None
    assert "convert it to JPEG or PNG" in told


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x03\0\0\0\x01\xff\xff\xff\xff" * 3,
        b"Exif\0\0XX*\0\x08\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\xff\0\0\0\xff\xff\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x05\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ],
)
def test_bad_exif_leaves_the_picture(block: bytes, tally: Tally) -> None:
    """Orientation that cannot be read is none; the pixels are whole."""
    file = io.BytesIO()
    Image.fromarray(np.full((SIZE, SIZE, 3), 99, dtype=np.uint8)).save(file, "JPEG", quality=100)
    data = file.getvalue()
    marked = data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]
    assert look(marked, "exif.jpg", tally) is None
    np.testing.assert_array_equal(decode(marked, SIZE), decode(data, SIZE))


def test_bad_exif_is_no_oddity_that_ends_the_check(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (80, 80)).save(file, "JPEG")
    data, block = file.getvalue(), b"Exif\0\0XX*\0\x08\0\0\0"
    (tmp_path / "a.jpg").write_bytes(
        data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]
    )
    assert oddities([tmp_path / "a.jpg"], ["a.jpg"]) == {}


def test_infinite_pixels_do_not_blacken_the_others() -> None:
    """The greatest value was infinite, so that all others became 0."""
    values = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    plain = np.asarray(to_rgb(Image.fromarray(values.copy())))
    values[0, 0], values[3, 3] = -np.inf, np.inf
    shown = np.asarray(to_rgb(Image.fromarray(values)))
    np.testing.assert_array_equal(
        shown[0, 1:], np.asarray(to_rgb(Image.fromarray(values.clip(0, 14 / 15))))[0, 1:]
    )
    assert (shown[3, 3], shown[0, 0]) == pytest.approx(np.array([[255] * 3, [0] * 3]))
    assert plain[0, 1, 0] > 0


# Bombs: small files that claim or unpack to more than a photograph ------------------------------------------


def png(width: int, height: int, depth: int, colour: int, row: int) -> bytes:
    """A black PNG of a size, packed to a thousandth."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packer = zlib.compressobj(1)
    rows = [packer.compress(b"\0" * row * 100) for _ in range(height // 100)]
    packed = b"".join(rows) + packer.compress(b"\0" * row * (height % 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def scans(count: int, side: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each takes as long as the picture."""
    file = io.BytesIO()
    Image.new("L", (side, side), 90).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + data[-2:]


BOMBS = {
    "declared.png": lambda: png(30_000, 30_000, 8, 2, 10)[:200],
    "grey16.png": lambda: png(10_900, 10_900, 16, 0, 1 + 2 * 10_900),
    "alpha.png": lambda: png(10_900, 10_900, 8, 6, 1 + 4 * 10_900),
    "rgb.png": lambda: png(10_900, 10_900, 8, 2, 1 + 3 * 10_900),
    "bits.png": lambda: png(10_900, 10_900, 1, 0, 1 + 1363),
    "long.png": lambda: png(119_000_000, 1, 8, 0, 119_000_001),
    "scans.jpg": lambda: scans(3000, 8000),
    "scans of the most.jpg": lambda: scans(16, 10_900),
    "float.tif": lambda: _tiff(10_900, "F"),
    "int.tif": lambda: _tiff(10_900, "I"),
}

PROGRAM = """
import sys, resource, time
from pathlib import Path
from benchmark.data.pixels import ImageError, decode
data = Path(sys.argv[1]).read_bytes()
began = time.process_time()
try:
    print("read", decode(data, 256, "bomb").shape)
except ImageError as error:
    print("refused", error)
print("seconds", time.process_time() - began)
print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def _tiff(side: int, mode: str) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (side, side)).save(file, "TIFF", compression="tiff_deflate")
    return file.getvalue()


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_takes_neither_memory_nor_time(
    tmp_path: Path, name: str, tally: Tally, request: pytest.FixtureRequest
) -> None:
    """In a process of its own, whose memory is its own: below 2 GiB, and below 10 s of processor time."""
    if not is_full(request) and name not in ("declared.png", "scans.jpg"):
        pytest.skip("in the longer form")
    (tmp_path / name).write_bytes(BOMBS[name]())
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / name)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    said = dict(line.split(" ", 1) for line in result.stdout.splitlines())
    (tally.read if "read" in said else tally.refused)["image bombs"] += 1
    assert float(said["memory"]) < MEMORY, f"{float(said['memory']) / 2**30:.2f} GiB"
    assert float(said["seconds"]) < SECONDS


def test_hundreds_of_scans_are_refused_by_name() -> None:
    with pytest.raises(ImageError, match=r"^cat\.jpg: 3,0\d\d scans"):
        open_image(scans(3000, 2000), "cat.jpg")
    assert open_image(scans(3000, 64), "cat.jpg").size == (64, 64), "so few pixels take no time"
    clip = scans(1, 2000) + b"\xff\xda" * 3000  # as telephones put a film behind a photograph
    assert open_image(clip, "cat.jpg").size == (2000, 2000)


@pytest.mark.parametrize("tile", [1, 7, 100, 1000])
def test_tiles_change_no_pixel(monkeypatch: pytest.MonkeyPatch, tile: int) -> None:
    whole_images = {name: Image.open(io.BytesIO(data)) for name, data in whole().items()}
    before = {name: np.asarray(to_rgb(image)) for name, image in whole_images.items()}
    monkeypatch.setattr("benchmark.data.pixels.TILE", tile)
    for name, image in whole_images.items():
        np.testing.assert_array_equal(np.asarray(to_rgb(image)), before[name], err_msg=name)
