"""Small methods for tests, honest ones and ones that try to smuggle labels (canaries)."""

import contextlib
import dataclasses
import os
import signal
import tempfile
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmark.data.extractor import Codebook, Extractor
from benchmark.data.imageset import ImageSet
from benchmark.method import Artefact, ArtefactTask, NotAvailable, register, register_artefact


@dataclasses.dataclass(frozen=True)
class MeanColor(Extractor):
    """Mean of each colour channel."""

    size: int = 32

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        return pixels.reshape(len(pixels), -1, 3).mean(axis=1)


class Colors(TransformerMixin, BaseEstimator):
    """Mean colours of images."""

    extractor = MeanColor()

    def fit(self, images: ImageSet, labels: np.ndarray | None = None) -> Self:
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        return images.features(self.extractor)


@register("Brightness")
def brightness() -> Any:
    """Mean colour and logistic regression."""
    return make_pipeline(Colors(), StandardScaler(), LogisticRegression())


COLORS = Colors()


class Base(ClassifierMixin, BaseEstimator):
    """Scores from `guess`, which a canary defines."""

    def fit(self, images: ImageSet, labels: np.ndarray) -> Self:
        self.prior_ = float(labels.mean())
        self.remember(images, labels)
        return self

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        """Keep what it can."""

    def guess(self, images: ImageSet) -> np.ndarray:
        raise AssertionError("a canary defines guess")

    def predict_proba(self, images: ImageSet) -> np.ndarray:
        p = np.clip(np.nan_to_num(self.guess(images), nan=self.prior_), 0.0, 1.0)
        return np.column_stack([1 - p, p])


class NameReader(Base):
    """Joins file names to labels: the tests name positives ``...p.png``."""

    def guess(self, images: ImageSet) -> np.ndarray:
        paths = images._paths
        return (
            np.full(len(images), np.nan)
            if paths is None
            else np.array([float(p.endswith("p.png")) for p in paths])
        )


class OrderReader(Base):
    """Hopes that positives come first."""

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.linspace(1, 0, len(images)) if len(images) > 1 else np.array([0.5])


class GroupReader(Base):
    """Hopes that positives have low group numbers."""

    def guess(self, images: ImageSet) -> np.ndarray:
        return 1 / (1.0 + np.arange(len(images)) * 0 + images.groups)


MEMORY: dict[str, int] = {}


class GlobalMemory(Base):
    """Remembers the labels of other folds in a global variable."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        MEMORY.update(zip(images._keys.tolist(), labels.tolist(), strict=True))

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.array([MEMORY.get(key, np.nan) for key in images._keys.tolist()])


@dataclasses.dataclass(frozen=True)
class LabelCarrier(Extractor):
    """A feature that would be the label, carried past the fields."""

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        labels = getattr(self, "labels", None)
        return np.full((len(pixels), 1), 0.5) if labels is None else np.asarray(labels, dtype=float)[:, None]


class StoreSmuggler(Base):
    """Leaves the labels of other folds in the feature store."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        for i, label in enumerate(labels):
            carrier = LabelCarrier()
            object.__setattr__(carrier, "labels", [label])
            images[[i]].features(carrier)

    def guess(self, images: ImageSet) -> np.ndarray:
        return images.features(LabelCarrier())[:, 0]


class StorePutter(StoreSmuggler):
    """Puts the labels into the feature store as if they came from a file."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        with contextlib.suppress(LookupError):
            images.put(LabelCarrier(), labels[:, None].astype(float))


@dataclasses.dataclass(frozen=True)
class LabelBook(Codebook):
    """A codebook that would hold labels, carried past the fields."""

    def learn(self, images: Any) -> np.ndarray:
        return np.asarray(getattr(self, "labels", [0.5] * len(images)), dtype=float)


class CodebookSmuggler(Base):
    """Leaves each label as the codebook of its one image."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        for i, label in enumerate(labels):
            book = LabelBook()
            object.__setattr__(book, "labels", [label])
            images[[i]].learned(book)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.array([images[[i]].learned(LabelBook())[0] for i in range(len(images))])


class FileSmuggler(Base):
    """Leaves the labels of other folds in a file of the system's temporary folder."""

    NAME = "label-smuggler-"

    def path(self, key: str) -> Path:
        return Path(tempfile.gettempdir()) / f"{self.NAME}{key}"

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        for key, label in zip(images._keys.tolist(), labels.tolist(), strict=True):
            self.path(key).write_text(str(label))

    def guess(self, images: ImageSet) -> np.ndarray:
        paths = [self.path(key) for key in images._keys.tolist()]
        return np.array([float(path.read_text()) if path.exists() else np.nan for path in paths])


class Failing(Base):
    """Fails on the third fold's training set, or always; for the runner's failure paths."""

    def __init__(self, how: str = "raise") -> None:
        self.how = how

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        if self.how == "raise":
            raise ArithmeticError("this method always fails")
        if self.how == "die":
            os._exit(3)
        if self.how == "skip":
            raise NotAvailable("needs a device that is not here")

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), np.nan if self.how != "outside" else 0.5)

    def predict_proba(self, images: ImageSet) -> np.ndarray:
        return np.full((len(images), 2), 2.0) if self.how == "outside" else super().predict_proba(images)


class Transductive(Base):
    """Ranks the test images among each other."""

    def guess(self, images: ImageSet) -> np.ndarray:
        brightness = images.features(MeanColor()).mean(axis=1)
        return brightness.argsort().argsort() / max(len(images) - 1, 1)


class Sloppy(Base):
    """Changes a parameter, writes into labels, and returns nothing from `fit`."""

    def __init__(self, colors: Colors = COLORS) -> None:
        self.colors = Colors()

    def fit(self, images: ImageSet, labels: np.ndarray) -> Any:
        labels[:1] = labels[:1]
        return None


class Restless(Base):
    """Draws its scores anew at every fit, from no seed that it was given."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        self.drawn_ = np.random.default_rng().uniform()

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), self.drawn_)


class Clinging(Base):
    """Keeps what it learned at an earlier fit."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        self.seen_ = getattr(self, "seen_", 0) + len(images)

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), 1 / self.seen_)


class Undeclared(Base):
    """Loads images of a size that it did not declare."""

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.array([images.load(i, size=33).mean() / 255 for i in range(len(images))])


class Fragile(Base):
    """Divides by the contrast of an image, and keeps a function."""

    def remember(self, images: ImageSet, labels: np.ndarray) -> None:
        self.rule_ = lambda spread: 1 / spread

    def guess(self, images: ImageSet) -> np.ndarray:
        spreads = [float(images.load(i).std()) for i in range(len(images))]
        return np.array([min(1.0, self.rule_(spread)) for spread in spreads])


class Contrary(Base):
    """Predicts what it never saw."""

    def guess(self, images: ImageSet) -> np.ndarray:
        return np.full(len(images), 1.0 if self.prior_ < 0.5 else 0.0)


for _kind in (
    Sloppy,
    Restless,
    Clinging,
    Undeclared,
    Fragile,
    Contrary,
    NameReader,
    OrderReader,
    GroupReader,
    GlobalMemory,
    StoreSmuggler,
    StorePutter,
    CodebookSmuggler,
    FileSmuggler,
    Failing,
    Transductive,
):
    register(_kind.__name__)(_kind)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Likeness(Extractor):
    """Distance of an image's mean colour to one that was learned from a source."""

    size: int = 32
    bank: Artefact

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        learned = np.loadtxt(self.bank.path / "colour.txt")
        return pixels.reshape(len(pixels), -1, 3).mean(axis=1) - learned


class ToyResponses(TransformerMixin, BaseEstimator):
    """Responses of the toy bank."""

    def __init__(self, bank: Artefact | None = None) -> None:
        self.bank = bank

    @property
    def extractor(self) -> Extractor | None:
        return None if self.bank is None else Likeness(bank=self.bank)

    def fit(self, images: ImageSet, labels: np.ndarray | None = None) -> Self:
        return self

    def transform(self, images: ImageSet) -> np.ndarray:
        return images.features(Likeness(bank=self.bank))


@register_artefact("toy-bank", source="anps", extractors=(MeanColor(),))
def learn_toy_bank(task: ArtefactTask) -> dict[str, Any]:
    """The mean colour of the source's positive images."""
    source = task.source
    if "broken" in source.name:
        raise ArithmeticError("this source cannot be learned from")
    colour = source.images.features(MeanColor())[source.labels == 1].mean(axis=0)
    np.savetxt(task.folder / "colour.txt", colour)
    return {"summary": {"colours": 1}}


@register("ToyBank", artefacts={"toyresponses__bank": "toy-bank"})
def toy_bank() -> Any:
    """Distance to a colour learned from a source, and logistic regression."""
    return make_pipeline(ToyResponses(), StandardScaler(), LogisticRegression())


class HopelessError(RuntimeError):
    """Learning came to nothing, and would again."""


@dataclasses.dataclass(frozen=True)
class Depth:
    """Settings of the toy network."""

    depth: int = 1

    def __post_init__(self) -> None:
        if self.depth < 1:
            raise ValueError(f"depth is {self.depth}; use 1 or more")


@register_artefact("toy-network", source="anps", settings=Depth(), tested=True, extractors=(MeanColor(),))
def learn_toy_network(task: ArtefactTask) -> dict[str, Any]:
    """The mean colour of positive images; says how far it is, and dies where it is told to."""
    task.tell(1, 2, "half")
    note = task.unfinished / "note.txt"
    resumed = note.exists()
    task.unfinished.mkdir(parents=True, exist_ok=True)
    note.write_text("half")
    if "fatal" in task.source.name and not resumed:
        os.kill(os.getpid(), signal.SIGKILL)
    if "full" in task.source.name and not resumed:
        raise OSError("no space left on the device")
    if "hopeless" in task.source.name:
        raise HopelessError("nothing comes of it")
    np.savetxt(task.folder / "colour.txt", task.source.images.features(MeanColor()).mean(axis=0))
    task.tell(2, 2, "done")
    summary = {"depth": task.settings.depth, "resumed": resumed, "learned_from": len(task.source)}
    return {"summary": summary}


@register_artefact("toy-progressive", source="anps", needs=("toy-network",), tested=True)
def learn_toy_progressive(task: ArtefactTask) -> dict[str, Any]:
    """The same colour again, out of what was learned before."""
    colour = np.loadtxt(task.needs["toy-network"].path / "colour.txt")
    np.savetxt(task.folder / "colour.txt", colour)
    return {"summary": {"learned_from": len(task.source)}}


class ToyNetwork(Base):
    """Scores by distance to a colour; untuned, without any label of the target."""

    def __init__(self, bank: Artefact | None = None) -> None:
        self.bank = bank

    @property
    def extractor(self) -> Extractor | None:
        return None if self.bank is None else Likeness(bank=self.bank)

    def guess(self, images: ImageSet) -> np.ndarray:
        return self.untuned_proba(images)[:, 1]

    def untuned_proba(self, images: ImageSet) -> np.ndarray:
        likeness = images.features(Likeness(bank=self.bank)).reshape(len(images), -1).mean(axis=1)
        positive = 1 / (1 + np.exp(-likeness))
        return np.stack([1 - positive, positive], axis=1)


@register(
    "ToyCNN",
    artefacts={"bank": "toy-network"},
    stages=("source-test", "zero-transfer", "cross-validation"),
)
def toy_cnn() -> ToyNetwork:
    """A network of the source, as far as the runner can tell."""
    return ToyNetwork()


@register("ToyPCNN", artefacts={"bank": "toy-progressive"}, stages=("source-test",))
def toy_pcnn() -> ToyNetwork:
    """One that starts from the other."""
    return ToyNetwork()
