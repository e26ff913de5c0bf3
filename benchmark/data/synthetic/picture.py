"""From content to pixels: the scene, its surroundings, the subject, and the developed photograph."""

from collections.abc import Callable

import numpy as np

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.brush.develop import Finish, develop
from benchmark.data.synthetic.content import Content
from benchmark.data.synthetic.scenes.coast import paint_coast
from benchmark.data.synthetic.scenes.field import paint_field
from benchmark.data.synthetic.scenes.forest import paint_forest
from benchmark.data.synthetic.scenes.garden import paint_garden
from benchmark.data.synthetic.scenes.kitchen import paint_kitchen
from benchmark.data.synthetic.scenes.mountain import paint_mountain
from benchmark.data.synthetic.scenes.night_city import paint_night_city
from benchmark.data.synthetic.scenes.room import paint_room
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.scenes.street import paint_street
from benchmark.data.synthetic.subjects.bird import draw_bird
from benchmark.data.synthetic.subjects.boat import draw_boat
from benchmark.data.synthetic.subjects.building import draw_building
from benchmark.data.synthetic.subjects.cake import draw_cake
from benchmark.data.synthetic.subjects.car import draw_car
from benchmark.data.synthetic.subjects.dog import draw_dog
from benchmark.data.synthetic.subjects.face import draw_face
from benchmark.data.synthetic.subjects.firmament import draw_sky
from benchmark.data.synthetic.subjects.flower import draw_flower
from benchmark.data.synthetic.subjects.fruit import draw_fruit
from benchmark.data.synthetic.subjects.house import draw_house
from benchmark.data.synthetic.subjects.tree import draw_tree
from benchmark.data.synthetic.surroundings.choice import paint_surroundings
from benchmark.data.synthetic.world import INDOORS, NOUNS

PAINTERS: dict[str, Callable[[Canvas, str], Stage]] = {
    "coast": paint_coast,
    "forest": paint_forest,
    "street": paint_street,
    "mountain": paint_mountain,
    "field": paint_field,
    "night_city": paint_night_city,
    "room": paint_room,
    "kitchen": paint_kitchen,
    "garden": paint_garden,
}
"""How each scene is painted, given the noun that will stand in it."""

SUBJECTS: dict[str, Callable[[Canvas, float, float, float, str], None]] = {
    "face": draw_face,
    "dog": draw_dog,
    "bird": draw_bird,
    "house": draw_house,
    "building": draw_building,
    "car": draw_car,
    "flower": draw_flower,
    "tree": draw_tree,
    "boat": draw_boat,
    "cake": draw_cake,
    "fruit": draw_fruit,
    "sky": draw_sky,
}
"""How each noun is drawn at (x, y) in a size and in the state that an adjective names."""

SIZES = ((400, 300), (420, 280), (360, 270), (384, 288), (340, 340), (300, 400), (288, 384), (440, 248))
"""Width and height of pictures, in pixels."""


def draw_picture(content: Content, rng: np.random.Generator) -> np.ndarray:
    """Draw what ``content`` says.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB; one of `SIZES`.
    """
    width, height = SIZES[rng.integers(len(SIZES))]
    canvas = Canvas(height, width, rng, content.lighting)
    noun = content.anp.noun
    stage = PAINTERS[content.scene](canvas, noun)
    x = canvas.aspect * 0.5 + rng.uniform(-0.09, 0.09) * min(1.0, canvas.aspect)
    kind = NOUNS[noun]
    room = min(1.0, canvas.aspect / (1.25 * kind.size * kind.breadth))
    size = kind.size * stage.scale * rng.uniform(0.86, 1.12) * room
    y = {"face": 1.0, "sky": stage.horizon}.get(noun, stage.foot)
    if noun == "sky":
        SUBJECTS[noun](canvas, x, y, size, content.anp.adjective)
        paint_surroundings(canvas, stage, content.surroundings, indoors=False)
    else:
        paint_surroundings(canvas, stage, content.surroundings, indoors=content.scene in INDOORS)
        SUBJECTS[noun](canvas, x, y, size, content.anp.adjective)
    finish = Finish(
        exposure=rng.uniform(0.9, 1.1) * (1.3 if content.scene == "night_city" else 1.0),
        contrast=rng.uniform(1.0, 1.15),
        saturation=rng.uniform(0.85, 1.1) + 0.06 * content.lighting.mood,
        vignette=rng.uniform(0.05, 0.3),
        bloom=rng.uniform(0.06, 0.16),
        grain=float(np.exp(rng.uniform(np.log(0.003), np.log(0.024)) - 0.4 * content.lighting.mood)),
    )
    return develop(canvas.pixels, finish, rng)
