"""What one picture shows, decided from (seed, domain, number) alone."""

import dataclasses
import zlib

import numpy as np

from benchmark.data.synthetic.brush.light import LIGHTS, Light
from benchmark.data.synthetic.world import (
    ANPS,
    BLEAK_ATTRIBUTES,
    LIGHT_ATTRIBUTES,
    NOUN_ATTRIBUTES,
    NOUNS,
    SCENE_ATTRIBUTES,
    SCENES,
    STATE_ATTRIBUTES,
    STATE_LIGHTS,
    Anp,
)

SURROUNDINGS = ((0.08, 0.34, 0.58), (0.58, 0.34, 0.08))
"""Chances of bleak, neutral and friendly surroundings, for a positive and for a negative picture."""

LIGHT_PULL = 0.62
"""How strongly a picture's sentiment draws the light along, at colour strength 1."""


@dataclasses.dataclass(frozen=True)
class Content:
    """What a picture shows.

    Attributes
    ----------
    anp : Anp
        The subject and its state.
    scene : str
        One of `SCENES`.
    light : str
        One of `LIGHTS`.
    surroundings : int
        -1 bleak, 0 neutral, 1 friendly.
    label : int
        True sentiment of the picture: 1 positive, 0 negative.
    """

    anp: Anp
    scene: str
    light: str
    surroundings: int
    label: int

    @property
    def lighting(self) -> Light:
        """The light itself; in the city it is always night."""
        light = LIGHTS[self.light]
        return light.after_dark() if self.scene == "night_city" else light

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that hold, sorted."""
        found = {*SCENE_ATTRIBUTES[self.scene], *LIGHT_ATTRIBUTES[self.light]}
        found |= {*STATE_ATTRIBUTES.get(self.anp.adjective, ()), *NOUN_ATTRIBUTES.get(self.anp.noun, ())}
        if self.surroundings < 0:
            found |= set(BLEAK_ATTRIBUTES)
        if self.scene == "night_city":
            found -= {"direct sun/sunny"}
        return tuple(sorted(found))

    def caption(self, anp: Anp) -> str:
        """What a photographer who looks for ``anp`` would write under it."""
        article = "an" if anp.adjective[0] in "aeiou" else "a"
        where = "on a beach" if self.scene == "coast" else f"in the {SCENES[self.scene]}"
        when = "" if self.scene in ("room", "kitchen", "night_city") else f" {LIGHTS[self.light].phrase}"
        return f"{article} {anp.adjective} {anp.noun} {where}{when}"


def generator(seed: int, domain: str, number: int) -> np.random.Generator:
    """The source of chance of one picture: the same whatever else is drawn."""
    return np.random.default_rng(
        np.random.SeedSequence(seed, spawn_key=(zlib.crc32(domain.encode()), number))
    )


def choose_anp(rng: np.random.Generator, label: int, clear: bool) -> Anp:
    """Any noun, then any of its states that suits.

    An ambivalent pair may have either label: there, the light and the surroundings decide.
    """
    suited = [
        anp for anp in ANPS if anp.clear == clear and (not clear or (anp.sentiment > 0) == (label == 1))
    ]
    nouns = sorted({anp.noun for anp in suited})
    noun = nouns[rng.integers(len(nouns))]
    states = [anp for anp in suited if anp.noun == noun]
    return states[rng.integers(len(states))]


def choose_content(rng: np.random.Generator, anp: Anp, label: int, colour: float = 1.0) -> Content:
    """Decide scene, light and surroundings of a picture of ``anp`` whose true sentiment is ``label``.

    Parameters
    ----------
    colour : float
        How strongly the light follows the sentiment: 0 not at all.
    """
    scenes = NOUNS[anp.noun].scenes
    scene = scenes[rng.integers(len(scenes))]
    names = STATE_LIGHTS.get(anp.name, tuple(LIGHTS))
    pull = LIGHT_PULL * colour * (1 if label else -1)
    weights = np.exp([pull * LIGHTS[name].mood for name in names])
    light = names[rng.choice(len(names), p=weights / weights.sum())]
    surroundings = int(rng.choice([-1, 0, 1], p=SURROUNDINGS[0 if label else 1]))
    return Content(anp=anp, scene=scene, light=light, surroundings=surroundings, label=label)
