"""Two ways a picture reaches its viewers: carefully published, or snapped and posted.

Nothing here depends on what the picture shows: neither size, border, text, blur nor compression may tell the
label.
"""

import cv2
import numpy as np

WORDS = (
    "monday",
    "look",
    "so this",
    "again",
    "right now",
    "my street",
    "today",
    "24/7",
    "haha ok",
    "no words",
    "part 2",
    "10:45",
)
"""Overlaid text; none of it speaks of good or bad."""

MIDDLE_GREY = 0.44


def encode(pixels: np.ndarray, quality: int) -> bytes:
    """Compress to JPEG.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB.
    quality : int
        1 to 100.
    """
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not done:
        raise RuntimeError(
            f"OpenCV cannot write a JPEG of shape {pixels.shape}; reinstall opencv-contrib-python"
        )
    return bytes(data)


def publish(pixels: np.ndarray, rng: np.random.Generator) -> bytes:
    """The clean domain: the picture as it was developed, softer or sharper, lightly compressed."""
    if rng.random() < 0.5:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.35, 0.75))
    return encode(pixels, int(rng.integers(82, 97)))


def post(pixels: np.ndarray, rng: np.random.Generator) -> bytes:
    """The casual domain: tilted, blurred, noisy, filtered, framed, written on, and compressed hard."""
    if rng.random() < 0.6:
        pixels = _tilt(pixels, rng)
    if rng.random() < 0.35:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.5, 1.3))
    elif rng.random() < 0.25:
        pixels = _shake(pixels, rng)
    pixels = _meter(pixels, rng)
    if rng.random() < 0.45:
        pixels = _filter(pixels, rng)
    if rng.random() < 0.6:
        speck = rng.standard_normal(pixels.shape[:2], dtype=np.float32) * rng.uniform(2, 9)
        pixels = np.clip(pixels + speck[..., None], 0, 255).astype(np.uint8)
    if rng.random() < 0.18:
        pixels = _write(pixels, rng)
    if rng.random() < 0.14:
        pixels = _border(pixels, rng)
    return encode(pixels, int(rng.integers(48, 92)))


def _tilt(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn by a few degrees and cut away the empty corners."""
    height, width = pixels.shape[:2]
    angle = rng.normal(0, 3.0)
    ratio = max(width, height) / min(width, height)
    zoom = 1 + ratio * abs(np.sin(np.radians(angle))) + rng.uniform(0, 0.06)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, zoom)
    return cv2.warpAffine(
        pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )


def _shake(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur along the way the hand moved."""
    length = int(rng.integers(3, 7))
    kernel = np.zeros((length, length), dtype=np.float32)
    angle = rng.uniform(0, np.pi)
    c = (length - 1) / 2
    along = np.array([np.cos(angle), np.sin(angle)]) * c
    a, b = np.round(c - along).astype(int), np.round(c + along).astype(int)
    cv2.line(kernel, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0)
    return cv2.filter2D(pixels, -1, kernel / kernel.sum())


def _meter(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Exposure and white balance of a cheap camera: half way to a middle grey, and often wrong."""
    tone = np.arange(256, dtype=np.float32) / 255
    level = np.clip(cv2.mean(pixels)[1] / 255, 0.05, 0.95)
    gamma = np.clip((np.log(MIDDLE_GREY) / np.log(level)) ** 0.5, 0.6, 1.4) * np.exp(rng.normal(0, 0.16))
    cast = np.exp(rng.normal(0, 0.06, 3) + rng.normal(0, 0.04))
    table = np.stack([np.clip(tone**gamma * c, 0, 1) for c in cast], axis=1)
    table = np.rint(table * 255).astype(np.uint8)[None]
    vivid = rng.uniform(0.55, 1.3)
    grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return cv2.LUT(cv2.addWeighted(pixels, vivid, grey, 1 - vivid, 0), table)


def _filter(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A filter of the time: warm, cool, faded, strong or black and white."""
    kind = rng.choice(["warm", "cool", "fade", "strong", "grey"], p=[0.26, 0.26, 0.22, 0.18, 0.08])
    tone = np.arange(256, dtype=np.float32) / 255
    if kind == "grey":
        return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    gain = {"warm": (1.10, 1.0, 0.84), "cool": (0.86, 0.99, 1.12)}.get(str(kind), (1.0, 1.0, 1.0))
    if kind == "fade":
        tone = 0.12 + 0.78 * tone
    if kind == "strong":
        tone = tone + 0.12 * np.sin(2 * np.pi * (tone - 0.5))
    table = np.stack([np.clip(tone * g, 0, 1) for g in gain], axis=1)
    return cv2.LUT(pixels, np.rint(table * 255).astype(np.uint8)[None])


def _write(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a few words over the picture, as on a shared snapshot."""
    height, width = pixels.shape[:2]
    text = WORDS[rng.integers(len(WORDS))]
    scale = height / 300 * rng.uniform(0.8, 1.3)
    out = pixels.copy()
    y = int(height * (0.14 if rng.random() < 0.4 else 0.93))
    if rng.random() < 0.4:
        top, bottom = max(0, y - int(30 * scale)), min(height, y + int(10 * scale))
        out[top:bottom] //= 2
    x = int(rng.uniform(0.04, 0.45) * width)
    for colour, thickness in (((20, 20, 20), 4), ((250, 250, 250), 1 + (scale > 1))):
        cv2.putText(out, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, colour, int(thickness), cv2.LINE_AA)
    return out


def _border(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A frame all around, or bars above and below."""
    height = pixels.shape[0]
    edge = int(height * rng.uniform(0.02, 0.06))
    value = int(rng.choice([0, 16, 240, 255]))
    sides = edge if rng.random() < 0.6 else 0
    framed = cv2.copyMakeBorder(
        pixels, edge, edge, sides, sides, cv2.BORDER_CONSTANT, value=(value, value, value)
    )
    return framed
