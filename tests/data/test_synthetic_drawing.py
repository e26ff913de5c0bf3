"""The renderer and the pictures it makes."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.develop import Finish, develop
from benchmark.data.synthetic.brush.geometry import ellipse, jagged, rect, smooth, taper
from benchmark.data.synthetic.brush.light import LIGHTS
from benchmark.data.synthetic.brush.mask import cover, relief
from benchmark.data.synthetic.brush.noise import noise
from benchmark.data.synthetic.capture import encode, post, publish
from benchmark.data.synthetic.content import Content, generator
from benchmark.data.synthetic.picture import SIZES, draw_picture
from benchmark.data.synthetic.world import ANPS, NOUNS, SCENES, Anp


def canvas(height: int = 60, width: int = 80, light: str = "bright") -> Canvas:
    return Canvas(height, width, np.random.default_rng(0), LIGHTS[light])


def picture(pair: str, scene: str, light: str = "bright", surroundings: int = 0, seed: int = 0) -> np.ndarray:
    anp = next(anp for anp in ANPS if anp.name == pair)
    content = Content(anp, scene, light, surroundings, int(anp.sentiment > 0))
    return draw_picture(content, generator(seed, "test", 0))


@pytest.mark.parametrize("anp", ANPS, ids=lambda anp: anp.name)
def test_every_pair_is_drawn(anp: Anp) -> None:
    scenes = NOUNS[anp.noun].scenes
    place = ANPS.index(anp)
    content = Content(anp, scenes[place % len(scenes)], list(LIGHTS)[place % len(LIGHTS)], place % 3 - 1, 1)
    pixels = draw_picture(content, generator(1, "test", place))
    assert pixels.dtype == np.uint8
    assert (pixels.shape[1], pixels.shape[0]) in SIZES
    assert pixels.std() > 15


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_drawn_in_every_light(scene: str) -> None:
    seen = [picture("happy_face", scene, light) for light in LIGHTS]
    assert len({image.tobytes() for image in seen}) == len(seen)


@pytest.mark.parametrize(
    ("one", "other", "scene"),
    [
        ("happy_face", "sad_face", "room"),
        ("charming_house", "damaged_house", "field"),
        ("expensive_car", "damaged_car", "street"),
        ("fresh_fruit", "rotten_fruit", "kitchen"),
        ("pretty_tree", "dead_tree", "field"),
        ("peaceful_boat", "derelict_boat", "coast"),
    ],
)
def test_states_differ_in_shape_and_not_only_in_colour(one: str, other: str, scene: str) -> None:
    """The outlines differ more between two states than between two lights."""

    def outlines(image: np.ndarray) -> np.ndarray:
        middle = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (96, 96))[16:90, 20:76]
        return cv2.GaussianBlur(cv2.Canny(middle, 60, 140).astype(np.float32), (0, 0), 1.5)

    plain = outlines(picture(one, scene))
    state, light = outlines(picture(other, scene)), outlines(picture(one, scene, "hazy"))
    same = np.corrcoef(plain.ravel(), light.ravel())[0, 1]
    assert np.corrcoef(plain.ravel(), state.ravel())[0, 1] < same - 0.1


def test_a_picture_depends_on_its_generator_alone() -> None:
    first = picture("happy_dog", "garden", seed=4)
    picture("sad_face", "street", seed=9)
    np.random.default_rng(5).random(100)
    assert np.array_equal(picture("happy_dog", "garden", seed=4), first)
    assert not np.array_equal(picture("happy_dog", "garden", seed=5), first)


def test_surroundings_show() -> None:
    plain = picture("happy_dog", "garden", surroundings=0)
    assert not np.array_equal(picture("happy_dog", "garden", surroundings=1), plain)
    assert not np.array_equal(picture("happy_dog", "garden", surroundings=-1), plain)


def test_shapes_are_antialiased_and_cover_their_area() -> None:
    covered = cover(ellipse(0.5, 0.5, 0.3, 0.3, n=60), 100, 100)
    assert covered is not None
    mask, _ = covered
    assert mask.sum() / 255 == pytest.approx(np.pi * 30**2, rel=0.06)
    assert ((mask > 0) & (mask < 255)).sum() > 60


def test_overlapping_shapes_leave_no_hole() -> None:
    covered = cover([rect(0.1, 0.1, 0.6, 0.6), rect(0.4, 0.4, 0.9, 0.9)], 100, 100)
    assert covered is not None
    mask, (left, top, _, _) = covered
    assert mask[50 - top, 50 - left] == 255


def test_what_lies_outside_is_not_painted() -> None:
    assert cover(rect(2, 2, 3, 3), 50, 50) is None
    page = canvas()
    page.fill(rect(5, 5, 6, 6), (1, 1, 1))
    page.blob(9, 9, 0.1, 0.1, (1, 1, 1))
    page.shadow(-3, 0.5, 0.1, 0.1)
    assert not page.pixels.any()


def test_the_edge_towards_the_light_is_bright() -> None:
    mask = np.zeros((60, 60), dtype=np.uint8)
    mask[15:45, 15:45] = 255
    light = relief(mask, (0.0, -1.0))
    assert light[17, 30] > 0.2
    assert light[42, 30] < -0.2


def test_a_mass_is_bright_on_the_side_of_the_light() -> None:
    page = canvas(100, 100)
    page.blob(0.5, 0.5, 0.4, 0.4, (0.5, 0.5, 0.5), ragged=0, mottle=0)
    assert page.light.direction[1] < 0
    assert page.pixels[1, 25, 50] > page.pixels[1, 75, 50] + 0.1


def test_haze_hides_what_is_far() -> None:
    near, far = canvas(), canvas()
    near.fill(rect(0, 0, 2, 1), (0.1, 0.1, 0.1), rough=0)
    far.fill(rect(0, 0, 2, 1), (0.1, 0.1, 0.1), rough=0, depth=0.8)
    haze = near.light.haze[1]
    assert abs(far.pixels[1].mean() - haze) < 0.4 * abs(near.pixels[1].mean() - haze)


def test_a_frame_turns_flips_and_scales() -> None:
    frame = canvas().frame(0.5, 0.8, 0.2, flip=True)
    assert frame.place([(1, 0), (0, -1)]) == pytest.approx(np.array([(0.3, 0.8), (0.5, 0.6)]))
    turned = canvas().frame(0.5, 0.8, 0.2, turn=np.pi / 2)
    assert np.linalg.norm(turned.place([(3, 4)]) - (0.5, 0.8)) == pytest.approx(1.0)


def test_curves_pass_through_their_points() -> None:
    points = np.array([(0, 0), (1, 0.5), (2, 0), (3, 2)], dtype=float)
    for closed in (True, False):
        curve = smooth(points, closed=closed)
        assert all(np.abs(curve - point).sum(axis=1).min() < 1e-9 for point in points)
    limb = taper([(0, 0), (1, 0)], (0.2, 0.4))
    assert np.ptp(limb[:, 1]) == pytest.approx(0.4)
    broken = jagged(points, np.random.default_rng(0), 0.1)
    assert broken[0] == pytest.approx(points[0])
    assert broken[-1] == pytest.approx(points[-1])


def test_noise_is_centred_and_of_unit_strength() -> None:
    field = noise(np.random.default_rng(0), 200, 300, (3, 9))
    assert abs(field.mean()) < 0.15
    assert 0.6 < field.std() < 1.4


def test_development_keeps_order_and_range() -> None:
    ramp = np.repeat(np.linspace(-0.2, 1.6, 90, dtype=np.float32)[None, None, :], 3, axis=0)
    ramp = np.repeat(ramp, 40, axis=1)
    out = develop(ramp, Finish(vignette=0, bloom=0, grain=0), np.random.default_rng(0))
    assert (np.diff(out[20, :, 1].astype(int)) >= 0).all()
    assert out.min() == 0
    assert out.max() > 240


def test_both_domains_write_jpeg() -> None:
    pixels = picture("happy_dog", "garden")
    for capture in (post, publish):
        data = capture(pixels, np.random.default_rng(3))
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG"
            assert image.mode == "RGB"


def test_colours_survive_the_encoder() -> None:
    red = np.zeros((40, 40, 3), dtype=np.uint8)
    red[..., 0] = 200
    with Image.open(io.BytesIO(encode(red, 95))) as image:
        assert np.abs(np.asarray(image).mean(axis=(0, 1)) - (200, 0, 0)).max() < 6


def test_the_clean_domain_is_nearer_to_the_picture_than_the_casual_one() -> None:
    def error(data: bytes, pixels: np.ndarray) -> float:
        with Image.open(io.BytesIO(data)) as image:
            shown = np.asarray(image.resize((pixels.shape[1], pixels.shape[0]))).astype(float)
        return float(np.abs(shown - pixels).mean())

    clean, casual = [], []
    for seed in range(8):
        pixels = picture("happy_dog", "garden", seed=seed)
        clean.append(error(publish(pixels, np.random.default_rng(seed)), pixels))
        casual.append(error(post(pixels, np.random.default_rng(seed)), pixels))
    assert np.mean(clean) < 4
    assert np.mean(casual) > 3 * np.mean(clean)
