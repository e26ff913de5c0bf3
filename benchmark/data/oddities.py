"""What is unusual about image files; all of it is handled when they are decoded (`benchmark.data.pixels`)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from benchmark.data.pixels import ImageError, open_image

TINY = 64
"""Shorter side, in pixels, below which little of a photograph is left."""

ORIENTATION = 0x0112
SAME = {"MPO": "JPEG", "JPEG2000": "JPEG 2000"}
"""Formats that are another one for all that matters here: an MPO is a JPEG with further frames."""


def oddities(paths: Sequence[Path], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Look at the header of each file.

    Returns
    -------
    dict of str to tuple of str
        What is unusual to the names of the images of which it is true, most frequent first.
    """
    found: dict[str, list[str]] = {}
    for path, name in zip(paths, names, strict=True):
        try:
            image = open_image(path.read_bytes(), name)
        except ImageError as error:
            found.setdefault("cannot be opened", []).append(str(error))
            continue
        for oddity in _of(image, path):
            found.setdefault(oddity, []).append(name)
    return {key: tuple(found[key]) for key in sorted(found, key=lambda key: (-len(found[key]), key))}


def _of(image: Image.Image, path: Path) -> Iterator[str]:
    expected = Image.registered_extensions().get(path.suffix.lower())
    held = SAME.get(image.format or "", image.format)
    if held != expected:
        yield f"a {held} file whose name ends in {path.suffix or 'nothing'}"
    if image.getexif().get(ORIENTATION, 1) not in (0, 1):
        yield "rotated or mirrored by EXIF"
    if image.mode == "CMYK":
        yield "CMYK"
    elif image.mode in ("1", "L", "LA"):
        yield "grey"
    elif image.mode.startswith(("I", "F")):
        yield "16-bit or floating-point grey"
    elif image.mode in ("P", "PA"):
        yield "palette"
    if image.has_transparency_data:
        yield "transparent (laid over white)"
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        yield "animated (the first frame counts)"
    if min(image.size) < TINY:
        yield f"tiny (shorter side under {TINY} pixels)"
