"""An object's own coordinates on a canvas."""

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmark.data.synthetic.brush.geometry import Points

if TYPE_CHECKING:
    from benchmark.data.synthetic.brush.canvas import Canvas, Colour


class Frame:
    """Coordinates of an object: the foot at (0, 0), up is negative y, one unit its size.

    Parameters
    ----------
    x, y : float
        The foot on the canvas.
    size : float
        One unit, in units of the picture's height.
    flip : bool
        Mirrored left to right.
    turn : float
        Radians.
    """

    def __init__(self, canvas: "Canvas", x: float, y: float, size: float, flip: bool, turn: float) -> None:
        self.canvas, self.size = canvas, size
        cos, sin = np.cos(turn) * size, np.sin(turn) * size
        sign = -1.0 if flip else 1.0
        self.matrix = np.array([[cos * sign, sin * sign], [-sin, cos]])
        self.origin = np.array([x, y], dtype=float)

    def place(self, points: Points) -> np.ndarray:
        """Points of the object on the canvas, shape (n, 2)."""
        return np.asarray(points, dtype=float) @ self.matrix + self.origin

    def fill(
        self, points: Points | list[np.ndarray], colour: "Colour", to: "Colour | None" = None, **paint: Any
    ) -> None:
        """As `Canvas.fill`."""
        self.canvas.fill(self._all(points), colour, to, **paint)

    def stroke(self, lines: Points | list[np.ndarray], width: float, colour: "Colour", **paint: Any) -> None:
        """As `Canvas.stroke`; the width is in the object's units."""
        self.canvas.stroke(self._all(lines), width * self.size, colour, **paint)

    def blob(self, x: float, y: float, rx: float, ry: float, colour: "Colour", **paint: Any) -> None:
        """As `Canvas.blob`."""
        (px, py), s = self.place([(x, y)])[0], self.size
        self.canvas.blob(px, py, rx * s, ry * s, colour, **paint)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.5) -> None:
        """As `Canvas.shadow`."""
        (px, py), s = self.place([(x, y)])[0], self.size
        self.canvas.shadow(px, py, rx * s, ry * s, strength)

    def glow(self, x: float, y: float, rx: float, ry: float, colour: "Colour", strength: float = 0.6) -> None:
        """As `Canvas.glow`."""
        (px, py), s = self.place([(x, y)])[0], self.size
        self.canvas.glow(px, py, rx * s, ry * s, colour, strength)

    def frame(self, x: float, y: float, size: float, *, turn: float = 0.0) -> "Frame":
        """Upright coordinates of a part of the object, its foot at (x, y)."""
        px, py = self.place([(x, y)])[0]
        return Frame(self.canvas, px, py, size * self.size, False, turn)

    def _all(self, shapes: Points | list[np.ndarray]) -> np.ndarray | list[np.ndarray]:
        if isinstance(shapes, list) and shapes and isinstance(shapes[0], np.ndarray):
            return [self.place(shape) for shape in shapes]
        return self.place(shapes)  # type: ignore[arg-type]
