"""What tells a generated picture's label: its colours a little, its shapes more, its file nothing."""

import csv
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from benchmark.data.synthetic import World, draw_source
from benchmark.data.synthetic.target import describe_world, draw_world

Pictures = tuple[list[bytes], np.ndarray]
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


@pytest.fixture(scope="module")
def casual(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    """Files and labels of the pictures on which all five agree."""
    folder = tmp_path_factory.mktemp("casual")
    world = World(n=400, seed=0, duplicates=0)
    draw_world(folder, world)
    agreed = {name: t.votes[0] for name, t in describe_world(world).items() if len(set(t.votes)) == 1}
    return [(folder / name).read_bytes() for name in agreed], np.array(list(agreed.values()))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    folder = draw_source(tmp_path_factory.mktemp("clean"), 220, seed=2)
    with (folder / "source.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([int(row["true_label"]) for row in rows])
    return [(folder / row["image"]).read_bytes() for row in rows], labels


def thumbnail(data: bytes) -> np.ndarray:
    """The centre square in 96 x 96 pixels, BGR."""
    pixels = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_COLOR_2))
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return cv2.resize(pixels[top : top + side, left : left + side], (96, 96), interpolation=cv2.INTER_AREA)


def histogram(data: bytes) -> np.ndarray:
    """64-bin colour histogram, square roots (the Hellinger kernel)."""
    bins = (thumbnail(data) >> 6).reshape(-1, 3).astype(int) @ (16, 4, 1)
    return np.sqrt(np.bincount(bins, minlength=64) / len(bins))


def edges(data: bytes) -> np.ndarray:
    """Histograms of oriented gradients of the grey picture."""
    descriptor = cv2.HOGDescriptor((96, 96), (32, 32), (16, 16), (16, 16), 9)
    return np.asarray(descriptor.compute(cv2.cvtColor(thumbnail(data), cv2.COLOR_BGR2GRAY))).ravel()


def trivial(data: bytes) -> np.ndarray:
    """Size, bytes, compression and frame of a file: what may not tell the label."""
    with Image.open(io.BytesIO(data)) as image:
        table = np.mean(getattr(image, "quantization")[0])  # noqa: B009 (JPEG alone has it)
        pixels = np.asarray(image).astype(float)
    height, width = pixels.shape[:2]
    rim = [pixels[0].std(), pixels[-1].std(), pixels[:, 0].std(), pixels[:, -1].std()]
    frame = [float(value < 3) for value in rim]
    return np.array([width, height, width / height, len(data), len(data) / (width * height), table, *frame])


def cross_validated(features: np.ndarray, labels: np.ndarray, model: object | None = None) -> np.ndarray:
    """Out-of-fold predictions."""
    if model is None:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=2000))
    return cross_val_predict(model, features, labels, cv=FOLDS)


def test_colour_tells_a_part_and_only_a_part(casual: Pictures) -> None:
    files, labels = casual
    majority = max(labels.mean(), 1 - labels.mean())
    assert 0.60 < majority < 0.68
    found = np.mean(cross_validated(np.array([histogram(data) for data in files]), labels) == labels)
    assert majority + 0.03 < found < 0.80


def test_shape_tells_more_than_chance_without_any_colour(casual: Pictures) -> None:
    files, labels = casual
    model = make_pipeline(StandardScaler(), SVC(C=3))
    found = np.mean(cross_validated(np.array([edges(data) for data in files]), labels, model) == labels)
    assert found > max(labels.mean(), 1 - labels.mean()) + 0.04


def file_accuracy(cues: np.ndarray, labels: np.ndarray) -> float:
    """How often a forest, which finds any combination of cues, is right out of fold."""
    forest = ExtraTreesClassifier(100, min_samples_leaf=4, random_state=0)
    return float(np.mean(cross_validated(cues, labels, forest) == labels))


def noticeable(labels: np.ndarray) -> float:
    """Accuracy that chance does not reach: three standard errors above the majority."""
    return max(labels.mean(), 1 - labels.mean()) + 3 * 0.5 / len(labels) ** 0.5


@pytest.mark.parametrize("domain", ["casual", "clean"])
def test_the_file_itself_tells_nothing(domain: str, request: pytest.FixtureRequest) -> None:
    files, labels = request.getfixturevalue(domain)
    assert file_accuracy(np.array([trivial(data) for data in files]), labels) < noticeable(labels)


@pytest.mark.parametrize("planted", ["width", "size", "bytes", "compression", "frame"])
def test_the_check_of_files_would_find_a_cue(casual: Pictures, planted: str) -> None:
    """A cue that follows the label is found, also where no threshold on it separates the classes."""
    files, labels = casual
    cues = np.array([trivial(data) for data in files])
    if planted == "size":
        sizes = np.array([[(400, 300), (420, 280), (384, 288)], [(340, 340), (300, 400), (440, 248)]])
        cues[:, :2] = sizes[labels, np.arange(len(labels)) % 3]
    else:
        column = {"width": 0, "bytes": 3, "compression": 5, "frame": 6}[planted]
        cues[:, column] += labels * 2 * (cues[:, column].std() + 0.2)
    assert file_accuracy(cues, labels) > noticeable(labels)


def test_the_casual_domain_is_varied(casual: Pictures) -> None:
    cues = np.array([trivial(data) for data in casual[0]])
    assert 0.05 < (cues[:, 6:].sum(axis=1) >= 2).mean() < 0.3
    assert len(np.unique(cues[:, 0])) > 5
    assert np.ptp(cues[:, 5]) > 10


def test_the_domains_differ_in_care(casual: Pictures, clean: Pictures) -> None:
    posted, published = (np.mean([trivial(data)[5] for data in files]) for files in (casual[0], clean[0]))
    assert posted > 1.5 * published


def test_skin_and_hair_do_not_depend_on_the_mood(tmp_path: Path) -> None:
    """The chances of a face are drawn before its mood is read: the same face laughs or weeps."""
    from benchmark.data.synthetic.content import Content, generator
    from benchmark.data.synthetic.picture import draw_picture
    from benchmark.data.synthetic.world import ANPS

    for seed in range(4):
        cheeks = []
        for mood in ("happy_face", "angry_face"):
            anp = next(anp for anp in ANPS if anp.name == mood)
            pixels = draw_picture(Content(anp, "room", "bright", 0, 1), generator(seed, "test", 0))
            height, width = pixels.shape[:2]
            forehead = pixels[int(0.36 * height) : int(0.4 * height), int(0.46 * width) : int(0.54 * width)]
            cheeks.append(forehead.astype(float).mean(axis=(0, 1)))
        assert np.abs(cheeks[0] - cheeks[1]).max() < 25
