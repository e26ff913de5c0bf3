"""Bags of words: shares, the shared vocabulary, and what it may be learned from."""

import numpy as np
import pytest
from PIL import Image

from baselines.bag_of_words import BagOfWords, bow, gch_bow, lch_bow
from baselines.features.local import appearance
from baselines.features.sift import Sift
from baselines.vocabulary import Vocabulary, nearest_words
from benchmark.data.imageset import ImageSet


@pytest.fixture
def flat_images(store, tmp_path):
    """Six images of one colour each."""
    paths = []
    for i, value in enumerate((0, 40, 90, 140, 200, 255)):
        paths.append(tmp_path / f"flat{i}.png")
        Image.new("RGB", (50, 40), (value, value, 255 - value)).save(paths[-1])
    return ImageSet([f"flat{i}" for i in range(6)], store, paths=paths)


def test_a_row_holds_the_share_of_each_word(make_dataset):
    images = make_dataset(8).images
    bag = BagOfWords(words=12, random_state=5).fit(images)
    found = bag.transform(images)
    assert found.shape == (8, 12)
    descriptors = appearance(images[3:4].features(Sift()).values)
    counts = np.bincount(nearest_words(descriptors, bag.vocabulary_), minlength=12)
    assert np.allclose(found[3], counts / len(descriptors))
    assert np.allclose(found.sum(axis=1), 1)


def test_an_image_without_keypoints_has_a_row_of_zeros(make_dataset, flat_images):
    bag = BagOfWords(words=12).fit(make_dataset(8).images)
    assert np.array_equal(bag.transform(flat_images), np.zeros((6, 12)))


def test_the_width_is_the_number_of_words_even_if_fewer_were_learned(flat_images):
    bag = BagOfWords(words=12).fit(flat_images)
    assert bag.vocabulary_.shape == (0, 128)
    assert np.array_equal(bag.transform(flat_images), np.zeros((6, 12)))


def test_a_training_set_without_keypoints_gives_every_image_the_same_probability(flat_images):
    labels = np.array([1, 1, 1, 0, 1, 0])
    method = bow().fit(flat_images, labels)
    p = method.predict_proba(flat_images)[:, 1]
    assert np.ptp(p) < 1e-9
    assert 0.5 < p[0] < 1


def test_the_methods_share_one_vocabulary_of_the_same_images_and_seed(make_dataset, monkeypatch):
    dataset = make_dataset(20)
    learned = []
    learn = Vocabulary.learn

    def counted(self, images):
        learned.append(self)
        return learn(self, images)

    monkeypatch.setattr(Vocabulary, "learn", counted)
    seeds = {"bagofwords": bow(), "featureunion__bagofwords": gch_bow()}
    for path, method in [*seeds.items(), ("featureunion__bagofwords", lch_bow())]:
        method.set_params(**{f"{path}__words": 10, f"{path}__random_state": 7})
        method.fit(dataset.images, dataset.labels)
    assert learned == [Vocabulary(words=10, seed=7)]
    bow().set_params(bagofwords__words=10, bagofwords__random_state=8).fit(dataset.images, dataset.labels)
    assert len(learned) == 2


def test_the_vocabulary_is_learned_from_the_training_images_only(make_dataset):
    dataset = make_dataset(24)
    train, labels = dataset.images[:16], dataset.labels[:16]
    fitted = []
    for test in (dataset.images[16:20], dataset.images[20:24]):
        method = bow().set_params(bagofwords__words=10).fit(train, labels)
        method.predict_proba(test)
        fitted.append(
            (method["bagofwords"].vocabulary_.tobytes(), method["linearclassifier"].coef_.tobytes())
        )
    assert fitted[0] == fitted[1]
    other = bow().set_params(bagofwords__words=10).fit(dataset.images[2:18], dataset.labels[2:18])
    assert other["bagofwords"].vocabulary_.tobytes() != fitted[0][0]


def test_the_vocabulary_does_not_see_labels(make_dataset):
    dataset = make_dataset(16)
    first, other = (BagOfWords(words=10).fit(dataset.images, y) for y in (dataset.labels, 1 - dataset.labels))
    assert np.array_equal(first.vocabulary_, other.vocabulary_)
