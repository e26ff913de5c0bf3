"""The images as a method sees them: indexing as scikit-learn does it, and nothing behind the contract."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.model_selection import cross_validate
from sklearn.utils import _safe_indexing

from benchmark.data.extractor import Codebook, Extractor, Pixels
from benchmark.data.imageset import ImageSet
from benchmark.data.pixels import ImageError, decode
from benchmark.data.store import FeatureStore

Writer = Callable[..., tuple[list[Path], np.ndarray]]


@pytest.fixture
def images(write_images: Writer, store: FeatureStore) -> ImageSet:
    """Seven images, the third and the fifth of one group."""
    paths, _ = write_images(7)
    keys = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return ImageSet(keys, store, [0, 1, 2, 3, 2, 4, 5], paths)


@dataclasses.dataclass(frozen=True)
class Means(Extractor):
    """Mean colour."""

    size: int = 8
    scale: float = 1.0

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        smuggled = getattr(self, "smuggled", 0.0)
        return pixels.mean(axis=(1, 2)) * self.scale + smuggled


def keys(images: ImageSet) -> list[str]:
    return images._keys.tolist()


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (slice(1, 6, 2), [1, 3, 5]),
        (slice(None, None, -1), [6, 5, 4, 3, 2, 1, 0]),
        ([3, 0, 3], [3, 0, 3]),
        (np.array([6, 2]), [6, 2]),
        (np.array([-1, 0]), [6, 0]),
        (np.array([True, False, False, True, False, False, False]), [0, 3]),
        ([False] * 6 + [True], [6]),
        (4, [4]),
        (np.int64(4), [4]),
        ((np.array([1, 2]), slice(None)), [1, 2]),
        (([5, 1], ...), [5, 1]),
        ([], []),
        (np.array([], dtype=bool), []),
        (np.zeros(7, dtype=bool), []),
    ],
)
def test_indexing(images: ImageSet, index: Any, expected: list[int]) -> None:
    part = images[index]
    assert isinstance(part, ImageSet)
    assert keys(part) == [keys(images)[i] for i in expected]
    assert part.groups.tolist() == [images.groups[i] for i in expected]
    assert len(part) == len(expected)
    assert part.shape == (len(expected),)


@pytest.mark.parametrize("index", [7, [7], -8, np.array([True, False])])
def test_an_index_out_of_range_is_an_error(images: ImageSet, index: Any) -> None:
    with pytest.raises(IndexError):
        images[index]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 6), max_size=9), st.data())
def test_indexing_twice_is_indexing_once(images: ImageSet, first: list[int], data: st.DataObject) -> None:
    second = data.draw(st.lists(st.integers(0, len(first) - 1), max_size=5)) if first else []
    assert keys(images[first][second]) == keys(images[[first[i] for i in second]])


def test_features_follow_the_order_of_the_images_even_if_one_comes_twice(images: ImageSet) -> None:
    whole = images.features(Means())
    order = [5, 0, 5, 2]
    np.testing.assert_array_equal(images[order].features(Means()), whole[order])
    for i in range(len(images)):
        path = Path(images._paths[i])  # type: ignore[index]
        np.testing.assert_allclose(whole[i], decode(path.read_bytes(), 8).mean(axis=(0, 1)))


def test_features_of_no_image(images: ImageSet) -> None:
    assert len(images[[]].features(Means())) == 0


def test_the_same_file_twice_is_computed_once(write_images: Writer, store: FeatureStore) -> None:
    paths, _ = write_images(2)
    twice = ImageSet(["k0", "k1", "k0"], store, paths=[paths[0], paths[1], paths[0]])
    assert twice.features(Means()).shape == (3, 3)
    assert sum(len(index["keys"]) for index in _indexes(store, "Means")) == 2


def test_load_gives_the_pixels(images: ImageSet) -> None:
    shown = images.load(3, 32)
    assert shown.shape == (32, 32, 3)
    assert shown.dtype == np.uint8
    np.testing.assert_array_equal(shown, images[[3]].features(Pixels(size=32))[0])


def test_a_damaged_image_is_an_error_that_names_it(images: ImageSet) -> None:
    path = Path(images._paths[2])  # type: ignore[index]
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ImageError, match=path.name):
        images.features(Means())


def test_scikit_learn_keeps_it_an_image_set(images: ImageSet) -> None:
    assert isinstance(_safe_indexing(images, np.array([1, 2])), ImageSet)
    labels = np.array([0, 1, 0, 1, 0, 1, 1])
    seen = []

    class Chance(BaseEstimator):
        """Remembers what it was given."""

        def fit(self, given: Any, y: np.ndarray) -> "Chance":
            seen.append(given)
            return self

        def score(self, given: Any, y: np.ndarray) -> float:
            seen.append(given)
            return 0.5

    cross_validate(Chance(), images, labels, cv=3)
    assert len(seen) == 6
    assert all(isinstance(part, ImageSet) for part in seen)


def test_a_sealed_set_knows_no_file(images: ImageSet) -> None:
    images.features(Means())
    sealed = images.sealed()
    assert sealed._paths is None
    assert sealed[[1, 2]]._paths is None
    np.testing.assert_array_equal(sealed.groups, images.groups)
    np.testing.assert_array_equal(sealed.features(Means()), images.features(Means()))
    np.testing.assert_array_equal(sealed.load(2, 8), images.load(2, 8))


def test_a_sealed_set_computes_from_the_pixels_that_were_prepared(images: ImageSet) -> None:
    images.prepare(Pixels(size=8))
    assert images.sealed().features(Means(scale=2.0)).shape == (7, 3)


def test_a_sealed_set_refuses_a_size_that_nobody_declared(images: ImageSet) -> None:
    images.prepare(Pixels(size=8))
    with pytest.raises(LookupError, match=r"16 x 16 were not prepared.*image_sizes"):
        images.sealed().load(0, 16)
    with pytest.raises(LookupError, match="16 x 16 were not prepared"):
        images.sealed().features(Means(size=16))


def test_what_an_instance_carries_besides_its_fields_does_not_reach_extract(images: ImageSet) -> None:
    honest = images[[0, 1]].features(Means())
    smuggler = Means(scale=1.0)
    object.__setattr__(smuggler, "smuggled", 1000.0)
    np.testing.assert_array_equal(images[[0, 1]].features(smuggler), honest)
    assert images[[2, 3]].features(smuggler).max() < 300, "not on images that are computed now, either"


def test_a_codebook_sees_the_images_and_is_learned_once(images: ImageSet) -> None:
    first = images.learned(Mean())
    np.testing.assert_allclose(first, images.features(Means()).mean(axis=0))
    np.testing.assert_array_equal(images.learned(Mean()), first)
    assert not np.array_equal(images[:3].learned(Mean()), first)


def test_a_codebook_carries_nothing_besides_its_fields(images: ImageSet) -> None:
    smuggler = Mean()
    object.__setattr__(smuggler, "smuggled", 1000.0)
    assert images[:2].learned(smuggler).max() < 300


def test_groups_must_be_as_many_as_images(store: FeatureStore) -> None:
    with pytest.raises(ValueError, match="2 images but 3 groups"):
        ImageSet(["a", "b"], store, [0, 1, 2])


@dataclasses.dataclass(frozen=True)
class Mean(Codebook):
    """The mean colour of all images."""

    def learn(self, images: Any) -> np.ndarray:
        return images.features(Means()).mean(axis=0) + getattr(self, "smuggled", 0.0)


def _indexes(store: FeatureStore, name: str) -> list[dict]:
    files = [path for path in store.root.glob(f"{name}-*/*.json") if path.name != "card.json"]
    return [json.loads(path.read_text()) for path in files]


def test_a_feature_that_comes_from_elsewhere_is_put_where_it_is_missing_and_never_into_sealed_images(
    images: ImageSet,
) -> None:
    given_values = np.arange(14, dtype=np.float32).reshape(7, 2)
    images[[4, 1]].put(Means(), given_values[[4, 1]])
    images.put(Means(), np.where(np.isin(np.arange(7), [1, 4])[:, None], -1, given_values))
    np.testing.assert_array_equal(images.sealed().features(Means()), given_values)
    with pytest.raises(LookupError, match="sealed"):
        images.sealed().put(Means(scale=2.0), given_values)
    with pytest.raises(ValueError, match="6 rows of Means for 7 images"):
        images.put(Means(scale=2.0), given_values[:6])
