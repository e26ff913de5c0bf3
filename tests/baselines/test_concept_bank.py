"""Banks as artefacts: learned from a source, answering as a feature, read by SentiBank and Sentribute."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
from pictures import write_photos
from scipy.special import logit
from sklearn.preprocessing import StandardScaler

from baselines.concept_bank import BankFeatures, ConceptAnswers, ConceptResponses, LocalWords, train_bank
from baselines.concept_pipeline import make_concept_pipeline
from baselines.detectors import BankSettings
from baselines.features.rgb_histogram import ChannelHistogram
from baselines.features.sift import Sift
from baselines.linear_classifier import LinearClassifier
from benchmark.data import folder
from benchmark.data.dataset import DatasetError
from benchmark.data.released_answers import ReleasedAnswers, ReleasedColumns
from benchmark.data.source import Source
from benchmark.data.store import FeatureStore
from benchmark.method import Artefact, ArtefactTask

FEATURES = BankFeatures(plain=(ChannelHistogram(),), local=(LocalWords("sift", Sift(), 512.0, words=20),))
SETTINGS = BankSettings(negatives=(0,), costs=(1.0,), components=30, support=5)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Generated images of which warm ones show ``warm_thing`` and random ones ``any_thing``."""
    place = tmp_path_factory.mktemp("source")
    dataset = folder.load(write_photos(place / "photos", 60), FeatureStore(place / "store"))
    chance = np.random.default_rng(0).random(60) < 0.3
    return Source(
        name="generated",
        images=dataset.images,
        names=dataset.names,
        concepts=("warm_thing", "any_thing"),
        positive=np.stack([dataset.labels == 1, chance], axis=1),
        judged=np.ones((60, 2), dtype=bool),
        support=("query", "query"),
        sentiment=np.array([1.5, np.nan]),
        labels=dataset.labels,
    )


@pytest.fixture(scope="module")
def learned(source, tmp_path_factory):
    place = tmp_path_factory.mktemp("bank")
    card = train_bank(ArtefactTask(source, place, seed=0), FEATURES, SETTINGS)
    assert card["summary"]["images"] == 60
    return place


def test_learning_says_how_far_it_is(source, tmp_path):
    told = []
    task = ArtefactTask(source, tmp_path, seed=0, tell=lambda done, total, note: told.append((done, total)))
    train_bank(task, FEATURES, SETTINGS)
    assert told == [(done, SETTINGS.parts) for done in range(SETTINGS.parts + 1)]


@pytest.fixture
def bank(learned, tmp_path):
    return Artefact("anp-bank", str(shutil.copytree(learned, tmp_path / "bank")), "0123")


def test_the_bank_finds_the_concept_that_can_be_seen(bank, make_dataset):
    fresh = make_dataset(30, seed=5)
    responses = ConceptResponses(FEATURES, bank=bank).fit(fresh.images)
    assert "warm_thing" in responses.concepts
    assert responses.sentiment == {"warm_thing": 1.5}
    log_odds = responses.transform(fresh.images)[:, responses.concepts.index("warm_thing")]
    assert np.mean((log_odds > 0) == (fresh.labels == 1)) > 0.9


def test_answers_are_stored_once_and_depend_on_the_bank_not_on_its_place(bank, make_dataset):
    images = make_dataset(12, seed=6).images
    answers = ConceptAnswers(bank=bank, features=FEATURES)
    first = images.features(answers)
    assert first.dtype == np.float32
    assert len(images.missing(answers)) == 0
    other = dataclasses.replace(bank, digest="4567")
    assert len(images.missing(ConceptAnswers(bank=other, features=FEATURES))) == 12
    moved = dataclasses.replace(bank, folder=str(bank.path.rename(bank.path.with_name("elsewhere"))))
    assert len(images.missing(ConceptAnswers(bank=moved, features=FEATURES))) == 0


def test_an_image_s_answers_do_not_depend_on_the_others_of_its_batch(bank, make_dataset):
    images = make_dataset(12, seed=7).images
    answers = ConceptAnswers(bank=bank, features=FEATURES)
    read = [images.features(feature) for feature in answers.source]
    together = answers.extract(tuple(read))
    for at in (slice(0, 1), slice(3, 8), slice(None, None, -1)):
        assert answers.extract(tuple(part[at] for part in read)).tobytes() == together[at].tobytes()


def test_held_out_pictures_are_kept_by_key_and_not_by_name(bank, source):
    text = (bank.path / "held_out.json").read_text()
    pictures = json.loads(text)["pictures"]["warm_thing"]
    at = {key[:16]: i for i, key in enumerate(source.keys)}
    assert len(pictures["highest"]) == 8
    for key, _, label in pictures["highest"] + pictures["misses"]:
        assert (label == 1) == source.positive[at[key], 0]
    assert not any(name in text for name in source.names)
    assert "png" not in text


def test_the_card_says_on_whose_labels_each_detector_was_measured(source, tmp_path):
    voted = dataclasses.replace(
        source, support=("human votes + query", "mined ANP"), measured=np.arange(60) < 40
    )
    train_bank(ArtefactTask(voted, tmp_path, seed=0), FEATURES, SETTINGS)
    quality = json.loads((tmp_path / "detectors.json").read_text())["quality"]
    assert quality["warm_thing"]["measured_on"] == "human votes"
    assert quality["warm_thing"]["chance"] == pytest.approx(source.positive[:40, 0].mean())
    few = dataclasses.replace(voted, measured=np.arange(60) < 4)
    (tmp_path / "few").mkdir()
    train_bank(ArtefactTask(few, tmp_path / "few", seed=0), FEATURES, SETTINGS)
    quality = json.loads((tmp_path / "few" / "detectors.json").read_text())["quality"]
    assert quality["warm_thing"]["measured_on"] == "weak labels"
    assert quality["any_thing"]["measured_on"] == "held-out mined labels"


def test_what_a_bank_reads_is_named_for_the_runner(bank):
    assert ConceptResponses(FEATURES).extractor is None
    assert ConceptResponses(FEATURES, bank=bank).extractor == ConceptAnswers(bank=bank, features=FEATURES)
    assert FEATURES.extractors == (ChannelHistogram(), Sift())


def test_without_a_bank_the_error_says_what_to_give(make_dataset):
    with pytest.raises(ValueError, match="no detector bank was given; run it with --source"):
        ConceptResponses(FEATURES).fit(make_dataset(8).images)


@pytest.mark.parametrize("probabilities", [True, False])
def test_released_responses_are_read_as_what_they_are(probabilities, make_dataset, tmp_path):
    images = make_dataset(8).images
    ReleasedColumns(("happy_dog", "sad_dog"), probabilities).save(tmp_path)
    bank = Artefact("anp-bank", str(tmp_path), "0123")
    responses = ConceptResponses(FEATURES, bank=bank).fit(images)
    assert responses.extractor == ReleasedAnswers(digest="0123")
    assert responses.concepts == ("happy_dog", "sad_dog")
    assert responses.sentiment == {}
    values = np.tile(np.float32([0.0, 0.5, 1e-5, 0.75]), 4).reshape(8, 2)
    images.put(responses.extractor, values)
    found = responses.transform(images)
    if probabilities:
        expected = np.tile([np.log(1e-6), 0, np.log(1e-5), np.log(3)], 4).reshape(8, 2)
        np.testing.assert_allclose(found, expected, atol=2e-5)
    else:
        np.testing.assert_array_equal(found, values)


def test_released_responses_of_another_image_cannot_be_computed(make_dataset, tmp_path):
    ReleasedColumns(("happy_dog",), False).save(tmp_path)
    responses = ConceptResponses(FEATURES, bank=Artefact("anp-bank", str(tmp_path), "0123"))
    with pytest.raises(DatasetError, match="only images that their file holds have them; run the detectors"):
        responses.transform(make_dataset(8).images)


def test_concept_weights_are_per_standard_deviation_beside_the_source_s_sentiment(bank, make_dataset):
    dataset = make_dataset(60, seed=8)
    method = make_concept_pipeline(
        ConceptResponses(FEATURES, bank=bank), StandardScaler(), LinearClassifier()
    ).fit(dataset.images, dataset.labels)
    names, weights, sentiment = method.concept_weights()
    at = names.index("warm_thing")
    assert weights[at] > 0.5
    assert sentiment[at] == 1.5
    responses = ConceptResponses(FEATURES, bank=bank).transform(dataset.images)
    odds = logit(method.predict_proba(dataset.images)[:, 1])
    slope = np.linalg.lstsq(np.c_[responses, np.ones(60)], odds, rcond=None)[0][:-1]
    np.testing.assert_allclose(slope * responses.std(axis=0), weights, rtol=1e-6)
