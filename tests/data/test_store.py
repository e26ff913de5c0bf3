"""The feature store: nothing half-written counts, nothing stale is used, nothing is computed twice."""

import dataclasses
import importlib
import os
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from benchmark.data.extractor import Codebook, Extractor
from benchmark.data.imageset import ImageSet
from benchmark.data.store import FeatureStore, Ragged

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["a" * 64, "b" * 64, "c" * 64]


@dataclasses.dataclass(frozen=True)
class Means(Extractor):
    """Mean colour."""

    size: int = 8

    def extract(self, pixels: np.ndarray) -> np.ndarray:
        return pixels.mean(axis=(1, 2)).astype(np.float32)


@dataclasses.dataclass(frozen=True)
class Points(Extractor):
    """Some rows an image."""

    ragged: ClassVar[bool] = True

    def extract(self, pixels: np.ndarray) -> Sequence[np.ndarray]:
        return [np.zeros((0, 2), dtype=np.float32) for _ in pixels]


def folder(store: FeatureStore, extractor: Extractor) -> Path:
    return store.root / f"{type(extractor).__name__}-{extractor.fingerprint()}"


def test_values_come_back_in_the_order_asked_for(store: FeatureStore) -> None:
    values = np.arange(6, dtype=np.float32).reshape(3, 2)
    store.put(Means(), KEYS, values)
    again = FeatureStore(store.root)
    np.testing.assert_array_equal(
        again.get(Means(), [KEYS[2], KEYS[0], KEYS[2], KEYS[1]]), values[[2, 0, 2, 1]]
    )


def test_what_is_missing_is_told_once_and_in_order(store: FeatureStore) -> None:
    store.put(Means(), KEYS[1:2], np.ones((1, 2)))
    assert store.missing(Means(), [KEYS[2], KEYS[1], KEYS[0], KEYS[2]]) == [KEYS[2], KEYS[0]]


def test_a_key_that_is_not_stored_is_an_error(store: FeatureStore) -> None:
    store.put(Means(), KEYS[:2], np.ones((2, 2)))
    with pytest.raises(KeyError, match=KEYS[2]):
        store.get(Means(), KEYS)


def test_what_another_process_wrote_is_seen(store: FeatureStore) -> None:
    assert store.missing(Means(), KEYS) == KEYS
    FeatureStore(store.root).put(Means(), KEYS, np.ones((3, 2)))
    assert store.missing(Means(), KEYS) == []
    np.testing.assert_array_equal(store.get(Means(), KEYS), np.ones((3, 2)))


@pytest.mark.parametrize("kept", [0, 10, 130, -1])
def test_a_truncated_block_does_not_count(store: FeatureStore, kept: int) -> None:
    store.put(Means(), KEYS, np.ones((3, 2)))
    (block,) = folder(store, Means()).glob("*.npy")
    block.write_bytes(block.read_bytes()[:kept])
    assert FeatureStore(store.root).missing(Means(), KEYS) == KEYS


def test_a_truncated_block_is_computed_again(
    store: FeatureStore, write_images: Callable[..., tuple[list[Path], np.ndarray]]
) -> None:
    paths, _ = write_images(3)
    before = ImageSet(KEYS, store, paths=paths).features(Means())
    (block,) = folder(store, Means()).glob("*.npy")
    block.write_bytes(block.read_bytes()[:-3])
    after = ImageSet(KEYS, FeatureStore(store.root), paths=paths).features(Means())
    np.testing.assert_array_equal(before, after)
    assert FeatureStore(store.root).missing(Means(), KEYS) == []


@pytest.mark.parametrize("text", ["", '{"keys": [', "null", "[]", '{"keys": []}'])
def test_a_damaged_index_does_not_count(store: FeatureStore, text: str) -> None:
    store.put(Means(), KEYS, np.ones((3, 2)))
    (index,) = (path for path in folder(store, Means()).glob("*.json") if path.name != "card.json")
    index.write_text(text)
    assert FeatureStore(store.root).missing(Means(), KEYS) == KEYS


def test_an_index_without_its_data_does_not_count(store: FeatureStore) -> None:
    store.put(Means(), KEYS, np.ones((3, 2)))
    (block,) = folder(store, Means()).glob("*.npy")
    block.unlink()
    assert FeatureStore(store.root).missing(Means(), KEYS) == KEYS


def test_data_without_its_index_does_not_count(store: FeatureStore) -> None:
    store.put(Means(), KEYS, np.ones((3, 2)))
    for index in folder(store, Means()).glob("*.json"):
        index.unlink()
    assert FeatureStore(store.root).missing(Means(), KEYS) == KEYS


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.ones((2, 2)), "2 results for 3 images"),
        (np.array([[1.0], [np.nan], [2.0]]), "NaN or infinity"),
        (np.array([[1.0], [np.inf], [2.0]]), "NaN or infinity"),
        (np.array([[1], [None], [2]], dtype=object), "objects"),
    ],
)
def test_values_that_cannot_be_right_are_refused(store: FeatureStore, values: np.ndarray, told: str) -> None:
    with pytest.raises(ValueError, match=f"Means.extract returned .*{told}"):
        store.put(Means(), KEYS, values)
    assert store.missing(Means(), KEYS) == KEYS


def test_rows_of_different_numbers_with_none_among_them(store: FeatureStore) -> None:
    rows = [np.full((n, 2), n, dtype=np.float32) for n in (2, 0, 3)]
    store.put(Points(), KEYS, rows)
    found = FeatureStore(store.root).get(Points(), [KEYS[2], KEYS[1], KEYS[0]])
    assert isinstance(found, Ragged)
    assert found.counts.tolist() == [3, 0, 2]
    np.testing.assert_array_equal(found.values, np.concatenate([rows[2], rows[0]]))


def test_a_block_in_which_no_image_has_a_row(store: FeatureStore) -> None:
    store.put(Points(), KEYS[:2], [np.zeros((0, 2), dtype=np.float32)] * 2)
    store.put(Points(), KEYS[2:], [np.ones((4, 2), dtype=np.float32)])
    found = FeatureStore(store.root).get(Points(), KEYS)
    assert isinstance(found, Ragged)
    assert found.counts.tolist() == [0, 0, 4]
    assert found.values.shape == (4, 2)
    nothing = FeatureStore(store.root).get(Points(), KEYS[:2])
    assert isinstance(nothing, Ragged)
    assert nothing.values.shape == (0, 2)


def test_a_store_sent_to_another_process_takes_only_its_folder_along(store: FeatureStore) -> None:
    store.put(Means(), KEYS, np.ones((3, 2)))
    copy = pickle.loads(pickle.dumps(store))
    assert copy._rows == {}
    assert copy.get(Means(), KEYS).shape == (3, 2)


def test_other_settings_have_their_own_values(store: FeatureStore) -> None:
    store.put(Means(size=8), KEYS, np.ones((3, 2)))
    assert store.missing(Means(size=16), KEYS) == KEYS


@dataclasses.dataclass(frozen=True)
class Words(Codebook):
    """A codebook whose content does not matter."""

    words: int = 3


def test_a_codebook_is_learned_once(store: FeatureStore) -> None:
    calls = []

    def learn() -> np.ndarray:
        calls.append(1)
        return np.arange(3.0)

    for _ in range(2):
        np.testing.assert_array_equal(store.learned(Words(), KEYS, learn), np.arange(3.0))
    store.learned(Words(), KEYS[:2], learn)
    store.learned(Words(words=4), KEYS, learn)
    assert len(calls) == 3, "once for each set of images and each setting"


def test_a_codebook_whose_learning_fails_is_not_kept(store: FeatureStore) -> None:
    def fail() -> np.ndarray:
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        store.learned(Words(), KEYS, fail)
    np.testing.assert_array_equal(store.learned(Words(), KEYS, lambda: np.ones(2)), np.ones(2))


def test_two_processes_learn_a_codebook_once(tmp_path: Path) -> None:
    (tmp_path / "slow_words.py").write_text(
        textwrap.dedent(
            """
            import dataclasses, sys, time
            from pathlib import Path
            import numpy as np
            from benchmark.data.extractor import Codebook
            from benchmark.data.store import FeatureStore

            @dataclasses.dataclass(frozen=True)
            class SlowWords(Codebook):
                words: int = 3

            def learn():
                with open("learned.txt", "a") as file:
                    file.write("once\\n")
                while not Path("second").exists():
                    time.sleep(0.02)
                return np.arange(5.0)

            if __name__ == "__main__":
                from slow_words import SlowWords
                Path(sys.argv[1]).touch()
                print(FeatureStore("store").learned(SlowWords(), ["k1", "k2"], learn).sum())
            """
        )
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    # The first learns until the second has begun, so both are at work at once.
    processes = [
        subprocess.Popen(
            [sys.executable, "slow_words.py", name],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    ]
    try:
        outputs = [process.communicate(timeout=60)[0].strip() for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert outputs == ["10.0", "10.0"]
    assert (tmp_path / "learned.txt").read_text() == "once\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's package with an extractor that calls a function of another module."""
    root = tmp_path / "their_features"
    root.mkdir()
    (root / "__init__.py").write_text("")
    (root / "scale.py").write_text('"""Scale."""\n\n\ndef scale(x):\n    return x * 2\n')
    (root / "feature.py").write_text(
        "import dataclasses\n\nfrom benchmark.data.extractor import Extractor\n"
        "from their_features.scale import scale\n\n\n"
        "@dataclasses.dataclass(frozen=True)\nclass Theirs(Extractor):\n"
        "    def extract(self, pixels):\n        return scale(pixels.mean(axis=(1, 2)))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root
    for name in [name for name in sys.modules if name.partition(".")[0] == "their_features"]:
        del sys.modules[name]


def test_a_change_of_a_module_it_calls_changes_a_feature_and_a_comment_does_not(package: Path) -> None:
    theirs = importlib.import_module("their_features.feature").Theirs()
    first = theirs.fingerprint()
    helper = package / "scale.py"
    helper.write_text('"""Scale a number."""\n\n\ndef scale(x):\n    # twice as much\n    return x * 2\n')
    assert theirs.fingerprint() == first
    helper.write_text('"""Scale."""\n\n\ndef scale(x):\n    return x * 3\n')
    assert theirs.fingerprint() != first
