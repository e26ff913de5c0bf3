"""A picture, or a grey tile that names the image."""

from collections.abc import Mapping

from benchmark.report.html.element import Html, el
from benchmark.report.html.thumbnails import SIDE, data_uri

DIGITS = 8
"""Of an image's id on a tile."""

LABELS = {1: "positive", 0: "negative"}


def tile(image: str, alt: str, thumbnails: Mapping[str, str]) -> Html:
    """The picture of an image as an element; a grey tile where there is none.

    Parameters
    ----------
    alt : str
        What to say in the picture's place.
    """
    if image in thumbnails:
        return el("img", src=data_uri(thumbnails[image]), alt=alt, width=SIDE, height=SIDE, decoding="async")
    return el("span", image[:DIGITS], class_="grey", role="img", aria_label=alt)
