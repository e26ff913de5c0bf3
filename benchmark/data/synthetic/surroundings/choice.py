"""Which small things stand around the subject."""

from collections.abc import Callable

from benchmark.data.synthetic.brush.canvas import Canvas
from benchmark.data.synthetic.scenes.stage import Stage
from benchmark.data.synthetic.surroundings.bleak import (
    bare_twigs,
    cobweb,
    cracked_wall,
    crows,
    litter,
    rubbish_bags,
)
from benchmark.data.synthetic.surroundings.friendly import (
    balloons,
    bunting,
    butterflies,
    flower_clumps,
    pot_plant,
)


def paint_surroundings(canvas: Canvas, stage: Stage, mood: int, indoors: bool) -> None:
    """Add two kinds of friendly (``mood`` 1) or bleak (-1) things beside the subject; nothing for 0."""
    if mood == 0:
        return
    on_floor = stage.surface == "ground"
    if mood > 0:
        kinds: list[Callable[[Canvas, Stage], None]] = [balloons, bunting]
        kinds += [] if indoors else [butterflies]
        kinds += [flower_clumps] if on_floor and not indoors else []
        kinds += [pot_plant] if on_floor and indoors else []
    else:
        kinds = [cracked_wall, cobweb] if indoors else [crows, bare_twigs]
        kinds += [litter, rubbish_bags] if on_floor else []
    for k in canvas.rng.permutation(len(kinds))[:2]:
        kinds[k](canvas, stage)
