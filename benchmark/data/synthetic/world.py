"""What exists in the generated world: scenes, adjective-noun pairs and their sentiment, attributes.

Sentiment values are those of the Visual Sentiment Ontology (Borth et al. 2013, the list of 3,244 pairs, -2 to
2) where it has the pair, else those of its nearest pair, such as ``awful_food`` for ``awful_cake``.
"""

import dataclasses

AMBIVALENT = 0.65
"""A pair whose sentiment is weaker than this divides the annotators."""


@dataclasses.dataclass(frozen=True)
class Anp:
    """An adjective-noun pair.

    Attributes
    ----------
    adjective, noun : str
        ``happy``, ``dog``.
    sentiment : float
        -2 (very negative) to 2 (very positive).
    """

    adjective: str
    noun: str
    sentiment: float

    @property
    def name(self) -> str:
        """As the ontology writes it: ``happy_dog``."""
        return f"{self.adjective}_{self.noun}"

    @property
    def clear(self) -> bool:
        """Whether people agree on its sentiment."""
        return abs(self.sentiment) >= AMBIVALENT


@dataclasses.dataclass(frozen=True)
class Noun:
    """A kind of subject.

    Attributes
    ----------
    size : float
        Usual height in units of the picture's height.
    breadth : float
        Width over height.
    scenes : tuple of str
        Where it is found.
    adjectives : tuple of (str, float)
        Its states and their sentiment.
    """

    size: float
    breadth: float
    scenes: tuple[str, ...]
    adjectives: tuple[tuple[str, float], ...]


NOUNS = {
    "face": Noun(
        0.92,
        0.7,
        ("coast", "forest", "street", "mountain", "field", "night_city", "room", "kitchen", "garden"),
        (("happy", 1.53), ("laughing", 1.73), ("sad", -1.39), ("angry", -1.87), ("tough", 0.47)),
    ),
    "dog": Noun(
        0.62,
        1.1,
        ("coast", "forest", "street", "mountain", "field", "room", "garden"),
        (("happy", 1.15), ("cute", 1.45), ("sad", -1.47), ("angry", -1.55), ("obedient", 0.45)),
    ),
    "bird": Noun(
        0.54,
        1.5,
        ("coast", "forest", "mountain", "field", "garden"),
        (("colorful", 1.43), ("little", 2.0), ("dead", -1.85), ("curious", 0.61)),
    ),
    "house": Noun(
        0.64,
        1.2,
        ("coast", "forest", "mountain", "field"),
        (("charming", 1.52), ("damaged", -1.48), ("haunted", -1.48), ("tiny", -0.48)),
    ),
    "building": Noun(
        0.80,
        0.75,
        ("street", "night_city", "field"),
        (("stunning", 1.42), ("colorful", 1.38), ("damaged", -1.42), ("abandoned", -0.71), ("weird", -0.42)),
    ),
    "car": Noun(
        0.48,
        2.0,
        ("coast", "street", "mountain", "field", "night_city"),
        (("expensive", 1.60), ("clean", 1.40), ("damaged", -1.70), ("abandoned", -1.30), ("old", -0.40)),
    ),
    "flower": Noun(
        0.62,
        0.9,
        ("forest", "field", "room", "kitchen", "garden"),
        (("fresh", 1.82), ("beautiful", 1.77), ("dying", -1.0), ("dry", -1.0), ("tiny", -0.23)),
    ),
    "tree": Noun(
        0.80,
        0.95,
        ("coast", "mountain", "field", "garden"),
        (("pretty", 1.59), ("young", 1.09), ("dead", -1.41), ("creepy", -1.08), ("broken", -0.41)),
    ),
    "boat": Noun(
        0.62,
        1.05,
        ("coast",),
        (("peaceful", 1.39), ("derelict", -1.43), ("abandoned", -0.84), ("empty", -0.43)),
    ),
    "cake": Noun(
        0.58,
        1.2,
        ("room", "kitchen"),
        (("delicious", 1.72), ("colorful", 1.72), ("awful", -1.51), ("dry", 0.41)),
    ),
    "fruit": Noun(
        0.58,
        1.15,
        ("room", "kitchen"),
        (("fresh", 1.59), ("rotten", -1.41), ("dry", 0.41)),
    ),
    "sky": Noun(
        1.0,
        1.0,
        ("coast", "mountain", "field"),
        (("sunny", 2.0), ("colorful", 1.75), ("stormy", -1.07), ("dark", -1.47), ("outrageous", -0.49)),
    ),
}

ANPS = tuple(
    Anp(adjective, noun, value) for noun, kind in NOUNS.items() for adjective, value in kind.adjectives
)
"""Every pair of the world."""

SCENES = {
    "coast": "beach",
    "forest": "forest",
    "street": "street",
    "mountain": "mountain meadow",
    "field": "field",
    "night_city": "city at night",
    "room": "living room",
    "kitchen": "kitchen",
    "garden": "garden",
}
"""Every kind of scene, and how a caption calls it."""

INDOORS = ("room", "kitchen")

SCENE_ATTRIBUTES = {
    "coast": (
        "ocean",
        "sand",
        "waves/ surf",
        "open area",
        "far-away horizon",
        "natural",
        "natural light",
        "swimming",
    ),
    "forest": ("trees", "leaves", "foliage", "vegetation", "shrubbery", "natural", "natural light", "hiking"),
    "street": (
        "asphalt",
        "pavement",
        "man-made",
        "driving",
        "brick",
        "natural light",
        "mostly vertical components",
    ),
    "mountain": (
        "snow",
        "grass",
        "rock/stone",
        "rugged scene",
        "far-away horizon",
        "natural",
        "natural light",
        "hiking",
    ),
    "field": ("grass", "vegetation", "farming", "open area", "far-away horizon", "natural", "natural light"),
    "night_city": (
        "electric/indoor lighting",
        "man-made",
        "asphalt",
        "glass",
        "mostly vertical components",
        "driving",
    ),
    "room": (
        "enclosed area",
        "electric/indoor lighting",
        "man-made",
        "cloth",
        "carpet",
        "no horizon",
        "socializing",
    ),
    "kitchen": ("enclosed area", "tiles", "man-made", "eating", "no horizon", "working"),
    "garden": (
        "grass",
        "shrubbery",
        "foliage",
        "vegetation",
        "semi-enclosed area",
        "natural light",
        "leaves",
    ),
}
"""Attributes of a scene, under the names of the SUN Attribute database (Patterson and Hays 2012)."""

LIGHT_ATTRIBUTES = {
    "sunny": ("direct sun/sunny", "warm"),
    "golden": ("direct sun/sunny", "warm"),
    "bright": (),
    "hazy": ("matte",),
    "overcast": ("clouds", "cold"),
    "dusk": ("cold",),
}

STATE_LIGHTS = {
    "sunny_sky": ("sunny", "golden", "bright"),
    "colorful_sky": ("sunny", "golden", "bright", "hazy"),
    "stormy_sky": ("hazy", "overcast", "dusk"),
    "dark_sky": ("hazy", "overcast", "dusk"),
}
"""Pairs that only some light can show; all others are found in any."""

STATE_ATTRIBUTES = {
    "damaged": ("aged/ worn", "stressful"),
    "abandoned": ("aged/ worn", "dirty"),
    "derelict": ("aged/ worn", "dirty"),
    "haunted": ("aged/ worn", "scary"),
    "old": ("aged/ worn",),
    "creepy": ("scary", "dry"),
    "dead": ("dry",),
    "dying": ("dry",),
    "dry": ("dry",),
    "awful": ("dirty", "stressful"),
    "rotten": ("dirty", "moist/ damp"),
    "angry": ("scary", "stressful"),
    "sad": ("stressful",),
    "stormy": ("clouds", "scary", "moist/ damp"),
    "dark": ("clouds", "moist/ damp"),
    "outrageous": ("clouds",),
    "charming": ("flowers", "soothing"),
    "fresh": ("soothing",),
    "beautiful": ("soothing",),
    "pretty": ("flowers", "soothing"),
    "young": ("leaves", "soothing"),
    "peaceful": ("soothing", "still water"),
    "happy": ("soothing", "playing"),
    "laughing": ("soothing", "playing"),
    "cute": ("soothing", "playing"),
    "stunning": ("glossy", "glass"),
    "expensive": ("glossy",),
    "clean": ("glossy", "sterile"),
    "delicious": ("eating",),
}
"""What an adjective adds to the scene's attributes."""

NOUN_ATTRIBUTES = {
    "flower": ("flowers",),
    "tree": ("trees",),
    "cake": ("eating",),
    "fruit": ("eating",),
    "boat": ("sailing/ boating",),
}

BLEAK_ATTRIBUTES = ("cluttered space", "dirty")
"""What bleak surroundings add."""

ATTRIBUTES = tuple(
    sorted(
        {
            name
            for table in (SCENE_ATTRIBUTES, LIGHT_ATTRIBUTES, STATE_ATTRIBUTES, NOUN_ATTRIBUTES)
            for names in table.values()
            for name in names
        }
        | set(BLEAK_ATTRIBUTES)
    )
)
"""Every attribute of the world."""
