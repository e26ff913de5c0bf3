"""What a scene leaves for its subject: where the subject stands and how large it may be."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Stage:
    """A scene that is painted and waits for its subject.

    Attributes
    ----------
    foot : float
        Height of the ground under the subject, 0 (top) to 1 (bottom).
    horizon : float
        Where the ground ends.
    scale : float
        Factor on the subject's usual size.
    surface : str
        ``ground``, ``table`` or ``water``.
    """

    foot: float
    horizon: float
    scale: float = 1.0
    surface: str = "ground"
