"""A canvas that paints lit, textured shapes.

Everything is antialiased and painted in floating point. Coordinates are in units of the picture's height:
x from 0 to ``canvas.aspect``, y from 0 (top) to 1 (bottom). Colours are RGB in 0 to 1.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from benchmark.data.synthetic.brush.frame import Frame
from benchmark.data.synthetic.brush.geometry import Points
from benchmark.data.synthetic.brush.light import Light
from benchmark.data.synthetic.brush.mask import Box, cover, relief, spot
from benchmark.data.synthetic.brush.noise import Textures

Colour = Sequence[float] | np.ndarray


@dataclasses.dataclass(frozen=True)
class Paint:
    """How a shape is painted.

    Attributes
    ----------
    colour, to : colour
        Of the shape; with ``to`` a gradient from top to bottom, or left to right if ``across``.
    rough : float
        Strength of the texture, relative to the colour.
    bevel : float
        How round it looks: strength of the light on its lit and the shade on its far edge.
    alpha : float
        Opacity, 0 to 1.
    lit : bool
        False for what shines by itself: the light's tint does not reach it.
    depth : float
        Distance, 0 to 1: how much of the haze lies before it.
    grain : str
        The texture, see `Textures.piece`.
    """

    colour: Colour
    to: Colour | None = None
    across: bool = False
    rough: float = 0.05
    bevel: float = 0.0
    alpha: float = 1.0
    lit: bool = True
    depth: float = 0.0
    grain: str = "fine"


class Canvas:
    """A picture in the making.

    Parameters
    ----------
    height, width : int
        Of the picture, in pixels.
    rng : Generator
        Source of all textures.
    light : Light
        Tints what is lit, and gives the colour of the haze.

    Attributes
    ----------
    pixels : ndarray of float32, shape (3, height, width)
        RGB planes.
    aspect : float
        Width over height.
    """

    def __init__(self, height: int, width: int, rng: np.random.Generator, light: Light) -> None:
        self.height, self.width, self.rng, self.light = height, width, rng, light
        self.aspect = width / height
        self.pixels = np.zeros((3, height, width), dtype=np.float32)
        self.textures = Textures(height, width, rng)

    def fill(
        self, points: Points | list[np.ndarray], colour: Colour, to: Colour | None = None, **paint: Any
    ) -> None:
        """Paint one polygon, or several of the same `Paint`, whose further fields are keywords."""
        covered = cover(points, self.height, self.width)
        if covered is not None:
            self._paint(*covered, Paint(colour, to, **paint))

    def stroke(
        self,
        lines: Points | list[np.ndarray],
        width: float,
        colour: Colour,
        *,
        closed: bool = False,
        **paint: Any,
    ) -> None:
        """Paint one line or several, ``width`` in units of the picture's height; thin ones are paler."""
        pixels = width * self.height
        covered = cover(lines, self.height, self.width, max(1, round(pixels)), closed)
        if covered is not None:
            alpha = paint.pop("alpha", 1.0) * min(1.0, max(0.25, pixels))
            self._paint(*covered, Paint(colour, alpha=alpha, **{"rough": 0.0, **paint}))

    def blob(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Colour,
        *,
        ragged: float = 0.5,
        hard: float = 3.0,
        shade: float = 0.35,
        mottle: float = 0.15,
        alpha: float = 1.0,
        lit: bool = True,
        depth: float = 0.0,
        grain: str = "fine",
    ) -> None:
        """Paint a mass with a ragged outline, lit from the light's side: foliage, a cloud, smoke, snow.

        Parameters
        ----------
        ragged : float
            How far the texture eats into the outline.
        hard : float
            Sharpness of the outline: 1 is mist, 6 is leaves.
        shade : float
            Difference between the lit and the far side.
        mottle : float
            Strength of the light and dark speckles inside.
        alpha, lit, depth, grain
            As in `Paint`.
        """
        reach = 1.0 + 0.5 * ragged
        found = spot(x, y, rx * reach, ry * reach, self.height, self.width)
        if found is None:
            return
        u, v, box = found[0] * reach, found[1] * reach, found[2]
        field = self.textures.piece(grain, v.size, u.size)
        coverage = 1 - u * u - v * v
        coverage += ragged * field
        coverage *= hard
        np.clip(coverage, 0, 1, out=coverage)
        coverage *= alpha
        side = self.light.direction
        tone = 1 + shade * (u * side[0] + v * side[1]) + mottle * field
        self._blend(coverage, box, Paint(colour, lit=lit, depth=depth), tone, None)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.5) -> None:
        """Darken an elliptic patch softly, as under something that stands there."""
        found = spot(x, y, rx, ry, self.height, self.width)
        if found is not None:
            u, v, (x0, y0, x1, y1) = found
            self.pixels[:, y0:y1, x0:x1] *= 1 - strength * np.maximum(1 - u * u - v * v, 0) ** 2

    def glow(self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float = 0.6) -> None:
        """Add the light of a lamp or of the sun."""
        found = spot(x, y, rx, ry, self.height, self.width)
        if found is not None:
            u, v, (x0, y0, x1, y1) = found
            mask = np.maximum(1 - u * u - v * v, 0) ** 2
            for plane, value in zip(self.pixels[:, y0:y1, x0:x1], colour, strict=True):
                plane += (strength * float(value)) * mask * (1 - 0.6 * np.minimum(plane, 1))

    def soften(self, sigma: float) -> None:
        """Blur all that is painted so far, ``sigma`` in units of the height: it lies out of focus."""
        for plane in self.pixels:
            cv2.GaussianBlur(plane, (0, 0), sigma * self.height, dst=plane)

    def backdrop(
        self, top: Colour, bottom: Colour, until: float = 1.0, *, lit: bool = True, rough: float = 0.0
    ) -> None:
        """Fill the full width from the top down to ``until`` with a gradient."""
        rows = max(1, min(self.height, round(until * self.height)))
        t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        tone = 1 + rough * self.textures.piece("broad", rows, self.width) if rough else None
        for k, plane in enumerate(self.pixels):
            tint = float(self.light.tint[k]) if lit else 1.0
            column = (top[k] + t * (bottom[k] - top[k])) * tint
            plane[:rows] = column if tone is None else column * tone

    def frame(self, x: float, y: float, size: float, *, flip: bool = False, turn: float = 0.0) -> Frame:
        """Local coordinates for an object: its foot at (x, y), one unit of length ``size``."""
        return Frame(self, x, y, size, flip, turn)

    def _paint(self, mask: np.ndarray, box: Box, paint: Paint) -> None:
        height, width = mask.shape
        tone: np.ndarray | None = None
        if paint.rough and height * width > 30:
            tone = 1 + paint.rough * self.textures.piece(paint.grain, height, width)
        if paint.bevel:
            edges = paint.bevel * relief(mask, self.light.direction)
            tone = 1 + edges if tone is None else tone + edges
        along = None
        if paint.to is not None:
            along = np.linspace(0, 1, width if paint.across else height, dtype=np.float32)
            along = along[None, :] if paint.across else along[:, None]
        self._blend(mask.astype(np.float32) * np.float32(paint.alpha / 255), box, paint, tone, along)

    def _blend(
        self, coverage: np.ndarray, box: Box, paint: Paint, tone: np.ndarray | None, along: np.ndarray | None
    ) -> None:
        """Lay a paint over the pixels of a box: its gradient ``along``, times ``tone``, behind the haze."""
        x0, y0, x1, y1 = box
        for k in range(3):
            region = self.pixels[k, y0:y1, x0:x1]
            tint = float(self.light.tint[k]) if paint.lit else 1.0
            layer: Any = float(paint.colour[k]) * tint
            if along is not None and paint.to is not None:
                layer = layer + along * (float(paint.to[k]) * tint - layer)
            if tone is not None:
                layer = layer * tone
            if paint.depth:
                layer = layer * (1 - paint.depth) + float(self.light.haze[k]) * paint.depth
            region += coverage * (layer - region)
