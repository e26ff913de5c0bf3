"""The ground: a level plane in perspective."""

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas, Colour


def paint_ground(
    canvas: Canvas,
    horizon: float,
    far: Colour,
    near: Colour,
    *,
    rough: float = 0.12,
    stretch: float = 1.0,
    scale: float = 1.0,
    boards: float = 0.0,
    haze: float = 0.35,
) -> None:
    """Paint a plane from ``horizon`` to the bottom.

    Parameters
    ----------
    far, near : colour
        At the horizon and at the bottom.
    rough : float
        Strength of the texture.
    stretch : float
        Width of the texture's grains relative to their depth: above 1 for waves.
    scale : float
        Size of the grains.
    boards : float
        Width of floor boards, each of its own shade; 0 for none.
    haze : float
        How much of the haze lies over the horizon.
    """
    top = min(canvas.height - 2, max(0, round(horizon * canvas.height)))
    rows = canvas.height - top
    down = (np.arange(rows, dtype=np.float32) + 0.7) / rows
    away = 1 / (0.06 + down)
    side = (np.arange(canvas.width, dtype=np.float32) / canvas.height - canvas.aspect / 2)[None, :]
    u = side * away[:, None]
    v = np.repeat(away[:, None], canvas.width, axis=1)
    shift = canvas.rng.uniform(0, 400, 2).astype(np.float32)
    field = canvas.textures.sample(u * (60 / scale / stretch) + shift[0], v * (60 / scale) + shift[1])
    field *= np.minimum(1, 0.25 + 1.5 * down)[:, None]
    field += (0.55 * down)[:, None] * canvas.textures.piece("fine", rows, canvas.width)
    tone = 1 + rough * field
    if boards:
        tone *= _boards(u, boards)
    t = np.sqrt(down)[:, None]
    fog = (haze * np.exp(-down * 9))[:, None]
    for k, plane in enumerate(canvas.pixels):
        colour = (far[k] + t * (near[k] - far[k])) * float(canvas.light.tint[k]) * tone
        plane[top:] = colour + fog * (float(canvas.light.haze[k]) - colour)


def _boards(u: np.ndarray, width: float) -> np.ndarray:
    """Tone of boards that run away from the camera, with dark joints between them."""
    column = np.floor(u / width)
    shade = np.sin(column * 12.9898) * 43758.5453
    tone = 0.9 + 0.2 * (shade - np.floor(shade))
    tone *= np.where(np.abs(u / width - column - 0.5) > 0.46, 0.78, 1.0)
    return tone.astype(np.float32)
