"""The target domain: casual pictures with the votes of five simulated annotators ("Twitter")."""

import csv
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmark.data.dataset import DatasetError
from benchmark.data.synthetic.annotators import cast_votes
from benchmark.data.synthetic.capture import encode, post
from benchmark.data.synthetic.content import Content, choose_anp, choose_content, generator
from benchmark.data.synthetic.gallery import Progress, picture_name
from benchmark.data.synthetic.picture import draw_picture
from benchmark.data.synthetic.settings import World

GOLDEN = (5**0.5 - 1) / 2
LABELS, TRUTH = "labels.csv", "truth.json"
COPIES = ("exact", "re-encoded", "exact", "scaled")
"""Kinds of planted duplicates, in turn."""


@dataclasses.dataclass(frozen=True)
class Truth:
    """All that is known of a picture.

    Attributes
    ----------
    scene, noun, adjective, anp, light : str
        What it shows.
    sentiment : float
        Of the adjective-noun pair, -2 to 2.
    surroundings : int
        -1 bleak, 0 neutral, 1 friendly.
    attributes : tuple of str
        Scene attributes that hold.
    label : int
        True sentiment, 1 positive or 0 negative; its sign is that of ``sentiment`` wherever ``clarity`` is 1.
    clarity : float
        1, or less where the content divides the annotators.
    votes : tuple of int
        Vote of each annotator.
    duplicate_of : str or None
        Name of the picture that this one is a copy of.
    copy : str or None
        ``exact``, ``re-encoded`` or ``scaled``.
    """

    scene: str
    noun: str
    adjective: str
    anp: str
    light: str
    sentiment: float
    surroundings: int
    attributes: tuple[str, ...]
    label: int
    clarity: float
    votes: tuple[int, ...]
    duplicate_of: str | None = None
    copy: str | None = None

    @property
    def positive_votes(self) -> int:
        """How many annotators saw a positive picture."""
        return sum(self.votes)


def describe_world(world: World) -> dict[str, Truth]:
    """The truth of every picture by file name, without drawing any, in the order of their numbers."""
    return {name: truth for name, _, truth in _plan(world)}


def draw_world(folder: Path, world: World, progress: Progress | None = None) -> None:
    """Draw every picture into ``folder``, with labels.csv and truth.json."""
    truths = {}
    for done, (name, content, truth) in enumerate(_plan(world), 1):
        if truth.duplicate_of is None:
            rng = generator(world.seed, "target pixels", done - 1)
            data = post(draw_picture(content, rng), rng)
        else:
            rng = generator(world.seed, "target copies", done - 1)
            data = _copy((folder / truth.duplicate_of).read_bytes(), str(truth.copy), rng)
        (folder / name).write_bytes(data)
        truths[name] = truth
        if progress is not None:
            progress(done, world.n)
    with (folder / LABELS).open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["image", "label", "votes_positive", "votes_negative"])
        for name, truth in truths.items():
            yes = truth.positive_votes
            table.writerow([name, int(2 * yes > len(truth.votes)), yes, len(truth.votes) - yes])
    card = {
        "settings": dataclasses.asdict(world),
        "images": {name: dataclasses.asdict(truth) for name, truth in truths.items()},
    }
    (folder / TRUTH).write_text(json.dumps(card, indent=1))


def load_truth(dataset_root: Path) -> dict[str, Truth]:
    """Read what is known of every picture of a generated dataset.

    Parameters
    ----------
    dataset_root : Path
        The dataset's ``root``.

    Returns
    -------
    dict of str to Truth
        By file name.

    Raises
    ------
    DatasetError
        The folder holds no truth, or it cannot be read.
    """
    path = Path(dataset_root) / TRUTH
    try:
        images: dict[str, dict[str, Any]] = json.loads(path.read_text())["images"]
        return {
            name: Truth(**{**entry, "attributes": tuple(entry["attributes"]), "votes": tuple(entry["votes"])})
            for name, entry in images.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path}: no truth of a generated dataset ({error}); delete the folder and load the dataset again"
        ) from None


def _plan(world: World) -> Iterator[tuple[str, Content, Truth]]:
    """Name, content and truth of every picture."""
    contents: list[tuple[str, Content, float]] = []
    originals: list[int] = []
    start = generator(world.seed, "target shares", 0).random(2)
    for i in range(world.n):
        rng = generator(world.seed, "target", i)
        name = picture_name(world.seed, "target", i)
        before, after = (int(k * world.duplicates + start[1]) for k in (i, i + 1))
        source = None
        if after > before and originals:
            source = originals[rng.integers(len(originals))]
            _, content, clarity = contents[source]
        else:
            originals.append(i)
            content, clarity = _decide(world, rng, (start[0] + i * GOLDEN) % 1.0)
        contents.append((name, content, clarity))
        votes = cast_votes(generator(world.seed, "votes", i), content.label, world.reliability, clarity)
        copied = None if source is None else contents[source][0]
        kind = None if source is None else COPIES[after % len(COPIES)]
        yield name, content, _truth(content, clarity, votes, copied, kind)


def _decide(world: World, rng: np.random.Generator, place: float) -> tuple[Content, float]:
    """Content and clarity; ``place`` (0 to 1) steps evenly through the shares, also in small worlds."""
    clear = place >= world.ambivalent
    share = world.positive if clear else 0.5
    within = (place - world.ambivalent) / (1 - world.ambivalent) if clear else place / world.ambivalent
    label = int(within < share)
    content = choose_content(rng, choose_anp(rng, label, clear), label, world.colour)
    return content, 1.0 if clear else world.clarity


def _truth(
    content: Content, clarity: float, votes: tuple[int, ...], copied: str | None, kind: str | None
) -> Truth:
    return Truth(
        scene=content.scene,
        noun=content.anp.noun,
        adjective=content.anp.adjective,
        anp=content.anp.name,
        light=content.light,
        sentiment=content.anp.sentiment,
        surroundings=content.surroundings,
        attributes=content.attributes,
        label=content.label,
        clarity=clarity,
        votes=votes,
        duplicate_of=copied,
        copy=kind,
    )


def _copy(data: bytes, kind: str, rng: np.random.Generator) -> bytes:
    """The same picture posted again."""
    if kind == "exact":
        return data
    pixels = np.asarray(cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR))
    if kind == "scaled":
        factor = rng.uniform(0.86, 0.95)
        pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return encode(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), int(rng.integers(60, 86)))
