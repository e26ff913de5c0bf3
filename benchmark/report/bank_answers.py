"""What a detector bank keeps of its answers for held-out images, read for a figure."""

import dataclasses
import json
from pathlib import Path
from typing import Any

CARD, DETECTORS, HELD_OUT = "card.json", "detectors.json", "held_out.json"

LISTS = ("highest", "alarms", "misses")
"""Of a detector: the highest answers; the next highest for images without the concept; the lowest for images
with it."""


class BankAnswersError(ValueError):
    """The pictures of a bank cannot be shown; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a detector answered for an image that it was not fitted to.

    Attributes
    ----------
    image : str
        First digits of the image's key.
    score : float
        Calibrated answer, 0 to 1.
    labelled : bool
        Whether the image's label says that it shows the concept.
    """

    image: str
    score: float
    labelled: bool


@dataclasses.dataclass(frozen=True)
class ShownDetector:
    """A detector and its pictures.

    Attributes
    ----------
    concept : str
    ap, chance : float
        Held-out average precision, and that of random orders.
    positives : int
        Images with the concept that it was learned from.
    measured_on : str
        Whose labels.
    answers : dict of str to tuple of Answer
        By the lists of `LISTS`.
    """

    concept: str
    ap: float
    chance: float
    positives: int
    measured_on: str
    answers: dict[str, tuple[Answer, ...]]


@dataclasses.dataclass(frozen=True)
class BankAnswers:
    """The detectors of a bank that have the highest and the lowest average precision.

    Attributes
    ----------
    name, source : str
        Of the bank, and of what it was learned from.
    kept : int
        Detectors of the bank.
    best, worst : tuple of ShownDetector
        By decreasing average precision; no detector is in both.
    """

    name: str
    source: str
    kept: int
    best: tuple[ShownDetector, ...]
    worst: tuple[ShownDetector, ...]

    @property
    def images(self) -> set[str]:
        """First digits of the keys of all images."""
        shown = (answers for d in (*self.best, *self.worst) for answers in d.answers.values())
        return {answer.image for answers in shown for answer in answers}


def read_bank_answers(folder: Path, rows: int) -> BankAnswers:
    """Read what a bank keeps of its held-out answers.

    Parameters
    ----------
    folder : Path
        Of the bank.
    rows : int
        Detectors at each end, at least 1.

    Raises
    ------
    BankAnswersError
        The bank keeps none: it was learned by an earlier version, or its files are damaged.
    """
    try:
        card = json.loads((folder / CARD).read_bytes())
        quality = json.loads((folder / DETECTORS).read_bytes())["quality"]
        pictures = json.loads((folder / HELD_OUT).read_bytes())["pictures"]
        shown = [_detector(name, quality[name], pictures[name]) for name in pictures]
        source, name = card["summary"]["source"], card["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BankAnswersError(
            f"{folder}: keeps no held-out pictures that can be read ({error}); learn the bank again: "
            "python -m benchmark bank train"
        ) from None
    shown.sort(key=lambda detector: -detector.ap)
    return BankAnswers(
        name, source, len(shown), tuple(shown[:rows]), tuple(shown[max(rows, len(shown) - rows) :])
    )


def _detector(name: str, quality: dict[str, Any], pictures: dict[str, Any]) -> ShownDetector:
    answers = {
        what: tuple(Answer(str(image), float(score), label == 1) for image, score, label in pictures[what])
        for what in LISTS
    }
    return ShownDetector(
        name,
        float(quality["ap"]),
        float(quality["chance"]),
        int(quality["positives"]),
        str(quality["measured_on"]),
        answers,
    )
