"""Table 6 as a researcher would script it with scikit-learn and OpenCV: the peer of the stage ``table6``.

A Pipeline a method, features computed inside it, `cross_val_predict` on two cores, nothing kept and nothing
shared between methods. It imports nothing of this project and can be run alone::

    python plain_script.py images.csv anps.csv attributes.csv predictions.csv --jobs 2

``images.csv`` has the columns ``path,label,fold`` and one of 0 and 1 for each subset. The other two list
training images of detector banks as ``path,concepts``, concepts separated by semicolons; ``-`` leaves out
the methods that need one. Written as plain scripts are, but at their best: OpenCV keeps to one thread in each
process, the vocabulary and the classifiers have the settings of the product, and where the product chooses
the settings of its banks by cross-validation, here they are simply given.
"""

import argparse
import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV, PredefinedSplit, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import MultiLabelBinarizer, StandardScaler
from sklearn.svm import LinearSVC

SIZE = 256
COSTS = {"C": [0.001, 0.01, 0.1, 1, 10]}


def load(path: str) -> np.ndarray:
    """The centre of an image, its shorter side scaled to 256 pixels."""
    image = cv2.imread(path, cv2.IMREAD_COLOR)
    assert image is not None, path
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return cv2.resize(image[top : top + side, left : left + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


# Features of one image.


def color_histogram(image: np.ndarray, grid: int) -> np.ndarray:
    """Square roots of the joint histograms of 4 x 4 x 4 colours in grid x grid blocks."""
    side = SIZE // grid
    blocks = [image[y : y + side, x : x + side] for y in range(0, SIZE, side) for x in range(0, SIZE, side)]
    counts = [cv2.calcHist([b], [0, 1, 2], None, [4] * 3, [0, 256] * 3).ravel() for b in blocks]
    return np.sqrt(np.concatenate(counts) / SIZE**2)


def global_histogram(image: np.ndarray) -> np.ndarray:
    return color_histogram(image, 1)


def local_histogram(image: np.ndarray) -> np.ndarray:
    return color_histogram(image, 4)


def channel_histogram(image: np.ndarray) -> np.ndarray:
    counts = [cv2.calcHist([image], [c], None, [256], [0, 256]).ravel() for c in range(3)]
    return np.concatenate(counts) / image.size


def lbp(image: np.ndarray) -> np.ndarray:
    """Histogram of the uniform local binary patterns of 8 neighbours."""
    g = grey(image)
    around = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)]
    codes = np.zeros((SIZE - 2, SIZE - 2), dtype=np.uint8)
    for bit, (dy, dx) in enumerate(around):
        shifted = g[1 + dy : SIZE - 1 + dy, 1 + dx : SIZE - 1 + dx]
        codes |= (shifted >= g[1:-1, 1:-1]).astype(np.uint8) << bit
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    label = np.where(uniform, np.cumsum(uniform) - 1, uniform.sum())
    return np.bincount(label[codes].ravel(), minlength=59) / codes.size


def gabor_filters(side: int) -> np.ndarray:
    """Transfer functions of GIST: 4 scales of 8 orientations, (32, side, side)."""
    f = np.fft.fftfreq(side)
    radius, angle = np.hypot(f[:, None], f), np.arctan2(f[:, None], f)
    filters = []
    for scale in range(4):
        for j in range(8):
            turned = (angle + np.pi * j / 8 + np.pi) % (2 * np.pi) - np.pi
            centre = 0.3 / 1.85**scale
            filters.append(np.exp(-3.5 * (radius / centre - 1) ** 2 - 2 * np.pi * turned**2))
    return np.array(filters, dtype=np.float32)


GABOR = gabor_filters(SIZE + 64)


def gist(image: np.ndarray) -> np.ndarray:
    """Mean Gabor responses in 4 x 4 blocks (Oliva & Torralba 2001)."""
    log = np.log1p(grey(image).astype(np.float32))
    detail = log - cv2.GaussianBlur(log, (0, 0), 10)
    detail = detail / (0.2 + np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 10)))
    spectrum = np.fft.fft2(np.pad(detail, 32, mode="symmetric"))
    response = np.abs(np.fft.ifft2(spectrum * GABOR))[:, 32:-32, 32:-32]
    return response.reshape(32, 4, SIZE // 4, 4, SIZE // 4).mean(axis=(2, 4)).ravel()


def lab_bands(image: np.ndarray) -> np.ndarray:
    """Joint L*a*b* histograms of three horizontal bands."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    bands = np.array_split(lab, 3)
    counts = [cv2.calcHist([b], [0, 1, 2], None, [4, 14, 14], [0, 256, 16, 240, 16, 240]) for b in bands]
    return np.concatenate([c.ravel() / c.sum() for c in counts])


# Local descriptors of one image: descriptors and places, 0 to 1.


def sift(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keypoints, found = cv2.SIFT.create().detectAndCompute(grey(image), None)
    if not keypoints:
        return np.empty((0, 128), np.float32), np.empty((0, 2))
    return np.asarray(found), np.array([k.pt for k in keypoints]) / SIZE


def hog(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Dense 2 x 2 cells of 8 pixels and 9 orientations."""
    cells = np.asarray(cv2.HOGDescriptor((SIZE, SIZE), (16, 16), (16, 16), (8, 8), 9).compute(grey(image)))
    centres = (np.arange(SIZE // 16) + 0.5) * 16 / SIZE
    x, y = np.meshgrid(centres, centres, indexing="ij")  # column by column, as OpenCV does
    return cells.reshape(-1, 36), np.stack([x.ravel(), y.ravel()], axis=1)


def self_similarity(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How 5 x 5 patches recur within 40 pixels, in 3 rings x 10 sectors (Shechtman & Irani 2007)."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
    points = np.arange(43, SIZE - 43, 10)
    found, places = [], []
    for y in points:
        for x in points:
            window = lab[y - 42 : y + 43, x - 42 : x + 43]
            ssd = cv2.matchTemplate(window, lab[y - 2 : y + 3, x - 2 : x + 3], cv2.TM_SQDIFF)
            nearest = np.array([ssd.ravel()[cell].min() for cell in POLAR])
            similar = np.exp(-nearest / max(2700, ssd[39:42, 39:42].max()))
            found.append((similar - similar.min()) / max(np.ptp(similar), 1e-6))
            places.append((x / SIZE, y / SIZE))
    return np.array(found, dtype=np.float32), np.array(places)


def polar_cells() -> list[np.ndarray]:
    y, x = np.mgrid[-40:41, -40:41]
    distance, sector = np.hypot(x, y), (np.arctan2(-y, x) / (2 * np.pi) % 1 * 10).astype(int)
    edges = 2.5 * (40 / 2.5) ** (np.arange(4) / 3)
    rings = [(a < distance) & (distance <= b) for a, b in itertools.pairwise(edges)]
    return [np.flatnonzero(ring & (sector == s)) for ring in rings for s in range(10)]


POLAR = polar_cells()


# Transformers and classifiers over paths of images.


class Each(TransformerMixin, BaseEstimator):
    """A feature of each image."""

    def __init__(self, function: Callable[[np.ndarray], np.ndarray]) -> None:
        self.function = function

    def fit(self, paths: np.ndarray, y: Any = None) -> "Each":
        return self

    def transform(self, paths: np.ndarray) -> np.ndarray:
        cv2.setNumThreads(1)
        return np.array([self.function(load(path)) for path in paths], dtype=np.float32)


class Words(TransformerMixin, BaseEstimator):
    """Visual words of local descriptors: their histogram, or the maximum over the image and its quarters."""

    def __init__(self, function: Callable, words: int = 1000, pyramid: bool = False) -> None:
        self.function, self.words, self.pyramid = function, words, pyramid

    def fit(self, paths: np.ndarray, y: Any = None) -> "Words":
        cv2.setNumThreads(1)
        rng, share = np.random.default_rng(0), -(-100_000 // len(paths))
        drawn = []
        for path in paths:
            rows = self.function(load(path))[0]
            drawn.append(rows[rng.permutation(len(rows))[:share]])
        sample = np.concatenate(drawn)
        self.means_ = KMeans(
            min(self.words, len(sample)), init="random", n_init=1, max_iter=10, random_state=0
        )
        self.means_.fit(sample)
        return self

    def transform(self, paths: np.ndarray) -> np.ndarray:
        cv2.setNumThreads(1)
        return np.array([self.describe(load(path)) for path in paths], dtype=np.float32)

    def describe(self, image: np.ndarray) -> np.ndarray:
        rows, places = self.function(image)
        k = self.means_.n_clusters
        words = self.means_.predict(rows) if len(rows) else np.empty(0, dtype=int)
        if not self.pyramid:
            return np.sqrt(np.bincount(words, minlength=k) / max(len(words), 1))
        quarter = (places[:, 1] >= 0.5) * 2 + (places[:, 0] >= 0.5)
        pooled = np.zeros((5, k))
        pooled[0, words] = pooled[1 + quarter.astype(int), words] = 1
        return pooled.ravel() / max(np.linalg.norm(pooled), 1e-9)


class Responses(TransformerMixin, BaseEstimator):
    """Decision values of a bank of detectors that was learned before."""

    def __init__(self, bank: Any) -> None:
        self.bank = bank

    def fit(self, paths: np.ndarray, y: Any = None) -> "Responses":
        return self

    def transform(self, paths: np.ndarray) -> np.ndarray:
        return self.bank.decision_function(paths).reshape(len(paths), -1)


class AsymmetricBagging(ClassifierMixin, BaseEstimator):
    """Mean of ten classifiers, each on all of the smaller class and as many of the larger."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: np.ndarray, y: np.ndarray) -> "AsymmetricBagging":
        self.classes_, counts = np.unique(y, return_counts=True)
        rng, few = np.random.default_rng(0), counts.min()
        self.estimators_ = []
        for _ in range(10):
            bag = [rng.choice(np.flatnonzero(y == label), few, replace=False) for label in self.classes_]
            drawn = np.concatenate(bag)
            self.estimators_.append(clone(self.estimator).fit(X[drawn], y[drawn]))
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        return np.mean([one.decision_function(X) for one in self.estimators_], axis=0)

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.classes_[(self.decision_function(X) > 0).astype(int)]


def linear_svm() -> GridSearchCV:
    return GridSearchCV(LinearSVC(dual=False), COSTS, cv=5)


def learn_bank(table: str, features: Any, jobs: int) -> Any:
    """A bank of detectors with balanced classes on the principal components of its features."""
    rows = read(table)
    paths = np.array([row["path"] for row in rows])
    concepts = [set(filter(None, row["concepts"].split(";"))) for row in rows]
    shown = MultiLabelBinarizer().fit_transform(concepts)
    shown = shown[:, shown.sum(axis=0) >= 10]
    svm = OneVsRestClassifier(LinearSVC(dual=False, C=0.1, class_weight="balanced"), n_jobs=jobs)
    reduce = PCA(min(1500, len(paths) - 1), svd_solver="randomized", whiten=False, random_state=0)
    scale = StandardScaler(with_std=False)
    features.set_params(n_jobs=jobs)
    bank = make_pipeline(features, StandardScaler(), reduce, scale, UnitLength(), svm).fit(paths, shown)
    features.set_params(n_jobs=None)  # from here on the folds are spread over the cores
    return FrozenEstimator(bank)


class UnitLength(TransformerMixin, BaseEstimator):
    """Divide by the root of the mean squared length."""

    def fit(self, X: np.ndarray, y: Any = None) -> "UnitLength":
        self.length_ = np.sqrt(np.mean(np.sum(X * X, axis=1)))
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        return X / self.length_


def methods(args: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """The rows of the table; a bank is learned when its turn comes."""
    words = args.words

    def bow(colors: Callable) -> Any:
        return make_pipeline(make_union(Each(colors), Words(sift, words)), linear_svm())

    def sentibank() -> Any:
        plain = [Each(channel_histogram), Each(gist), Each(lbp)]
        seen = make_union(*plain, Words(sift, words, pyramid=True), Words(hog, words, pyramid=True))
        bank = learn_bank(args.anps, seen, args.jobs)
        return make_pipeline(Responses(bank), StandardScaler(), linear_svm())

    def sentribute() -> Any:
        plain = [Each(gist), Each(lab_bands)]
        seen = make_union(
            *plain, Words(hog, words, pyramid=True), Words(self_similarity, words, pyramid=True)
        )
        bank = learn_bank(args.attributes, seen, args.jobs)
        return make_pipeline(Responses(bank), StandardScaler(), AsymmetricBagging(linear_svm()))

    return {
        "GCH": lambda: make_pipeline(Each(global_histogram), linear_svm()),
        "LCH": lambda: make_pipeline(Each(local_histogram), linear_svm()),
        "GCH+BoW": lambda: bow(global_histogram),
        "LCH+BoW": lambda: bow(local_histogram),
        "SentiBank": sentibank,
        "Sentribute": sentribute,
    }


def read(table: str) -> list[dict[str, str]]:
    with Path(table).open(newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("images", "anps", "attributes", "out"):
        parser.add_argument(name)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--methods", help="such as GCH,LCH; all by default")
    args = parser.parse_args()
    rows = read(args.images)
    column = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    with Path(args.out).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["method", "subset", "path", "label", "score"])
        made = methods(args)
        for name in args.methods.split(",") if args.methods else made:
            model = made[name]()
            for subset in [c for c in column if c not in ("path", "label", "fold")]:
                used = column[subset] == "1"
                paths, labels = column["path"][used], column["label"][used].astype(int)
                folds = PredefinedSplit(column["fold"][used].astype(int))
                scores = cross_val_predict(
                    model, paths, labels, cv=folds, n_jobs=args.jobs, method="decision_function"
                )
                table = zip(paths, labels, scores.tolist(), strict=True)
                writer.writerows([name, subset, *row] for row in table)
                print(f"{name} {subset}: accuracy {np.mean((scores > 0) == labels):.3f}", flush=True)


if __name__ == "__main__":
    main()
