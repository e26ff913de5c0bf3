"""Small pictures inside the page, and the pictures of a page that is there."""

import base64
import io
import json
import re
from collections.abc import Iterable

from PIL import Image

from benchmark.report.grids import Pictures, square

SIDE = 112
"""Pixels: 1,300 of them at this quality take about 7 MB of a page."""

QUALITY = 72
BLOCK = "thumbnails"
"""Name of the block of data that holds them."""

_HELD = re.compile(rb'<script type="application/json" id="thumbnails">(\{.*?\})</script>', re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def make_thumbnails(images: Iterable[str], pictures: Pictures | None) -> dict[str, str]:
    """JPEG pictures in base64 by image id, sorted; without those that cannot be had."""
    found = {}
    for image in sorted(set(images)) if pictures else ():
        pixels = pictures(image) if pictures else None
        if pixels is not None:
            file = io.BytesIO()
            Image.fromarray(square(pixels, SIDE)).save(file, "JPEG", quality=QUALITY, optimize=True)
            found[image] = base64.b64encode(file.getvalue()).decode()
    return found


def data_uri(thumbnail: str) -> str:
    """The address of a picture that is inside the page."""
    return f"data:image/jpeg;base64,{thumbnail}"


def held_thumbnails(page: bytes) -> dict[str, str]:
    """The pictures of a stored page; those that are not base64 are left out, and so make a difference."""
    block = _HELD.search(page)
    try:
        held = json.loads(block[1]) if block else {}
    except ValueError:
        return {}
    return {k: v for k, v in held.items() if isinstance(v, str) and _BASE64.fullmatch(v)}
