"""Light and weather: the part of a picture's mood that a colour histogram can see."""

import dataclasses

Triple = tuple[float, float, float]


@dataclasses.dataclass(frozen=True)
class Light:
    """One kind of light.

    Attributes
    ----------
    name : str
        As the truth calls it.
    mood : float
        -1 (gloomy) to 1 (pleasant): how the light leans.
    tint : triple
        Factor on the colour of everything lit.
    sky : (triple, triple)
        Colours of the sky at the top and at the horizon.
    haze : triple
        Colour of the air.
    cloud : triple
        Colour of clouds.
    phrase : str
        For captions.
    direction : (float, float)
        Unit vector towards the light on the picture, y down.
    night : bool
        Whether it is dark, so that windows shine.
    """

    name: str
    mood: float
    tint: Triple
    sky: tuple[Triple, Triple]
    haze: Triple
    cloud: Triple
    phrase: str
    direction: tuple[float, float] = (-0.6, -0.8)
    night: bool = False

    def after_dark(self) -> "Light":
        """The same mood by the light of lamps: warm where the day is pleasant, cold where it is not."""
        warm = 0.5 + 0.5 * self.mood
        tint = (0.58 + 0.16 * warm, 0.54 + 0.10 * warm, 0.62 - 0.06 * warm)
        low = (0.16 + 0.22 * warm, 0.16 + 0.10 * warm, 0.28)
        sky = ((0.05, 0.07, 0.15), low)
        return dataclasses.replace(
            self, tint=tint, sky=sky, haze=low, cloud=low, phrase="at night", night=True
        )


LIGHTS = {
    light.name: light
    for light in (
        Light(
            "sunny",
            1.0,
            (1.08, 1.05, 0.98),
            ((0.22, 0.48, 0.80), (0.68, 0.84, 0.93)),
            (0.76, 0.85, 0.92),
            (0.98, 0.98, 0.97),
            "in bright sun",
        ),
        Light(
            "golden",
            0.8,
            (1.10, 0.94, 0.76),
            ((0.38, 0.50, 0.70), (0.98, 0.78, 0.52)),
            (0.94, 0.78, 0.58),
            (1.0, 0.84, 0.68),
            "in the evening sun",
        ),
        Light(
            "bright",
            0.2,
            (0.98, 0.98, 0.98),
            ((0.62, 0.72, 0.82), (0.88, 0.90, 0.91)),
            (0.86, 0.88, 0.90),
            (0.95, 0.95, 0.96),
            "on a bright day",
        ),
        Light(
            "hazy",
            -0.3,
            (0.92, 0.90, 0.87),
            ((0.66, 0.68, 0.69), (0.84, 0.83, 0.79)),
            (0.83, 0.82, 0.78),
            (0.88, 0.87, 0.85),
            "on a hazy day",
        ),
        Light(
            "overcast",
            -0.8,
            (0.78, 0.81, 0.85),
            ((0.47, 0.51, 0.56), (0.70, 0.73, 0.75)),
            (0.68, 0.71, 0.74),
            (0.66, 0.68, 0.71),
            "under a grey sky",
        ),
        Light(
            "dusk",
            -0.9,
            (0.62, 0.62, 0.76),
            ((0.20, 0.23, 0.36), (0.62, 0.52, 0.56)),
            (0.48, 0.46, 0.56),
            (0.46, 0.42, 0.50),
            "at dusk",
        ),
    )
}
"""Every kind of light by name."""
